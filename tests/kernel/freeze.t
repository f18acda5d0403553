#!/bin/sh
# SPDX-License-Identifier: MIT
# Frozen programs against a kernel: they make the calls that hewn makes, byte for byte, and see the same events. What
# they make is told by traced.c, which sees all bytes, and by strace, which knows nothing of hewn.
. tests/tap.sh
need_tracefs
need_bpffs
frozen=$B/tests/kernel/frozen
traced=$B/tests/kernel/traced
calls=$B/tests/kernel/calls
[ -x "$frozen/counts" ] || skip_all "there are no frozen programs in this build"
[ -e /sys/bus/event_source/devices/kprobe/type ] && kprobes=1 || kprobes=''

# Leaks cannot be looked for in what is traced.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"

# What tests/bpf/pinned.bpf.c pins.
unpin() { rm -f /sys/fs/bpf/hewn_kept; }

# seen FILE COMMAND…: the calls of a plan that strace sees.
seen() {
	strace -X raw -e signal=none -o "$tmp/strace" "$@" >/dev/null 2>&1 </dev/null || :
	unpin
	awk -f tests/kernel/seen.awk "$tmp/strace"
}

# alike NAME OBJECT PROGRAM: traced.c writes the calls of both with all that they point to.
alike() {
	unpin
	"$traced" "$tmp/hewn.calls" "$hewn" run --for 0.2 "$2" >"$tmp/hewn.out" 2>&1
	one=$?
	unpin
	"$traced" "$tmp/frozen.calls" "$3" 1 >"$tmp/frozen.out" 2>&1
	two=$?
	unpin
	if grep -q 'not those that this was frozen for' "$tmp/frozen.out"; then
		skip "$1 ends as hewn run does" "it was frozen for the types of another kernel, and says so"
		return
	fi
	is "$two" "$one" "$1 ends as hewn run does" || note "$(tail -n 3 "$tmp/hewn.out" "$tmp/frozen.out")"
	n=$(wc -l <"$tmp/hewn.calls")
	[ "$n" -gt 0 ] && cmp -s "$tmp/hewn.calls" "$tmp/frozen.calls"
	ok $? "$1 makes the same $n calls" || note "$(diff "$tmp/hewn.calls" "$tmp/frozen.calls" | cut -c 1-300 | head -n 10)"
	if ! command -v strace >/dev/null; then
		skip "strace sees the same of $1" "no strace here"
		return
	fi
	seen "$hewn" run --for 0.1 "$2" >"$tmp/hewn.seen"
	seen "$3" 1 >"$tmp/frozen.seen"
	n=$(wc -l <"$tmp/hewn.seen")
	[ "$n" -gt 0 ] && cmp -s "$tmp/hewn.seen" "$tmp/frozen.seen"
	ok $? "strace sees the same $n of $1" || note "$(diff "$tmp/hewn.seen" "$tmp/frozen.seen" | cut -c 1-300 | head -n 10)"
}

for program in "$frozen"/*; do
	case $program in *.c | *.h) continue ;; esac
	name=${program##*/}
	object=$B/bpf/$name.bpf.o
	[ -e "$object" ] || object=$B/tests/bpf/$name.bpf.o
	case $name in hello | opens | openclose*)
		if [ -z "$kprobes" ]; then
			skip "$name makes the same calls" "this kernel has no kprobes"
			continue
		fi
		;;
	esac
	alike "$name" "$object" "$program"
done

