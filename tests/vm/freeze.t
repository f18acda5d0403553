#!/bin/sh
# SPDX-License-Identifier: MIT
# A frozen program needs nothing: guests whose image holds a first process and the static program, no other file.
. tests/tap.sh
[ "$B" = build ] || skip_all "only for a plain build"
[ "$(uname -m)" = x86_64 ] || skip_all "the guests here are x86_64"
command -v musl-gcc >/dev/null || tests/need musl-tools 2>/dev/null || skip_all "no musl-gcc here"
tests/need qemu-system-x86 busybox-static 2>/dev/null || skip_all "no QEMU here"

small='-std=gnu11 -Os -static -s -Wall -Wextra'
# shellcheck disable=SC2086 # a list of options
musl-gcc $small -o "$tmp/init" tests/vm/frozen_init.c || skip_all "musl-gcc does not work"

# guest KERNEL PROGRAM: sets $out to what the guest's console says.
guest() {
	rm -rf "$tmp/root"
	mkdir "$tmp/root"
	cp "$tmp/init" "$tmp/root/init"
	cp "$2" "$tmp/root/frozen"
	(cd "$tmp/root" && find . ! -name . | busybox cpio -o -H newc -R 0:0 2>/dev/null) >"$tmp/image"
	out=$(timeout -k 5 120 qemu-system-x86_64 -cpu max -accel tcg -smp 1 -m 512 -nodefaults -no-user-config -no-reboot -display none \
		-serial stdio -kernel "$1" -initrd "$tmp/image" -append "console=ttyS0 quiet panic=-1 oops=panic" </dev/null | tr -d '\r')
}

for kernel in 6.1 6.12; do
	if ! image=$(tests/vm/kernel "$kernel" 2>"$tmp/why"); then
		skip "opens runs alone on $kernel" "$(tail -n 1 "$tmp/why")"
		continue
	fi

	"$hewn" freeze build/bpf/opens.bpf.o -o "$tmp/opens.c"
	# shellcheck disable=SC2086
	musl-gcc $small -o "$tmp/opens" "$tmp/opens.c"
	[ "$(wc -c <"$tmp/opens")" -lt 32768 ]
	ok $? "opens for $kernel is below 32 KB" || note "$(wc -c <"$tmp/opens") bytes"
	guest "$image" "$tmp/opens"
	is "$(ls -A "$tmp/root" | tr '\n' ' ')" 'frozen init ' "there are two files in the image"
	is "$(printf '%s\n' "$out" | grep -c 'comm=init .*path=/proc/version$')" 3 "opens runs alone on $kernel" || note "$out"
	like "$out" '^frozen ended with 0$' "and ends well"

	# CO-RE: resolved by that kernel's own types, in a guest that brings the C file out.
	run tests/vm/run "$kernel" sh -c 'build/hewn freeze build/tests/bpf/parents.bpf.o -o /tmp/parents.c &&
		cat /tmp/parents.c && echo "== header ==" && cat /tmp/parents.h'
	is "$status" 0 "an object with CO-RE is frozen on $kernel" || note "$err"
	sed '/^== header ==$/,$d' "$tmp/out" >"$tmp/parents.c"
	sed '1,/^== header ==$/d' "$tmp/out" >"$tmp/parents.h"
	# shellcheck disable=SC2086
	musl-gcc $small -o "$tmp/parents" "$tmp/parents.c"
	guest "$image" "$tmp/parents"
	opener=$(printf '%s\n' "$out" | sed -n 's/^opener \([0-9]*\) of 1$/\1/p')
	is "$(printf '%s\n' "$out" | grep -c "^pid=$opener tgid=$opener parent=1 comm=init$")" 3 "it runs alone on $kernel, and reads the right members" ||
		note "$out"
	like "$out" '^frozen ended with 0$' "and ends well too"
done
done_testing
