// SPDX-License-Identifier: MIT
/*
 * One call as a C expression, and the code that undoes what it made. Knows the arguments of each call; knows
 * nothing of alternatives.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>

#include "loader/freeze/marks.h"
#include "loader/freeze/step.h"
#include "loader/mem.h"

/* What the ioctls of perf events are made of; <sys/ioctl.h> has the macros. */
static const struct {
	unsigned long request;
	const char *text;
} ioctls[] = {
	{ PERF_EVENT_IOC_ENABLE, "_IO('$', 0) /* PERF_EVENT_IOC_ENABLE */" },
	{ PERF_EVENT_IOC_DISABLE, "_IO('$', 1) /* PERF_EVENT_IOC_DISABLE */" },
	{ PERF_EVENT_IOC_SET_BPF, "_IOW('$', 8, uint32_t) /* PERF_EVENT_IOC_SET_BPF */" },
};

static void arg_write(struct freeze *f, const struct plan_step *step, uint32_t i, FILE *to)
{
	const struct plan_arg *arg = &step->args[i];

	if (i >= step->n_args) {
		putc('0', to);
		return;
	}
	switch (arg->kind) {
	case ARG_INT:
		fprintf(to, "%" PRId64, arg->value);
		return;
	case ARG_SLOT:
		fputs(member_expr(f, (uint32_t)arg->value), to);
		return;
	case ARG_BLOB:
		data_pointer(f, (uint32_t)arg->value, to);
		return;
	}
}

static void bpf_call(struct freeze *f, const struct plan_step *step, const char *attr, FILE *to)
{
	const uint32_t cmd = (uint32_t)step->args[0].value;
	const struct plan_alt *again = NULL;

	for (uint32_t i = 0; i < step->n_alts; i++)
		if (step->alts[i].kind == ALT_AGAIN)
			again = &step->alts[i];
	if (again && (again->on[0] != EAGAIN || again->on[1]))
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze a call that is made again on %s", err_name(again->on[0]));
	f->uses[again ? USE_BPF_AGAIN : USE_BPF] = true;
	fprintf(to, "sys_bpf%s(%u /* %s */, &%s, %" PRId64, again ? "_again" : "", cmd, abi_cmd(cmd) ? abi_cmd(cmd)->name : "?", attr,
		step->args[2].value);
	if (again)
		fprintf(to, ", %u", again->limit);
	putc(')', to);
}

static void perf_call(struct freeze *f, const struct plan_step *step, const char *attr, FILE *to)
{
	f->uses[USE_PERF] = true;
	fprintf(to, "sys_perf_event_open(&%s, ", attr);
	arg_write(f, step, 1, to);
	fputs(", ", to);
	if (f->loop)
		fputs("cpu", to);
	else
		arg_write(f, step, 2, to);
	fputs(")", to);
	if (step->args[3].value != -1 || step->args[4].value != PERF_FLAG_FD_CLOEXEC)
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze a perf event of a group yet");
}

