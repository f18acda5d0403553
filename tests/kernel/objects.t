#!/bin/sh
# SPDX-License-Identifier: MIT
# Every object of bpf/ and tests/bpf, by both compilers, is loaded whole; and every mistake of a learner is
# refused by a message that names the object and does not just hand on an errno.
. tests/tap.sh
need_root
need_tracefs
need_bpffs
rm -f /sys/fs/bpf/hewn_kept

# What an object needs and this kernel has not.
lacks() {
	case $1 in
	callbacks)
		since 5.17 || echo "bpf_loop() came with 5.17"
		case $(cat /proc/sys/net/core/bpf_jit_enable 2>/dev/null) in 1 | 2) ;; *) echo "callbacks want a JIT" ;; esac
		;;
	maptypes)
		since 5.16 || echo "Bloom filters came with 5.16"
		case $(uname -m) in i?86) echo "the key of cgroup storage has 12 bytes here, not 16" ;; esac
		;;
	struct_ops) # and the JIT
		since 6.4 || echo "links of struct_ops came with 6.4"
		[ -e /sys/kernel/btf/vmlinux ] || echo "struct_ops want the kernel's BTF"
		case $(cat /proc/sys/net/core/bpf_jit_enable 2>/dev/null) in 1 | 2) ;; *) echo "struct_ops want a JIT" ;; esac
		;;
	gotox)
		since 6.19 || echo "indirect jumps came with 6.19"
		case $(uname -m) in x86_64 | aarch64) ;; *) echo "indirect jumps want a JIT that has them" ;; esac
		;;
	percpu) since 7.3 || echo "variables of each CPU came with 7.3" ;;
	exception) since 6.7 || echo "exceptions came with 6.7" ;;
	newmaps | arena)
		since 6.9 || echo "arenas came with 6.9"
		case $(uname -m) in arm* | i?86) echo "arenas want 64 bits" ;; esac
		;;
	tp_btf) [ -e /sys/kernel/btf/vmlinux ] || echo "the kernel has no BTF" ;;
	iter) [ -e /sys/kernel/btf/vmlinux ] || echo "the kernel has no BTF" ;;
	lsm | fentry)
		[ -e /sys/kernel/btf/vmlinux ] || echo "the kernel has no BTF"
		[ -n "${HEWN_GUEST:-}" ] || echo "tests/kernel/tracing.t tries it: a kernel may be built without trampolines"
		since 5.11 || echo "hooks that sleep came with 5.11"
		;;
	freplace) echo "wants another program: tests/kernel/tracing.t" ;;
	lsm_cgroup)
		since 6.0 || echo "LSM programs of a cgroup came with 6.0"
		[ -n "${HEWN_GUEST:-}" ] || echo "tests/kernel/places.t tries it: a kernel may be built without trampolines"
		;;
	kfunc | flavour)
		since 6.2 || echo "bpf_rcu_read_lock() came with 6.2"
		[ -e /sys/kernel/btf/vmlinux ] || echo "the kernel has no BTF"
		;;
	ksym_typed)
		since 5.15 || echo "the BTF of older kernels may have no variables"
		[ -e /sys/kernel/btf/vmlinux ] || echo "the kernel has no BTF"
		grep -q ' bpf_prog_active$' /proc/kallsyms || echo "the kernel's list of symbols has no variables"
		;;
	core) [ -e /sys/kernel/btf/vmlinux ] || echo "the kernel has no BTF" ;;
	pinned_kinds) since 5.16 || echo "Bloom filters came with 5.16" ;;
	uprobe_multi) since 6.6 || echo "links on many uprobes came with 6.6" ;;
	inode_storage)
		config=/boot/config-$(uname -r)
		[ ! -e "$config" ] || grep -q '^CONFIG_BPF_LSM=y' "$config" || echo "built without CONFIG_BPF_LSM"
		;;
	*) since 5.8 || echo "ring buffers came with 5.8" ;;
	esac
}

