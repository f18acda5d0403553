// SPDX-License-Identifier: MIT
/*
 * The verifier's log read back: the logs in tests/logs are real ones, of 6.18 where the name has no kernel.
 * tests/logs/make made them.
 */
#include "loader/kernel/hints.h"
#include "loader/kernel/verifier.h"
#include "tests/tap.h"

#define NO_INSN UINT32_MAX

/* Texts that must be in what, state and hint. */
struct fixture {
	const char *name;
	uint32_t insn;
	const char *what, *state, *hint;
};

static const struct fixture fixtures[] = {
	{ "bad_context", 0, "invalid bpf_context access off=800 size=8", "R1=ctx()", "has no field there" },
	{ "below_the_stack", 1, "invalid write to stack R10 off=-520", "(7b) *(u64 *)(r10 -520) = r1", "512 bytes" },
	{ "beyond_value", 8, "value_size=64 off=64 size=1; R0 min value", "R0=map_value(map=bytes,ks=4,vs=64)",
	  "beyond the map's value" },
	{ "beyond_value-5.10", 8, "value_size=64 off=64 size=1; R0 min value",
	  "R0_w=map_value(id=0,off=0,ks=4,vs=64,imm=0)", "beyond the map's value" },
	{ "beyond_value-6.1", 8, "value_size=64 off=64 size=1", "R0_w=map_value(off=0,ks=4,vs=64,imm=0)", "value" },
	{ "endless_loop", 8, "8193 jumps is too complex", "R3=scalar()", "constant limit" },
	{ "endless_loop-5.10", 8, "8193 jumps is too complex", "if r2 == r3", "constant limit" },
	{ "endless_loop-6.1", 8, "8193 jumps is too complex", "R2_w=8192", "constant limit" },
	{ "gpl_only_helper", 4, "cannot call GPL-restricted function", "call bpf_probe_read_kernel", "LICENSE" },
	{ "helper_of_other_type", 10, "cannot pass map_type 2", "bpf_perf_event_output", "another type of map" },
	{ "helper_wants_pointer", 2, "R1 type=scalar expected=map_ptr", "R1=5", "first argument" },
	{ "index_too_large", 12, "off=64 size=1; R0 max value is outside",
	  "umax32=64,var_off=(0x0; 0x7f))", "too high" },
	{ "index_too_large-5.10", 12, "R0 max value is outside", "umax_value=64,var_off=(0x0; 0x7f)", "too high" },
	{ "index_too_large-6.1", 12, "R0 max value is outside", "umax=64,var_off=(0x0; 0x7f)", "too high" },
	{ "infinite_loop", 2, "unreachable insn 2", "", "no way leads" },
	{ "leaked_reference", 9, "Unreleased reference id=2 alloc_insn=4; BPF_EXIT", "(95) exit", "given back" },
	{ "leaked_reference-5.10", 9, "Unreleased reference", "(95) exit", "given back" },
	{ "leaked_reference-6.1", 9, "Unreleased reference", "(95) exit", "given back" },
	{ "misaligned", 1, "misaligned stack access", "r10 -12", "multiple" },
	{ "negative_index", 11, "unbounded min value", "R1=scalar(smax=63)", "unsigned" },
	{ "no_exit", NO_INSN, "last insn is not an exit", "", "return" },
	{ "no_result", 0, "R0 !read_ok", "(95) exit", "return 0" },
	{ "null_map_value", 7, "R0 invalid mem access 'map_value_or_null'",
	  "7: (79) r1 = *(u64 *)(r0 +0)\nR0=map_value_or_null(id=1,map=values,ks=4,vs=16)", "if (!v) return 0;" },
	{ "null_map_value-5.10", 7, "R0 invalid mem access 'map_value_or_null'", "7: (79)", "if (!v)" },
	{ "null_map_value-6.1", 7, "'map_value_or_null'", "R0_w=map_value_or_null(id=1,off=0,ks=4,vs=16,imm=0)",
	  "if (!v)" },
	{ "null_map_value-level2", 7, "R0 invalid mem access 'map_value_or_null'",
	  "7: (79) r1 = *(u64 *)(r0 +0)\nR0=map_value_or_null", "if (!v)" },
	{ "packet_without_check", 1, "invalid access to packet, off=12 size=1", "R1=pkt(r=0)", "data_end" },
	{ "pointer_arithmetic", 0, "pointer arithmetic with *= operator prohibited", "R1=ctx()", "subtracting" },
	{ "scalar_as_pointer", 1, "R1 invalid mem access 'scalar'", "R1=scalar()", "bpf_probe_read_kernel" },
	{ "scalar_as_pointer-5.10", 1, "R1 invalid mem access 'inv'", "1: (61)", "bpf_probe_read_kernel" },
	{ "scalar_as_pointer-6.1", 1, "R1 invalid mem access 'scalar'", "R1_w=scalar()", "bpf_probe_read_kernel" },
	{ "stack_too_large", NO_INSN, "combined stack size of 2 calls is 800", "", "512 bytes" },
	{ "stack_too_large-5.10", NO_INSN, "combined stack size of 2 calls is 832", "", "512 bytes" },
	{ "stack_too_large-6.1", NO_INSN, "combined stack size of 2 calls is 832", "", "512 bytes" },
	{ "too_many_frames", 27, "call stack of 9 frames is too deep", "call pc+2", "8 functions" },
	{ "unbounded_index", 10, "unbounded min value", "10: (0f) r0 += r1\nR0=map_value(map=bytes,ks=4,vs=64)\nR1=scalar()",
	  "test it" },
	{ "unbounded_index-5.10", 10, "unbounded min value", "R0_w=map_value(id=0,off=0,ks=4,vs=64,imm=0)", "test it" },
	{ "unbounded_index-6.1", 10, "unbounded min value", "R1_w=scalar()", "test it" },
	{ "uninitialised_register", 0, "R7 !read_ok", "r0 = r7", "never set" },
	{ "uninitialised_stack-5.10", 4, "invalid indirect read from stack R2", "bpf_map_lookup_elem", "padding" },
	{ "unknown_helper", 0, "invalid func unknown#9999", "call unknown#9999", "no helper" },
	{ "unreachable", 2, "unreachable insn 2", "", "no way leads" },
	{ "write_constant", 3, "write into map forbidden", "R1=map_value(map=write_co.rodata", "read-only" },
	{ "write_to_context", 1, "invalid bpf_context access off=16", "R2=1", "written" },
	{ "wrong_return_value", 1, "R0 has smin=7 smax=7 should have been in [0, 1]", "R0=7", "certain values" },
	{ "wrong_return_value-5.10", 1, "should have been in (0x0; 0x1)", "exit", "certain values" },
	{ "wrong_return_value-6.1", 1, "should have been in (0x0; 0x1)", "R0_w=7", "certain values" },
	{ "zero_size", 7, "invalid write to stack R1 off=-16 size=32", "R1=fp-16", "larger than the buffer" },
	{ "zero_size-5.10", 7, "invalid indirect access to stack R1", "7: (85)", "larger than the buffer" },
	{ "endless_loop-7.3", 8, "8193 jumps is too complex", "R2=8192", "constant limit" },
	{ "gpl_only_helper-7.3", 4, "cannot call GPL-restricted function", "call bpf_probe_read_kernel", "LICENSE" },
	{ "index_too_large-6.12", 12, "R0 max value is outside", "var_off=(0x0; 0x7f)", "too high" },
	{ "index_too_large-7.3", 12, "off=64 size=1; R0 max value is outside", "umax32=64,var_off=(0x0; 0x7f))",
	  "too high" },
	{ "infinite_loop-7.3", 2, "unreachable insn 2", "", "no way leads" },
	{ "leaked_reference-7.3", 9, "Unreleased reference id=2 alloc_insn=4; BPF_EXIT", "(95) exit", "given back" },
	{ "no_exit-7.3", NO_INSN, "last insn is not an exit", "", "return" },
	{ "null_map_value-6.12", 7, "'map_value_or_null'", "R0_w=map_value_or_null(id=1,map=values,ks=4,vs=16)",
	  "if (!v)" },
	{ "null_map_value-7.3", 7, "R0 invalid mem access 'map_value_or_null'",
	  "7: (79) r1 = *(u64 *)(r0 +0)\nR0=map_value_or_null(id=1,map=values,ks=4,vs=16)", "if (!v) return 0;" },
	{ "scalar_as_pointer-7.3", 1, "R1 invalid mem access 'scalar'", "R1=scalar()", "bpf_probe_read_kernel" },
	{ "unbounded_index-7.3", 10, "unbounded min value", "R1=scalar()", "test it" },
	{ "wrong_return_value-7.3", 1, "should have been in [0, 1]", "R0=7", "certain values" },
	{ "zero_size-6.1", 7, "invalid indirect access to stack R1", "R1_w=fp-16", "larger than the buffer" },
};

