// SPDX-License-Identifier: MIT
/* Text that is no program: where the error is, and what it says. */
#include "tests/tap.h"
#include "tests/insn_text.h"

static const struct {
	const char *text;
	int col;
	const char *message; /* its beginning */
} lines[] = {
	{"r11 = 0", 1, "found 'r11', want r0 to r10"},
	{"r1 = r11", 6, "found 'r11', want r0 to r10"},
	{"r1 = r12", 6, "'r12': registers are r0 to r10 and w0 to w10"},
	{"r1 = *(u32 *)(r11 +8)", 15, "found 'r11', want r0 to r10"},
	{"lock *(u64 *)(r11 -8) += r1", 15, "found 'r11', want r0 to r10"},
	{"w11 = 0", 1, "'w11': registers are r0 to r10 and w0 to w10"},
	{"w1 = w16", 6, "'w16': registers are r0 to r10 and w0 to w10"},
	{"r99999999999 = 1", 1, "'r99999999999': registers are r0 to r10 and w0 to w10"},
	{"r01 = 5", 1, "'r01': registers are r0 to r10 and w0 to w10"},
	{"r1 = w2", 6, "found 'w2', want a number, a name, r0 to r10, 'map', 'btf',"},
	{"w1 = r2", 6, "found 'r2', want a number, w0 to w10, '*',"},
	{"w1 += r2", 7, "found 'r2', want a number, w0 to w10"},
	{"r1 += w2", 7, "found 'w2', want a number, r0 to r10"},
	{"r1 = *(u64 *)(w2 +0)", 15, "found 'w2', want r0 to r10"},
	{"*(u64 *)(w1 +0) = r2", 10, "found 'w1', want r0 to r10"},
	{"*(u64 *)(r1 +0) = w2", 19, "found 'w2', want a number, r0 to r10"},
	{"r1 = -r2", 7, "found 'r2', want r1, as before in the statement"},
	{"w1 = -w2", 7, "found 'w2', want w1, as before in the statement"},
	{"w1 = -r1", 7, "found 'r1', want w0 to w10"},
	{"r1 = be16 r2", 11, "found 'r2', want r1, as before in the statement"},
	{"r1 = le32 r3", 11, "found 'r3', want r1, as before in the statement"},
	{"r1 = bswap64 r4", 14, "found 'r4', want r1, as before in the statement"},
	{"w1 = be16 w1", 6, "found 'be16', want a number, w0 to w10, '*',"},
	{"r1 = be8 r1", 6, "found 'be8', want a register, a number or an operation"},
	{"r1 = be17 r1", 6, "found 'be17', want a register, a number or an operation"},
	{"r1 = bswap128 r1", 6, "found 'bswap128', want a register, a number or an operation"},
	{"r1 = be64", 6, "found 'be64', want a register, a number or an operation"},
	{"r1 = (s64)r2", 7, "found 's64', want 's8', 's16', 's32'"},
	{"r1 = (u8)r2", 7, "found 'u8', want 's8', 's16', 's32'"},
	{"r1 = (s8)w2", 10, "found 'w2', want r0 to r10"},
	{"w1 = (s32)w2", 7, "found 's32', want 's8', 's16'"},
	{"r1 = (s8 r2", 10, "found 'r2', want ')'"},
	{"r1 = s8)r2", 6, "found 's8', want a register, a number or an operation"},
	{"r1 = 0xffffffff", 6, "found '0xffffffff', want -2147483648 to 2147483647"},
	{"r1 = 4294967295", 6, "found '4294967295', want -2147483648 to 2147483647"},
	{"r1 = 2147483648", 6, "found '2147483648', want -2147483648 to 2147483647"},
	{"r1 = -2147483649", 6, "found '-2147483649', want -2147483648 to 2147483647"},
	{"r1 += 0x80000000", 7, "found '0x80000000', want -2147483648 to 2147483647"},
	{"r1 &= 0xffffffff", 7, "found '0xffffffff', want -2147483648 to 2147483647"},
	{"r1 = 0x123456789", 6, "found '0x123456789', want -2147483648 to 2147483647"},
	{"w1 = 0x100000000", 6, "found '0x100000000', want -2147483648 to 4294967295"},
	{"w1 = -2147483649", 6, "found '-2147483649', want -2147483648 to 4294967295"},
	{"w1 += 4294967296", 7, "found '4294967296', want -2147483648 to 4294967295"},
	{"if r1 == 0x100000000 goto +1", 10, "found '0x100000000', want -2147483648 to 4294967295"},
	{"if w1 == -2147483649 goto +1", 10, "found '-2147483649', want -2147483648 to 4294967295"},
	{"*(u64 *)(r1 +0) = 0x80000000", 19, "found '0x80000000', want -2147483648 to 2147483647"},
	{"*(u32 *)(r1 +0) = 0x100000000", 19,
	 "found '0x100000000', want -2147483648 to 4294967295"},
	{"*(u8 *)(r1 +0) = 99999999999", 18, "found '99999999999', want -2147483648 to 4294967295"},
	{"r1 = 0x10000000000000000 ll", 6,
	 "'0x10000000000000000': a number of at most 64 bits is wanted"},
	{"r1 = 99999999999999999999 ll", 6,
	 "'99999999999999999999': a number of at most 64 bits is wanted"},
	{"r1 = -9223372036854775809 ll", 6,
	 "found '-9223372036854775809', want -9223372036854775808 to"},
	{"r1 = 5 l", 8, "found 'l', want the end of the line, 'll'"},
	{"r1 = 5 ll ll", 11, "found 'll', want the end of the line"},
	{"r1 = 5ll", 6, "'5ll': letters stick to the number"},
	{"r1 = ll", 6, "found 'll', want a register, a number or an operation"},
	{"r1 = 0x ll", 6, "'0x': a number needs digits"},
	{"r1 = 0b2", 6, "'0b2': letters stick to the number"},
	{"r1 = 010", 6, "'010': could be octal, write it without the 0 in front"},
	{"r1 = 0x5g", 6, "'0x5g': letters stick to the number"},
	{"r1 = 5.0", 6, "'5.0': letters stick to the number"},
	{"r1 = 'a'", 6, "''': no instruction has this character"},
	{"r1 = \"a\"", 6, "'\"': no instruction has this character"},
	{"r1 = *(u64 *)(r2 +32768)", 18, "found '+32768', want -32768 to 32767"},
	{"r1 = *(u64 *)(r2 -32769)", 18, "found '-32769', want -32768 to 32767"},
	{"r1 = *(u64 *)(r2 + 0x10000)", 18, "found '+ 0x10000', want -32768 to 32767"},
	{"*(u8 *)(r10 -32769) = r1", 13, "found '-32769', want -32768 to 32767"},
	{"*(u8 *)(r10 +40000) = 1", 13, "found '+40000', want -32768 to 32767"},
	{"lock *(u64 *)(r1 +70000) += r2", 18, "found '+70000', want -32768 to 32767"},
	{"r1 = *(u64 *)(r2)", 17, "found ')', want an offset with its sign (+8)"},
	{"r1 = *(u64 *)(r2 8)", 18, "found '8', want an offset with its sign (+8)"},
	{"r1 = *(u64 *)(r2 + r3)", 18, "found '+', want an offset with its sign (+8)"},
	{"r1 = *(u64 *)(8)", 15, "found '8', want r0 to r10"},
	{"r1 = *(u64 *)r2", 14, "found 'r2', want '('"},
	{"r1 = *(u64)(r2 +0)", 11, "found ')', want '*'"},
	{"r1 = *(u128 *)(r2 +0)", 8,
	 "found 'u128', want 'u32', 'u16', 'u8', 'u64', 's32', 's16', 's8'"},
	{"r1 = *(int *)(r2 +0)", 8,
	 "found 'int', want 'u32', 'u16', 'u8', 'u64', 's32', 's16', 's8'"},
	{"r1 = *u64 (r2 +0)", 7, "found 'u64', want '('"},
	{"r1 = (u64 *)(r2 +0)", 7, "found 'u64', want 's8', 's16', 's32'"},
	{"r1 = *(u64 *)(r2 +0", 20, "the line ends, want ')'"},
	{"r1 = *(u64 *(r2 +0)", 13, "found '(', want ')'"},
	{"r1 = *(s64 *)(r2 +0)", 8,
	 "found 's64', want 'u32', 'u16', 'u8', 'u64', 's32', 's16', 's8'"},
	{"*(s32 *)(r1 +0) = r2", 3, "found 's32', want 'u32', 'u16', 'u8', 'u64'"},
	{"*(u64 *)(r1 +0) = ", 19, "the line ends, want a number, r0 to r10"},
	{"*(u64 *)(r1 +0) += r2", 17, "found '+=', want '='"},
	{"*(u64 *)(r1 +0)", 16, "the line ends, want '='"},
	{"*(u64 *)(r1 +0) = r2 r3", 22, "found 'r3', want the end of the line"},
	{"w1 = *(u64 *)(r2 +0)", 8, "found 'u64', want 'u32', 'u16', 'u8'"},
	{"w1 = *(s8 *)(r2 +0)", 8, "found 's8', want 'u32', 'u16', 'u8'"},
	{"lock *(u8 *)(r1 +0) += r2", 8, "found 'u8', want 'u32', 'u64'"},
	{"lock *(u16 *)(r1 +0) += r2", 8, "found 'u16', want 'u32', 'u64'"},
	{"lock *(u64 *)(r1 +0) -= r2", 22, "found '-=', want '+=', '|=', '&=', '^='"},
	{"lock *(u64 *)(r1 +0) *= r2", 22, "found '*=', want '+=', '|=', '&=', '^='"},
	{"lock *(u64 *)(r1 +0) = r2", 22, "found '=', want '+=', '|=', '&=', '^='"},
	{"lock *(u64 *)(r1 +0) += 5", 25, "found '5', want r0 to r10"},
	{"lock *(u64 *)(r1 +0) += w2", 25, "found 'w2', want r0 to r10"},
	{"lock r1 += r2", 6, "found 'r1', want '*'"},
	{"lock", 5, "the line ends, want '*'"},
	{"r2 = atomic_fetch_add((u32 *)(r1 +0), r3)", 39,
	 "found 'r3', want r2, as before in the statement"},
	{"r2 = atomic64_fetch_add((u32 *)(r1 +0), r2)", 26, "found 'u32', want 'u64'"},
	{"r2 = atomic_fetch_sub((u64 *)(r1 +0), r2)", 6,
	 "found 'atomic_fetch_sub', want a register, a number or an"},
	{"r2 = atomic_fetch_add(u64 *(r1 +0), r2)", 23, "found 'u64', want '('"},
	{"r2 = atomic_fetch_add((u64 *)(r1 +0) r2)", 38, "found 'r2', want ','"},
	{"r2 = atomic_fetch_add((u64 *)(r1 +0))", 37, "found ')', want ','"},
	{"r2 = atomic_fetch_add((u8 *)(r1 +0), r2)", 24, "found 'u8', want 'u32', 'u64'"},
	{"r2 = atomic64_xchg((u64 *)(r1 +0), r3)", 36,
	 "found 'r3', want r2, as before in the statement"},
	{"r2 = xchg_64(r1 + 0, r3)", 22, "found 'r3', want r2, as before in the statement"},
	{"r1 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)", 1, "found 'r1', want r0"},
	{"r0 = atomic64_cmpxchg((u64 *)(r1 +0), r1, r2)", 39, "found 'r1', want r0"},
	{"w1 = cmpxchg32_32(r1 + 0, w0, w2)", 1, "found 'w1', want w0"},
	{"r1 = cmpxchg_64(r1 + 0, r0, r2)", 1, "found 'r1', want r0"},
	{"r0 = load_acquire((u64 *)(r1))", 29, "found ')', want an offset with its sign (+8)"},
	{"r0 = load_acquire((s8 *)(r1 +0))", 20, "found 's8', want 'u32', 'u16', 'u8', 'u64'"},
	{"w0 = load_acquire((u64 *)(r1 +0))", 20, "found 'u64', want 'u32', 'u16', 'u8'"},
	{"store_release((u64 *)(r1 +0))", 29, "found ')', want ','"},
	{"store_release((u64 *)(r1 +0), 5)", 31, "found '5', want r0 to r10"},
	{"store_release((u64 *)(r1 +0), w2)", 31, "found 'w2', want r0 to r10"},
	{"r1 = addr_space_cast(r2, 65536, 0)", 26, "found '65536', want 0 to 65535"},
	{"r1 = addr_space_cast(r2, 0, -1)", 29, "found '-1', want 0 to 65535"},
	{"r1 = addr_space_cast(r2, 0)", 27, "found ')', want ','"},
	{"w1 = addr_space_cast(r2, 0, 1)", 6,
	 "found 'addr_space_cast', want a number, w0 to w10, '*',"},
	{"goto", 5, "the line ends, want a target (pc+1, +1 or a label)"},
	{"goto 5", 6, "found '5', want a target (pc+1, +1 or a label)"},
	{"goto r1", 6, "found 'r1', want a target (pc+1, +1 or a label)"},
	{"goto +32768", 6, "found '+32768', want -32768 to 32767"},
	{"goto -32769", 6, "found '-32769', want -32768 to 32767"},
	{"goto +1 +2", 9, "found '+2', want the end of the line"},
	{"goto pc 5 6", 9, "found '5', want the end of the line"},
	{"gotol", 6, "the line ends, want a target (pc+1, +1 or a label)"},
	{"gotol +2147483648", 7, "found '+2147483648', want -2147483648 to 2147483647"},
	{"gotol -2147483649", 7, "found '-2147483649', want -2147483648 to 2147483647"},
	{"gotol 5", 7, "found '5', want a target (pc+1, +1 or a label)"},
	{"gotox 5", 7, "found '5', want r0 to r10"},
	{"gotox w1", 7, "found 'w1', want r0 to r10"},
	{"gotox", 6, "the line ends, want r0 to r10"},
	{"may_goto", 9, "the line ends, want a target (pc+1, +1 or a label)"},
	{"may_goto 3", 10, "found '3', want a target (pc+1, +1 or a label)"},
	{"may_goto +32768", 10, "found '+32768', want -32768 to 32767"},
	{"if r1 == 5", 11, "the line ends, want 'goto'"},
	{"if r1 == 5 goto", 16, "the line ends, want a target (pc+1, +1 or a label)"},
	{"if r1 == 5 goto 3", 17, "found '3', want a target (pc+1, +1 or a label)"},
	{"if r1 == goto +1", 10, "found 'goto', want a number, r0 to r10"},
	{"if r1 goto +1", 7, "found 'goto', want '==', '>', '>=', '&', '!=', 's>', 's>=',"},
	{"if r1 = 5 goto +1", 7, "found '=', want '==', '>', '>=', '&', '!=', 's>', 's>=',"},
	{"if 5 == r1 goto +1", 4, "found '5', want r0 to r10, w0 to w10"},
	{"if r1 <> 5 goto +1", 8, "found '>', want a number, r0 to r10"},
	{"if r1 == w2 goto +1", 10, "found 'w2', want a number, r0 to r10"},
	{"if w1 == r2 goto +1", 10, "found 'r2', want a number, w0 to w10"},
	{"if r1 == 5 goto +32768", 17, "found '+32768', want -32768 to 32767"},
	{"if r1 == 5 goto -32769", 17, "found '-32769', want -32768 to 32767"},
	{"if r1 s== 5 goto +1", 7, "found 's', want '==', '>', '>=', '&', '!=', 's>', 's>=',"},
	{"if r1 s!= 5 goto +1", 7, "found 's', want '==', '>', '>=', '&', '!=', 's>', 's>=',"},
	{"if r1 == 5 gotol +1", 12, "found 'gotol', want 'goto'"},
	{"if r1 & goto +1", 9, "found 'goto', want a number, r0 to r10"},
	{"if (r1 == 5) goto +1", 4, "found '(', want r0 to r10, w0 to w10"},
	{"IF r1 == 5 goto +1", 1, "found 'IF', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"call", 5, "the line ends, want a function (a helper's name or number,"},
	{"call 4294967296", 6, "found '4294967296', want -2147483648 to 2147483647"},
	{"call -2147483649", 6, "found '-2147483649', want -2147483648 to 2147483647"},
	{"call bpf_map_lookup_elem#", 26, "the line ends, want a number"},
	{"call bpf_map_lookup_elem#1 2", 28, "found '2', want the end of the line"},
	{"call 5#3", 7, "found '#', want the end of the line"},
	{"call r1", 6, "found 'r1', want a function (a helper's name or number, a"},
	{"call pc+2147483648", 8, "found '+2147483648', want -2147483648 to 2147483647"},
	{"call foo()", 9, "found '(', want the end of the line"},
	{"callx", 6, "the line ends, want r0 to r10"},
	{"callx 5", 7, "found '5', want r0 to r10"},
	{"callx w1", 7, "found 'w1', want r0 to r10"},
	{"callx r11", 7, "found 'r11', want r0 to r10"},
	{"exit 0", 6, "found '0', want the end of the line"},
	{"exit r0", 6, "found 'r0', want the end of the line"},
	{"return", 1, "found 'return', want an instruction (r1 = ..., *(u64"},
	{"ret", 1, "found 'ret', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"nop", 1, "found 'nop', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"mov r1, r2", 1, "found 'mov', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"add r1, 5", 1, "found 'add', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"r1", 3, "the line ends, want '=', '+=', '-=', '*=', '/=', 's/=',"},
	{"r1 r2", 4, "found 'r2', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 =", 5, "the line ends, want a number, a name, r0 to r10, 'map',"},
	{"r1 == 5", 4, "found '==', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 + 5", 4, "found '+ 5', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 ++", 4, "found '+', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 := 5", 4, "found ':', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 +== 5", 6, "found '=', want a number, r0 to r10"},
	{"r1 s+= 5", 4, "found 's', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 s= 5", 4, "found 's', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 <<<= 5", 4, "found '<', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 = = 5", 6, "found '=', want a number, a name, r0 to r10, 'map', 'btf',"},
	{"r1 = 5 6", 8, "found '6', want the end of the line, 'll'"},
	{"r1 = 5, 6", 7, "found ',', want the end of the line, 'll'"},
	{"r1, r2 = 5", 3, "found ',', want '=', '+=', '-=', '*=', '/=', 's/=', '|=',"},
	{"r1 = r2 + r3", 9, "found '+', want the end of the line"},
	{"r1 = r2 r3", 9, "found 'r3', want the end of the line"},
	{"r1 = !r2", 6, "'!': no instruction has this character"},
	{"r1 = ~r2", 6, "'~': no instruction has this character"},
	{"5 = r1", 1, "found '5', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"= 5", 1, "found '=', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"+ 5", 1, "found '+ 5', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"(", 1, "found '(', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{")", 1, "found ')', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"@", 1, "found '@', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"%", 1, "'%': no instruction has this character"},
	{"{", 1, "'{': no instruction has this character"},
	{"r1 = 5 }", 8, "'}': no instruction has this character"},
	{"r1 = map", 6, "found 'map', want a register, a number or an operation"},
	{"r1 = map[", 10, "the line ends, want a name, 'fd', 'id', 'idx'"},
	{"r1 = map[]", 10, "found ']', want a name, 'fd', 'id', 'idx'"},
	{"r1 = map[fd]x", 13, "found 'x', want the end of the line, '['"},
	{"r1 = map[fd:]", 13, "found ']', want a number"},
	{"r1 = map[fd:5", 14, "the line ends, want ']'"},
	{"r1 = map[fd:4294967296]", 13, "found '4294967296', want -2147483648 to 4294967295"},
	{"r1 = map[fd:5][1]+0", 16, "found '1', want '0'"},
	{"r1 = map[fd:5][0]+4294967296", 18, "found '+4294967296', want 0 to 4294967295"},
	{"r1 = map[fd:5][0]-1", 18, "found '-1', want 0 to 4294967295"},
	{"r1 = map[idx:x]", 14, "found 'x', want a number"},
	{"r1 = map[5]", 10, "found '5', want a name, 'fd', 'id', 'idx'"},
	{"w1 = map[fd:5]", 6, "found 'map', want a number, w0 to w10, '*',"},
	{"r1 = btf[77]", 10, "found '77', want 'id'"},
	{"r1 = btf[id:-3000000000]", 13, "found '-3000000000', want -2147483648 to 4294967295"},
	{"r1 = subprog[5]", 14, "found '5', want an offset with its sign (+8), a name"},
	{"r1 = subprog[+2147483648]", 14, "found '+2147483648', want -2147483648 to 2147483647"},
	{"r1 = foo", 6, "found 'foo', want a register, a number or an operation"},
	{"r1 = foo+5", 11, "the line ends, want 'll'"},
	{"w1 = foo ll", 6, "found 'foo', want a number, w0 to w10, '*',"},
	{"r0 = *(u64 *)skb[5]", 14, "found 'skb', want '('"},
	{"r1 = *(u8 *)skb[5]", 1, "found 'r1', want r0"},
	{"r0 = *(u8 *)skb[]", 17, "found ']', want a number, r0 to r10"},
	{"r0 = *(u8 *)skb[4294967296]", 17, "found '4294967296', want -2147483648 to 2147483647"},
	{"r0 = *(u8 *)skb[w1]", 17, "found 'w1', want a number, r0 to r10"},
	{"r0 = *(u8 *)skb[r1 + r2]", 22, "found 'r2', want a number"},
	{"r0 = *(u8 *)skb[r1 r2]", 20, "found 'r2', want an offset with its sign (+8), '+', ']'"},
	{"r0 = *(s8 *)skb[5]", 13, "found 'skb', want '('"},
	{"ld_pseudo r1, 0, 5", 15, "found '0', want 1 to 6"},
	{"ld_pseudo r1, 7, 5", 15, "found '7', want 1 to 6"},
	{"ld_pseudo r1, 1", 16, "the line ends, want ','"},
	{"ld_pseudo w1, 1, 5", 11, "found 'w1', want r0 to r10"},
	{"ld_pseudo r1, 1, 4294967296", 18, "found '4294967296', want -2147483648 to 4294967295"},
	{"raw", 4, "the line ends, want a number"},
	{"raw 0x100, 0, 0, 0, 0", 5, "found '0x100', want 0 to 255"},
	{"raw 7, 16, 0, 0, 0", 8, "found '16', want 0 to 15"},
	{"raw 7, 0, 16, 0, 0", 11, "found '16', want 0 to 15"},
	{"raw 7, 0, 0, 32768, 0", 14, "found '32768', want -32768 to 32767"},
	{"raw 7, 0, 0, 0, 4294967296", 17, "found '4294967296', want -2147483648 to 4294967295"},
	{"raw 7, 0, 0, 0", 15, "the line ends, want ','"},
	{"raw -1, 0, 0, 0, 0", 5, "found '-1', want 0 to 255"},
	{"raw 7 0 0 0 0", 7, "found '0', want ','"},
	{"(b7) r1 = r2", 6, "the prefix says (b7), want (bf) for this text"},
	{"(bf) r1 = 5", 6, "the prefix says (bf), want (b7) for this text"},
	{"(95) r1 = 5", 6, "the prefix says (95), want (b7) for this text"},
	{"(b7) exit", 6, "the prefix says (b7), want (95) for this text"},
	{"(18) r1 = r2", 6, "the prefix says (18), want (bf) for this text"},
	{"(zz) r1 = 5", 1, "found '(', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"(b7)", 5, "the line ends, want an instruction (r1 = ..., *(u64 *)(...)"},
	{"0: (b7)", 8, "the line ends, want an instruction (r1 = ..., *(u64 *)(...)"},
	{"0 r1 = 5", 1, "found '0', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{": r1 = 5", 1, "found ':', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"1: r1 = 5", 4, "found number 1, want 0: instructions are missing"},
	{"0: b7 00 00 00 05 00 00 00 r1 = 5", 28, "the bytes in front are not those of the text"},
	{"0: b7 01 00 00 06 00 00 00 r1 = 5", 28, "the bytes in front are not those of the text"},
	{"nospec 1", 8, "found '1', want the end of the line"},
	{".byte 1", 1, "found a directive, want instructions and labels alone"},
	{"r1 = 5 \\", 8, "'\\': no instruction has this character"},
	{"r1 = 5 /* no */", 8, "'/': no instruction has this character"},
	{"r1 = r2 r3 r4 r5 r6 r7 r8 r9 r1 r2 r3 r4 r5 r6 r7 r8 r9 r1 r2 r3 r4 r5 r6 r7 r8 r9 r1 r2 "
	 "r3 r4 r5 r6 r7 r8 r9 r1 r2 r3 r4 r5 r6 r7",
	 120, "found more than any instruction has"},
	{"a b: r1 = 5", 1, "found 'a', want an instruction (r1 = ..., *(u64 *)(...) ="},
	{"1a: r1 = 5", 1, "'1a': letters stick to the number"},
	{"lbl : r1 = 5", 1, "found 'lbl', want an instruction (r1 = ..., *(u64 *)(...) ="},
};

/* Of several lines. */
static const struct {
	const char *text;
	int line, col;
	const char *message;
} texts[] = {
	{"r1 = 5\n\nr1 = \n", 3, 6, "the line ends, want"},
	{"r1 = 5\r\nr1 = 6x\r\n", 2, 6, "'6x': letters stick"},
	{"; a\n# b\n// c\n\tfoo", 4, 2, "found 'foo', want an instruction"},
	{"a:\nb: c: r1 == 5\n", 2, 10, "found '=='"},
	{"0: (b7) r0 = 0\n2: (95) exit\n", 2, 9, "found number 2, want 1"},
	{"0: (b7) r0 = 0\n0: (b7) r0 = 1\n", 2, 9, "number 0 was given to another"},
	{"0: (18) r0 = 0x5\n1: (95) exit\n", 2, 9, "number 1 was given to another"},
	{"0: (b7) r0 = 0\n3: (95) exit\n2: (b7) r0 = 1\n", 3, 9, "found number 2, want 1"},
	{"0: (b7) r0 = 0\nR0 = 5 extra\n", 2, 8, "found 'extra'"},
	{"0: (b7) r0 = 0\n1: (b7) r0 = (s8)w1\n", 2, 18, "found 'w1', want r0 to r10"},
	{"1  2: (b7) r0 = x5\n", 1, 17, "found 'x5', want a register, a number"},
	{"0000000000000000 <main>:\n 0:\tb7 00\tr0 = 0\n", 2, 5, "found 'b7', want an instr"},
};

static void test_lines(struct parser *parser)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const char *text = lines[i].text;
		struct insn_err err;
		struct flat flat;
		int code = flat_assemble(parser, text, strlen(text), &flat, &err);

		if (!ok(code == -EINVAL && err.line == 1 && err.col == lines[i].col &&
				!strncmp(err.msg, lines[i].message, strlen(lines[i].message)),
			text))
			printf("# %d, column %d: %s\n", code, err.col, err.msg);
		flat_free(&flat);
	}
}

static void test_texts(struct parser *parser)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const char *text = texts[i].text;
		struct insn_err err;
		struct flat flat;
		int code = flat_assemble(parser, text, strlen(text), &flat, &err);

		if (!ok(code == -EINVAL && err.line == texts[i].line && err.col == texts[i].col &&
				!strncmp(err.msg, texts[i].message, strlen(texts[i].message)),
			texts[i].message))
			printf("# %d, %d:%d: %s\n", code, err.line, err.col, err.msg);
		flat_free(&flat);
	}
}

/* Findings of the fuzzer: reads behind the end of a text that is not terminated. */
static void test_ends(struct parser *parser)
{
	static const char *const ends[] = {".L1:", "0:", "(b7)", "r1 = ", "r1 = map[", "goto +1 <"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t size = strlen(ends[i]);
		char *exact = malloc(size);
		struct insn_err err;
		struct flat flat;
		int code;

		memcpy(exact, ends[i], size);
		code = flat_assemble(parser, exact, size, &flat, &err);
		eq_int(code, i ? -EINVAL : 0, ends[i]);
		flat_free(&flat);
		free(exact);
	}
}

static void test_whole(struct parser *parser)
{
	static const char text[] = "r0 = 0\n\tr1 = r12 ; no\n";
	struct insn_err err;
	struct flat flat;
	char buf[400];

	flat_assemble(parser, text, sizeof(text) - 1, &flat, &err);
	flat_free(&flat);
	insn_err_text(&err, "a.basm", buf, sizeof(buf));
	eq_str(buf,
	       "a.basm:2:7: 'r12': registers are r0 to r10 and w0 to w10\n"
	       "  \tr1 = r12 ; no\n"
	       "  \t     ^\n",
	       "caret_points_at_it");
	flat_assemble(parser, "goto 5", 6, &flat, &err);
	flat_free(&flat);
	insn_err_text(&err, NULL, buf, sizeof(buf));
	eq_str(buf,
	       "1:6: found '5', want a target (pc+1, +1 or a label)\n"
	       "  goto 5\n"
	       "       ^\n"
	       "hint: an offset has a sign: +5 skips five slots\n",
	       "hint_comes_last");
	eq_int(insn_err_text(&err, NULL, buf, 10), 118, "length_is_told_without_room");
	eq_int((long long)strlen(buf), 9, "and_the_text_is_cut");
}

int main(void)
{
	struct parser *parser = parse_open();

	test_lines(parser);
	test_texts(parser);
	test_ends(parser);
	test_whole(parser);
	parse_close(parser);
	return tap_done();
}
