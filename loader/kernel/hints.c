// SPDX-License-Identifier: MIT
/*
 * The hints as a table, see hints.h. The first row whose words are all there wins, so what is special comes
 * before what is general. The words are those of the verifiers of 5.10 to 7.x.
 */
#include "loader/kernel/hints.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *cause; /* must be in the cause */
	const char *also;  /* must be in the cause or the instruction; NULL: nothing */
	const char *hint;
} hints[] = {
	{ "ringbuf_mem_or_null", NULL,
	  "bpf_ringbuf_reserve() gives NULL when the ring is full: `if (!e) return 0;` before e is used" },
	{ "mem_or_null", NULL, "the pointer may be NULL: test it before it is used" },
	{ "map_value_or_null", NULL,
	  "a lookup may find nothing: `if (!v) return 0;` before v is used, on every way that leads here" },
	{ "_or_null", NULL, "the pointer may be NULL: `if (!p) return 0;` before it is used" },
	{ "Possibly NULL pointer", NULL, "this argument may be NULL: test it before the call" },
	{ "invalid mem access 'scalar'", NULL,
	  "for the verifier this is a number, not a pointer: read kernel memory with bpf_probe_read_kernel(), a user's "
	  "with bpf_probe_read_user()" },
	{ "invalid mem access 'inv'", NULL,
	  "for the verifier this is a number, not a pointer: read kernel memory with bpf_probe_read_kernel(), a user's "
	  "with bpf_probe_read_user()" },
	{ "invalid mem access", NULL, "this register does not hold an address that the program may follow" },
	{ "min value is negative", NULL,
	  "the size or index could be negative: make the variable unsigned, or leave when it is below 0" },
	{ "variable-offset", NULL,
	  "an index into a buffer on the stack must be a constant here: use a map's value for the buffer" },
	{ "unbounded min value", NULL,
	  "the index has no limits that the verifier can see: make it unsigned and test it, `if (i >= sizeof(buf)) return "
	  "0;`, in the lines just before" },
	{ "unbounded memory access", NULL,
	  "the index or size has no upper limit that the verifier can see: `if (i >= N) return 0;` just before it is used, "
	  "with i unsigned" },
	{ "max value is outside", NULL,
	  "the index may be larger than the memory: the limit in your test is too high by some (`>=` and not `>`?)" },
	{ "makes pkt pointer be out of bounds", NULL,
	  "the offset into the packet is not limited: `& 0xff` or an `if` before it is added" },
	{ "invalid access to packet", NULL,
	  "compare with data_end first: `if (data + sizeof(*hdr) > data_end) return XDP_PASS;`" },
	{ "invalid access to map value", NULL, "the access reaches beyond the map's value: see value_size" },
	{ "invalid access to memory", NULL, "the access reaches beyond the memory that the pointer stands for: see mem_size" },
	{ "write into map forbidden", NULL,
	  "the map is read-only for programs: a `const` variable (.rodata), or BPF_F_RDONLY_PROG" },
	{ "combined stack size", NULL,
	  "512 bytes are all that a program and the functions it calls have together: put large buffers into a map (a "
	  "per-CPU array with one entry)" },
	{ "stack depth", NULL, "512 bytes of stack are all: put large buffers into a per-CPU array map with one entry" },
	{ "invalid indirect read from stack", NULL,
	  "part of what the helper reads was never written: start with `struct event e = {};`, or memset() it, for the "
	  "padding too" },
	{ "invalid read from stack", ") call ",
	  "the helper reads more than was written: is the variable as large as the map's key or value, or as the size that "
	  "is given? padding must be written too, `= {}`" },
	{ "invalid read from stack", NULL,
	  "that part of the stack was never written: give the variable a value when it is declared" },
	{ "invalid stack type", NULL, "the access is outside of the 512 bytes of stack, or larger than the variable" },
	{ "write to stack", NULL,
	  "the write leaves the stack (512 bytes), or the size given to a helper is larger than the buffer: large "
	  "buffers go into a per-CPU array map" },
	{ "access to stack", NULL,
	  "the access leaves the stack (512 bytes), or the size given to a helper is larger than the buffer" },
	{ "R0 !read_ok", NULL, "the program ends, or goes on, without a result in r0: `return 0;` on every way" },
	{ "!read_ok", NULL,
	  "the register holds nothing here: it was never set, or is one of r1 to r5, which a call destroys; a program gets "
	  "only its context, in r1 (BPF_KPROBE() takes more arguments out of that)" },
	{ "unreachable insn", NULL,
	  "no way leads to this instruction: a jump goes too far, a `goto` to itself, or code follows the last exit" },
	{ "last insn is not an exit", NULL, "the program must end with exit (or a jump): is a `return` missing?" },
	{ "jump out of range", NULL, "the jump leads out of the program or of its function: count again, or use a label" },
	{ "back-edge", NULL,
	  "a loop that the verifier cannot follow: kernels before 5.3 take none (`#pragma unroll`), later ones a bounded "
	  "one; bpf_loop() is there from 5.17" },
	{ "infinite loop detected", NULL,
	  "nothing changes from one round to the next: give the loop a counter with a constant limit" },
	{ "jumps is too complex", NULL,
	  "the verifier follows each way through a loop: give it a small constant limit, or use bpf_loop() (5.17)" },
	{ "is too large. Processed", NULL,
	  "the verifier gave up after a million instructions: smaller loops, bpf_loop() (5.17), or functions that are not "
	  "static, which it judges once" },
	{ "is too large", NULL,
	  "smaller loops, or split the program: tail calls, or functions that are not static (5.6), which are judged once" },
	{ "GPL", NULL, "this helper is for GPL-compatible programs only: char LICENSE[] SEC(\"license\") = \"GPL\";" },
	{ "unknown#195896080", NULL,
	  "a CO-RE relocation found no such type or field in this kernel: test with bpf_core_field_exists() first" },
	{ "invalid func unknown", NULL, "no helper has this number in this kernel: it is newer, or the number is wrong" },
	{ "unknown func", NULL, "this type of program may not call this helper, or the kernel was built without it" },
	{ "cannot use helper", NULL, "this type of program may not call this helper: the section name decides the type" },
	{ "might sleep", NULL, "only sleepable programs may call this helper: a section with `.s`, as in SEC(\"fentry.s/…\")" },
	{ "cannot pass map_type", NULL, "this helper wants another type of map" },
	{ "invalid bpf_context access", "= r",
	  "the context of this type of program may not be written there; many contexts are read-only" },
	{ "invalid bpf_context access", NULL,
	  "the context of this type of program has no field there, or not of that size: is the argument's type, or the "
	  "section, the right one?" },
	{ "dereference of modified ctx", NULL, "take fields of the context directly (ctx->field); do not add to ctx first" },
	{ "reference leak", NULL,
	  "what was taken must be given back on every way: bpf_ringbuf_submit() or _discard(), bpf_sk_release(), …" },
	{ "Unreleased reference", NULL,
	  "what was taken must be given back on every way: bpf_ringbuf_submit() or _discard(), bpf_sk_release(), …" },
	{ "misaligned", NULL, "an access of n bytes must be at a multiple of n on the stack: order or align the fields" },
	{ "pointer arithmetic", NULL,
	  "only adding and subtracting numbers is allowed with pointers, and not with every kind of pointer" },
	{ "pointer += pointer", NULL, "two pointers cannot be added" },
	{ "tried to subtract pointer", NULL, "only pointers into one packet can be subtracted from each other" },
	{ "leaks addr", NULL,
	  "without CAP_PERFMON a program may not give an address of the kernel away (return it, store it in a map)" },
	{ "zero-sized", NULL, "the size may be 0: leave when it is, or add `if (n > 0)`" },
	{ "zero size", NULL, "the size may be 0: leave when it is, or add `if (n > 0)`" },
	{ "expected=", NULL,
	  "register R1 is the helper's first argument, R2 the second, and so on: compare with its prototype in "
	  "bpf-helpers(7)" },
	{ "should have been in", NULL, "this type of program may only return certain values: see the range" },
	{ "At program exit the register R0", NULL, "this type of program may only return certain values" },
	{ "too deep", NULL, "at most 8 functions may be in a call at once: let the compiler inline some (`static inline`)" },
	{ "tail_call", "subprog",
	  "this kernel or its JIT cannot do tail calls from functions that are called: make them inline" },
	{ "tail_calls are not allowed", NULL, "make the function inline, or call from the program itself" },
	{ "tail_call abusing map_ptr", NULL, "the program array must be one map, known at load time" },
	{ "Caller passes invalid args", NULL,
	  "an argument does not fit what the global function declares: pass a pointer that is not NULL, and of that type" },
	{ "frame pointer is read only", NULL, "r10 is the end of the stack and cannot be changed: copy it to another register" },
	{ "cannot write into packet", NULL, "this type of program may not change packets directly: use bpf_skb_store_bytes()" },
	{ "packet is not allowed", NULL, "copy the bytes to the stack first: bpf_skb_load_bytes(), bpf_xdp_load_bytes()" },
	{ "into the middle of ldimm64", NULL, "a 64-bit constant takes two slots: a jump must not lead to the second" },
	{ "invalid BPF_LD_IMM insn", NULL, "a 64-bit constant takes two slots: the second is missing, or a jump leads there" },
	{ "same insn cannot be used with different pointers", NULL,
	  "the compiler merged two accesses through different pointers: split them, with barrier_var() between" },
	{ "corrupt spilled pointer", NULL, "part of a pointer that was saved on the stack would be overwritten: an array too short?" },
	{ "doesn't match number of subprogs", NULL, "the types of functions (.BTF.ext) are not those of this program" },
	{ "not a known constant", NULL, "this argument must be a constant for the verifier" },
	{ "unrecognized bpf_ld_imm64", NULL, "a reference to a map or variable was not resolved by the loader" },
	{ "is not pointing to valid bpf_map", NULL, "the number in this instruction is no fd of a map" },
	{ "unknown opcode", NULL,
	  "the kernel is older than this instruction: compile with -mcpu=v2 (v3 needs 5.1, v4 needs 6.6)" },
	{ "uses reserved fields", NULL,
	  "the kernel does not know this form of the instruction: compile with -mcpu=v2, or avoid newer atomics (5.12)" },
	{ "access beyond struct", NULL, "the program reads beyond the kernel's type: is it another kernel's header?" },
	{ "only read is supported", NULL, "memory behind a kernel pointer can only be read" },
	{ "reg type unsupported for arg", NULL, "a global function's argument does not have the type that it declares" },
	{ "holding a lock", NULL, "between bpf_spin_lock() and bpf_spin_unlock() almost nothing may be called" },
	{ "bpf_spin_unlock is missing", NULL, "unlock on every way out" },
};

const char *hints_find(const char *cause, const char *insn)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++) {
		const char *also = hints[i].also;

		if (strstr(cause, hints[i].cause) && (!also || strstr(cause, also) || strstr(insn, also)))
			return hints[i].hint;
	}
	return NULL;
}
