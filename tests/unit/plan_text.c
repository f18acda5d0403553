// SPDX-License-Identifier: MIT
/* The plan as text and as JSON, made by hand here: calls, attrs, alternatives, undo. */
#include "loader/plan/call.h"
#include "loader/plan/walk.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sys/epoll.h>
#include <sys/mman.h>

static char *printed(const struct hewn_plan *plan, unsigned int flags, bool json)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (json)
		hewn_plan_json(plan, to);
	else
		hewn_plan_print(plan, to, flags);
	fclose(to);
	return text;
}

/* BTF_LOAD that may be left out, a map with it or without, and a program that holds the map. */
static struct hewn_plan *a_plan(void)
{
	static const struct bpf_insn insns[3];
	struct hewn_plan *plan = calloc(1, sizeof(*plan));
	uint32_t btf = plan_slot(plan, SLOT_FD, OF_BTF, NONE, -1, "btf");
	uint32_t map = plan_slot(plan, SLOT_FD, OF_MAP, 0, -1, "map(starts)");
	uint32_t prog = plan_slot(plan, SLOT_FD, OF_PROG, 0, -1, "prog(open_enter)");
	uint32_t attr = plan_attr(plan, BPF_BTF_LOAD), copy, blob;
	struct plan_step *step;
	struct plan_alt *alt;

	blob = plan_blob(plan, BLOB_BTF, "btf bytes", 9);
	plan_name_blob(plan, blob, "types of a.o");
	attr_blob(plan, attr, "btf", blob);
	attr_int(plan, attr, "btf_size", 9);
	step = plan_bpf(plan, &plan->steps, BPF_BTF_LOAD, attr, "the types", KERNEL(4, 18), btf);
	step_alt(plan, step, ALT_SKIP, "no BTF in this kernel", EINVAL, 0);

	attr = plan_attr(plan, BPF_MAP_CREATE);
	attr_int(plan, attr, "map_type", BPF_MAP_TYPE_HASH);
	attr_int(plan, attr, "key_size", 8);
	attr_int(plan, attr, "value_size", 16);
	attr_int(plan, attr, "max_entries", 10240);
	attr_int(plan, attr, "map_flags", BPF_F_NO_PREALLOC);
	attr_text(plan, attr, "map_name", "starts");
	attr_slot(plan, attr, "btf_fd", btf);
	attr_int(plan, attr, "btf_key_type_id", 3);
	attr_int(plan, attr, "btf_value_type_id", 4);
	step = plan_bpf(plan, &plan->steps, BPF_MAP_CREATE, attr, "map \"starts\"", KERNEL(4, 15), map);
	step_alt(plan, step, ALT_AGAIN, "a signal came", EINTR, 0)->limit = 2;
	alt = step_alt(plan, step, ALT_STEPS, "without BTF", EINVAL, E2BIG, 0);
	alt->absent = true;
	copy = attr_copy(plan, attr);
	attr_clear(plan, copy, "btf_fd");
	attr_clear(plan, copy, "btf_key_type_id");
	attr_clear(plan, copy, "btf_value_type_id");
	plan_bpf(plan, &alt->steps, BPF_MAP_CREATE, copy, "map \"starts\"", KERNEL(4, 15), map);

	attr = plan_attr(plan, BPF_PROG_LOAD);
	blob = plan_blob(plan, BLOB_INSNS, insns, sizeof(insns));
	plan_name_blob(plan, blob, "instructions of open_enter");
	plan_fix(plan, blob, 4, 4, FIX_SLOT, map);
	plan_fix(plan, blob, 12, 4, FIX_SLOT, map);
	attr_int(plan, attr, "prog_type", BPF_PROG_TYPE_KPROBE);
	attr_int(plan, attr, "insn_cnt", 3);
	attr_blob(plan, attr, "insns", blob);
	attr_blob(plan, attr, "license", plan_string(plan, "Dual \"MIT\"/GPL"));
	step = plan_bpf(plan, &plan->steps, BPF_PROG_LOAD, attr, "the program", 0, prog);
	step_alt(plan, step, ALT_AGAIN, "a signal came", EAGAIN, 0)->limit = 5;
	return plan;
}

