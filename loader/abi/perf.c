// SPDX-License-Identifier: MIT
/*
 * struct perf_event_attr, and the ioctls of perf events. Numbers and names only; knows nothing of
 * who opens which event.
 */
#include "loader/abi/abi.h"
#include "loader/abi/tables.h"

#include <linux/perf_event.h>

const struct abi_name abi_perf_types[] = {
	{0, "HARDWARE", V(2, 6)},
	{1, "SOFTWARE", V(2, 6)},
	{2, "TRACEPOINT", V(2, 6)},
	{3, "HW_CACHE", V(2, 6)},
	{4, "RAW", V(2, 6)},
	{5, "BREAKPOINT", V(2, 6)},
	{0, NULL, 0},
};

const struct abi_name abi_perf_hardware[] = {
	{0, "CPU_CYCLES", V(2, 6)},
	{1, "INSTRUCTIONS", V(2, 6)},
	{2, "CACHE_REFERENCES", V(2, 6)},
	{3, "CACHE_MISSES", V(2, 6)},
	{4, "BRANCH_INSTRUCTIONS", V(2, 6)},
	{5, "BRANCH_MISSES", V(2, 6)},
	{6, "BUS_CYCLES", V(2, 6)},
	{7, "STALLED_CYCLES_FRONTEND", V(3, 0)},
	{8, "STALLED_CYCLES_BACKEND", V(3, 0)},
	{9, "REF_CPU_CYCLES", V(3, 3)},
	{0, NULL, 0},
};

const struct abi_name abi_perf_software[] = {
	{0, "CPU_CLOCK", V(2, 6)},
	{1, "TASK_CLOCK", V(2, 6)},
	{2, "PAGE_FAULTS", V(2, 6)},
	{3, "CONTEXT_SWITCHES", V(2, 6)},
	{4, "CPU_MIGRATIONS", V(2, 6)},
	{5, "PAGE_FAULTS_MIN", V(2, 6)},
	{6, "PAGE_FAULTS_MAJ", V(2, 6)},
	{7, "ALIGNMENT_FAULTS", V(2, 6)},
	{8, "EMULATION_FAULTS", V(2, 6)},
	{9, "DUMMY", V(3, 12)},
	{10, "BPF_OUTPUT", V(4, 4)},
	{11, "CGROUP_SWITCHES", V(5, 13)},
	{0, NULL, 0},
};

const struct abi_name abi_perf_sample[] = {
	{1u << 0, "IP", V(2, 6)},
	{1u << 1, "TID", V(2, 6)},
	{1u << 2, "TIME", V(2, 6)},
	{1u << 3, "ADDR", V(2, 6)},
	{1u << 4, "READ", V(2, 6)},
	{1u << 5, "CALLCHAIN", V(2, 6)},
	{1u << 6, "ID", V(2, 6)},
	{1u << 7, "CPU", V(2, 6)},
	{1u << 8, "PERIOD", V(2, 6)},
	{1u << 9, "STREAM_ID", V(2, 6)},
	{1u << 10, "RAW", V(2, 6)},
	{1u << 11, "BRANCH_STACK", V(3, 4)},
	{1u << 12, "REGS_USER", V(3, 7)},
	{1u << 13, "STACK_USER", V(3, 7)},
	{1u << 14, "WEIGHT", V(3, 10)},
	{1u << 15, "DATA_SRC", V(3, 10)},
	{1u << 16, "IDENTIFIER", V(3, 12)},
	{1u << 17, "TRANSACTION", V(3, 13)},
	{1u << 18, "REGS_INTR", V(3, 19)},
	{1u << 19, "PHYS_ADDR", V(4, 14)},
	{1u << 20, "AUX", V(5, 5)},
	{1u << 21, "CGROUP", V(5, 7)},
	{1u << 22, "DATA_PAGE_SIZE", V(5, 11)},
	{1u << 23, "CODE_PAGE_SIZE", V(5, 11)},
	{1u << 24, "WEIGHT_STRUCT", V(5, 12)},
	{0, NULL, 0},
};

const struct abi_name abi_perf_format[] = {
	{1u << 0, "TOTAL_TIME_ENABLED", V(2, 6)},
	{1u << 1, "TOTAL_TIME_RUNNING", V(2, 6)},
	{1u << 2, "ID", V(2, 6)},
	{1u << 3, "GROUP", V(2, 6)},
	{1u << 4, "LOST", V(6, 0)},
	{0, NULL, 0},
};

