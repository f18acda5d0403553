#!/bin/sh
# SPDX-License-Identifier: MIT
# The programs of bpf/ compile without a word: by each compiler, for each instruction set version, both byte
# orders, and the registers of each architecture.
. tests/tap.sh
need_command clang

# compiles COMPILER FLAGS...: every program, with these flags; what is said comes out.
compiles() {
	compiler=$1
	shift
	for program in bpf/*.bpf.c; do
		"$compiler" -O2 -g -Wall -Wextra -Wno-unused-parameter -Werror -Ibpf "$@" -c -o "$tmp/o" "$program" 2>&1 ||
			echo "$compiler $* $program: status $?"
	done
}

silent() { # silent NAME COMPILER FLAGS...
	name=$1
	shift
	said=$(compiles "$@")
	if [ -z "$said" ]; then pass "$name"; else fail "$name" "$said"; fi
}

for compiler in clang clang-19; do
	command -v $compiler >/dev/null || {
		skip "programs_compile_with_$compiler" "there is no $compiler"
		continue
	}
	for version in v1 v2 v3; do
		for order in bpfel bpfeb; do
			silent "programs_compile_with_${compiler}_for_${order}_$version" \
				$compiler --target=$order -mcpu=$version -D__TARGET_ARCH_x86
		done
	done
done

for arch in x86 i386 arm64 arm riscv s390 mips powerpc loongarch; do
	silent "programs_compile_for_the_registers_of_$arch" clang --target=bpf -D__TARGET_ARCH_$arch
done
for arch in x86 mips powerpc; do
	silent "programs_compile_for_the_registers_of_32_bit_$arch" clang --target=bpf -D__TARGET_ARCH_$arch -DHEWN_WORD=32
done

# What <linux/bpf.h> of this machine has under the same name has the same value, or size and members.
uapi=/usr/include/linux/bpf.h
if [ -e $uapi ]; then
	numbers=$(sed -n 's/^[[:space:]]*\(BPF_[A-Z0-9_]*\|XDP_[A-Z]*\)\( = [^,]*\)\{0,1\},.*/\1/p; s/^#define \(BPF_[A-Z_]*\)[[:space:]].*/\1/p' \
		bpf/hewn.bpf.h bpf/hewn-contexts.bpf.h | sort -u | while read -r name; do
		! grep -qw "$name" $uapi || echo "$name"
	done)
	structs='__sk_buff xdp_md bpf_sock bpf_sock_addr bpf_sock_ops sk_msg_md sk_reuseport_md bpf_sk_lookup
		bpf_sockopt bpf_sysctl bpf_cgroup_dev_ctx bpf_spin_lock bpf_timer bpf_dynptr bpf_pidns_info
		bpf_perf_event_value bpf_cgroup_storage_key bpf_lpm_trie_key'
	members='__sk_buff.protocol __sk_buff.cb __sk_buff.data_end __sk_buff.remote_port __sk_buff.tstamp
		__sk_buff.gso_size xdp_md.egress_ifindex bpf_sock.dst_port bpf_sock.rx_queue_mapping
		bpf_sock_addr.user_port bpf_sock_addr.msg_src_ip6 bpf_sock_ops.local_port bpf_sock_ops.state
		bpf_sock_ops.sk_txhash bpf_sock_ops.bytes_acked bpf_sock_ops.skb_tcp_flags sk_msg_md.size
		sk_reuseport_md.hash bpf_sk_lookup.local_port bpf_sockopt.retval bpf_cgroup_dev_ctx.minor'
	{
		cat <<-'EOF'
			#include <linux/bpf.h>
			#include <stddef.h>
			#include <stdio.h>
			#define SAY(what) printf("_Static_assert((long long)(" #what ") == %lldLL, \"\");\n", (long long)(what))
			int main(void) {
		EOF
		for name in $numbers; do echo "SAY($name);"; done
		for name in $structs; do echo "SAY(sizeof(struct $name));"; done
		for name in $members; do echo "SAY(offsetof(struct ${name%.*}, ${name#*.}));"; done
		echo '}'
	} >"$tmp/uapi.c"
	said=$(clang -o "$tmp/uapi" "$tmp/uapi.c" 2>&1 && {
		cat bpf/hewn.bpf.h
		"$tmp/uapi"
	} >"$tmp/check.c" && clang --target=bpf -D__TARGET_ARCH_x86 -Ibpf -fsyntax-only "$tmp/check.c" 2>&1)
	if [ -z "$said" ] && [ "$(grep -c Static_assert "$tmp/check.c")" -gt 100 ]; then
		pass "numbers_and_structs_are_those_of_linux_bpf_h"
	else
		fail "numbers_and_structs_are_those_of_linux_bpf_h" "$said"
	fi
else
	skip "numbers_and_structs_are_those_of_linux_bpf_h" "there is no $uapi"
fi

echo 'int f(struct pt_regs *ctx) { return PT_REGS_PARM1(ctx); }' | cat bpf/hewn.bpf.h - >"$tmp/bare.c"
said=$(clang --target=bpf -Ibpf -fsyntax-only "$tmp/bare.c" 2>&1)
case $said in
*"struct pt_regs"*) pass "registers_without_an_architecture_are_an_error" ;;
*) fail "registers_without_an_architecture_are_an_error" "$said" ;;
esac

# docs/errors.md is made by hand (`make errors`), and has them all.
said=$(for mistake in tests/bpf/mistakes/*.bpf.c; do
	grep -qF "$mistake" docs/errors.md || echo "$mistake"
done)
is "$said" "" each_mistake_is_in_docs_errors

done_testing