static void a_plan_is_numbered_lines(void)
{
	struct hewn_plan *plan = a_plan();
	char *text = printed(plan, 0, false);

	eq_str(text,
	       "   1  bpf(BPF_BTF_LOAD, {btf=<types of a.o: 9 bytes>, btf_size=9}, 20) = btf\n"
	       "      the types (since 4.18)\n"
	       "      on EINVAL: go on without: no BTF in this kernel\n"
	       "   2  bpf(BPF_MAP_CREATE, {map_type=HASH, key_size=8, value_size=16, max_entries=10240,\n"
	       "          map_flags=NO_PREALLOC, map_name=\"starts\", btf_fd=btf, btf_key_type_id=3,\n"
	       "          btf_value_type_id=4}, 60) = map(starts)\n"
	       "      map \"starts\" (since 4.15)\n"
	       "      on EINTR: again, at most 2 times: a signal came\n"
	       "      on EINVAL or E2BIG, or without btf: without BTF\n"
	       "      2a  the same without btf_fd, btf_key_type_id, btf_value_type_id (44 bytes) = map(starts)\n"
	       "   3  bpf(BPF_PROG_LOAD, {prog_type=KPROBE, insn_cnt=3,\n"
	       "          insns=<instructions of open_enter: 3, with map(starts)>,\n"
	       "          license=\"Dual \\\"MIT\\\"/GPL\"}, 24) = prog(open_enter)\n"
	       "      the program\n"
	       "      on EAGAIN: again, at most 5 times: a signal came\n"
	       "\n"
	       "3 calls: 3 bpf, if none fails\n",
	       "a_plan_is_numbered_lines_with_reasons_and_alternatives");
	free(text);
	text = printed(plan, HEWN_PLAN_BRIEF, false);
	ok(!strstr(text, "since") && !strstr(text, "2a") && strstr(text, "3 calls"), "brief_is_the_calls_only");
	free(text);
	text = printed(plan, HEWN_PLAN_COLOR, false);
	has(text, "\033[1mbpf\033[0m(", "colour_only_with_the_flag");
	free(text);
	text = printed(plan, 0, true);
	has(text, "{\"n\":\"2\",\"call\":\"bpf\",\"args\":[\"BPF_MAP_CREATE\",{\"map_type\":\"BPF_MAP_TYPE_HASH\",\"key_size\":8,",
	    "json_has_full_names");
	has(text, "\"btf_fd\":{\"slot\":\"btf\"}", "json_has_slots_as_objects");
	has(text, "{\"n\":\"2a\",", "json_has_the_alternatives");
	has(text, "\"holds\":[{\"slot\":\"map(starts)\"}]", "json_says_which_slots_instructions_hold");
	free(text);
	hewn_plan_close(plan);
}

/* One call as the plan writes it, on one line. */
static const char *line(const struct hewn_plan *plan, const struct plan_step *step)
{
	static char text[600];
	bool lost = false;
	struct call_form form = { .plan = plan, .to = fmemopen(text, sizeof(text), "w"), .lost = &lost };
	char *to = text;

	call_write(&form, step);
	fclose(form.to);
	for (const char *c = text; *c; c++)
		*to++ = *c == CALL_BREAK ? ' ' : *c;
	*to = '\0';
	return text;
}

