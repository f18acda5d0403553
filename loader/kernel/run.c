// SPDX-License-Identifier: MIT
/* The runner: see run.h. A step's call is made and logged; if it fails, the plan says what now. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "loader/abi/abi.h"
#include "loader/err.h"
#include "loader/kernel/fail.h"
#include "loader/kernel/fill.h"
#include "loader/kernel/run.h"
#include "loader/kernel/sys.h"
#include "loader/mem.h"

int64_t run_value(const struct hewn_run *run, uint32_t slot)
{
	return slot < run->plan->n_slots && run->slots[slot].present ? run->slots[slot].value : -1;
}

/* What step_run() and steps_run() return besides 0 and -errno. */
enum { NEXT_ROUND = 1, LEFT_OUT };

static int steps_run(struct hewn_run *run, const struct plan_steps *steps,
		     const volatile sig_atomic_t *stop, struct hewn_err *err);

/* ── one call ── */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct run_entry *log_entry(struct hewn_run *run, const struct plan_step *step)
{
	struct run_entry *entry = mem_append(&run->log, &run->n_log, sizeof(*entry));

	if (!entry)
		return NULL;
	entry->step = step;
	if (run->loop)
		entry->was[entry->n_was++] = (struct run_was){ run->loop->slot, run->slots[run->loop->slot].value };
	for (uint32_t i = 0; run->loop && i < run->loop->loop->steps.n && entry->n_was < 2; i++) {
		const uint32_t slot = run->loop->loop->steps.v[i].slot;

		if (slot != NONE)
			entry->was[entry->n_was++] = (struct run_was){ slot, run->slots[slot].value };
	}
	return entry;
}

/* Makes the call, or finds that a slot is absent (-ENODATA, not made). NULL: out of memory. */
static struct run_entry *call(struct hewn_run *run, const struct plan_step *step)
{
	struct run_entry *entry = log_entry(run, step);
	uint64_t start;
	int ret;

	if (!entry)
		return NULL;
	ret = fill_args(run, step, entry->args);
	if (ret == -ENOMEM)
		return NULL;
	entry->outcome = RUN_FAILED;
	entry->result = ret;
	if (ret)
		return entry;
	start = now_ns();
	entry->result = sys_trap(step->call, entry->args);
	entry->ns = now_ns() - start;
	entry->made = true;
	if (!sys_failed(entry->result))
		entry->outcome = RUN_DONE;
	return entry;
}

/* Closes or unmaps what a slot has. */
static void release(struct hewn_run *run, uint32_t index)
{
	const struct plan_slot *slot = &run->plan->slots[index];
	struct run_value *value = &run->slots[index];
	long args[6] = { (long)value->value, (long)slot->size };

	if (!value->present)
		return;
	if (slot->kind == SLOT_FD)
		sys_trap(CALL_CLOSE, args);
	if (slot->kind == SLOT_MAPPING)
		sys_trap(CALL_MUNMAP, args);
	value->present = false;
}

/* Keeps what a step yielded. */
static int keep(struct hewn_run *run, const struct plan_step *step, long result, struct hewn_err *err)
{
	const struct plan_step **done;
	struct run_value *value;
	const char *text;
	char *end;

	if (step->log != NONE && run->opts && run->opts->verified)
		run->opts->verified(run->opts->ctx, run->plan->object->funcs[run->plan->slots[step->slot].index].name,
				    (const char *)run->blobs[step->log]);
	if (step->call == CALL_CLOSE)
		run->slots[step->args[0].value].present = false;
	if (step->slot != NONE) {
		value = &run->slots[step->slot];
		value->value = result;
		if (run->plan->slots[step->slot].kind == SLOT_MAPPING)
			value->value = (int64_t)(unsigned long)result;
		if (run->plan->slots[step->slot].kind == SLOT_NUMBER) {
			text = (const char *)run->blobs[step->args[1].value];
			value->value = strtoll(text, &end, 10);
			if (end == text)
				return err_set(err, -EBADMSG, "no number in \"%.40s\"", text);
		}
		if (run->plan->slots[step->slot].kind == SLOT_ID)
			value->value = (int64_t)abi_get(abi_field((uint32_t)step->args[0].value, "next_id"),
							run->blobs[step->args[1].value], 8);
		value->present = true;
		run->log[run->n_log - 1].yielded = value->value;
	}
	if (step->fill != NONE)
		memcpy((uint8_t *)(uintptr_t)(unsigned long)result + step->fill_at, run->plan->blobs[step->fill].bytes,
		       run->plan->blobs[step->fill].size);
	if ((step->slot == NONE || run->plan->slots[step->slot].kind == SLOT_ID) && !step->undo.n)
		return 0;
	done = mem_append(&run->done, &run->n_done, sizeof(const struct plan_step *));
	if (!done) {
		if (step->slot != NONE)
			release(run, step->slot);
		return err_nomem(err);
	}
	*done = step;
	return 0;
}