# Those that fit one kernel's types, and those that a guest has no compiler for.
if command -v gcc >/dev/null && [ -e /sys/kernel/btf/vmlinux ]; then
	for name in parents kfunc kconfig iter ksym struct_ops subprogs; do
		[ -e "$B/tests/bpf/$name.bpf.o" ] || continue
		"$hewn" freeze "$B/tests/bpf/$name.bpf.o" -o "$tmp/$name.c" && gcc -std=gnu11 -O1 -o "$tmp/$name" "$tmp/$name.c"
		alike "$name" "$B/tests/bpf/$name.bpf.o" "$tmp/$name"
	done
	# A place in a file is only probed where the code there is what it was.
	cat >"$tmp/probed.c" <<-'EOT'
		#ifdef MORE
		int before(int x) { return x * MORE + 1; }
		#endif
		int probed(int x) { for (int i = 0; i < x; i++) x += i * x; return x; }
		int main(void) { return probed(0); }
	EOT
	printf '.license "GPL"\n.section uprobe/%s:probed\n.func seen\n\tr0 = 0\n\texit\n' "$tmp/probed" >"$tmp/probes.basm"
	gcc -O0 -o "$tmp/probed" "$tmp/probed.c"
	"$hewn" profile "$tmp/probes.basm" >"$tmp/probes.profile"
	"$hewn" freeze "$tmp/probes.basm" -o "$tmp/probes.c" && gcc -std=gnu11 -o "$tmp/probes" "$tmp/probes.c"
	"$hewn" freeze --target "$tmp/probes.profile" "$tmp/probes.basm" -o "$tmp/told.c" --name probes && gcc -std=gnu11 -o "$tmp/told" "$tmp/told.c"
	gcc -std=gnu11 -DPROBES_ANY_FILE -o "$tmp/any" "$tmp/probes.c"
	run "$tmp/probes" 1
	want=$status
	is "$want$out" 0 a_uprobe_is_where_it_was_found
	gcc -O0 -DMORE=3 -o "$tmp/probed" "$tmp/probed.c"
	for program in probes told; do
		run "$tmp/$program" 1
		is "$status" 1 "in a file that was built anew it is elsewhere ($program)"
		like "$out" "this was frozen for other code where seen goes: $tmp/probed: ESTALE" "and that is said ($program)"
	done
	run "$tmp/any" 1
	is "$status" "$want" unless_that_is_not_wanted
	rm "$tmp/probed"
	run "$tmp/probes" 1
	like "$out" "$tmp/probed: ENOENT" a_file_that_is_gone_is_said_too

	# Addresses that are hidden are told from symbols that are not there.
	if command -v capsh >/dev/null && [ -x "$tmp/ksym" ] && [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -gt 1 ]; then
		run capsh --drop=cap_syslog -- -c "$tmp/ksym 1"
		like "$out" 'vfs_unlink: EPERM' an_address_that_is_hidden_is_said_to_be
	else
		skip an_address_that_is_hidden_is_said_to_be "no capsh here, or nothing is hidden"
	fi

	# An arena lies where its programs' pointers say, with the values of its variables.
	object=$B/tests/bpf-19/arena.bpf.o
	if [ -e "$object" ] && since 6.9; then
		"$hewn" freeze "$object" -o "$tmp/arena.c"
		cat >"$tmp/add.c" <<-'EOT'
			#define ARENA_NO_MAIN
			#include "arena.c"
			#include <stdio.h>
			int main(void)
			{
				static struct arena o;
				struct { uint32_t prog, result, rest[18]; } run = { 0 };
				const int *sum;

				if (arena_open(&o))
					return printf("%s: %d", o.failed, o.error), 1;
				run.prog = (uint32_t)o.progs.add;
				if (syscall(SYS_bpf, 10 /* BPF_PROG_TEST_RUN */, &run, sizeof(run)))
					return perror("run"), 1;
				sum = o.arenas.arena;
				for (int i = 0; i < 8; i++)
					printf("%d ", sum[i]);
				printf("at %p gives %u", o.arenas.arena, run.result);
				arena_close(&o);
				return o.arenas.arena != MAP_FAILED;
			}
		EOT
		gcc -std=gnu11 -I "$tmp" -o "$tmp/add" "$tmp/add.c"
		run "$tmp/add"
		is "$status" 0 an_arena_is_mapped_and_unmapped
		like "$out" '(^| )42 .*(^| )49 .*at 0x200000000000 gives 49$' at_its_place_with_its_values
	else
		skip an_arena_is_mapped_and_unmapped "no object with an arena (clang 19), or the kernel has none (before 6.9)"
	fi
	sed 's/types.st_size != [0-9]*/types.st_size != 7/' "$tmp/parents.c" >"$tmp/other.c"
	gcc -std=gnu11 -o "$tmp/other" -I "$tmp" "$tmp/other.c"
	run "$traced" "$tmp/other.calls" "$tmp/other" 1
	like "$out" 'not those that this was frozen for: ESTALE' another_kernels_types_are_noticed
	is "$(cat "$tmp/other.calls")" '' before_any_call_is_made