for object in "$B"/bpf/*.bpf.o "$B"/tests/bpf/*.bpf.o "$B"/tests/bpf-19/*.bpf.o; do
	[ -e "$object" ] || continue
	name=$(basename "$object" .bpf.o)
	short=${object#"$B"/}
	case $name in
	kconfig) # a kernel does not always say how it was configured
		run "$hewn" load "$object"
		if [ -e /proc/config.gz ] || [ -e "/boot/config-$(uname -r)" ]; then
			is "$status" 0 "${short}_loads" || note "$err"
		else
			like "$err" 'neither /boot/config-RELEASE nor /proc/config.gz' "${short}_says_that_the_kernel_does_not_tell"
		fi
		continue
		;;
	esac
	why=$(lacks "$name" | head -n 1)
	if [ -n "$why" ]; then
		skip "${short}_loads" "$why"
		continue
	fi
	run "$hewn" load "$object"
	is "$status" 0 "${short}_loads" || note "$err"
done
rm -f /sys/fs/bpf/hewn_kept /sys/fs/bpf/hewn_kinds_*

# Mistakes in the object: the message is the same on every kernel.
in_object() {
	run "$hewn" load "$B/tests/bpf/mistakes/$1.bpf.o"
	is "$status" 1 "$1_is_refused"
	like "$err" "$2" "$1_is_explained"
}
case $(uname -m) in
s390x) skip byte_order_is_refused "it is the right one here" ;;
*) in_object byte_order 'big-endian.*little-endian' ;;
esac
in_object static_map 'static'
in_object wrong_section 'kprobes/do_sys_openat2'
in_object no_btf 'no BTF'
in_object common 'COMMON'
in_object misspelled_field 'max_entires'
in_object no_map_type 'no type'
run "$hewn" load "$B/tests/bpf/mistakes/no_program.bpf.o"
is "$status" 0 types_alone_can_be_loaded
like "$err" 'neither programs nor maps' but_it_is_said
run "$hewn" run --for 1 "$B/tests/bpf/mistakes/no_program.bpf.o"
is "$status" 1 but_not_run
like "$err" 'neither programs nor maps' and_it_is_explained
if [ -e /sys/kernel/btf/vmlinux ]; then
	in_object no_such_field 'struct task_struct has no member tgdi; it has tgid'
else
	skip no_such_field_is_explained "the kernel has no BTF"
fi
in_object unknown_function 'looks_like_a_shell'
in_object unknown_variable 'threshold'
in_object static_program 'static|no.* program'

# Mistakes that the kernel finds: each names the program, and shows why.
for name in no_license other_license large_stack unchecked_pointer endless_loop unbounded_loop out_of_bounds \
	uninitialised no_result wrong_context user_pointer unknown_helper too_many_steps value_size unreleased \
	sleeping_helper packet_unchecked wrong_type_of_result; do
	case $name in
	unbounded_loop | too_many_steps) # minutes, where the processor is emulated
		if [ -n "${HEWN_GUEST:-}" ]; then
			skip "${name}_is_refused" "the verifier takes too long here"
			continue
		fi
		;;
	esac
	run "$hewn" load "$B/tests/bpf/mistakes/$name.bpf.o"
	is "$status" 1 "${name}_is_refused"
	like "$err" 'program +[a-z_]+$' "${name}_names_the_program"
	case $name in # the log is larger than its buffer, of which the retry's ENOSPC speaks
	unbounded_loop | too_many_steps) like "$err" 'error +E2BIG' "${name}_has_the_errno_of_the_refusal" ;;
	esac
done

run "$hewn" load "$B/tests/bpf/mistakes/missing_kfunc.bpf.o"
is "$status" 1 missing_kfunc_is_refused
if since 5.14; then # before, PROG_LOAD knows no programs of type SYSCALL
	like "$err" 'no function bpf_no_such_function.*can be reached' missing_kfunc_is_explained
	like "$err" 'hint .*if \(bpf_no_such_function\)' missing_kfunc_says_how_to_ask
fi

run "$hewn" load "$B/tests/bpf/mistakes/no_entries.bpf.o"
is "$status" 1 no_entries_is_refused
like "$err" 'max_entries' no_entries_is_explained

# A map that is pinned already, with values of another size.
run "$hewn" load "$B/tests/bpf/pinned.bpf.o"
is "$status" 0 a_map_is_pinned_by_name
run "$hewn" load "$B/tests/bpf/mistakes/pinned_otherwise.bpf.o"
is "$status" 1 a_pinned_map_of_other_size_is_refused
like "$err" 'value size 8.*4' a_pinned_map_of_other_size_is_explained
rm -f /sys/fs/bpf/hewn_kept

# What a map has beside its sizes and flags, and flags that the kernel adds: the same object again finds its own.
if since 5.16; then
	run "$hewn" load "$B/tests/bpf/pinned_kinds.bpf.o"
	is "$status" 0 maps_of_many_kinds_are_pinned || note "$err"
	run "$hewn" load "$B/tests/bpf/pinned_kinds.bpf.o"
	is "$status" 0 and_taken_over || note "$err"
	run "$hewn" load "$B/tests/bpf/mistakes/pinned_extra.bpf.o"
	is "$status" 1 a_pinned_map_with_another_map_extra_is_refused
	like "$err" 'the pinned map has map_extra 3, the object wants 4' and_the_difference_is_named
else
	skip pinned_map_extra "map_extra came with 5.16" 5.16
fi
rm -f /sys/fs/bpf/hewn_kinds_*

# A bpf file system takes no name with a dot.
run "$hewn" load --pin /sys/fs/bpf/hewn_pins "$B/tests/bpf/data.bpf.o"
is "$status" 0 variables_are_pinned || note "$err"
[ -e /sys/fs/bpf/hewn_pins/_data_extra ]
ok $? under_names_without_dots
rm -rf /sys/fs/bpf/hewn_pins

if [ -e /sys/kernel/btf/vmlinux ]; then
	in_object missing_btf_function '"do_sys_opennat2"'
	like "$err" '"do_sys_openat2"\?' the_nearest_function_is_named
	in_object btf_category 'tp_btf/sched_switch'
fi
in_object bare_fentry 'fentry/FUNCTION'
run "$hewn" run --for 0.1 "$B/tests/bpf/mistakes/usdt_without_map.bpf.o"
is "$status" 1 a_usdt_program_without_its_map_is_not_attached
like "$err" '__bpf_usdt_specs' and_the_map_is_named

# Mistakes that show when a program is attached.
for name in missing_tracepoint no_category; do
	run "$hewn" run --for 0.1 "$B/tests/bpf/mistakes/$name.bpf.o"
	is "$status" 1 "${name}_is_not_attached"
	like "$err" 'tracepoint' "${name}_is_explained"
done
if [ -e /sys/bus/event_source/devices/kprobe/type ]; then
	run "$hewn" run --for 0.1 "$B/tests/bpf/mistakes/missing_function.bpf.o"
	is "$status" 1 missing_function_is_not_attached
	like "$err" 'do_sys_opennat2' missing_function_is_explained
else
	skip missing_function_is_not_attached "no kprobes on this kernel"
fi
done_testing
