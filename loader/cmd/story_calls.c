// SPDX-License-Identifier: MIT
/*
 * Maps and system calls: each attr field by field, from its bytes, and what the kernel does with the call. Knows
 * plans and the tables of the ABI.
 */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/abi/abi.h"
#include "loader/cmd/story.h"
#include "loader/err.h"
#include "loader/mem.h"
#include "loader/plan/blob.h"
#include "loader/plan/walk.h"

/* ── an attr, byte by byte ── */

static void put_field(struct story *story, const struct plan_blob *attr, const struct abi_field *f)
{
	const struct call_form form = { .plan = story->plan, .to = story->to, .lost = &story->lost };
	const struct plan_fix *fix = blob_fix(attr, f->off);

	fprintf(story->to, "  %10u  ", f->off);
	if (fix && f->size <= 8) {
		for (uint32_t i = 0; i < 8; i++)
			fputs(i < f->size ? "?? " : "   ", story->to);
	} else {
		story_bytes(story, attr->bytes ? attr->bytes + f->off : (const uint8_t[16]){ 0 }, f->size, f->size > 8 ? f->size : 8);
	}
	fprintf(story->to, " ");
	blob_field_name(&form, f, attr);
	fputs(f->kind == ABI_ENUM || f->kind == ABI_FLAGS ? ": " : " = ", story->to);
	blob_field(&form, f, attr);
	putc('\n', story->to);
}

/* "??": known only at the run. Fields of zero between the others say nothing and are left out. */
static void put_attr(struct story *story, uint32_t index)
{
	const struct plan_blob *attr = &story->plan->blobs[index];
	const uint32_t code = blob_cmd(attr);
	const struct abi_cmd *cmd = code == ABI_PERF_ATTR ? NULL : abi_cmd(code);
	const struct abi_field *fields = code == ABI_PERF_ATTR ? abi_perf_attr : cmd ? cmd->fields : NULL;

	fprintf(story->to, "      offset  bytes of the attr, of which there are %u\n", attr->size);
	for (const struct abi_field *f = fields; f && f->name; f++)
		if (f->off + f->size <= attr->size && blob_shows(f, attr))
			put_field(story, attr, f);
}

/* ── what the kernel does ── */

/* Sources: kernel/bpf/syscall.c, verifier.c, btf.c, kernel/events/core.c; bpf(2), perf_event_open(2). */
static const struct {
	uint32_t cmd;
	const char *says;
} commands[] = {
	{ BPF_BTF_LOAD, "The kernel checks the types (names, sizes, that nothing holds itself) and keeps a copy, behind an fd. Programs "
			"and maps that are loaded with it can be printed with names and source lines." },
	{ BPF_MAP_CREATE, "The kernel checks that this type of map takes these sizes, reserves its memory, charges it to the memory cgroup, and "
			  "answers with an fd. The map lives as long as an fd, a pin or a program holds it." },
	{ BPF_MAP_UPDATE_ELEM, "The kernel copies the key and the value from memory into the map." },
	{ BPF_MAP_FREEZE, "From here on no system call can change the map. A program may still, unless it is read-only for programs too; then the "
			  "verifier takes its values for constants and leaves out code that they rule out." },
	{ BPF_PROG_LOAD, "The kernel copies the instructions, puts addresses where the fds of maps stand, and the verifier walks every path: each "
			 "must end, each read must be of something that was written, each pointer must stay in its memory. Then the instructions "
			 "become machine code (JIT), and the answer is an fd. The program does not run yet." },
	{ BPF_OBJ_PIN, "A file in the bpf file system holds the map or program too, so that it outlives this process. rm lets it go." },
	{ BPF_OBJ_GET, "The file in the bpf file system leads to a map or program that is there already: the answer is an fd for it." },
	{ BPF_OBJ_GET_INFO_BY_FD, "The kernel writes down what it knows of the object behind the fd: here it is compared with what was meant." },
	{ BPF_RAW_TRACEPOINT_OPEN, "The program is hung on the tracepoint, without perf in between, and runs each time the kernel comes by. Closing the "
				   "fd takes it off." },
	{ BPF_LINK_CREATE, "The kernel ties the program to the place and answers with an fd for the tie, a link. Closing it takes the program off." },
	{ BPF_PROG_ATTACH, "The kernel ties the program to the place, until someone takes it off with BPF_PROG_DETACH." },
	{ BPF_BTF_GET_NEXT_ID, "The kernel names the next of its objects of types: its own, those of modules, those that were loaded." },
	{ BPF_BTF_GET_FD_BY_ID, "The kernel answers with an fd for the types of that number." },
	{ BPF_ITER_CREATE, "The kernel opens a file whose content the program writes while it is read." },
	{ BPF_PROG_BIND_MAP, "The program holds the map too from here on, though no instruction of it uses it." },
};

