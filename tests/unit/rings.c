// SPDX-License-Identifier: MIT
/*
 * The steps that open a ring, run against a kernel that this program plays: offline CPUs, kernels without
 * PERF_FORMAT_LOST, a limit on locked memory.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <unistd.h>

#include "loader/kernel/run.h"
#include "loader/kernel/sys.h"
#include "loader/plan/rings.h"
#include "tests/tap.h"

static struct {
	int offline;           /* this CPU gives ENODEV */
	bool old;              /* before 6.0: EINVAL for a read_format that is unknown */
	int mmap_fails;        /* errno */
	int n_fds, n_mapped, n_events, n_updates, n_ctls;
	uint32_t wakeup, keys; /* bit k: map[k] was given a ring */
	uint64_t read_format;
	long mapped_size, mapped_off;
} kernel;

static long trap_perf(const long a[6])
{
	const struct perf_event_attr *attr = (const void *)(uintptr_t)a[0];

	if (kernel.old && attr->read_format)
		return -EINVAL;
	if (a[2] == kernel.offline)
		return -ENODEV;
	kernel.n_events++;
	kernel.wakeup = attr->wakeup_events;
	kernel.read_format = attr->read_format;
	return 100 + kernel.n_fds++;
}

static long trap_bpf(const long a[6])
{
	const union bpf_attr *attr = (const void *)(uintptr_t)a[1];

	if (a[0] != BPF_MAP_UPDATE_ELEM)
		return -EINVAL;
	kernel.n_updates++;
	kernel.keys |= 1u << *(const uint32_t *)(uintptr_t)attr->key;
	return 0;
}

long sys_trap(enum plan_call call, const long a[6])
{
	switch (call) {
	case CALL_PERF_EVENT_OPEN:
		return trap_perf(a);
	case CALL_BPF:
		return trap_bpf(a);
	case CALL_EPOLL_CREATE1:
		return 100 + kernel.n_fds++;
	case CALL_EPOLL_CTL:
		kernel.n_ctls++;
		return 0;
	case CALL_MMAP:
		if (kernel.mmap_fails)
			return -kernel.mmap_fails;
		kernel.n_mapped++;
		kernel.mapped_size = a[1];
		kernel.mapped_off = a[5];
		return 0x10000l * kernel.n_mapped;
	case CALL_MUNMAP:
		kernel.n_mapped--;
		return 0;
	case CALL_CLOSE:
		kernel.n_fds--;
		return 0;
	default:
		return -ENOSYS;
	}
}

/* A machine of four CPUs, of which the possible ones are 0, 1 and 3. */
static struct hewn_target *target_of(void)
{
	static const char text[] = "# hewn target profile 1\n"
				   "/sys/devices/system/cpu/possible = 0-1,3\n"
				   "getconf PAGESIZE = 4096\n";
	char path[] = "/tmp/hewn-rings-XXXXXX";
	struct hewn_target *target = NULL;
	struct hewn_err err = { 0 };
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, text, sizeof(text) - 1) != (ssize_t)sizeof(text) - 1 ||
	    hewn_target_open(&target, path, &err)) {
		perror(path);
		exit(1);
	}
	close(fd);
	unlink(path);
	return target;
}

/* Plans the ring and runs the plan with map fd 99. *run stays NULL where there was no plan to run. */
static int open_ring(struct plan_ring of, struct hewn_plan **plan, struct hewn_run **run, struct hewn_err *err)
{
	struct hewn_target *target = target_of();
	int ret, map = 99;

	*run = NULL;
	*plan = calloc(1, sizeof(**plan));
	if (!*plan)
		exit(1);
	of.name = "events";
	of.map = plan_slot(*plan, SLOT_FD, OF_MAP, 0, -1, "map");
	ret = plan_ring(*plan, &of, target, err);
	hewn_target_close(target);
	return ret ? ret : run_open_with(run, *plan, &map, 1, NULL, err);
}

static void close_ring(struct hewn_plan *plan, struct hewn_run *run, const char *name)
{
	hewn_run_close(run);
	hewn_plan_close(plan);
	ok(!kernel.n_fds && !kernel.n_mapped, name);
	memset(&kernel, 0, sizeof(kernel));
	kernel.offline = -1;
}

static const struct plan_ring perf = { .type = BPF_MAP_TYPE_PERF_EVENT_ARRAY, .entries = 4 };
static const struct plan_ring ringbuf = { .type = BPF_MAP_TYPE_RINGBUF, .entries = 8192 };

static bool has_slot(const struct hewn_plan *plan, const struct hewn_run *run, enum plan_slot_kind kind,
		     enum plan_slot_of of, int cpu)
{
	return run_value(run, plan_find(plan, kind, of, 0, cpu)) >= 0;
}

