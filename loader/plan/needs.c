// SPDX-License-Identifier: MIT
/* Capabilities of steps: see needs.h. */
#include "loader/plan/needs.h"

#include "loader/abi/abi.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#define BIT(cap) (1ull << (cap))
#define NET_OR_ADMIN (1ull << 63) /* CAP_NET_ADMIN, where there is no CAP_SYS_ADMIN, which does as well */
#define UPROBE_TYPE "/sys/bus/event_source/devices/uprobe/type"
#define MLOCK_KIB 516u /* perf_event_mlock_kb: what a user may lock for perf rings, a CPU */

static const char *const names[NEEDS_N_CAPS] = {
	[NEEDS_DAC_OVERRIDE] = "CAP_DAC_OVERRIDE", [NEEDS_DAC_READ] = "CAP_DAC_READ_SEARCH",
	[NEEDS_NET_ADMIN] = "CAP_NET_ADMIN",	   [NEEDS_IPC_LOCK] = "CAP_IPC_LOCK",
	[NEEDS_SYS_ADMIN] = "CAP_SYS_ADMIN",	   [NEEDS_SYSLOG] = "CAP_SYSLOG",
	[NEEDS_PERFMON] = "CAP_PERFMON",	   [NEEDS_BPF] = "CAP_BPF",
};

const char *needs_name(unsigned int cap)
{
	return cap < NEEDS_N_CAPS ? names[cap] : NULL;
}

static bool is_in(uint32_t number, const uint8_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == number)
			return true;
	return false;
}

bool needs_perfmon(uint32_t prog_type)
{
	/* KPROBE TRACEPOINT PERF_EVENT RAW_TRACEPOINT RAW_TRACEPOINT_WRITABLE TRACING STRUCT_OPS EXT LSM */
	static const uint8_t types[] = { 2, 5, 7, 17, 24, 26, 27, 28, 29 };

	return is_in(prog_type, types, sizeof(types));
}

bool needs_net_admin(uint32_t prog_type)
{
	/* SCHED_CLS SCHED_ACT XDP CGROUP_SOCK LWT_IN LWT_OUT LWT_XMIT SOCK_OPS SK_SKB CGROUP_DEVICE SK_MSG
	 * CGROUP_SOCK_ADDR LWT_SEG6LOCAL FLOW_DISSECTOR CGROUP_SYSCTL CGROUP_SOCKOPT EXT NETFILTER */
	static const uint8_t types[] = { 3, 4, 6, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 22, 23, 25, 28, 32 };

	return is_in(prog_type, types, sizeof(types));
}

/* Helpers that read any memory of the kernel, or print: the verifier gives them to CAP_PERFMON only. */
static bool reveals(int32_t helper)
{
	/* trace_printk, get_current_task, probe_read_user, _kernel, _user_str, _kernel_str, snprintf_btf,
	 * get_current_task_btf, snprintf, task_pt_regs, trace_vprintk */
	static const uint8_t helpers[] = { 6, 35, 112, 113, 114, 115, 149, 158, 165, 175, 177 };

	return helper > 0 && helper < 256 && is_in((uint32_t)helper, helpers, sizeof(helpers));
}

static uint32_t attr_number(const struct plan_blob *attr, const char *name)
{
	const struct abi_field *field = abi_field(attr->cmd, name);

	return field ? (uint32_t)abi_get(field, attr->bytes, attr->size) : 0;
}

/* Whether instructions have the fd of an arena in them, for which the verifier wants CAP_PERFMON too (6.9). */
static bool has_arena(const struct hewn_plan *plan, const struct plan_blob *insns)
{
	for (uint32_t i = 0; plan->object && i < insns->n_fixes; i++) {
		const struct plan_slot *slot = insns->fixes[i].kind == FIX_SLOT ? &plan->slots[insns->fixes[i].index] : NULL;

		if (slot && slot->of == OF_MAP && slot->index < plan->object->n_maps &&
		    plan->object->maps[slot->index].type == 33 /* ARENA */)
			return true;
	}
	return false;
}

/*
 * What older verifiers only let those do who may look at all of the kernel. Until 6.17 a call that no kernel has, in a
 * place that a check keeps from being reached: they followed it all the same, as a processor might that guesses. And
 * comparing the places of packets (6.6, and 6.1's stable kernels).
 */
static bool was_restricted(uint32_t version, uint32_t type, const struct bpf_insn *insn)
{
	/* SCHED_CLS SCHED_ACT XDP CGROUP_SKB LWT_IN LWT_OUT LWT_XMIT SK_SKB SK_MSG LWT_SEG6LOCAL FLOW_DISSECTOR */
	static const uint8_t with_packets[] = { 3, 4, 6, 8, 10, 11, 12, 14, 16, 19, 22 };
	static const uint8_t orders[] = { BPF_JGT, BPF_JGE, BPF_JLT, BPF_JLE };

	if (!version)
		return false;
	if (insn->code == (BPF_JMP | BPF_CALL))
		return !insn->src_reg && insn->imm > UINT16_MAX && version < KERNEL(6, 17);
	return version < KERNEL(6, 1) && BPF_CLASS(insn->code) == BPF_JMP && BPF_SRC(insn->code) == BPF_X &&
	       is_in(BPF_OP(insn->code), orders, sizeof(orders)) && is_in(type, with_packets, sizeof(with_packets));
}

