// SPDX-License-Identifier: MIT
/* The steps that open a ring: see rings.h. The layout of what is mapped is ring/'s business. */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>

#include "loader/err.h"
#include "loader/plan/bytes.h"
#include "loader/plan/rings.h"

#define DEFAULT_PAGES  64u
#define MOST_BYTES     (1u << 30) /* of one CPU's ring: far above what a kernel lets anyone lock */
#define FORMAT_LOST    (1u << 4)  /* PERF_FORMAT_LOST, 6.0 */
#define POSSIBLE       "/sys/devices/system/cpu/possible"

/* What all rings of an epoll set share. */
struct epoll {
	uint32_t slot;
	const char *machine; /* the target's, whose struct epoll_event it is */
};

static void epoll_add(struct hewn_plan *plan, const struct epoll *epoll, uint32_t fd, uint32_t cpu, bool may_be_absent)
{
	uint8_t event[16];
	const uint32_t size = bytes_put_epoll(event, epoll->machine, EPOLLIN, cpu);
	struct plan_step *step;

	step = plan_step(plan, &plan->steps, CALL_EPOLL_CTL, "the reader sleeps until records wait here", 0, NONE);
	step_slot(step, epoll->slot);
	step_int(step, EPOLL_CTL_ADD);
	step_slot(step, fd);
	step_blob(step, plan_blob(plan, BLOB_EPOLL_EVENT, event, size));
	if (may_be_absent)
		step_alt(plan, step, ALT_SKIP, "this CPU is offline", 0)->absent = true;
}

static struct plan_step *map_memory(struct hewn_plan *plan, uint32_t fd, uint32_t size, int prot,
				    uint32_t off, uint32_t slot, const char *why, uint32_t since)
{
	struct plan_step *step = plan_step(plan, &plan->steps, CALL_MMAP, why, since, slot);

	if (slot != NONE)
		plan->slots[slot].size = size;
	step_int(step, 0);
	step_int(step, size);
	step_int(step, prot);
	step_int(step, MAP_SHARED);
	step_slot(step, fd);
	step_int(step, off);
	step_cause(plan, step, ENOMEM, "there is not enough memory for the ring", "a smaller ring needs less");
	return step;
}

/* ── a perf ring for each CPU ── */

/* perf_event_open of the event that bpf_perf_event_output() writes to, with the alternatives of a CPU. */
static struct plan_step *open_event(struct hewn_plan *plan, struct plan_steps *to, uint32_t wakeup,
				    uint64_t format, uint32_t cpu, const char *why, uint32_t since,
				    uint32_t event)
{
	const struct perf_event_attr perf = {
		.type = PERF_TYPE_SOFTWARE,
		.size = PERF_ATTR_SIZE_VER0,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW, /* what the kernel wants, and no more: a record is its data */
		.read_format = format,
		.wakeup_events = wakeup,
	};
	struct plan_step *step = plan_step(plan, to, CALL_PERF_EVENT_OPEN, why, since, event);

	step_blob(step, plan_blob(plan, BLOB_PERF_ATTR, &perf, PERF_ATTR_SIZE_VER0));
	step_int(step, -1);
	step_int(step, cpu);
	step_int(step, -1);
	step_int(step, PERF_FLAG_FD_CLOEXEC);
	step_alt(plan, step, ALT_SKIP, "this CPU is offline", ENODEV, 0);
	step_cause(plan, step, EMFILE, "this process has too many files open: a perf ring needs one a CPU",
		   "raise the limit (ulimit -n)");
	return step;
}