static void perf_rings(void)
{
	struct hewn_err err = { 0 };
	struct hewn_plan *plan;
	struct hewn_run *run;
	struct plan_ring few = perf;

	eq_int(open_ring(perf, &plan, &run, &err), 0, "a_perf_ring_opens");
	eq_int(kernel.keys, 1u << 0 | 1u << 1 | 1u << 3, "each_possible_cpu_has_its_key_and_no_other");
	eq_int(kernel.mapped_size, 65 * 4096, "64_pages_and_one_are_mapped_where_nobody_says");
	eq_int(kernel.wakeup, 1, "each_record_wakes_where_nobody_says");
	eq_int(kernel.n_ctls, 3, "the_reader_can_wait_for_each_cpu");
	close_ring(plan, run, "a_perf_ring_closes");

	kernel.offline = 1;
	eq_int(open_ring(perf, &plan, &run, &err), 0, "an_offline_cpu_is_skipped");
	eq_int(kernel.keys, 1u << 0 | 1u << 3, "the_keys_stay_those_of_the_others");
	ok(!has_slot(plan, run, SLOT_FD, OF_EVENT, 1) && !has_slot(plan, run, SLOT_MAPPING, OF_RING, 1),
	   "an_offline_cpu_has_no_event_and_no_ring");
	ok(has_slot(plan, run, SLOT_MAPPING, OF_RING, 3), "the_cpu_behind_it_has_one");
	close_ring(plan, run, "with_an_offline_cpu_all_is_closed");

	kernel.offline = 0;
	kernel.old = true;
	eq_int(open_ring(perf, &plan, &run, &err), 0, "a_kernel_before_6_0_opens_without_the_count");
	eq_int(kernel.read_format, 0, "it_is_asked_without_read_format");
	eq_int(kernel.keys, 1u << 1 | 1u << 3, "an_offline_cpu_is_skipped_there_too");
	close_ring(plan, run, "on_an_old_kernel_all_is_closed");

	few.entries = 2;
	few.pages = 8;
	few.wakeup = 100;
	eq_int(open_ring(few, &plan, &run, &err), 0, "a_map_may_have_fewer_entries_than_cpus");
	eq_int(kernel.keys, 3, "then_only_those_are_filled");
	eq_int(kernel.mapped_size, 9 * 4096, "the_caller_chooses_the_pages");
	eq_int(kernel.wakeup, 100, "the_caller_chooses_the_wakeup");
	close_ring(plan, run, "the_smaller_ring_closes");
}

static void ringbufs(void)
{
	struct hewn_err err = { 0 };
	struct hewn_plan *plan;
	struct hewn_run *run;

	eq_int(open_ring(ringbuf, &plan, &run, &err), 0, "a_ring_buffer_opens");
	eq_int(kernel.n_mapped, 2, "it_has_two_mappings");
	eq_int(kernel.mapped_size, 4096 + 2 * 8192, "the_data_is_mapped_twice");
	eq_int(kernel.mapped_off, 4096, "from_the_second_page_on");
	eq_int(kernel.n_events + kernel.n_updates, 0, "it_needs_no_perf_event");
	close_ring(plan, run, "a_ring_buffer_closes");
}

static void refuse(struct plan_ring of, int mmap_fails, int code, const char *what, const char *hint,
		   const char *name)
{
	struct hewn_err err = { 0 };
	struct hewn_plan *plan;
	struct hewn_run *run;

	kernel.mmap_fails = mmap_fails;
	eq_int(open_ring(of, &plan, &run, &err), code, name);
	has(err.what, what, name);
	has(err.hint, hint, name);
	close_ring(plan, run, name);
}

int main(void)
{
	struct plan_ring odd = perf, huge = perf, small = ringbuf, other = perf;

	odd.pages = 3;
	huge.pages = 1u << 31;
	small.entries = 5000;
	other.type = BPF_MAP_TYPE_HASH;
	kernel.offline = -1;
	perf_rings();
	ringbufs();
	refuse(odd, 0, -EINVAL, "3 pages, want a power of two", "", "pages_that_are_no_power_of_two_are_refused");
	refuse(huge, 0, -EINVAL, "want a power of two below", "", "too_many_pages_are_refused");
	refuse(small, 0, -EINVAL, "whole pages", "", "a_ring_buffer_of_odd_size_is_refused");
	refuse(other, 0, -EINVAL, "has no ring", "", "a_map_of_another_type_is_refused");
	refuse(perf, EPERM, -EPERM, "may lock", "perf_event_mlock_kb", "locked_memory_is_explained");
	refuse(ringbuf, ENOMEM, -ENOMEM, "not enough memory", "smaller ring", "too_little_memory_is_explained");
	return tap_done();
}