static const char *const calls[CALL_N] = {
	[CALL_PERF_EVENT_OPEN] = "The kernel makes an event: a probe, a counter or a clock, and answers with an fd. It is not tied to a program yet.",
	[CALL_IOCTL] = "An order to the event behind the fd: take this program, or begin.",
	[CALL_MMAP] = "The kernel makes its own pages visible in this process: records will be read there without any system call.",
	[CALL_OPENAT] = "The kernel opens a file: files of tracefs and sysfs are orders and answers of the kernel, not data on a disk.",
	[CALL_READ] = "The kernel writes its answer as text.",
	[CALL_WRITE] = "What is written to this file is an order to the kernel, as text.",
	[CALL_CLOSE] = "The file is done with.",
	[CALL_EPOLL_CREATE1] = "An fd that stands for many: one wait for all of a map's rings.",
	[CALL_EPOLL_CTL] = "The ring's fd joins the many: when a record comes, the wait ends.",
	[CALL_UNLINKAT] = "The file goes, and with it what it held.",
	[CALL_MKDIRAT] = "A folder for the pins.",
	[CALL_MUNMAP] = "The pages are no longer visible here.",
};

static const char *says(const struct plan_step *step)
{
	if (step->call != CALL_BPF)
		return calls[step->call];
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (commands[i].cmd == step->args[0].value)
			return commands[i].says;
	return NULL;
}

/* ── one step ── */

static void put_call(struct story *story, const struct plan_step *step)
{
	char *line = NULL;
	size_t size;
	const struct call_form form = { .plan = story->plan, .to = open_memstream(&line, &size), .lost = &story->lost };

	if (form.to)
		call_write(&form, step);
	if (form.to && step->slot != NONE)
		fprintf(form.to, " = %s", story->plan->slots[step->slot].name);
	story->lost |= !mem_written(form.to, &line);
	if (line) {
		fputs("      ", story->to);
		call_wrap(story->to, line, 6, 10);
		putc('\n', story->to);
	}
	free(line);
}

static void put_alt(struct story *story, const struct plan_alt *alt)
{
	char when[80] = "";
	size_t used = 0;

	for (size_t i = 0; i < sizeof(alt->on) / sizeof(*alt->on) && alt->on[i] && used < sizeof(when); i++)
		used += (size_t)snprintf(when + used, sizeof(when) - used, "%s%s", i ? " or " : "with ", err_name(alt->on[i]));
	story_say(story, 6, "If it %s%s%s: %s, then %s.", alt->absent && !when[0] ? "lacks something that it needs" : "fails ",
		  alt->any ? "in any way" : when, alt->empty_log ? " and an empty log" : "", alt->why,
		  alt->kind == ALT_STEPS ? "another call takes its place" :
		  alt->kind == ALT_AGAIN ? "it is made again" :
					   "the plan goes on without it");
}

static void put_step(struct story *story, const struct plan_step *step)
{
	const struct abi_cmd *cmd = step->call == CALL_BPF ? abi_cmd((uint32_t)step->args[0].value) : NULL;
	const struct walk_number number = walk_number(story->plan, step);
	bool has_attr = false;

	fprintf(story->to, "  %sCall %s: %s%s%s%s\n", story->bold, number.text, plan_call_name(step->call), cmd ? " " : "",
		cmd ? cmd->name : "", story->off);
	if (step->why)
		story_say(story, 6, "%s%s", step->why, step->loop ? " (the first call of a loop)" : "");
	for (uint32_t i = 0; i < step->n_args; i++) {
		const struct plan_blob *blob = step->args[i].kind == ARG_BLOB ? &story->plan->blobs[step->args[i].value] : NULL;

		if (!blob || (blob->kind != BLOB_BPF_ATTR && blob->kind != BLOB_PERF_ATTR))
			continue;
		put_attr(story, (uint32_t)step->args[i].value);
		has_attr = true;
	}
	if (!has_attr || step->call != CALL_BPF)
		put_call(story, step);
	if (says(step))
		story_say(story, 6, "%s", says(step));
	for (uint32_t i = 0; i < step->n_alts; i++)
		put_alt(story, &step->alts[i]);
	story_rest(story);
}