static uint64_t of_prog(const struct hewn_plan *plan, const struct plan_blob *attr)
{
	const uint32_t type = attr_number(attr, "prog_type");
	const struct abi_field *insns = abi_field(BPF_PROG_LOAD, "insns");
	uint64_t caps = BIT(NEEDS_BPF);

	if (needs_perfmon(type))
		caps |= BIT(NEEDS_PERFMON);
	if (needs_net_admin(type))
		caps |= NET_OR_ADMIN;
	for (uint32_t i = 0; insns && i < attr->n_fixes; i++) {
		const struct plan_blob *blob;

		if (attr->fixes[i].off != insns->off || attr->fixes[i].kind != FIX_BLOB)
			continue;
		blob = &plan->blobs[attr->fixes[i].index];
		if (has_arena(plan, blob))
			caps |= BIT(NEEDS_PERFMON);
		for (uint32_t off = 0; blob->bytes && off + 8 <= blob->size; off += 8) {
			struct bpf_insn insn;

			memcpy(&insn, blob->bytes + off, sizeof(insn));
			if ((insn.code == (BPF_JMP | BPF_CALL) && !insn.src_reg && reveals(insn.imm)) ||
			    was_restricted(plan->version, type, &insn))
				caps |= BIT(NEEDS_PERFMON);
		}
	}
	return caps;
}

/* For maps, and for what is attached; for programs it does since 5.8. */
static uint64_t net_admin(const struct hewn_plan *plan)
{
	return !plan->version || plan->version >= KERNEL(6, 9) ? NET_OR_ADMIN : BIT(NEEDS_NET_ADMIN);
}

static uint64_t of_map(const struct hewn_plan *plan, const struct plan_blob *attr)
{
	/* DEVMAP SOCKMAP XSKMAP SOCKHASH DEVMAP_HASH */
	static const uint8_t net[] = { 14, 15, 17, 18, 25 };

	return BIT(NEEDS_BPF) |
	       (is_in(attr_number(attr, "map_type"), net, sizeof(net)) ? net_admin(plan) : 0);
}

static uint64_t of_bpf(const struct hewn_plan *plan, const struct plan_step *step)
{
	const struct plan_blob *attr = step->n_args > 1 && step->args[1].kind == ARG_BLOB ?
					       &plan->blobs[step->args[1].value] : NULL;

	if (!attr || attr->kind != BLOB_BPF_ATTR)
		return BIT(NEEDS_BPF);
	switch (attr->cmd) {
	case BPF_PROG_LOAD:
		return of_prog(plan, attr);
	case BPF_MAP_CREATE:
		return of_map(plan, attr);
	case BPF_BTF_LOAD:
	case BPF_MAP_FREEZE:
		return BIT(NEEDS_BPF);
	case BPF_PROG_GET_NEXT_ID:
	case BPF_MAP_GET_NEXT_ID:
	case BPF_BTF_GET_NEXT_ID:
	case BPF_LINK_GET_NEXT_ID:
	case BPF_PROG_GET_FD_BY_ID:
	case BPF_MAP_GET_FD_BY_ID:
	case BPF_BTF_GET_FD_BY_ID:
	case BPF_LINK_GET_FD_BY_ID:
		return BIT(NEEDS_SYS_ADMIN);
	case BPF_LINK_CREATE:
	case BPF_PROG_ATTACH: /* BPF_CGROUP_INET_INGRESS, _EGRESS: anyone may load these programs */
		return attr_number(attr, "attach_type") < 2 ? net_admin(plan) : 0;
	default: /* the right to use an fd is the right to have it */
		return 0;
	}
}

/* Files of tracefs belong to root, and so does the folder. */
static uint64_t of_open(const struct hewn_plan *plan, const struct plan_step *step)
{
	const struct plan_blob *path = &plan->blobs[step->args[1].value];
	const bool writes = step->args[2].value & O_ACCMODE;

	if (!path->bytes || !strstr((const char *)path->bytes, "/tracing/"))
		return 0;
	return BIT(NEEDS_DAC_READ) | (writes ? BIT(NEEDS_DAC_OVERRIDE) : 0);
}

/* A fact that is a number; -1: the plan was made without it. */
static long fact_number(const struct hewn_plan *plan, const char *path)
{
	for (uint32_t i = 0; i < plan->n_facts; i++)
		if (!strcmp(plan->facts[i].path, path) && plan->facts[i].text)
			return strtol(plan->facts[i].text, NULL, 10);
	return -1;
}

/*
 * A uprobe of the perf PMU takes CAP_SYS_ADMIN before 5.8; then CAP_PERFMON did, until CVE-2025-38466: since July 2025,
 * in 6.16 and in the stable kernels of then, it is CAP_SYS_ADMIN again. Links on many uprobes are not concerned.
 */