/* NEXT_ROUND: not what was expected, in a loop. */
static int check_expects(struct hewn_run *run, const struct plan_step *step, const volatile sig_atomic_t *stop,
			 struct hewn_err *err)
{
	int ret;

	for (uint32_t i = 0; i < step->n_expects; i++) {
		const struct plan_expect *expect = &step->expects[i];
		const char *text = (const char *)run->blobs[expect->blob] + expect->off;
		uint32_t found = 0;

		if (!expect->text)
			memcpy(&found, text, sizeof(found));
		if (expect->text ? !strcmp(text, expect->text) : found == expect->value)
			continue;
		if (!run->loop)
			return fail_expect(run, step, expect, found, err);
		ret = steps_run(run, &run->loop->loop->next, stop, err);
		return ret ? ret : NEXT_ROUND;
	}
	return 0;
}

/* ── one step, with what the plan says of its failure ── */

static bool log_is_empty(const struct hewn_run *run, const struct plan_step *step)
{
	return step->log != NONE && run->blobs[step->log] && !run->blobs[step->log][0];
}

static const struct plan_alt *pick(const struct hewn_run *run, const struct run_entry *entry,
				   const uint32_t *tries)
{
	const struct plan_step *step = entry->step;

	for (uint32_t i = 0; i < step->n_alts; i++) {
		const struct plan_alt *alt = &step->alts[i];
		bool fits = alt->any && entry->made;

		if (!entry->made && alt->absent)
			return alt;
		for (size_t k = 0; entry->made && k < sizeof(alt->on) / sizeof(alt->on[0]); k++)
			fits |= alt->on[k] && alt->on[k] == -entry->result;
		if (!fits || (alt->empty_log && !log_is_empty(run, step)))
			continue;
		if (alt->kind == ALT_AGAIN && tries[i < 8 ? i : 7] >= alt->limit)
			continue;
		return alt;
	}
	return NULL;
}

/*
 * The steps that are made instead, after the first refusal. One that is made again for the sake of a log
 * may fail with ENOSPC, because the log is larger than its buffer: what is wrong is what was said first.
 */
static int instead(struct hewn_run *run, const struct plan_alt *alt, int first,
		   const volatile sig_atomic_t *stop, struct hewn_err *err)
{
	int ret = steps_run(run, &alt->steps, stop, err);

	if (ret != -ENOSPC || !alt->any || !first)
		return ret;
	if (err)
		err->code = first;
	return first;
}

/* One step, without its loop. 0; LEFT_OUT; in a loop NEXT_ROUND. */
static int once(struct hewn_run *run, const struct plan_step *step, const volatile sig_atomic_t *stop,
		struct hewn_err *err)
{
	uint32_t tries[8] = { 0 };

	for (;;) {
		struct run_entry *entry;
		const struct plan_alt *alt;
		int ret;

		if (stop && *stop)
			return err_set(err, -EINTR, "interrupted");
		entry = call(run, step);
		if (!entry)
			return err_nomem(err);
		if (entry->outcome == RUN_DONE) {
			ret = keep(run, step, entry->result, err);
			return ret ? ret : check_expects(run, step, stop, err);
		}
		alt = pick(run, entry, tries);
		if (!alt)
			return fail_step(run, entry, err);
		entry->alt = alt;
		entry->outcome = alt->kind == ALT_SKIP ? RUN_SKIPPED : RUN_ALT;
		if (alt->kind == ALT_SKIP)
			return LEFT_OUT;
		if (alt->kind == ALT_NEXT && run->loop)
			return NEXT_ROUND;
		if (alt->kind == ALT_STEPS)
			return instead(run, alt, (int)entry->result, stop, err);
		if (alt - step->alts < 8)
			tries[alt - step->alts]++;
	}
}

/* See struct plan_loop. LEFT_OUT: an alternative of its head ended it. */
static int loop_run(struct hewn_run *run, const struct plan_step *step, const volatile sig_atomic_t *stop,
		    struct hewn_err *err)
{
	int ret = NEXT_ROUND;

