# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034 # what is set here is used by the tests
# TAP for tests in sh, on this machine and in a guest whose tools are busybox's alone. A test is named by the
# fact that it shows, sources this from the top folder, and ends with `done_testing`:
#
#	. tests/tap.sh
#	need_kprobes
#	is "$(echo a)" a echo_echoes
#	run $hewn load $B/bpf/hello.bpf.o
#	is "$status" 0 hello_loads
#	like "$out" 'SYSCALL|KPROBE' its_type_is_printed
#	done_testing
#
# A skip says why. On a kernel that is new enough, or in a guest, where the thing must be there, what
# would have been a skip is a failure: a suite cannot go green by skipping everything.
#
# $B is where the tree is built, $hewn the command under test, $tmp a folder that goes away,
# HEWN_GUEST the kernel's name in a guest of tests/vm, unset or empty elsewhere.

# Pins are made in a BPF file system of the test's own, so that no test finds what another left; a guest is alone.
# With own_network=yes, set before this is sourced, it has network devices of its own too.
if [ -z "${HEWN_GUEST:-}${tap_mounts:-}" ] && [ "$(id -u)" -eq 0 ] && unshare -m ${own_network:+-n} true 2>/dev/null; then
	export tap_mounts=own
	# shellcheck disable=SC2016 # the inner shell's $0
	exec unshare -m ${own_network:+-n} sh -c 'mount -t bpf bpf /sys/fs/bpf 2>/dev/null
		for up in "ip link set lo up" "ifconfig lo up" "busybox ifconfig lo up"; do $up 2>/dev/null && break; done
		exec sh "$0" "$@"' "$0" "$@"
fi

B=${B:-build}
hewn=$B/hewn
tap_n=0 tap_failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

note() { printf '%s\n' "$*" | sed 's/^/# /'; }

# pass NAME, fail NAME [WHY]
pass() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1"
}
fail() {
	tap_n=$((tap_n + 1)) tap_failed=$((tap_failed + 1))
	echo "not ok $tap_n - $1"
	[ $# -lt 2 ] || note "$2"
	return 1
}

# ok STATUS NAME: holds when STATUS is 0. `[ -e x ]; ok $? x_is_there`
ok() {
	if [ "$1" -eq 0 ]; then pass "$2"; else fail "$2" "status $1"; fi
}

# is GOT WANT NAME
is() {
	if [ "$1" = "$2" ]; then pass "$3"; else
		fail "$3" "got:  $1
want: $2"
	fi
}

# isnt GOT UNWANTED NAME
isnt() {
	if [ "$1" != "$2" ]; then pass "$3"; else fail "$3" "got: $1"; fi
}

# like TEXT REGEX NAME: some line of the text matches the extended regular expression.
like() {
	if printf '%s\n' "$1" | grep -qE -e "$2"; then pass "$3"; else
		fail "$3" "no line matches: $2
in: $1"
	fi
}

unlike() {
	if printf '%s\n' "$1" | grep -qE -e "$2"; then
		fail "$3" "a line matches: $2
in: $1"
	else pass "$3"; fi
}

# run COMMAND...: sets $out, $err and $status. `like "$err" ...`, `is "$status" 0 ...`
run() {
	status=0
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
	out=$(cat "$tmp/out") err=$(cat "$tmp/err")
}

# wait_for SECONDS COMMAND...: until the command succeeds, looking ten times a second.
wait_for() {
	tap_tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$tap_tries" -gt 0 ] || return 1
		tap_tries=$((tap_tries - 1))
		sleep 0.1
	done
}

# skip NAME WHY [SINCE]: one fact that cannot be shown here. Where the kernel is SINCE or newer, it should be.
skip() {
	if [ $# -gt 2 ] && since "$3"; then
		fail "$1" "$2: but this is $(uname -r), and $3 has it"
		return 1
	fi
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

# skip_all WHY: nothing in this file can be shown here.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# must_not_skip WHY: the end of a file whose need is not met where it has to be.
must_not_skip() {
	fail need_is_met "$1"
	done_testing
}

# since VERSION: whether the running kernel is as new, "6.1" or "5.10".
since() {
	[ "$(printf '%s\n%s\n' "$1" "$(uname -r | sed 's/[^0-9.].*//')" | sort -t. -k1,1n -k2,2n | head -n 1)" = "$1" ]
}

# need_kernel VERSION WHAT: skips the file on an older kernel, which has no WHAT.
need_kernel() {
	since "$1" || skip_all "$2 came with $1, this is $(uname -r)"
}

# need_path PATH WHAT [SINCE]: skips the file where PATH is missing; in a guest of SINCE or newer that is a failure.
need_path() {
	[ ! -e "$1" ] || return 0
	if [ -n "${HEWN_GUEST:-}" ] && since "${3:-0}"; then must_not_skip "no $2 ($1)"; fi
	skip_all "no $2 on this kernel ($1)"
}

need_kprobes() {
	need_root
	need_path /sys/bus/event_source/devices/kprobe/type kprobes
}

need_root() {
	[ "$(id -u)" -eq 0 ] || skip_all "needs root"
	# shellcheck disable=SC3045 # every sh that runs this has it
	since 5.11 || ulimit -l unlimited # maps counted as locked memory before
}

# need_command COMMAND...: guests have busybox's only.
need_command() {
	for tap_c; do
		command -v "$tap_c" >/dev/null 2>&1 || skip_all "no $tap_c here"
	done
}

# need_tracefs: mounted, which not every machine does by itself.
need_tracefs() {
	need_root
	[ -e /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || :
	need_path /sys/kernel/tracing/events tracefs
}

need_bpffs() {
	need_root
	grep -q ' /sys/fs/bpf bpf ' /proc/mounts || mount -t bpf bpf /sys/fs/bpf 2>/dev/null || :
	grep -q ' /sys/fs/bpf bpf ' /proc/mounts || skip_all "bpffs cannot be mounted"
}

# The plan, and the status. The last line of each test.
done_testing() {
	echo "1..$tap_n"
	[ "$tap_failed" -eq 0 ]
	exit
}