static void each_call_names_its_arguments(void)
{
	struct hewn_plan *plan = calloc(1, sizeof(*plan));
	uint32_t fd = plan_slot(plan, SLOT_FD, OF_PROBE, 0, -1, "probe(x)");
	uint32_t pid = plan_slot(plan, SLOT_NUMBER, OF_PID, NONE, -1, "pid");
	uint32_t path = plan_string(plan, "/sys/kernel/tracing/hewn_0000000000_x"), attr;
	struct perf_event_attr perf = { .type = PERF_TYPE_SOFTWARE, .size = PERF_ATTR_SIZE_VER0,
					.config = PERF_COUNT_SW_BPF_OUTPUT, .sample_type = PERF_SAMPLE_RAW,
					.wakeup_events = 1, .disabled = 1 };
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = 3 };
	char name[20];
	struct plan_step *step;

	plan_fix(plan, path, 25, 10, FIX_TEXT, pid);
	step = plan_step(plan, &plan->steps, CALL_OPENAT, NULL, 0, NONE);
	step_int(step, AT_FDCWD);
	step_blob(step, path);
	step_int(step, O_WRONLY | O_APPEND | O_CLOEXEC);
	step_int(step, 0);
	eq_str(line(plan, step),
	       "openat(AT_FDCWD, \"/sys/kernel/tracing/hewn_<pid>_x\", O_WRONLY|O_APPEND|O_CLOEXEC, 0)",
	       "openat_has_flags_and_a_process_number_that_is_not_known_yet");
	step->args[2].value = O_CLOEXEC;
	has(line(plan, step), "O_RDONLY|O_CLOEXEC", "read_only_is_a_name_too");
	step->args[2].value = 0;
	has(line(plan, step), "_x\", O_RDONLY, 0)", "read_only_alone_is_a_name_too");

	step = plan_step(plan, &plan->steps, CALL_PERF_EVENT_OPEN, NULL, 0, fd);
	step_blob(step, plan_blob(plan, BLOB_PERF_ATTR, &perf, PERF_ATTR_SIZE_VER0));
	step_int(step, -1);
	step_int(step, 2);
	step_int(step, -1);
	step_int(step, PERF_FLAG_FD_CLOEXEC);
	eq_str(line(plan, step),
	       "perf_event_open({type=SOFTWARE, size=64, config=BPF_OUTPUT, sample_type=RAW, bits=disabled, "
	       "wakeup_events=1}, -1, 2, -1, PERF_FLAG_FD_CLOEXEC)",
	       "perf_event_open_shows_its_attr_by_the_table");

	step = plan_step(plan, &plan->steps, CALL_IOCTL, NULL, 0, NONE);
	step_slot(step, fd);
	step_int(step, PERF_EVENT_IOC_ENABLE);
	step_int(step, 0);
	eq_str(line(plan, step), "ioctl(probe(x), PERF_EVENT_IOC_ENABLE, 0)", "ioctl_names_its_request");

	step = plan_step(plan, &plan->steps, CALL_MMAP, NULL, 0, NONE);
	step_int(step, 0);
	step_int(step, 8192);
	step_int(step, PROT_READ | PROT_WRITE);
	step_int(step, MAP_SHARED);
	step_slot(step, fd);
	step_int(step, 4096);
	eq_str(line(plan, step), "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_SHARED, probe(x), 0x1000)",
	       "mmap_names_its_flags");

	step = plan_step(plan, &plan->steps, CALL_EPOLL_CTL, NULL, 0, NONE);
	step_slot(step, fd);
	step_int(step, EPOLL_CTL_ADD);
	step_slot(step, fd);
	step_blob(step, plan_blob(plan, BLOB_EPOLL_EVENT, &event, sizeof(event)));
	eq_str(line(plan, step), "epoll_ctl(probe(x), EPOLL_CTL_ADD, probe(x), {EPOLLIN, 3})",
	       "epoll_ctl_shows_its_event");

	attr = plan_attr(plan, BPF_LINK_CREATE);
	attr_slot(plan, attr, "prog_fd", fd);
	attr_int(plan, attr, "attach_type", 42); /* TRACE_KPROBE_MULTI */
	attr_int(plan, attr, strcpy(name, "kprobe_multi.flags"), 1);
	attr_int(plan, attr, strcpy(name, "flags"), 4); /* at one address: no other field is remembered for it */
	step = plan_bpf(plan, &plan->steps, BPF_LINK_CREATE, attr, NULL, 0, NONE);
	eq_str(line(plan, step),
	       "bpf(BPF_LINK_CREATE, {prog_fd=probe(x), attach_type=TRACE_KPROBE_MULTI, flags=REPLACE, "
	       "kprobe_multi.flags=KPROBE_MULTI_RETURN}, 20)",
	       "members_of_a_union_are_those_that_are_meant");

	attr = plan_attr(plan, BPF_MAP_UPDATE_ELEM);
	attr_slot(plan, attr, "map_fd", fd);
	attr_blob(plan, attr, "key", plan_blob(plan, BLOB_KEY, "\1\0\0", 4));
	path = plan_blob(plan, BLOB_VALUE, "\0\0\0", 4);
	plan_fix(plan, path, 0, 4, FIX_SLOT, fd);
	attr_blob(plan, attr, "value", path);
	step = plan_bpf(plan, &plan->steps, BPF_MAP_UPDATE_ELEM, attr, NULL, 0, NONE);
	eq_str(line(plan, step),
	       "bpf(BPF_MAP_UPDATE_ELEM, {map_fd=probe(x), key=[01 00 00 00], value=probe(x)}, 24)",
	       "keys_are_bytes_and_values_may_be_fds");
	hewn_plan_close(plan);
}

static void steps_have_numbers(void)
{
	struct hewn_plan *plan = a_plan();
	struct plan_step *undo = plan_step(plan, &plan->steps.v[2].undo, CALL_CLOSE, NULL, 0, NONE);
	const struct plan_step *inner = &plan->steps.v[1].alts[1].steps.v[0];
	struct plan_step other;

	step_slot(undo, 0);
	eq_str(walk_number(plan, &plan->steps.v[2]).text, "3", "a_step_s_number_is_its_place");
	eq_str(walk_number(plan, inner).text, "2a", "an_alternative_has_a_letter");
	eq_str(walk_number(plan, undo).text, "3u", "undo_is_u");
	eq_str(walk_number(plan, &other).text, "", "a_foreign_step_has_no_number");
	ok(walk_may_lack(plan, 0) && !walk_may_lack(plan, 1), "what_is_skipped_may_be_absent");
	hewn_plan_close(plan);
}

static void the_same_plan_is_the_same_bytes(void)
{
	struct hewn_plan *a = a_plan(), *b = a_plan();
	char *x = printed(a, 0, true), *y = printed(b, 0, true);

	eq_str(x, y, "the_same_plan_is_the_same_bytes");
	free(x);
	free(y);
	hewn_plan_close(a);
	hewn_plan_close(b);
}

int main(void)
{
	a_plan_is_numbered_lines();
	each_call_names_its_arguments();
	steps_have_numbers();
	the_same_plan_is_the_same_bytes();
	return tap_done();
}
