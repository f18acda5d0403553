// SPDX-License-Identifier: MIT
/*
 * flood OBJECT N: about N records of 64 bytes a case through the rings of tests/bpf/produce.bpf.c,
 * from all CPUs at once, and each of them accounted for: received + lost = produced. The program
 * numbers the records of each CPU, so that every gap must be what the kernel says was lost there.
 * Knows the library's public side alone, but for the number of CPUs.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <poll.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/hewn.h"
#include "loader/target/target.h"
#include "tests/tap.h"

#define MOST_CPUS 1024
#define BATCH	  100u /* what the program makes in one run at the most */

struct record {
	uint64_t number, cpu, filler[6];
};

struct counts {
	uint64_t produced, refused, failed;
};

/* What the reader knows. */
struct reader {
	uint64_t next[MOST_CPUS]; /* the number that comes next on each CPU */
	uint64_t received, told,
		gaps;	/* told: lost, as records of the ring say; gaps: numbers that are missing */
	uint64_t wrong; /* records that are not what was produced, or not in order */
	bool ringbuf;
};

struct load {
	struct hewn_object *object;
	struct hewn_plan *plan;
	struct hewn_run *run;
	struct hewn_ring *ring;
	struct reader reader;
	int prog;
};

static const char *object_path;
static uint32_t n_records, n_cpus;

static int see(void *ctx, const struct hewn_event *event)
{
	struct reader *reader = ctx;
	const uint32_t size =
		reader->ringbuf ? sizeof(struct record) : sizeof(struct record) + 4; /* padded */
	struct record record;

	if (event->lost) {
		reader->told += event->lost;
		if (event->cpu >= 0 && event->cpu < MOST_CPUS)
			reader->next[event->cpu] += event->lost;
		return 0;
	}
	reader->received++;
	if (event->size != size) {
		reader->wrong++;
		return 0;
	}
	memcpy(&record, event->data, sizeof(record));
	if (record.cpu >= MOST_CPUS || (event->cpu != (reader->ringbuf ? -1 : (int)record.cpu))) {
		reader->wrong++;
		return 0;
	}
	/* A perf ring has said what was lost before; a ring buffer says nothing. */
	if (record.number < reader->next[record.cpu] ||
	    (!reader->ringbuf && record.number != reader->next[record.cpu]))
		reader->wrong++;
	for (int i = 0; i < 6; i++)
		reader->wrong += record.filler[i] != ~record.number;
	reader->gaps += record.number - reader->next[record.cpu];
	reader->next[record.cpu] = record.number + 1;
	return 0;
}

/* `n` records on one CPU. Returns 0 or -errno; -ENXIO: the CPU is offline. */
static int produce(int prog, uint32_t cpu, uint32_t n)
{
	while (n) {
		const uint64_t words[1] = {n < BATCH ? n : BATCH};
		union bpf_attr attr;
		int ret;

		memset(&attr, 0, sizeof(attr));
		attr.test.prog_fd = (uint32_t)prog;
		attr.test.ctx_in = (uintptr_t)words;
		attr.test.ctx_size_in = sizeof(words);
		attr.test.flags = BPF_F_TEST_RUN_ON_CPU;
		attr.test.cpu = cpu;
		ret = hewn_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr.test));
		if (ret < 0)
			return ret;
		n -= (uint32_t)words[0];
	}
	return 0;
}

/* The sum over the CPUs of what the programs counted. */
static struct counts counted(const struct load *l)
{
	static struct counts each[MOST_CPUS];
	struct counts sum = {0, 0, 0};
	const uint32_t key = 0;

	if (hewn_map_lookup(hewn_run_map_fd(l->run, "counts"), &key, each))
		return sum;
	for (uint32_t i = 0; i < n_cpus; i++) {
		sum.produced += each[i].produced;
		sum.refused += each[i].refused;
		sum.failed += each[i].failed;
	}
	return sum;
}

static void close_load(struct load *l)
{
	hewn_ring_close(l->ring);
	hewn_run_close(l->run);
	hewn_plan_close(l->plan);
	hewn_object_close(l->object);
	free(l);
}

/* by_fd: the ring is opened for the map alone, without a plan. */
static struct load *open_load(const char *map, uint32_t pages, uint32_t wakeup, bool by_fd)
{
	const struct hewn_plan_opts opts = {
		.rings = !by_fd, .ring_pages = pages, .ring_wakeup = wakeup};
	const struct hewn_ring_opts ring_opts = {.pages = pages, .wakeup = wakeup};
	struct hewn_err err = {0};
	struct load *l = calloc(1, sizeof(*l));
	char name[32];
	int ret;