	run->slots[step->slot] = (struct run_value){ true, 0 };
	run->loop = step;
	for (uint32_t round = 0; round < step->loop->limit && ret == NEXT_ROUND; round++) {
		ret = once(run, step, stop, err);
		if (!ret)
			ret = steps_run(run, &step->loop->steps, stop, err);
	}
	run->loop = NULL;
	if (ret == NEXT_ROUND)
		return err_set(err, -ELOOP, "%s: not found in %u rounds", step->why, step->loop->limit);
	return ret;
}

static int steps_run(struct hewn_run *run, const struct plan_steps *steps,
		     const volatile sig_atomic_t *stop, struct hewn_err *err)
{
	int ret = 0;

	for (uint32_t i = 0; i < steps->n && !ret; i++) {
		const struct plan_step *step = &steps->v[i];

		ret = step->loop && !run->loop ? loop_run(run, step, stop, err) : once(run, step, stop, err);
		ret = ret == LEFT_OUT ? 0 : ret;
	}
	return ret;
}

/* ── undoing ── */

/*
 * Backwards through what was done. A step's own undo comes after its fd is closed, because the kernel
 * refuses to remove a tracefs probe that is in use; the fds that used it were opened, and so are closed,
 * later than it was written. What an undo opens is done too, and so is closed next if it is still open.
 */
static void undo(struct hewn_run *run, bool failed)
{
	while (run->n_done > 0) {
		const struct plan_step *step = run->done[--run->n_done];
		uint32_t first = run->n_log;

		if (step->slot != NONE)
			release(run, step->slot);
		if (step->undo_on_failure && !failed)
			continue;
		steps_run(run, &step->undo, NULL, NULL);
		while (first < run->n_log)
			run->log[first++].undoing = true;
	}
}

/* ── opening and closing ── */

/* The instructions and data of the other byte order can be planned and shown, not run. */
static int check_byte_order(const struct hewn_object *object, struct hewn_err *err)
{
	const uint16_t one = 1;
	const bool big = !*(const uint8_t *)&one;

	if (!object || object->big_endian == big)
		return 0;
	err_object(err, object->name);
	err_hint(err, "compile it for this machine: -target %s", big ? "bpfeb" : "bpfel");
	return err_set(err, -ENOEXEC, "the object is %s-endian, and this machine is %s-endian",
		       object->big_endian ? "big" : "little", big ? "big" : "little");
}

int run_open_with(struct hewn_run **result, const struct hewn_plan *plan, const int *fds, uint32_t n,
		  const struct hewn_run_opts *opts, struct hewn_err *err)
{
	struct hewn_run *run = calloc(1, sizeof(*run));
	int ret;

	*result = run;
	if (!run)
		return err_nomem(err);
	run->plan = plan;
	run->opts = opts;
	run->slots = calloc(plan->n_slots + 1, sizeof(*run->slots));
	run->blobs = calloc(plan->n_blobs + 1, sizeof(*run->blobs));
	if (!run->slots || !run->blobs)
		return err_nomem(err);
	ret = check_byte_order(plan->object, err);
	if (ret)
		return ret;
	for (uint32_t i = 0; i < plan->n_slots; i++) {
		if (i < n)
			run->slots[i] = (struct run_value){ true, fds[i] };
		else if (plan->slots[i].of == OF_PID)
			run->slots[i] = (struct run_value){ true, getpid() };
	}
	ret = steps_run(run, &plan->steps, opts ? opts->stop : NULL, err);
	if (ret) {
		if (plan->object)
			err_object(err, plan->object->name);
		undo(run, true);
	}
	fill_close(run);
	run->opts = NULL;
	return ret;
}

int hewn_run_open(struct hewn_run **run, const struct hewn_plan *plan, const struct hewn_run_opts *opts,
		  struct hewn_err *err)
{
	return run_open_with(run, plan, NULL, 0, opts, err);
}

static int named_fd(const struct hewn_run *run, enum plan_slot_of of, uint32_t index)
{
	uint32_t slot = index == NONE ? NONE : plan_find(run->plan, SLOT_FD, of, index, -1);
	int64_t fd = slot == NONE ? -1 : run_value(run, slot);

	return fd < 0 ? -ENOENT : (int)fd;
}

int hewn_run_map_fd(const struct hewn_run *run, const char *map)
{
	return named_fd(run, OF_MAP, object_map(run->plan->object, map));
}

int hewn_run_prog_fd(const struct hewn_run *run, const char *prog)
{
	return named_fd(run, OF_PROG, object_func(run->plan->object, prog));
}

void hewn_run_close(struct hewn_run *run)
{
	if (!run)
		return;
	if (run->slots && run->blobs)
		undo(run, false);
	fill_close(run);
	free(run->slots);
	free(run->blobs);
	free(run->log);
	free(run->done);
	free(run);
}
