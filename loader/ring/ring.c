// SPDX-License-Identifier: MIT
/*
 * The ring of one map: joins what a run has mapped with the walks over it. Knows the slots of a run;
 * knows nothing of what is in a record.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loader/err.h"
#include "loader/kernel/run.h"
#include "loader/kernel/sys.h"
#include "loader/mem.h"
#include "loader/plan/rings.h"
#include "loader/ring/ring.h"

/* The part of a ring that belongs to one CPU, or the whole of a ring buffer. */
struct part {
	struct perf_ring perf;     /* kpage NULL: a ring buffer */
	struct bpf_ringbuf ringbuf;
	int event;                 /* fd of the perf event, owned by the run; -1 */
	struct hewn_ring_stats stats;
};

struct hewn_ring {
	hewn_event_fn *fn;
	void *ctx;
	int epoll;                 /* owned by the run */
	struct part *parts;
	uint32_t n_parts;
	bool stopped;              /* fn stopped the last walk: records may wait that epoll has told of */
	struct hewn_plan *plan;    /* of a map made without a plan; NULL: the run is the caller's */
	struct hewn_run *run;
};

/* ── opening ── */

static int add_cpu(struct hewn_ring *ring, const struct hewn_run *run, uint32_t slot, uint32_t page)
{
	const struct plan_slot *memory = &run->plan->slots[slot];
	struct part *part = mem_append(&ring->parts, &ring->n_parts, sizeof(*part));

	if (!part)
		return -ENOMEM;
	part->perf.kpage = (void *)(uintptr_t)run_value(run, slot);
	part->perf.kdata = (uint8_t *)part->perf.kpage + page;
	part->perf.size = memory->size - page;
	part->perf.cpu = memory->cpu;
	part->event = (int)run_value(run, plan_find(run->plan, SLOT_FD, OF_EVENT, memory->index, memory->cpu));
	return 0;
}

static int add_ringbuf(struct hewn_ring *ring, const struct hewn_run *run, uint32_t consumer,
		       uint32_t producer, uint32_t page)
{
	struct part *part = mem_append(&ring->parts, &ring->n_parts, sizeof(*part));

	if (!part)
		return -ENOMEM;
	part->event = -1;
	part->ringbuf.kconsumer = (void *)(uintptr_t)run_value(run, consumer);
	part->ringbuf.kproducer = (void *)(uintptr_t)run_value(run, producer);
	part->ringbuf.kdata = (uint8_t *)part->ringbuf.kproducer + page;
	part->ringbuf.size = (size_t)(run->plan->slots[producer].size - page) / 2;
	return 0;
}

/* The mappings of map `index` into ring->parts. */
static int add_parts(struct hewn_ring *ring, const struct hewn_run *run, uint32_t index, uint32_t type)
{
	const uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE);
	int ret = 0;

	if (type == BPF_MAP_TYPE_RINGBUF)
		return add_ringbuf(ring, run, plan_find(run->plan, SLOT_MAPPING, OF_RING, index, 0),
				   plan_find(run->plan, SLOT_MAPPING, OF_RING, index, 1), page);
	for (uint32_t i = 0; i < run->plan->n_slots && !ret; i++) {
		const struct plan_slot *slot = &run->plan->slots[i];

		if (slot->of == OF_RING && slot->index == index && run->slots[i].present)
			ret = add_cpu(ring, run, i, page);
	}
	return ret;
}

/* With the map's type; takes over plan and run where they are the ring's own, also on failure. */
static int open_parts(struct hewn_ring **result, const struct hewn_run *run, uint32_t index, uint32_t type,
		      struct hewn_plan *own_plan, struct hewn_run *own_run, hewn_event_fn *fn, void *ctx,
		      struct hewn_err *err)
{
	const uint32_t epoll = plan_find(run->plan, SLOT_FD, OF_EPOLL, index, -1);
	struct hewn_ring *ring = calloc(1, sizeof(*ring));

	if (!ring) {
		hewn_run_close(own_run);
		hewn_plan_close(own_plan);
		return err_nomem(err);
	}
	ring->fn = fn;
	ring->ctx = ctx;
	ring->plan = own_plan;
	ring->run = own_run;
	ring->epoll = (int)run_value(run, epoll);
	if (add_parts(ring, run, index, type)) {
		hewn_ring_close(ring);
		return err_nomem(err);
	}
	*result = ring;
	return 0;
}

int hewn_ring_open(struct hewn_ring **ring, const struct hewn_run *run, const char *map, hewn_event_fn *fn,
		   void *ctx, struct hewn_err *err)
{
	const struct hewn_object *object = run->plan->object;
	const uint32_t index = object ? object_map(object, map) : NONE;

	*ring = NULL;
	if (index == NONE)
		return err_set(err, -ENOENT, "there is no map \"%s\"", map);
	if (run_value(run, plan_find(run->plan, SLOT_FD, OF_EPOLL, index, -1)) < 0) {
		if (object->maps[index].type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || object->maps[index].type == BPF_MAP_TYPE_RINGBUF)
			err_hint(err, "plan it with `rings` in struct hewn_plan_opts");
		err_symbol(err, map);
		return err_set(err, -ENOENT, "the run has no ring for the map \"%s\"", map);
	}
	return open_parts(ring, run, index, object->maps[index].type, NULL, NULL, fn, ctx, err);
}