	if (!l)
		return NULL;
	l->reader.ringbuf = !strcmp(map, "ringbuf");
	ret = hewn_object_open(&l->object, object_path, &err);
	if (!ret)
		ret = hewn_plan_open(&l->plan, l->object, NULL, &opts, &err);
	if (!ret)
		ret = hewn_run_open(&l->run, l->plan, NULL, &err);
	if (!ret && by_fd)
		ret = hewn_ring_open_fd(&l->ring, hewn_run_map_fd(l->run, map), &ring_opts, see,
					&l->reader, &err);
	else if (!ret)
		ret = hewn_ring_open(&l->ring, l->run, map, see, &l->reader, &err);
	if (ret) {
		fflush(stdout);
		hewn_err_print(&err, stderr, 0);
		hewn_err_close(&err);
		ok(false, "the_ring_is_opened");
		close_load(l);
		return NULL;
	}
	snprintf(name, sizeof(name), "to_%s", map);
	l->prog = hewn_run_prog_fd(l->run, name);
	return l;
}

static const char *named(const char *of, const char *fact)
{
	static char name[200];

	snprintf(name, sizeof(name), "%s: %s", of, fact);
	return name;
}

/* Everything that must hold when no more records come. */
static void check(const struct load *l, const char *fact, bool complete)
{
	const struct reader *r = &l->reader;
	const struct counts c = counted(l);
	struct hewn_ring_stats stats;
	uint64_t lost;
	char sum[80];

	hewn_ring_stats(l->ring, &stats);
	lost = r->ringbuf ? c.refused : stats.lost;
	printf("# %s: received %llu + lost %llu, produced %llu; records of the ring told of %llu "
	       "lost, the program counted %llu\n",
	       fact, (unsigned long long)stats.received, (unsigned long long)lost,
	       (unsigned long long)c.produced, (unsigned long long)r->told,
	       (unsigned long long)c.refused);
	snprintf(sum, sizeof(sum), "received and lost are the %llu records produced",
		 (unsigned long long)c.produced);
	ok(c.produced > 0 && c.failed == 0, named(fact, "nothing failed but for want of room"));
	if (complete) {
		eq_int(stats.received + lost, c.produced, named(fact, sum));
		eq_int(lost, c.refused, named(fact, "the program counted the same losses"));
	}
	eq_int(r->wrong, 0,
	       named(fact, r->ringbuf ? "each record is whole and in order"
				      : "each record is whole, in order, and missing numbers are "
					"losses that were told"));
	ok(stats.received == r->received &&
		   stats.bytes == r->received * (sizeof(struct record) + (r->ringbuf ? 0 : 4)),
	   named(fact, "the ring's numbers are the callback's"));
	if (r->ringbuf)
		ok(stats.lost == 0 && r->gaps <= c.refused,
		   named(fact, "no number is missing that the program did not count"));
}

/* ── what this process holds ── */

/* Counted here and not by a shell: popen(3) holds a fd or two while that runs. */
static uint32_t fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	uint32_t n = 0;

	if (!dir)
		return UINT32_MAX;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static uint32_t mappings(void)
{
	FILE *file = fopen("/proc/self/maps", "r");
	char line[512];
	uint32_t n = 0;

	if (!file)
		return UINT32_MAX;
	while (fgets(line, sizeof(line), file))
		n += strstr(line, "perf_event") || strstr(line, "bpf-map");
	fclose(file);
	return n;
}

/* ── from all CPUs at once, and read at the same time ── */

static void flood(struct load *l, const char *fact, useconds_t slow)
{
	const uint32_t each = n_records / n_cpus;
	uint32_t running = 0, failed = 0;
	int status, polled = 0;

	fflush(stdout);
	for (uint32_t cpu = 0; cpu < n_cpus; cpu++) {
		const pid_t child = fork();

		if (!child) {
			const int ret =
				produce(l->prog, cpu, cpu ? each : n_records - each * (n_cpus - 1));

			_exit(ret && ret != -ENXIO);
		}
		running += child > 0;
	}
	while (running && polled >= 0) {
		polled = hewn_ring_poll(l->ring, 20);
		if (slow)
			usleep(slow);
		while (running && waitpid(-1, &status, WNOHANG) > 0) {
			running--;
			failed += status != 0;
		}
	}
	for (; running; running--) /* only after a failure */
		wait(&status);
	ok(!failed && polled >= 0 && hewn_ring_consume(l->ring) >= 0,
	   named(fact, "all CPUs produced"));
}