static char *read_log(const char *name)
{
	char path[128];
	char *text = calloc(1, 65536);
	FILE *file;

	snprintf(path, sizeof(path), "tests/logs/%s.txt", name);
	file = fopen(path, "r");
	if (file && text)
		text[fread(text, 1, 65535, file)] = '\0';
	if (file)
		fclose(file);
	return text;
}

static void a_log_tells_cause_instruction_state_and_hint(const struct fixture *f)
{
	struct verifier_cause cause;
	char *log = read_log(f->name), name[96];
	bool found = verifier_cause(log, &cause);

	snprintf(name, sizeof(name), "%s_is_understood", f->name);
	if (!ok(found && strstr(cause.what, f->what) && strstr(cause.state, f->state) && strstr(cause.hint, f->hint) &&
			(f->insn == NO_INSN ? !cause.has_insn : cause.has_insn && cause.insn == f->insn),
		name))
		printf("# what: %s\n# insn: %u\n# state: %s\n# hint: %s\n", cause.what, cause.insn, cause.state,
		       cause.hint);
	free(log);
}

/* Causes that no program here provokes, as kernels word them. */
static void a_cause_has_its_hint(void)
{
	static const struct {
		const char *cause, *hint;
	} causes[] = {
		{ "R1 invalid mem access 'ringbuf_mem_or_null'", "when the ring is full" },
		{ "R1 invalid mem access 'trusted_ptr_or_null_'", "may be NULL" },
		{ "Possibly NULL pointer passed to helper arg2", "may be NULL" },
		{ "R2 min value is negative, either use unsigned or 'var &= const'", "unsigned" },
		{ "R2 unbounded memory access, use 'var &= const' or 'if (var < const)'", "no upper limit" },
		{ "back-edge from insn 12 to 3", "before 5.3" },
		{ "BPF program is too large. Processed 1000001 insn", "a million" },
		{ "program of this type cannot use helper bpf_override_return#58", "section name" },
		{ "unknown func bpf_ringbuf_output#130", "may not call" },
		{ "invalid func unknown#195896080", "CO-RE" },
		{ "tail_calls are not allowed in non-JITed programs with bpf-to-bpf calls", "inline" },
		{ "R0 leaks addr as return value", "CAP_PERFMON" },
		{ "R2 invalid zero-sized read", "may be 0" },
		{ "R1 type=ctx expected=fp", "first argument" },
		{ "jump out of range from insn 3 to 90", "count again" },
		{ "unknown opcode 8d", "-mcpu=v2" },
		{ "BPF_STX uses reserved fields", "-mcpu=v2" },
		{ "dereference of modified ctx ptr R1 off=8 disallowed", "directly" },
		{ "frame pointer is read only", "r10" },
		{ "same insn cannot be used with different pointers", "barrier_var" },
	};

	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++) {
		const char *hint = hints_find(causes[i].cause, "");
		char name[128];

		snprintf(name, sizeof(name), "a hint is known for: %s", causes[i].cause);
		has(hint ? hint : "", causes[i].hint, name);
	}
	ok(!hints_find("all is well", ""), "what_is_not_known_has_no_hint");
}

