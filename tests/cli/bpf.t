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

echo 'int f(struct pt_regs *ctx) { return PT_REGS_PARM1(ctx); }' | cat bpf/hewn.bpf.h - >"$tmp/bare.c"
said=$(clang --target=bpf -Ibpf -fsyntax-only "$tmp/bare.c" 2>&1)
case $said in
*"struct pt_regs"*) pass "registers_without_an_architecture_are_an_error" ;;
*) fail "registers_without_an_architecture_are_an_error" "$said" ;;
esac

done_testing
