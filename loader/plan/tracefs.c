// SPDX-License-Identifier: MIT
/*
 * Files of tracefs in the plan: opened, read for a number, written to for a probe. Knows where tracefs is;
 * knows nothing of what is probed.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "loader/plan/planner.h"

/* A string in which every PID_DIGITS is filled in. */
static uint32_t pid_string(struct planner *p, const char *text)
{
	uint32_t blob = plan_string(p->plan, text), pid;

	for (const char *at = strstr(text, PID_DIGITS); at; at = strstr(at + strlen(PID_DIGITS), PID_DIGITS)) {
		pid = plan_find(p->plan, SLOT_NUMBER, OF_PID, NONE, -1);
		if (pid == NONE)
			pid = plan_slot(p->plan, SLOT_NUMBER, OF_PID, NONE, -1, "pid");
		plan_fix(p->plan, blob, (uint32_t)(at - text), (uint32_t)strlen(PID_DIGITS), FIX_TEXT, pid);
	}
	return blob;
}

/*
 * openat() of a file of tracefs into slot `file`, at the place of today (4.1) or else at debugfs's. what
 * and hint: why it may not be there. The path is a pid string.
 */
static void open_file(struct planner *p, struct plan_steps *to, int flags, const char *why, uint32_t file,
		      const char *path, const char *what, const char *hint)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	struct plan_step *step = NULL;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (i)
			to = &step_alt(p->plan, step, ALT_STEPS, "tracefs is not mounted there: the place that debugfs has for it", ENOENT, 0)->steps;
		step = plan_step(p->plan, to, CALL_OPENAT, why, 0, file);
		step_int(step, AT_FDCWD);
		step_blob(step, pid_string(p, plan_text(p->plan, "%s/%s", places[i], path)));
		step_int(step, flags | O_CLOEXEC);
		step_int(step, 0);
	}
	step_cause(p->plan, step, ENOENT, what, hint);
}

void plan_tracefs_number(struct planner *p, struct plan_steps *to, const char *path, const char *why,
			 uint32_t number, const char *what, const char *hint)
{
	const uint32_t func = number != NONE ? p->plan->slots[number].index : NONE;
	uint32_t file = plan_slot(p->plan, SLOT_FD, OF_FILE, func, -1, "file");
	uint32_t text = plan_blob(p->plan, BLOB_OUT, NULL, 31);
	struct plan_step *step;

	plan_name_blob(p->plan, text, "a decimal number");
	open_file(p, to, O_RDONLY, why, file, path, what, hint);
	step = plan_step(p->plan, to, CALL_READ, "the kernel's number of the tracepoint", 0, number);
	step_slot(step, file);
	step_blob(step, text);
	step_int(step, 31);
	step = plan_step(p->plan, to, CALL_CLOSE, "the number is all", 0, NONE);
	step_slot(step, file);
}

/* One line into a file of events: open, write, close. The second step of `to` is the write. */
static void write_line(struct planner *p, struct plan_steps *to, uint32_t func, const char *events, const char *line, const char *why)
{
	uint32_t file = plan_slot(p->plan, SLOT_FD, OF_FILE, func, -1, "file");
	struct plan_step *step;

	open_file(p, to, O_WRONLY | O_APPEND, "where probes are made by writing to a file", file, events,
			  plan_text(p->plan, "this kernel has no %s, or tracefs is not mounted", events),
			  "CONFIG_KPROBE_EVENTS, CONFIG_UPROBE_EVENTS; mount -t tracefs tracefs /sys/kernel/tracing");
	step = plan_step(p->plan, to, CALL_WRITE, why, 0, NONE);
	step_slot(step, file);
	step_blob(step, pid_string(p, line));
	step_int(step, (int64_t)strlen(line));
	step = plan_step(p->plan, to, CALL_CLOSE, "written", 0, NONE);
	step_slot(step, file);
}

struct plan_step *plan_tracefs_probe(struct planner *p, uint32_t func, uint32_t prog, const char *events, char kind,
				     const char *place, const char *why)
{
	struct plan_steps *to = &p->plan->steps;
	const char *name = plan_text(p->plan, "hewn/%.40s_" PID_DIGITS, p->object->funcs[func].name);
	const uint32_t write = to->n + 1;
	uint32_t id;

	write_line(p, to, func, events, plan_text(p->plan, "%c:%s %s", kind, name, place), why);
	if (p->plan->failed)
		return &p->plan->spare_step;
	write_line(p, &to->v[write].undo, func, events, plan_text(p->plan, "-:%s", name), "takes the probe away");
	id = plan_slot(p->plan, SLOT_NUMBER, OF_FILE, func, -1, "id(%s)", p->object->funcs[func].name);
	plan_tracefs_number(p, to, plan_text(p->plan, "events/%s/id", name), "where tracefs keeps the number of the new probe",
			    id, "the new probe has no number", NULL);
	plan_tracepoint_id(p, to, func, prog, id, "an event at the probe");
	return &to->v[write];
}
