#!/bin/sh
# SPDX-License-Identifier: MIT
# Frozen here, for a machine of the other byte order and for one of 32 bits: guests of s390x and armhf tell what their
# kernels are, and then run what was frozen for them.
. tests/tap.sh
[ "$B" = build ] || skip_all "only for a plain build"
command -v clang >/dev/null || skip_all "no clang here"

# In the guest: what a profile has, and the kernel's types.
cat >"$tmp/facts" <<'EOT'
echo '# hewn target profile 1'
for flag in r v m; do echo "uname -$flag = $(uname -$flag)"; done
echo 'no /proc/version_signature'
echo 'getconf PAGESIZE = 4096'
for file in /sys/devices/system/cpu/possible /proc/sys/kernel/perf_event_paranoid; do echo "$file = $(cat $file)"; done
for pmu in kprobe uprobe; do
	for fact in type format/retprobe format/ref_ctr_offset; do
		file=/sys/bus/event_source/devices/$pmu/$fact
		if [ -e $file ]; then echo "$file = $(cat $file)"; else echo "no $file"; fi
	done
done
[ ! -e /sys/kernel/btf/vmlinux ] || echo "/sys/kernel/btf/vmlinux = $(wc -c </sys/kernel/btf/vmlinux) bytes"
echo '-- end of the profile'
[ ! -e /sys/kernel/btf/vmlinux ] || base64 /sys/kernel/btf/vmlinux
EOT

# And then: each program for some seconds from when it is attached, in which files are opened and a program is executed.
cat >"$tmp/work" <<'EOT'
for program; do
	echo "-- $program"
	"$program" 6 &
	while kill -0 $! 2>/dev/null; do
		cat /proc/version /nonexistent >/dev/null 2>&1
		sleep 0.3
	done
	wait $!
	echo "ended with $?"
done
echo "-- trace"
cat /sys/kernel/tracing/trace
EOT

part() { printf '%s\n' "$out" | sed -n "\|^-- .*$1\$|,/^-- /p"; }

# foreign ARCH BITS KERNEL_ARCH TRIPLE BYTE_ORDER
foreign() {
	name=$1 cc=$4-gcc
	if ! command -v "$cc" >/dev/null; then
		skip "what_is_frozen_for_${name}_runs_there" "no $cc here"
		return
	fi
	mkdir -p "$tmp/none" "$tmp/$name"
	run env B="$tmp/none" tests/vm/run -t 300 -f "$tmp/facts" "6.12:$name" sh "$tmp/facts"
	if [ "$status" -ne 0 ]; then
		skip "what_is_frozen_for_${name}_runs_there" "no guest of $name: $(printf '%s' "$err" | tail -n 1)"
		return
	fi
	tr -d '\r' <"$tmp/out" | sed '/^-- end of the profile$/,$d' >"$tmp/$name/profile"
	tr -d '\r' <"$tmp/out" | sed '1,/^-- end of the profile$/d' | base64 -d >"$tmp/$name/btf"
	like "$(cat "$tmp/$name/profile")" '^uname -r = 6.12' "the guest of $name tells what it is" || return

	programs=''
	for source in bpf/hello bpf/opens bpf/counts tests/bpf/ringbuf tests/bpf/parents; do
		object=$tmp/$name/${source##*/}.bpf.o frozen=$tmp/$name/${source##*/}
		[ "${source##*/}" != parents ] || [ -s "$tmp/$name/btf" ] || continue # CO-RE wants the kernel's types
		clang -target "$5" -D__TARGET_ARCH_"$3" -DHEWN_WORD="$2" -O2 -g -Ibpf -c -o "$object" "$source.bpf.c"
		run "$hewn" freeze --target "$tmp/$name/profile" --btf "$tmp/$name/btf" "$object" -o "$frozen.c"
		is "$status$err" 0 "${source##*/} is frozen for $name" || continue
		run "$cc" -std=gnu11 -O2 -static -Wall -Wextra -Wshadow -Wconversion -o "$frozen" "$frozen.c"
		is "$status$err" 0 "and compiles" || continue
		programs="$programs $frozen"
	done

	files=''
	for program in $programs; do files="$files -f $program"; done
	# shellcheck disable=SC2086 # lists
	run env B="$tmp/none" tests/vm/run -t 300 -f "$tmp/work" $files "6.12:$name" sh "$tmp/work" $programs
	out=$(printf '%s\n' "$out" | tr -d '\r')
	is "$status" 0 "the guest of $name runs them" || note "$err"
	for program in $programs; do
		like "$(part "$program")" '^ended with 0$' "${program##*/} ends well on $name" || note "$(part "$program" | head -n 5)"
	done
	like "$(part "$name/opens")" 'comm=cat .*path=/proc/version$' "opens sees what is opened on $name" || note "$(part "$name/opens" | head -n 5)"
	like "$(part "$name/opens")" 'comm=cat .*result=-2 path=/nonexistent$' "and what is not"
	like "$(part "$name/counts")" '^counts: uid=0 execs=[1-9]' "counts counts on $name" || note "$(part "$name/counts" | head -n 5)"
	like "$(part trace)" 'hello from pid [0-9]' "hello says so on $name" || note "$(part trace | tail -n 5)"
	case " $programs" in
	*/parents*) like "$(part "$name/parents")" '^pid=[0-9]* tgid=[0-9]* parent=[0-9]* comm=cat$' "parents reads the right members on $name" ||
		note "$(part "$name/parents" | head -n 5)" ;;
	*) skip "parents reads the right members on $name" "its kernel has no BTF" ;;
	esac
}

foreign s390x 64 s390 s390x-linux-gnu bpfeb
foreign armhf 32 arm arm-linux-gnueabihf bpfel
done_testing