/* The one-bit members, counted from the struct's first: a compiler puts that one at the low end on
 * a little-endian machine, and at the high end on a big-endian one. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define BIT(i) (1ull << (63 - (i)))
#else
#define BIT(i) (1ull << (i))
#endif

const struct abi_name abi_perf_bits[] = {
	{BIT(0), "disabled", V(2, 6)},
	{BIT(1), "inherit", V(2, 6)},
	{BIT(2), "pinned", V(2, 6)},
	{BIT(3), "exclusive", V(2, 6)},
	{BIT(4), "exclude_user", V(2, 6)},
	{BIT(5), "exclude_kernel", V(2, 6)},
	{BIT(6), "exclude_hv", V(2, 6)},
	{BIT(7), "exclude_idle", V(2, 6)},
	{BIT(8), "mmap", V(2, 6)},
	{BIT(9), "comm", V(2, 6)},
	{BIT(10), "freq", V(2, 6)},
	{BIT(11), "inherit_stat", V(2, 6)},
	{BIT(12), "enable_on_exec", V(2, 6)},
	{BIT(13), "task", V(2, 6)},
	{BIT(14), "watermark", V(2, 6)},
	{BIT(15) | BIT(16), "precise_ip=3", V(2, 6)}, /* a member of two bits */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	{BIT(15), "precise_ip=2", V(2, 6)},
	{BIT(16), "precise_ip=1", V(2, 6)},
#else
	{BIT(15), "precise_ip=1", V(2, 6)},
	{BIT(16), "precise_ip=2", V(2, 6)},
#endif
	{BIT(17), "mmap_data", V(2, 6)},
	{BIT(18), "sample_id_all", V(2, 6)},
	{BIT(19), "exclude_host", V(3, 2)},
	{BIT(20), "exclude_guest", V(3, 2)},
	{BIT(21), "exclude_callchain_kernel", V(3, 7)},
	{BIT(22), "exclude_callchain_user", V(3, 7)},
	{BIT(23), "mmap2", V(3, 12)},
	{BIT(24), "comm_exec", V(3, 16)},
	{BIT(25), "use_clockid", V(4, 1)},
	{BIT(26), "context_switch", V(4, 3)},
	{BIT(27), "write_backward", V(4, 7)},
	{BIT(28), "namespaces", V(4, 12)},
	{BIT(29), "ksymbol", V(5, 1)},
	{BIT(30), "bpf_event", V(5, 1)},
	{BIT(31), "aux_output", V(5, 4)},
	{BIT(32), "cgroup", V(5, 7)},
	{BIT(33), "text_poke", V(5, 9)},
	{BIT(34), "build_id", V(5, 12)},
	{BIT(35), "inherit_thread", V(5, 13)},
	{BIT(36), "remove_on_exec", V(5, 13)},
	{BIT(37), "sigtrap", V(5, 13)},
	{BIT(38), "defer_callchain", V(6, 19)},
	{BIT(39), "defer_output", V(6, 19)},
	{0, NULL, 0},
};

/* `only` is a kind of event (abi_meant() knows the types), or one of the bits, or a bit that is not
 * set. */