static bool is_map_create(const struct plan_step *step)
{
	return step->call == CALL_BPF && step->args[0].value == BPF_MAP_CREATE;
}

void story_maps(struct story *story)
{
	const struct plan_steps *steps = &story->plan->steps;
	uint32_t n = 0;

	for (uint32_t i = 0; i < steps->n; i++)
		n += is_map_create(&steps->v[i]);
	if (!n)
		return;
	if (!story_chapter(story, "The maps", "loader/object/maps.c: maps_read(), loader/plan/maps.c: plan_maps()"))
		return;
	story_say(story, 2, "A map is memory that programs and processes share: %u here. Each is made by one system call, whose attr is a "
			    "struct in memory; only as many bytes of it are given as say something.", n);
	putc('\n', story->to);
	for (uint32_t i = 0; i < steps->n && !story->ended; i++)
		if (is_map_create(&steps->v[i]))
			put_step(story, &steps->v[i]);
}

void story_calls(struct story *story)
{
	const struct plan_steps *steps = &story->plan->steps;

	if (!story_chapter(story, "The system calls", "loader/plan/load.c: hewn_plan_open(), loader/kernel/run.c: hewn_run_open(), "
						 "loader/kernel/sys.c: sys_trap()"))
		return;
	story_say(story, 2, "All that is left is %u system calls, in this order. `hewn plan` lists them; `hewn run` makes them. \"??\" is what "
			    "only an earlier call can say.", steps->n);
	putc('\n', story->to);
	for (uint32_t i = 0; i < steps->n && !story->ended; i++) {
		if (!is_map_create(&steps->v[i])) {
			put_step(story, &steps->v[i]);
			continue;
		}
		fprintf(story->to, "  %sCall %u: bpf BPF_MAP_CREATE%s, see the chapter on maps\n\n", story->bold, i + 1, story->off);
	}
}

void story_events(struct story *story)
{
	const struct hewn_object *object = story->object;
	bool any = false;

	if (!story_chapter(story, "The events", "loader/ring/perf.c: perf_ring_walk(), loader/ring/ringbuf.c: bpf_ringbuf_walk()"))
		return;
	for (uint32_t i = 0; i < object->n_maps && !story->ended; i++) {
		const struct obj_map *map = &object->maps[i];
		const bool perf = map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;

		if (map->is_template || (!perf && map->type != BPF_MAP_TYPE_RINGBUF))
			continue;
		any = true;
		if (perf)
			story_say(story, 2, "\"%s\" is a perf event array: one ring a CPU, in pages that kernel and process share. The kernel "
					    "writes a record and then moves the head; the process reads up to the head and then moves the tail. "
					    "Where a ring is full, records are lost, and the kernel counts them.", map->name);
		else
			story_say(story, 2, "\"%s\" is a ring buffer: one ring for all CPUs, mapped twice in a row so that a record that crosses "
					    "the end can be read in one piece. A record has a bit that says whether it is finished yet.",
				  map->name);
		if (map->event_type)
			story_say(story, 2, "Its records are of type \"%s\", so `hewn run` can print them field by field.",
				  btf_name(&object->btf, map->event_type));
	}
	if (!any)
		story_say(story, 2, "There is no ring: the programs leave what they find in maps, which `hewn run` prints at the end, or in "
				    "/sys/kernel/tracing/trace_pipe (bpf_printk).");
	else
		story_say(story, 2, "While nothing happens, the process sleeps in epoll_wait(2): the only system call from here on.");
	story_say(story, 2, "At the end everything is undone backwards: links, events, programs and maps are closed, and the kernel lets "
			    "go of what nothing holds any longer.");
	story_rest(story);
}
