#!/bin/sh
# SPDX-License-Identifier: MIT
# A plan that is made here from the profile of a guest is the guest's own plan, byte for byte. Where hewn was built for
# s390x (make arch-s390x), the same for a machine of the other byte order.
. tests/tap.sh

objects=$(ls "$B"/bpf/*.bpf.o "$B"/tests/bpf/uprobe.bpf.o "$B"/tests/bpf/data.bpf.o "$B"/tests/bpf/tailcalls.bpf.o \
	"$B"/tests/bpf/perf.bpf.o "$B"/tests/bpf/perf_event.bpf.o "$B"/tests/bpf/callbacks.bpf.o "$B"/tests/bpf/core.bpf.o \
	"$B"/tests/bpf/kconfig.bpf.o "$B"/tests/bpf/ksym.bpf.o "$B"/tests/bpf/kprobe_multi.bpf.o 2>/dev/null)

# In the guest: a profile for all objects, then each one's plans; last its kernel's BTF, with that of a module if there is
# one (`make corpus` makes it, for 6.12).
cat >"$tmp/inside" <<'EOT'
[ -z "$1" ] || insmod "$1" || exit
hewn=$2
shift 2
$hewn profile "$@" || exit
echo "-- end of the profile"
for object; do
	$hewn plan --json "$object" && $hewn plan "$object" && $hewn plan --load --brief "$object" || echo "failed: $object"
done
echo "-- end of the plans"
tar -c -C /sys/kernel btf
EOT

module=$B/corpus/bpf_testmod.ko of_module=$B/corpus/objects/test_ksyms_module.bpf.o
for kernel in 6.1 6.12; do
	if [ "$kernel" = 6.12 ] && [ -e "$module" ] && [ -e "$of_module" ]; then
		objects="$objects $of_module"
		tests/vm/run -f "$tmp/inside" -f "$module" -f "$of_module" "$kernel" sh "$tmp/inside" "$module" "$hewn" $objects
	else
		tests/vm/run -f "$tmp/inside" "$kernel" sh "$tmp/inside" '' "$hewn" $objects
	fi >"$tmp/guest" 2>"$tmp/err"
	case $? in
	0) ;;
	77) skip "plans_for_${kernel}_are_those_of_the_guest" "no kernel $kernel" && continue ;;
	*) fail "the_guest_${kernel}_makes_a_profile" "$(tail -n 5 "$tmp/err")" || continue ;;
	esac
	sed '/^-- end of the profile$/,$d' "$tmp/guest" >"$tmp/profile"
	sed '1,/^-- end of the profile$/d;/^-- end of the plans$/,$d' "$tmp/guest" >"$tmp/want"
	rm -rf "$tmp/btf"
	sed '1,/^-- end of the plans$/d' "$tmp/guest" | tar -x -C "$tmp"
	for object in $objects; do
		set -- --target "$tmp/profile" --btf "$tmp/btf"
		"$hewn" plan "$@" --json "$object" && "$hewn" plan "$@" "$object" && "$hewn" plan "$@" --load --brief "$object" ||
			echo "failed: $object"
	done >"$tmp/here" 2>"$tmp/err"
	cmp "$tmp/want" "$tmp/here" >"$tmp/difference" 2>&1
	ok $? "plans_for_${kernel}_are_those_of_the_guest" || note "$(cat "$tmp/difference" "$tmp/err")
$(diff "$tmp/want" "$tmp/here" | cut -c1-300 | head -n 20)"
	is "$(grep failed: "$tmp/here")" '' "and every object has one"
	like "$(cat "$tmp/profile")" '^sha256 /sys/kernel/btf/vmlinux = ' "the profile has the hash of the BTF"
	rm -f "$tmp/btf/vmlinux"
	cp /sys/kernel/btf/vmlinux "$tmp/btf" 2>/dev/null || echo >"$tmp/btf/vmlinux"
	run "$hewn" plan --target "$tmp/profile" --btf "$tmp/btf" "$B/tests/bpf/core.bpf.o"
	is "$status" 1 "another kernel's BTF is refused"
done

# Two builds of hewn, on machines of different byte order, each planning for both kinds of object.
other=build/s390x/hewn
if [ -x "$other" ] && command -v qemu-s390x-static >/dev/null; then
	qemu-s390x-static "$other" profile >"$tmp/big.profile"
	sed 's/^uname -m = .*/uname -m = s390x/' "$tmp/big.profile" >"$tmp/profile"
	for object in "$B"/bpf/*.bpf.o "$B"/tests/bpf/data.bpf.o "$B"/tests/bpf/tailcalls.bpf.o build/s390x/bpf/*.bpf.o; do
		[ -e "$object" ] || continue
		"$hewn" plan --target "$tmp/profile" --json "$object" >"$tmp/here" 2>/dev/null || continue # CO-RE wants its BTF
		qemu-s390x-static "$other" plan --target "$tmp/profile" --json "$object" >"$tmp/there"
		[ -s "$tmp/here" ] && cmp "$tmp/here" "$tmp/there" >"$tmp/difference" 2>&1
		ok $? "$object: the same plan is made on a big-endian machine" || note "$(cat "$tmp/difference")"
	done
else
	skip the_same_plan_is_made_on_a_big_endian_machine "no hewn for s390x (make arch-s390x), or no qemu-s390x-static"
fi
done_testing