const struct abi_field abi_perf_attr[] = {
	{"type", 0, 4, ABI_ENUM, false, abi_perf_types, V(2, 6), NULL},
	{"size", 4, 4, ABI_INT, false, NULL, V(2, 6), NULL},
	{"config", 8, 8, ABI_ENUM, false, abi_perf_hardware, V(2, 6), "hardware"},
	{"config", 8, 8, ABI_ENUM, false, abi_perf_software, V(2, 6), "software"},
	{"config", 8, 8, ABI_INT, false, NULL, V(2, 6), "tracepoint"},
	{"config", 8, 8, ABI_HEX, false, NULL, V(2, 6), "pmu"},
	{"config", 8, 8, ABI_HEX, false, NULL, V(2, 6), NULL},
	{"sample_freq", 16, 8, ABI_INT, false, NULL, V(2, 6), "freq"},
	{"sample_period", 16, 8, ABI_INT, false, NULL, V(2, 6), "!freq"},
	{"sample_type", 24, 8, ABI_FLAGS, false, abi_perf_sample, V(2, 6), NULL},
	{"read_format", 32, 8, ABI_FLAGS, false, abi_perf_format, V(2, 6), NULL},
	{"bits", 40, 8, ABI_FLAGS, false, abi_perf_bits, V(2, 6), NULL},
	{"wakeup_watermark", 48, 4, ABI_INT, false, NULL, V(2, 6), "watermark"},
	{"wakeup_events", 48, 4, ABI_INT, false, NULL, V(2, 6), "!watermark"},
	{"bp_type", 52, 4, ABI_HEX, false, NULL, V(2, 6), NULL},
	{"bp_addr", 56, 8, ABI_HEX, false, NULL, V(2, 6), "breakpoint"},
	{"config1", 56, 8, ABI_PTR, false, NULL, V(2, 6),
	 NULL}, /* kprobe_func, uprobe_path: 4.17 */
	{"bp_len", 64, 8, ABI_INT, false, NULL, V(2, 6), "breakpoint"},
	{"config2", 64, 8, ABI_HEX, false, NULL, V(3, 0),
	 NULL}, /* probe_offset, kprobe_addr: 4.17 */
	{"branch_sample_type", 72, 8, ABI_HEX, false, NULL, V(3, 4), NULL},
	{"sample_regs_user", 80, 8, ABI_HEX, false, NULL, V(3, 7), NULL},
	{"sample_stack_user", 88, 4, ABI_INT, false, NULL, V(3, 7), NULL},
	{"clockid", 92, 4, ABI_SINT, false, NULL, V(4, 1), NULL},
	{"sample_regs_intr", 96, 8, ABI_HEX, false, NULL, V(3, 19), NULL},
	{"aux_watermark", 104, 4, ABI_INT, false, NULL, V(4, 1), NULL},
	{"sample_max_stack", 108, 2, ABI_INT, false, NULL, V(4, 8), NULL},
	{"aux_sample_size", 112, 4, ABI_INT, false, NULL, V(5, 5), NULL},
	{"aux_action", 116, 4, ABI_HEX, false, NULL, V(6, 13), NULL},
	{"sig_data", 120, 8, ABI_HEX, false, NULL, V(5, 13), NULL},
	{"config3", 128, 8, ABI_HEX, false, NULL, V(6, 3), NULL},
	{"config4", 136, 8, ABI_HEX, false, NULL, V(6, 19), NULL},
	{0},
};

/* From the header, because the direction bits of a request differ between architectures. */
const struct abi_name abi_perf_ioctls[] = {
	{PERF_EVENT_IOC_ENABLE, "ENABLE", V(2, 6)},
	{PERF_EVENT_IOC_DISABLE, "DISABLE", V(2, 6)},
	{PERF_EVENT_IOC_REFRESH, "REFRESH", V(2, 6)},
	{PERF_EVENT_IOC_RESET, "RESET", V(2, 6)},
	{PERF_EVENT_IOC_PERIOD, "PERIOD", V(2, 6)},
	{PERF_EVENT_IOC_SET_OUTPUT, "SET_OUTPUT", V(2, 6)},
	{PERF_EVENT_IOC_SET_FILTER, "SET_FILTER", V(2, 6)},
	{PERF_EVENT_IOC_ID, "ID", V(3, 12)},
	{PERF_EVENT_IOC_SET_BPF, "SET_BPF", V(4, 1)},
	{PERF_EVENT_IOC_PAUSE_OUTPUT, "PAUSE_OUTPUT", V(4, 7)},
	{PERF_EVENT_IOC_QUERY_BPF, "QUERY_BPF", V(4, 16)},
	{PERF_EVENT_IOC_MODIFY_ATTRIBUTES, "MODIFY_ATTRIBUTES", V(4, 17)},
	{0, NULL, 0},
};

const struct abi_name abi_perf_open_flags[] = {
	{1u << 0, "FD_NO_GROUP", V(2, 6)},
	{1u << 1, "FD_OUTPUT", V(2, 6)},
	{1u << 2, "PID_CGROUP", V(2, 6)},
	{1u << 3, "FD_CLOEXEC", V(3, 14)},
	{0, NULL, 0},
};