static bool uprobe_wants_admin(uint32_t version)
{
	static const uint32_t first[] = { KERNEL(5, 10) | 240, KERNEL(5, 15) | 189, KERNEL(6, 1) | 146,
					  KERNEL(6, 6) | 99,   KERNEL(6, 12) | 39,  KERNEL(6, 15) | 7 };

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (version >> 8 == first[i] >> 8)
			return version >= first[i];
	return !version || version >= KERNEL(6, 16);
}

static uint64_t of_perf(const struct hewn_plan *plan, const struct plan_step *step)
{
	const struct plan_blob *attr = step->args[0].kind == ARG_BLOB ? &plan->blobs[step->args[0].value] : NULL;
	uint32_t type = 0;

	if (attr && attr->bytes && attr->size >= sizeof(type))
		memcpy(&type, attr->bytes, sizeof(type));
	if (fact_number(plan, PERF_PARANOID) > 2 ||
	    (type && fact_number(plan, UPROBE_TYPE) == (long)type && uprobe_wants_admin(plan->version)))
		return BIT(NEEDS_SYS_ADMIN);
	return BIT(NEEDS_PERFMON);
}

static uint64_t of_step(const struct hewn_plan *plan, const struct plan_step *step)
{
	uint64_t caps = 0;

	switch (step->call) {
	case CALL_BPF:
		caps = of_bpf(plan, step);
		break;
	case CALL_PERF_EVENT_OPEN:
		caps = of_perf(plan, step);
		break;
	case CALL_OPENAT:
		caps = step->n_args > 2 && step->args[1].kind == ARG_BLOB ? of_open(plan, step) : 0;
		break;
	case CALL_MMAP: /* of a perf ring: what is over the user's share */
		if (step->n_args > 4 && step->args[4].kind == ARG_SLOT &&
		    plan->slots[step->args[4].value].of == OF_EVENT && step->args[1].value > MLOCK_KIB * 1024)
			caps = BIT(NEEDS_IPC_LOCK);
		break;
	default:
		break;
	}
	if (plan->version && plan->version < KERNEL(5, 8) && caps & (BIT(NEEDS_BPF) | BIT(NEEDS_PERFMON))) {
		caps &= ~(BIT(NEEDS_BPF) | BIT(NEEDS_PERFMON));
		caps |= BIT(NEEDS_SYS_ADMIN);
	}
	return caps;
}

/* Who has CAP_SYS_ADMIN needs none of those that it stands for. */
static uint64_t least(uint64_t caps)
{
	if (caps & BIT(NEEDS_SYS_ADMIN))
		caps &= ~(BIT(NEEDS_BPF) | BIT(NEEDS_PERFMON));
	else if (caps & NET_OR_ADMIN)
		caps |= BIT(NEEDS_NET_ADMIN);
	return caps & ~NET_OR_ADMIN;
}

uint64_t needs_of(const struct hewn_plan *plan, const struct plan_step *step)
{
	return least(of_step(plan, step));
}

uint64_t needs_of_facts(const struct hewn_plan *plan)
{
	uint64_t caps = 0;

	for (uint32_t i = 0; i < plan->n_facts; i++) {
		const struct fact *fact = &plan->facts[i];

		if (fact->text && !strncmp(fact->path, "kallsyms ", 9)) /* an address, which others read as 0 */
			caps |= BIT(NEEDS_SYSLOG);
		if (!strncmp(fact->path, "functions ", 10)) /* of tracefs */
			caps |= BIT(NEEDS_DAC_READ);
	}
	return caps;
}

enum part { USUAL, WHATEVER, AT_END };

static uint64_t of_steps(const struct hewn_plan *plan, const struct plan_steps *steps, enum part part, bool undoing)
{
	uint64_t caps = 0;

	for (uint32_t i = 0; i < steps->n; i++) {
		const struct plan_step *step = &steps->v[i];

		if (part != AT_END || undoing)
			caps |= of_step(plan, step);
		/* a verifier that must not reveal addresses judges pointers otherwise, which is not known before */
		if (part == WHATEVER && step->call == CALL_BPF && step->args[0].value == BPF_PROG_LOAD)
			caps |= BIT(NEEDS_PERFMON);
		for (uint32_t k = 0; part != USUAL && k < step->n_alts; k++)
			caps |= of_steps(plan, &step->alts[k].steps, part, undoing);
		if (step->loop)
			caps |= of_steps(plan, &step->loop->steps, part, undoing) |
				of_steps(plan, &step->loop->next, part, undoing);
		if (part != AT_END || !step->undo_on_failure)
			caps |= of_steps(plan, &step->undo, part, true);
	}
	return caps;
}

uint64_t needs_of_plan(const struct hewn_plan *plan, bool alternatives)
{
	return least(of_steps(plan, &plan->steps, alternatives ? WHATEVER : USUAL, false));
}

uint64_t needs_of_end(const struct hewn_plan *plan)
{
	return least(of_steps(plan, &plan->steps, AT_END, false));
}
