// SPDX-License-Identifier: MIT
/* The loop of hewn run: see follow.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "loader/cmd/confine.h"
#include "loader/cmd/follow.h"
#include "loader/kernel/run.h"
#include "loader/mem.h"
#include "loader/show/map.h"
#include "loader/show/show.h"

#define SECOND      1000000000ull
#define MILLISECOND 1000000ull
#define IDLE_NS     (SECOND / 4) /* records below the wake-up threshold wait no longer than this */
#define MAX_DRAINS  64           /* at the end: a ring that fills as fast as it is read must not hold us */

struct view {
	struct follow *follow;
	const struct obj_map *map;
	struct hewn_ring *ring;
	struct show_table table;
};

struct follow {
	const struct hewn_run *run;
	const struct hewn_object *object;
	const struct follow_opts *opts;
	struct view *views;
	uint32_t n_views;
	const struct view *last; /* whose heading stands above */
	int trace_fd;
	int signal_fd;
	int set;     /* of all fds that the loop waits for */
	bool stop;   /* a signal said so */
	bool child;  /* SIGCHLD: the child may have ended */
	uint64_t received;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

/* ── records ── */

static int on_event(void *ctx, const struct hewn_event *event)
{
	struct view *view = ctx;
	struct follow *f = view->follow;

	if (event->lost) /* told at the end too, but it belongs here in time */
		fprintf(stderr, "hewn: %s: %" PRIu64 " records lost on CPU %d\n", view->map->name, event->lost, event->cpu);
	if (event->lost || (f->opts->count && f->received >= f->opts->count))
		return 0;
	if (f->last != view)
		view->table.headed = false;
	f->last = view;
	f->received++;
	show_row(&view->table, event->data, event->size, stdout);
	return ferror(stdout) ? -EPIPE : 0;
}

static int open_views(struct follow *f, struct hewn_err *err)
{
	struct winsize size = { 0 };
	uint32_t n = 0;
	int ret = 0;

	f->views = calloc(f->object->n_maps + 1, sizeof(*f->views));
	if (!f->views)
		return err_nomem(err);
	for (uint32_t i = 0; i < f->object->n_maps && !ret; i++) {
		const struct obj_map *map = &f->object->maps[i];
		struct view *view = &f->views[n];

		if ((map->type != BPF_MAP_TYPE_PERF_EVENT_ARRAY && map->type != BPF_MAP_TYPE_RINGBUF) || map->is_template)
			continue;
		view->follow = f;
		view->map = map;
		ret = show_table_open(&view->table, f->object->has_btf ? &f->object->btf : NULL, map->event_type, err);
		f->n_views = ++n;
		if (ret)
			break;
		view->table.json = f->opts->json;
		view->table.color = isatty(STDOUT_FILENO);
		if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
			view->table.width = size.ws_col;
		ret = hewn_ring_open(&view->ring, f->run, map->name, on_event, view, err);
	}
	return ret;
}

static int consume(struct follow *f)
{
	int n, total = 0;

	for (uint32_t i = 0; i < f->n_views; i++) {
		n = hewn_ring_consume(f->views[i].ring);
		if (n < 0)
			return n;
		total += n;
	}
	return total;
}

/* ── bpf_trace_printk ── */

static int open_trace_pipe(struct follow *f, struct hewn_err *err)
{
	static const char *const paths[] = { "/sys/kernel/tracing/trace_pipe", "/sys/kernel/debug/tracing/trace_pipe" };

	int code = -ENOENT;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && code == -ENOENT; i++) {
		f->trace_fd = open(paths[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		code = f->trace_fd < 0 ? -errno : 0;
	}
	if (!code)
		return 0;
	if (code == -EBUSY)
		err_hint(err, "another process reads it, and newer kernels let in one at a time");
	else
		err_hint(err, "as root: mount -t tracefs tracefs /sys/kernel/tracing");
	return err_set(err, code, "cannot open %s", paths[0]);
}

static int copy_trace(struct follow *f)
{
	char bytes[4096];
	ssize_t n;

	if (f->trace_fd < 0)
		return 0;
	while ((n = read(f->trace_fd, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, (size_t)n, stdout);
	return ferror(stdout) ? -EPIPE : 0;
}

/* ── maps ── */

static void print_maps(struct follow *f)
{
	f->last = NULL; /* what comes next needs its heading again */
	for (uint32_t i = 0; i < f->object->n_maps; i++) {
		const struct obj_map *map = &f->object->maps[i];
		int fd = hewn_run_map_fd(f->run, map->name);

		if (fd >= 0 && !map->readonly)
			show_map(f->object, i, fd, stdout, f->opts->json);
	}
}

/* ── signals ── */

static void take_signals(struct follow *f)
{
	struct signalfd_siginfo info;

	while (read(f->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		f->child |= info.ssi_signo == SIGCHLD;
		f->stop |= info.ssi_signo != SIGCHLD;
	}
}

/* ── iterators ── */

/* What the iterators write, each once, or until a signal or who reads says stop. Returns how many
 * there are, or -errno. */
static int copy_iterators(struct follow *f, struct hewn_err *err)
{
	int n_iters = 0;

	fflush(stdout);
	for (uint32_t i = 0; i < f->object->n_funcs; i++) {
		const uint32_t slot = plan_find(f->run->plan, SLOT_FD, OF_ITER, i, -1);
		const int fd = slot == NONE ? -1 : (int)run_value(f->run, slot);
		char bytes[4096];
		ssize_t n;

		if (fd < 0)
			continue;
		n_iters++;
		while ((n = read(fd, bytes, sizeof(bytes))) > 0 || (n < 0 && errno == EAGAIN)) {
			if (n > 0)
				fwrite(bytes, 1, (size_t)n, stdout);
			take_signals(f);
			if (f->stop || ferror(stdout))
				return n_iters;
		}
		if (n < 0) {
			n = -errno;
			err_program(err, f->object->funcs[i].name);
			return err_set(err, (int)n, "cannot read from the iterator");
		}
	}
	return n_iters;
}

/* Whether the iterators are all that there is: then the run ends with them. */
static bool iterates_only(const struct follow *f)
{
	if (f->n_views || f->trace_fd >= 0 || f->opts->maps || f->opts->for_ns || f->opts->count)
		return false;
	for (uint32_t i = 0; i < f->run->plan->n_slots; i++) {
		const struct plan_slot *slot = &f->run->plan->slots[i];

		if (slot->of == OF_LINK && plan_find(f->run->plan, SLOT_FD, OF_ITER, slot->index, -1) == NONE)
			return false;
	}
	return true;
}

/* ── the loop ── */

static int add_to_set(struct follow *f, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(f->set, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* Signals too are read from a file: those that an epoll_pwait(2) lets in come only when no ring has anything. */
static int open_set(struct follow *f, const sigset_t *signals, struct hewn_err *err)
{
	int ret = 0;

	f->signal_fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
	f->set = f->signal_fd < 0 ? -1 : epoll_create1(EPOLL_CLOEXEC);
	if (f->set < 0)
		return err_set(err, -errno, "cannot wait for signals and records");
	ret = add_to_set(f, f->signal_fd);
	for (uint32_t i = 0; i < f->n_views && !ret; i++)
		ret = add_to_set(f, hewn_ring_fd(f->views[i].ring));
	if (!ret && f->trace_fd >= 0)
		ret = add_to_set(f, f->trace_fd);
	return ret ? err_set(err, ret, "cannot wait for signals and records") : 0;
}

/* Which ring has woken us does not matter: all are walked. */
static void wait_for(struct follow *f, uint64_t ns)
{
	struct epoll_event events[8];
	const int n = epoll_wait(f->set, events, sizeof(events) / sizeof(events[0]), (int)((ns + MILLISECOND - 1) / MILLISECOND));

	for (int i = 0; i < n; i++)
		if (events[i].data.fd == f->signal_fd)
			take_signals(f);
}

/* Whether the loop is to end. */
static bool is_over(struct follow *f, struct child *child, uint64_t passed)
{
	if (f->child && child->pid)
		f->stop |= child_ended(child);
	f->child = false;
	return f->stop || (f->opts->count && f->received >= f->opts->count) || (f->opts->for_ns && passed >= f->opts->for_ns);
}

static int loop(struct follow *f, struct child *child)
{
	const uint64_t start = now_ns();
	uint64_t next_maps = start + f->opts->interval_ns, now = start;
	int ret = 0;

	f->child = true; /* it may have ended before signals were blocked */
	while (ret >= 0 && !is_over(f, child, now - start)) {
		uint64_t until = now + IDLE_NS;

		if (f->opts->for_ns && start + f->opts->for_ns < until)
			until = start + f->opts->for_ns;
		if (f->opts->maps && next_maps < until)
			until = next_maps;
		wait_for(f, until > now ? until - now : 0);
		now = now_ns();
		ret = consume(f);
		if (ret >= 0)
			ret = copy_trace(f);
		if (f->opts->maps && now >= next_maps) {
			print_maps(f);
			next_maps = now + f->opts->interval_ns;
		}
		if (fflush(stdout))
			ret = -errno;
	}
	for (int i = 0; i < MAX_DRAINS && ret >= 0; i++) {
		ret = consume(f);
		if (ret == 0)
			break;
	}
	if (ret >= 0 && f->trace_fd >= 0) {
		wait_for(f, SECOND / 10); /* trace_pipe gives its lines with a delay */
		ret = copy_trace(f);
	}
	return ret < 0 ? ret : 0;
}

static void summary(const struct follow *f)
{
	struct hewn_ring_stats stats;

	fflush(stdout);
	for (uint32_t i = 0; i < f->n_views; i++) {
		hewn_ring_stats(f->views[i].ring, &stats);
		fprintf(stderr, "hewn: %s: %" PRIu64 " records received, %" PRIu64 " lost\n", f->views[i].map->name,
			stats.received, stats.lost);
	}
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

int follow(const struct hewn_run *run, const struct hewn_object *object, const struct follow_opts *opts,
	   struct child *child, const volatile sig_atomic_t *stop, const sigset_t *signals, struct hewn_err *err)
{
	struct follow f = { .run = run, .object = object, .opts = opts, .trace_fd = -1, .signal_fd = -1, .set = -1 };
	const bool has_command = child->pid != 0;
	int ret = open_views(&f, err), n_iters = 0;

	if (!ret && opts->trace_pipe)
		ret = open_trace_pipe(&f, err);
	if (!ret)
		ret = open_set(&f, signals, err);
	if (!ret && child->pid) {
		ret = child_go(child);
		if (ret)
			err_set(err, ret, "cannot run the command");
	}
	if (!ret && opts->confine)
		ret = confine(opts->confine,
			      &(struct hewn_confine_opts){ .loop = true, .maps = opts->maps, .child = (int)child->pid }, err);
	if (!ret && !has_command)
		n_iters = copy_iterators(&f, err);
	ret = n_iters < 0 ? n_iters : ret;
	f.stop |= *stop != 0;
	if (!ret) {
		if (has_command || !n_iters || !iterates_only(&f))
			ret = loop(&f, child);
		if (!ret && has_command) {
			f.stop = false; /* that the command ended */
			ret = copy_iterators(&f, err);
		}
		ret = ret < 0 ? ret : 0;
		if (!ret && opts->maps)
			print_maps(&f);
		if (ferror(stdout)) /* cmd_finish() says why; or who reads has enough */
			ret = 0;
		else if (ret)
			err_set(err, ret, "cannot go on");
		summary(&f);
	}
	for (uint32_t i = 0; i < f.n_views; i++) {
		hewn_ring_close(f.views[i].ring);
		show_table_close(&f.views[i].table);
	}
	free(f.views);
	close_fd(f.set);
	close_fd(f.signal_fd);
	close_fd(f.trace_fd);
	return ret;
}