static void a_log_without_a_cause_has_none(void)
{
	struct verifier_cause cause;

	ok(!verifier_cause("", &cause), "an_empty_log_has_no_cause");
	ok(!verifier_cause(NULL, &cause), "no_log_has_no_cause");
	ok(!verifier_cause("\n\n", &cause) && !cause.what[0], "empty_lines_are_no_cause");
	ok(!verifier_cause("0: (b7) r0 = 0\n1: (95) exit\nprocessed 2 insns (limit 1000000)\n", &cause) &&
		   !cause.has_insn,
	   "a_log_of_success_has_no_cause");
}

static void a_cut_log_still_tells_its_cause(void)
{
	struct verifier_cause cause;
	char *log = read_log("null_map_value"), *tail = strstr(log, "79) r1 = "), *short_log;

	ok(verifier_cause(tail, &cause) && !strcmp(cause.what, "79) r1 = *(u64 *)(r0 +0); R0 invalid mem access 'map_value_or_null'") &&
		   !cause.has_insn && strstr(cause.hint, "if (!v)"),
	   "a_log_cut_within_the_instruction_tells_the_cause");
	tail = strstr(log, "R0 invalid");
	ok(verifier_cause(tail, &cause) && !strcmp(cause.what, "R0 invalid mem access 'map_value_or_null'") &&
		   !cause.has_insn && !cause.state[0],
	   "a_log_cut_before_the_cause_tells_the_cause");
	ok(verifier_cause("R1 !read_ok", &cause), "a_log_without_its_last_newline_tells_the_cause");
	short_log = calloc(1, 100000);
	memset(short_log, 'R', 99999);
	ok(verifier_cause(short_log, &cause) && strlen(cause.what) < sizeof(cause.what), "a_line_may_have_any_length");
	memset(short_log, '\n', 99999);
	ok(!verifier_cause(short_log, &cause), "and_there_may_be_any_number_of_lines");
	free(short_log);
	free(log);
}