static void plan_cpu(struct hewn_plan *plan, const struct plan_ring *ring, uint32_t cpu, uint32_t pages,
		     uint32_t page, const struct epoll *epoll)
{
	const uint32_t wakeup = ring->wakeup ? ring->wakeup : 1;
	uint32_t event = plan_slot(plan, SLOT_FD, OF_EVENT, ring->index, (int)cpu, "perf(%s, cpu %u)", ring->name, cpu);
	uint32_t memory = plan_slot(plan, SLOT_MAPPING, OF_RING, ring->index, (int)cpu, "ring(%s, cpu %u)", ring->name, cpu);
	uint32_t attr = plan_attr(plan, BPF_MAP_UPDATE_ELEM), key, value;
	struct plan_step *step;
	struct plan_alt *alt;

	step = open_event(plan, &plan->steps, wakeup, FORMAT_LOST, cpu,
			  plan_text(plan, "programs on CPU %u write here; a read() tells how many records were lost", cpu),
			  KERNEL(6, 0), event);
	alt = step_alt(plan, step, ALT_STEPS, "the kernel counts losses only in the ring (before 6.0)", EINVAL, 0);
	open_event(plan, &alt->steps, wakeup, 0, cpu, "the same without that count", KERNEL(4, 4), event);

	step = map_memory(plan, event, (pages + 1) * page, PROT_READ | PROT_WRITE, 0, memory,
			  plan_text(plan, "a page of positions and %u of records", pages), 0);
	step_alt(plan, step, ALT_SKIP, "this CPU is offline", 0)->absent = true;
	step_cause(plan, step, EPERM, plan_text(plan, "%u pages a CPU are more memory than this user may lock", pages + 1),
		   "take fewer pages, raise RLIMIT_MEMLOCK (ulimit -l) or /proc/sys/kernel/perf_event_mlock_kb, or have CAP_IPC_LOCK");
	epoll_add(plan, epoll, event, cpu, true);

	/* Last: from here on records arrive. The key is the CPU's number, whatever CPUs are online. */
	key = plan_blob(plan, BLOB_KEY, &cpu, sizeof(cpu));
	value = plan_blob(plan, BLOB_VALUE, &(uint32_t){ 0 }, sizeof(uint32_t));
	plan_fix(plan, value, 0, sizeof(uint32_t), FIX_SLOT, event);
	attr_slot(plan, attr, "map_fd", ring->map);
	attr_blob(plan, attr, "key", key);
	attr_blob(plan, attr, "value", value);
	step = plan_bpf(plan, &plan->steps, BPF_MAP_UPDATE_ELEM, attr,
			plan_text(plan, "gives the ring to %s[%u]", ring->name, cpu), KERNEL(4, 3), NONE);
	step_alt(plan, step, ALT_SKIP, "this CPU is offline", 0)->absent = true;
}

static int plan_perf(struct hewn_plan *plan, const struct plan_ring *ring, struct hewn_target *target,
		     const struct epoll *epoll, struct hewn_err *err)
{
	const uint32_t pages = ring->pages ? ring->pages : DEFAULT_PAGES, page = target_page_size(target);
	const char *possible = target_fact(target, POSSIBLE);
	uint32_t n_cpus = target_possible_cpus(target);

	if (pages & (pages - 1) || pages >= MOST_BYTES / page) {
		err_symbol(err, ring->name);
		return err_set(err, -EINVAL, "a ring of %u pages, want a power of two below %u", pages, MOST_BYTES / page);
	}
	target_fact(target, PERF_PARANOID);
	if (ring->entries < n_cpus) /* an object that wants fewer gets fewer: its programs see errors elsewhere */
		n_cpus = ring->entries;
	for (uint32_t cpu = 0; cpu < n_cpus; cpu++)
		if (!possible || target_cpu_in(possible, cpu))
			plan_cpu(plan, ring, cpu, pages, page, epoll);
	return 0;
}

/* ── a BPF ring buffer ── */

static int plan_ringbuf(struct hewn_plan *plan, const struct plan_ring *ring, struct hewn_target *target,
			const struct epoll *epoll, struct hewn_err *err)
{
	const uint32_t page = target_page_size(target), size = ring->entries;
	uint32_t consumer, producer;

	if (!size || size & (size - 1) || size % page || size > (UINT32_MAX - page) / 2) {
		err_symbol(err, ring->name);
		return err_set(err, -EINVAL, "a ring buffer of %u bytes, want a power of two and whole pages of %u", size, page);
	}
	consumer = plan_slot(plan, SLOT_MAPPING, OF_RING, ring->index, 0, "consumer(%s)", ring->name);
	producer = plan_slot(plan, SLOT_MAPPING, OF_RING, ring->index, 1, "producer(%s)", ring->name);
	map_memory(plan, ring->map, page, PROT_READ | PROT_WRITE, 0, consumer,
		   "the page with the reader's position", KERNEL(5, 8));
	map_memory(plan, ring->map, page + 2 * size, PROT_READ, page, producer,
		   "the page with the writer's position, and the data twice, so that no record wraps", KERNEL(5, 8));
	epoll_add(plan, epoll, ring->map, 0, false);
	return 0;
}

int plan_ring(struct hewn_plan *plan, const struct plan_ring *ring, struct hewn_target *target,
	      struct hewn_err *err)
{
	struct epoll epoll = { .machine = target_fact(target, "uname -m") };
	struct plan_step *step;

	if (ring->type != BPF_MAP_TYPE_PERF_EVENT_ARRAY && ring->type != BPF_MAP_TYPE_RINGBUF) {
		err_symbol(err, ring->name);
		return err_set(err, -EINVAL, "a map of type %u has no ring, want perf_event_array (4) or ringbuf (27)", ring->type);
	}
	epoll.slot = plan_slot(plan, SLOT_FD, OF_EPOLL, ring->index, -1, "epoll(%s)", ring->name);
	step = plan_step(plan, &plan->steps, CALL_EPOLL_CREATE1, "one fd to wait for the whole ring", 0, epoll.slot);
	step_int(step, EPOLL_CLOEXEC);
	if (ring->type == BPF_MAP_TYPE_RINGBUF)
		return plan_ringbuf(plan, ring, target, &epoll, err);
	return plan_perf(plan, ring, target, &epoll, err);
}