fi

# ── what they see ──
# begin NAME LINKS: the program runs, and all that it attaches is attached. Before 5.15 there is nothing to see that by.
attached() { [ "$(grep -ls ^link_type /proc/$pid/fdinfo/* | wc -l)" -ge "$1" ]; }
begin() {
	"$frozen/$1" >"$tmp/$1" 2>&1 &
	pid=$!
	if since 5.15; then wait_for 20 attached "$2"; else sleep 3; fi
}

# end NAME N REGEX: until it has printed so many such lines.
printed() { [ "$(tr '\0' ' ' <"$tmp/$1" | grep -cE "$3")" -ge "$2" ]; }
end() {
	wait_for 20 printed "$@"
	kill $pid
	wait $pid
}

begin counts 1
for _ in 1 2 3 4 5; do "$calls" open 2; done
end counts 0 ''
n=$(sed -n 's/^counts: uid=0 execs=\([0-9]*\)$/\1/p' "$tmp/counts")
[ "${n:-0}" -ge 5 ]
ok $? counts_counts || note "$(cat "$tmp/counts")"
begin execs 1
"$calls" open 2
end execs 1 ' argc=3 .*open 2'
like "$(tr '\0' ' ' <"$tmp/execs")" 'uid=0 comm=[a-z]* argc=3 ' execs_sees_a_command_with_its_arguments

begin ringbuf 1
"$calls" getpid 40
end ringbuf 30 '^pid='
n=$(grep -c '^pid=[0-9]* number=[0-9]* when=[0-9]*$' "$tmp/ringbuf")
[ "$n" -ge 30 ]
ok $? a_ring_buffer_gives_what_was_not_discarded || note "$n: $(head -n 3 "$tmp/ringbuf")"

if [ -n "$kprobes" ]; then
	begin opens 2
	"$calls" open 40
	end opens 40 'comm=calls .*path=/(etc/passwd|nonexistent)$'
	is "$(grep -c 'comm=calls .*path=/etc/passwd$' "$tmp/opens")" 20 opens_sees_each_open_once || note "$(tail -n 3 "$tmp/opens")"
	is "$(grep -c 'comm=calls .*result=-2 path=/nonexistent$' "$tmp/opens")" 20 and_each_failure
	begin openclose.ringbuf 4
	"$calls" open 10
	end openclose.ringbuf 5 'what=0 .*comm=calls .*path=/etc/passwd$'
	is "$(grep -c 'what=0 .*comm=calls .*path=/etc/passwd$' "$tmp/openclose.ringbuf")" 5 openclose_sees_opens
else
	skip opens_sees_each_open_once "this kernel has no kprobes"
fi

# ── what goes wrong ──
if command -v busybox >/dev/null || command -v setpriv >/dev/null; then
	mkdir -p "$tmp/nobody"
	chmod 711 "$tmp" "$tmp/nobody"
	cp "$frozen/counts" "$tmp/nobody/counts"
	chmod 755 "$tmp/nobody/counts"
	run "$traced" "$tmp/calls" sh -c "ulimit -n 4; exec $tmp/nobody/counts 1"
	is "$status" 1 a_failure_has_a_status
	like "$out" 'counts: step [0-9]+: .*: EMFILE 24$' and_names_its_step_and_errno || note "$out$err"
fi

done_testing