static void ioctl_call(struct freeze *f, const struct plan_step *step, FILE *to)
{
	const char *text = NULL;

	for (size_t i = 0; i < sizeof(ioctls) / sizeof(ioctls[0]); i++)
		if (ioctls[i].request == (unsigned long)step->args[1].value)
			text = ioctls[i].text;
	if (!text) {
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze ioctl(%#" PRIx64 ") yet", step->args[1].value);
		return;
	}
	f->uses[USE_IOCTL] = true;
	fputs("sys_ioctl(", to);
	arg_write(f, step, 0, to);
	fprintf(to, ", %s, ", text);
	arg_write(f, step, 2, to);
	fputs(")", to);
}

/* In pages of the target: the plan was made for pages of MARK_PAGE. */
static void write_size(struct freeze *f, uint32_t slot, FILE *to)
{
	const struct plan_slot *of = &f->plan->slots[slot];
	const struct obj_map *map = &f->object->maps[of->index];

	f->uses[USE_PAGES] = true;
	if (map->type != BPF_MAP_TYPE_RINGBUF) {
		fprintf(to, "page_size() * %u", (unsigned int)(of->size / MARK_PAGE));
	} else if (!of->cpu) {
		fputs("page_size()", to);
	} else {
		fprintf(to, "page_size() + 2 * (size_t)whole_pages(%u)", map->max_entries);
		f->uses[USE_WHOLE] = true;
	}
}

static void mmap_call(struct freeze *f, const struct plan_step *step, FILE *to)
{
	if (f->plan->slots[step->slot].of == OF_MAP) {
		f->uses[USE_ARENA] = true;
		fprintf(to, "map_arena(&%s, %#" PRIx64 ", ", member_expr(f, step->slot), step->args[0].value);
		arg_write(f, step, 4, to);
		fputs(", ", to);
		write_size(f, step->slot, to);
		putc(')', to);
		return;
	}
	f->uses[USE_MAP] = true;
	fprintf(to, "map_memory(&%s, ", member_expr(f, step->slot));
	arg_write(f, step, 4, to);
	fputs(", ", to);
	write_size(f, step->slot, to);
	fprintf(to, ", %s, %s)", step->args[2].value == PROT_READ ? "PROT_READ" : "PROT_READ | PROT_WRITE",
		step->args[5].value ? "(off_t)page_size()" : "0");
}

static void openat_call(struct freeze *f, const struct plan_step *step, FILE *to)
{
	if (step->args[0].kind != ARG_INT || step->args[0].value != AT_FDCWD)
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze openat() below an fd yet");
	f->uses[USE_CALL] = true;
	fputs("call(syscall(SYS_openat, AT_FDCWD, ", to);
	arg_write(f, step, 1, to);
	fprintf(to, ", %s", (step->args[2].value & O_ACCMODE) == O_WRONLY ? "O_WRONLY" : "O_RDONLY");
	if (step->args[2].value & O_DIRECTORY)
		fputs(" | O_DIRECTORY", to);
	if (step->args[2].value & O_APPEND)
		fputs(" | O_APPEND", to);
	if (step->args[2].value & O_CLOEXEC)
		fputs(" | O_CLOEXEC", to);
	if (step->args[2].value & ~(int64_t)(O_ACCMODE | O_APPEND | O_CLOEXEC | O_DIRECTORY))
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze openat() with flags %#" PRIx64 " yet", step->args[2].value);
	fprintf(to, ", %" PRId64 "))", step->args[3].value);
}

static void other_call(struct freeze *f, const struct plan_step *step, const char *number, FILE *to)
{
	f->uses[USE_CALL] = true;
	fprintf(to, "call(syscall(%s", number);
	for (uint32_t i = 0; i < step->n_args; i++) {
		fputs(", ", to);
		if (step->args[i].kind == ARG_INT && step->args[i].value == AT_FDCWD && !i)
			fputs("AT_FDCWD", to);
		else
			arg_write(f, step, i, to);
	}
	fputs("))", to);
}

void step_call(struct freeze *f, const struct plan_step *step, const char *attr, FILE *to)
{
	switch (step->call) {
	case CALL_BPF:
		bpf_call(f, step, attr, to);
		return;
	case CALL_PERF_EVENT_OPEN:
		perf_call(f, step, attr, to);
		return;
	case CALL_IOCTL:
		ioctl_call(f, step, to);
		return;
	case CALL_MMAP:
		mmap_call(f, step, to);
		return;
	case CALL_OPENAT:
		openat_call(f, step, to);
		return;
	case CALL_EPOLL_CREATE1:
		f->uses[USE_CALL] = true;
		fputs("call(epoll_create1(EPOLL_CLOEXEC))", to);
		return;
	case CALL_EPOLL_CTL:
		f->uses[USE_WATCH] = true;
		fputs("watch(", to);
		arg_write(f, step, 0, to);
		fputs(", ", to);
		arg_write(f, step, 2, to);
		fputs(f->loop ? ", cpu)" : ", 0)", to);
		return;
	case CALL_CLOSE:
		other_call(f, step, "SYS_close", to);
		return;
	case CALL_UNLINKAT:
		other_call(f, step, "SYS_unlinkat", to);
		return;
	case CALL_MKDIRAT:
		other_call(f, step, "SYS_mkdirat", to);
		return;
	default:
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze %s() here yet", plan_call_name(step->call));
		return;
	}
}

/* ── undoing ── */

static FILE *undo_text(struct freeze *f, struct freeze_text *text)
{
	return f->ret || !words_open(text) ? NULL : text->to;
}

static void undo_add(struct freeze *f, struct freeze_text *text)
{
	struct freeze_undo *undo = mem_append(&f->undos, &f->n_undos, sizeof(*undo));
	char *written = words_close(text);

	for (uint32_t i = 0; undo && written && i + 1 < f->n_undos; i++) {
		if (strcmp(f->undos[i].text, written) != 0)
			continue;
		free(written); /* an alternative brings the same */
		f->n_undos--;
		return;
	}
	if (!undo || !written) {
		free(written);
		f->n_undos -= undo != NULL;
		freeze_nomem(f);
		return;
	}
	undo->loop = f->loop;
	undo->text = written;
}

static void undo_call(struct freeze *f, const struct plan_step *step, FILE *to)
{
	const uint32_t attr = attr_blob_of(f, step);

	words_note(to, 2, step->why ? step->why : "");
	if (attr != NONE) {
		fputs("\t\t{\n", to);
		attr_declare(f, step, attr, 3, "attr", to);
		putc('\n', to);
	}
	fputs(attr != NONE ? "\t\t\t(void)" : "\t\t(void)", to);
	step_call(f, step, "attr", to);
	fputs(attr != NONE ? ";\n\t\t}\n" : ";\n", to);
}

/* Steps of their own: a mark says that they have to be done. */
static void undo_steps(struct freeze *f, const struct plan_step *step, const char *number, unsigned int depth, FILE *to)
{
	struct walk_number outer;
	const struct step_place at = { .depth = 2, .outer = &outer, .letter = 'u' };
	struct freeze_text text;
	FILE *undo = undo_text(f, &text);

	if (!undo)
		return;
	snprintf(outer.text, sizeof(outer.text), "%.30s", number);
	f->n_marks++;
	words_tabs(to, depth);
	fprintf(to, "o->made_%u = 1;\n", f->n_marks);
	fprintf(undo, "\tif (o->made_%u == 1%s) {\n", f->n_marks, step->undo_on_failure ? " && on_failure" : "");
	for (uint32_t i = 0; i < step->undo.n;) {
		const struct walk_number inner = walk_inner(&outer, 'u', i, step->undo.n);
		uint32_t did = tracefs_write(f, &step->undo.v[i], step->undo.n - i, &at, inner.text, undo);

		if (!did) {
			did = 1;
			undo_call(f, &step->undo.v[i], undo);
		}
		i += did;
	}
	fprintf(undo, "\t\to->made_%u = 0;\n\t}\n", f->n_marks);
	undo_add(f, &text);
}

void step_note_undo(struct freeze *f, const struct plan_step *step, const char *number, unsigned int depth, FILE *to)
{
	const struct plan_slot *slot = step->slot != NONE ? &f->plan->slots[step->slot] : NULL;
	struct freeze_text text;
	FILE *undo;

	if (step->undo.n)
		undo_steps(f, step, number, depth, to);
	if (!slot || (slot->kind != SLOT_FD && slot->kind != SLOT_MAPPING))
		return;
	undo = undo_text(f, &text);
	if (!undo)
		return;
	words_tabs(undo, f->loop ? 2 : 1);
	if (slot->kind == SLOT_FD) {
		fprintf(undo, "close_fd(&%s);\n", member_expr(f, step->slot));
	} else {
		fprintf(undo, "unmap(&%s, ", member_expr(f, step->slot));
		write_size(f, step->slot, undo);
		fputs(");\n", undo);
		f->uses[USE_UNMAP] = true;
	}
	undo_add(f, &text);
}
