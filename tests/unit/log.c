// SPDX-License-Identifier: MIT
/* The log of a run, on a run made by hand: no call is made here. */
#include "loader/kernel/run.h"
#include "tests/tap.h"

#include <errno.h>
#include <linux/bpf.h>

static char *printed(const struct hewn_run *run, unsigned int flags, bool json)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (json)
		hewn_run_json(run, to);
	else
		hewn_run_print(run, to, flags);
	fclose(to);
	return text;
}

static void a_log_is_the_plan_with_results(void)
{
	struct hewn_plan *plan = calloc(1, sizeof(*plan));
	uint32_t btf = plan_slot(plan, SLOT_FD, OF_BTF, NONE, -1, "btf");
	uint32_t map = plan_slot(plan, SLOT_FD, OF_MAP, 0, -1, "map(events)");
	uint32_t attr = plan_attr(plan, BPF_MAP_CREATE);
	struct run_value slots[2] = { { false, 0 }, { true, 4 } };
	struct run_entry log[4] = { 0 };
	struct hewn_run run = { .plan = plan, .slots = slots, .log = log, .n_log = 4 };
	struct plan_step *create, *close, *load;
	struct plan_alt *alt;
	char *text;

	attr_int(plan, attr, "map_type", BPF_MAP_TYPE_ARRAY);
	load = plan_bpf(plan, &plan->steps, BPF_BTF_LOAD, plan_attr(plan, BPF_BTF_LOAD), "the types", 0, btf);
	step_alt(plan, load, ALT_SKIP, "no BTF here", EINVAL, 0);
	create = plan_bpf(plan, &plan->steps, BPF_MAP_CREATE, attr, "map \"events\"", 0, map);
	alt = step_alt(plan, create, ALT_STEPS, "without BTF", EINVAL, 0);
	plan_bpf(plan, &alt->steps, BPF_MAP_CREATE, attr, "map \"events\"", 0, map);
	close = plan_step(plan, &alt->steps.v[0].undo, CALL_CLOSE, NULL, 0, NONE);
	step_slot(close, map);

	log[0] = (struct run_entry){ .step = &plan->steps.v[0], .outcome = RUN_SKIPPED, .made = true,
				     .result = -EINVAL, .alt = &plan->steps.v[0].alts[0], .ns = 1500 };
	log[1] = (struct run_entry){ .step = &plan->steps.v[1], .outcome = RUN_ALT, .result = -ENODATA, .alt = alt };
	log[2] = (struct run_entry){ .step = &alt->steps.v[0], .outcome = RUN_DONE, .made = true, .result = 4,
				     .ns = 20000, .args = { 0, 0x1000, 4 } };
	log[3] = (struct run_entry){ .step = close, .outcome = RUN_DONE, .made = true, .undoing = true,
				     .ns = 300, .args = { 4 } };

	text = printed(&run, 0, false);
	eq_str(text,
	       "   1  bpf(BPF_BTF_LOAD, {}, 0) = -EINVAL  (1.5 us)\n"
	       "      the types\n"
	       "      goes on without: no BTF here\n"
	       "   2  bpf(BPF_MAP_CREATE, {map_type=ARRAY}, 4) was not made: it needs what is absent\n"
	       "      map \"events\"\n"
	       "      so instead: without BTF\n"
	       "  2a  bpf(BPF_MAP_CREATE, {map_type=ARRAY}, 4) = map(events) = 4  (20.0 us)\n"
	       "      map \"events\"\n"
	       " 2au  close(map(events)=4) = 0  (0.3 us)\n"
	       "\n"
	       "3 calls, 1 failed, 21 us in the kernel\n",
	       "a_log_is_the_plan_with_results");
	free(text);
	text = printed(&run, HEWN_PLAN_BRIEF, false);
	ok(!strstr(text, "the types") && strstr(text, "3 calls"), "brief_is_a_line_a_call");
	free(text);
	text = printed(&run, 0, true);
	eq_str(text,
	       "{\"object\":null,\"calls\":[{\"n\":\"1\",\"call\":\"bpf\",\"args\":[\"BPF_BTF_LOAD\",{},0],\"raw\":[0,0,0],"
	       "\"made\":true,\"outcome\":\"skipped\",\"undoing\":false,\"result\":-22,\"errno\":\"EINVAL\",\"ns\":1500,"
	       "\"yields\":null,\"because\":\"no BTF here\"},"
	       "{\"n\":\"2\",\"call\":\"bpf\",\"args\":[\"BPF_MAP_CREATE\",{\"map_type\":\"BPF_MAP_TYPE_ARRAY\"},4],"
	       "\"raw\":[0,0,0],\"made\":false,\"outcome\":\"alternative\",\"undoing\":false,\"result\":null,"
	       "\"errno\":null,\"ns\":0,\"yields\":null,\"because\":\"without BTF\"},"
	       "{\"n\":\"2a\",\"call\":\"bpf\",\"args\":[\"BPF_MAP_CREATE\",{\"map_type\":\"BPF_MAP_TYPE_ARRAY\"},4],"
	       "\"raw\":[0,4096,4],\"made\":true,\"outcome\":\"done\",\"undoing\":false,\"result\":4,"
	       "\"errno\":null,\"ns\":20000,\"yields\":{\"slot\":\"map(events)\",\"value\":4}},"
	       "{\"n\":\"2au\",\"call\":\"close\",\"args\":[{\"slot\":\"map(events)\",\"value\":4}],\"raw\":[4],"
	       "\"made\":true,\"outcome\":\"done\",\"undoing\":true,\"result\":0,\"errno\":null,\"ns\":300,"
	       "\"yields\":null}]}\n",
	       "json_has_results_and_the_raw_arguments");
	free(text);
	hewn_plan_close(plan);
}

int main(void)
{
	a_log_is_the_plan_with_results();
	return tap_done();
}