/* What the kernel says of a map (4.13): the members of struct bpf_map_info that it has had from the start. */
static int ask_map(int fd, struct plan_ring *of, struct hewn_err *err)
{
	struct bpf_map_info info;
	union bpf_attr attr;
	int ret;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = offsetof(struct bpf_map_info, map_flags);
	attr.info.info = (uintptr_t)&info;
	ret = hewn_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, offsetof(union bpf_attr, info) + sizeof(attr.info));
	if (ret < 0) {
		err_step(err, "bpf(BPF_OBJ_GET_INFO_BY_FD)");
		err_hint(err, "is it the fd of a map? Before Linux 4.13 no kernel tells what an fd is");
		return err_set(err, ret, "the kernel does not tell what fd %d is", fd);
	}
	of->type = info.type;
	of->entries = info.max_entries;
	return 0;
}

int hewn_ring_open_fd(struct hewn_ring **ring, int map_fd, const struct hewn_ring_opts *opts,
		      hewn_event_fn *fn, void *ctx, struct hewn_err *err)
{
	struct plan_ring of = { .name = "map" };
	struct hewn_target *target = NULL;
	struct hewn_plan *plan;
	struct hewn_run *run = NULL;
	int ret;

	*ring = NULL;
	if (opts) {
		of.pages = opts->pages;
		of.wakeup = opts->wakeup;
	}
	ret = ask_map(map_fd, &of, err);
	if (ret)
		return ret;
	plan = calloc(1, sizeof(*plan));
	if (!plan)
		return err_nomem(err);
	of.map = plan_slot(plan, SLOT_FD, OF_MAP, 0, -1, "map");
	ret = hewn_target_open(&target, NULL, err);
	if (!ret)
		ret = plan_ring(plan, &of, target, err);
	hewn_target_close(target);
	if (!ret && plan->failed)
		ret = err_nomem(err);
	if (!ret)
		ret = run_open_with(&run, plan, &map_fd, 1, NULL, err);
	if (!ret)
		return open_parts(ring, run, 0, of.type, plan, run, fn, ctx, err);
	hewn_run_close(run);
	hewn_plan_close(plan);
	return ret;
}

void hewn_ring_close(struct hewn_ring *ring)
{
	if (!ring)
		return;
	for (uint32_t i = 0; i < ring->n_parts; i++)
		free(ring->parts[i].perf.copy);
	free(ring->parts);
	hewn_run_close(ring->run);
	hewn_plan_close(ring->plan);
	free(ring);
}

/* ── reading ── */

int hewn_ring_fd(const struct hewn_ring *ring)
{
	return ring->epoll;
}

int hewn_ring_consume(struct hewn_ring *ring)
{
	int n = 0, failed = 0, stop = 0;

	ring->stopped = false;
	for (uint32_t i = 0; i < ring->n_parts && !stop; i++) {
		struct part *part = &ring->parts[i];
		int ret;

		if (part->perf.kpage)
			ret = perf_ring_walk(&part->perf, ring->fn, ring->ctx, &part->stats, &stop);
		else
			ret = bpf_ringbuf_walk(&part->ringbuf, ring->fn, ring->ctx, &part->stats, &stop);
		if (ret >= 0)
			n += ret;
		else if (!failed) /* the rings of other CPUs may be whole */
			failed = ret;
	}
	ring->stopped = stop != 0;
	if (stop)
		return stop;
	return failed ? failed : n;
}

int hewn_ring_poll(struct hewn_ring *ring, int timeout_ms)
{
	struct epoll_event event;

	/*
	 * Which ring has woken us does not matter: all are walked, also after a timeout, because a ring with
	 * fewer records than wake the reader must not wait for ever beside a busy one.
	 */
	if (!ring->stopped && epoll_wait(ring->epoll, &event, 1, timeout_ms) < 0)
		return -errno;
	return hewn_ring_consume(ring);
}

/*
 * How many records an event has lost, as the event itself counts them (6.0, PERF_FORMAT_LOST). A record of
 * the ring tells of losses only when the next record finds room, so the last ones may never be told.
 */
static uint64_t lost_of(const struct part *part)
{
	struct {
		uint64_t value, lost;
	} counts = { 0, 0 };
	const long args[6] = { part->event, (long)(uintptr_t)&counts, sizeof(counts) };

	if (part->event < 0 || sys_trap(CALL_READ, args) != (long)sizeof(counts) || counts.lost < part->stats.lost)
		return part->stats.lost;
	return counts.lost;
}

void hewn_ring_stats(const struct hewn_ring *ring, struct hewn_ring_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	for (uint32_t i = 0; i < ring->n_parts; i++) {
		stats->received += ring->parts[i].stats.received;
		stats->bytes += ring->parts[i].stats.bytes;
		stats->lost += lost_of(&ring->parts[i]);
	}
}