/* 7.3 writes a report after the cause; where the log begins in it, the report is all there is. */
static void a_report_stands_in_for_a_cause(void)
{
	struct verifier_cause cause;
	char *log = read_log("null_map_value-7.3");

	ok(verifier_cause(strstr(log, "Verification failed"), &cause), "a_log_cut_before_the_report_has_a_cause");
	eq_str(cause.what,
	       "R0 may be NULL here (a nullable map value pointer). The program could dereference NULL on this path, so the "
	       "verifier cannot prove this access is safe.",
	       "its_reason_is_the_cause");
	eq_str(cause.hint, "Add a NULL check before the access and dereference the pointer only on the non-NULL path.",
	       "its_suggestion_is_the_hint");
	free(log);
}

/* Each beginning and each end of each log: for the sanitizers. */
static void no_cut_crashes(void)
{
	struct verifier_cause cause;
	unsigned int found = 0;

	for (size_t i = 0; i < sizeof(fixtures) / sizeof(*fixtures); i += 3) {
		char *log = read_log(fixtures[i].name);
		size_t len = strlen(log);

		for (size_t cut = 0; cut < len; cut += 3) {
			char *copy = strndup(log, cut);

			found += verifier_cause(copy, &cause);
			found += verifier_cause(log + cut, &cause);
			free(copy);
		}
		free(log);
	}
	ok(found > 0, "no_cut_crashes");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(fixtures) / sizeof(*fixtures); i++)
		a_log_tells_cause_instruction_state_and_hint(&fixtures[i]);
	a_cause_has_its_hint();
	a_log_without_a_cause_has_none();
	a_cut_log_still_tells_its_cause();
	a_report_stands_in_for_a_cause();
	no_cut_crashes();
	return tap_done();
}