static void concurrent(const char *fact, const char *map, uint32_t pages, uint32_t wakeup,
		       useconds_t slow, bool by_fd, bool losing, bool complete)
{
	struct load *l = open_load(map, pages, wakeup, by_fd);

	if (!l)
		return;
	flood(l, fact, slow);
	if (!complete) { /* one more record on each CPU tells of the last losses */
		for (uint32_t cpu = 0; cpu < n_cpus; cpu++)
			produce(l->prog, cpu, 1);
		hewn_ring_consume(l->ring);
	}
	check(l, fact, true);
	if (losing)
		ok(counted(l).refused > 0, named(fact, "a small ring and a slow reader lost some"));
	close_load(l);
}

/* ── one after the other, so that it is known what must be lost ── */

/* As many as fit, and at once taken out. */
static void nothing_lost(const char *fact, const char *map)
{
	struct load *l = open_load(map, 64, 1, false);
	uint32_t made = 0;

	if (!l)
		return;
	for (uint32_t cpu = 0; made < n_records; cpu = (cpu + 1) % n_cpus) {
		if (!produce(l->prog, cpu, 500))
			made += 500;
		hewn_ring_consume(l->ring);
	}
	check(l, fact, true);
	eq_int(counted(l).refused, 0, named(fact, "nothing is lost"));
	close_load(l);
}

/* A ring that nobody reads: all but the first records are lost, and no record comes later that
 * tells of it. */
static void losses_at_the_end(uint32_t pages, bool counted_by_event)
{
	struct load *l = open_load("perf", pages, 1, false);
	struct hewn_ring_stats stats;

	if (!l)
		return;
	for (uint32_t cpu = 0; cpu < n_cpus; cpu++)
		produce(l->prog, cpu, n_records / n_cpus);
	hewn_ring_consume(l->ring);
	check(l, "losses at the end", counted_by_event);
	eq_int(l->reader.told, 0, "no record told of the losses at the end");
	for (uint32_t cpu = 0; cpu < n_cpus; cpu++)
		produce(l->prog, cpu, 1);
	hewn_ring_consume(l->ring);
	check(l, "one more record on each CPU", true);
	hewn_ring_stats(l->ring, &stats);
	eq_int(l->reader.told, stats.lost, "one later record tells of all losses");
	close_load(l);
}

/* Whether the ring's fd is readable within so many milliseconds. */
static int readable(const struct load *l, int ms)
{
	struct pollfd fd = {.fd = hewn_ring_fd(l->ring), .events = POLLIN};

	return poll(&fd, 1, ms);
}

static void wakes_at_the_threshold(void)
{
	struct load *l = open_load("perf", 64, 100, false);

	if (!l)
		return;
	ok(mappings() != UINT32_MAX && mappings() >= 2,
	   "rings are seen in /proc while they are open");
	produce(l->prog, 0, 99);
	eq_int(readable(l, 50), 0, "99 records of 100 do not wake the reader");
	produce(l->prog, 0, 1);
	eq_int(readable(l, 5000), 1, "the hundredth does");
	eq_int(hewn_ring_poll(l->ring, 5000), 100, "which gets them all");
	produce(l->prog, 0, 7);
	eq_int(hewn_ring_poll(l->ring, 10), 7, "fewer than wake it are there after the timeout");
	check(l, "wake-up at 100", true);
	close_load(l);
}

int main(int argc, char **argv)
{
	struct hewn_target *target = NULL;
	struct utsname uts;
	unsigned int major = 0;
	bool told; /* PERF_FORMAT_LOST, 6.0: an event says itself what it has lost */
	uint32_t before;

	if (argc != 3 || uname(&uts) || hewn_target_open(&target, NULL, NULL))
		return 2;
	object_path = argv[1];
	n_records = (uint32_t)strtoul(argv[2], NULL, 10);
	n_cpus = target_possible_cpus(target);
	hewn_target_close(target);
	if (n_cpus > MOST_CPUS) {
		tap_skip("received_and_lost_are_produced", "more CPUs than this test has room for");
		return tap_done();
	}
	told = sscanf(uts.release, "%u", &major) == 1 && major >= 6;
	before = fds();

	concurrent("large rings, read at once", "perf", 1024, 1, 0, false, false, told);
	nothing_lost("perf rings, emptied in time", "perf");
	concurrent("rings of one page, a slow reader", "perf", 1, 1, 300, false, true, told);
	concurrent("rings of two pages, opened for the map alone", "perf", 2, 1, 300, true, true,
		   told);
	concurrent("wake-ups at 64 records", "perf", 64, 64, 0, false, false, told);
	wakes_at_the_threshold();
	losses_at_the_end(1, told);
	concurrent("a ring buffer, a slow reader", "ringbuf", 0, 1, 50000, false, true, true);
	nothing_lost("a ring buffer, emptied in time", "ringbuf");

	eq_int(fds(), before, "no fd is left");
	eq_int(mappings(), 0, "no ring is left mapped");
	return tap_done();
}
