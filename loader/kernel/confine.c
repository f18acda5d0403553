// SPDX-License-Identifier: MIT
/* A filter for seccomp, made from a plan: see confine.h. */
#include "loader/kernel/confine.h"

#include "loader/abi/abi.h"
#include "loader/kernel/sys.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* ── rules ── */

struct rules {
	struct confine_rule *v;
	uint32_t n;
	unsigned int stages;
};

static struct confine_rule *find(struct rules *rules, long number)
{
	for (uint32_t i = 0; i < rules->n; i++)
		if (rules->v[i].number == number)
			return &rules->v[i];
	return NULL;
}

static void allow(struct rules *rules, long number, const uint32_t *value)
{
	struct confine_rule *rule = find(rules, number);
	uint32_t i = 0;

	if (!rule)
		return;
	rule->stages |= rules->stages;
	if (!value || rule->how == CONFINE_ANY)
		return;
	while (i < rule->n_values && rule->values[i] != *value)
		i++;
	if (i == rule->n_values && i < sizeof(rule->values) / sizeof(rule->values[0]))
		rule->values[rule->n_values++] = *value;
}

/* The argument of a plan's call by which the filter tells its calls apart; -1: none. */
static int telling_arg(enum plan_call call)
{
	switch (call) {
	case CALL_BPF:
		return 0;
	case CALL_IOCTL:
		return 1;
	case CALL_OPENAT:
		return 2;
	default:
		return -1;
	}
}

static void add_step(struct rules *rules, const struct plan_step *step)
{
	const int arg = telling_arg(step->call);
	uint32_t value = 0;

	if (arg < 0) {
		allow(rules, sys_number(step->call), NULL);
		return;
	}
	if ((uint32_t)arg < step->n_args && step->args[arg].kind == ARG_INT) {
		value = (uint32_t)step->args[arg].value;
		allow(rules, sys_number(step->call), &value);
	}
}

/* What takes steps away at the end is needed with the loop. */
static void add_steps(struct rules *rules, const struct plan_steps *steps, bool undoing)
{
	for (uint32_t i = 0; i < steps->n; i++) {
		const struct plan_step *step = &steps->v[i];

		if (undoing || rules->stages & CONFINE_STEPS)
			add_step(rules, step);
		for (uint32_t k = 0; k < step->n_alts; k++)
			add_steps(rules, &step->alts[k].steps, undoing);
		if (step->loop) {
			add_steps(rules, &step->loop->steps, undoing);
			add_steps(rules, &step->loop->next, undoing);
		}
		if (!step->undo_on_failure || rules->stages & CONFINE_STEPS)
			add_steps(rules, &step->undo, true);
	}
}

struct confine_rule *confine_rules(const struct hewn_plan *plan, unsigned int stages, int child, uint32_t *n)
{
	/* BPF_MAP_LOOKUP_ELEM, BPF_MAP_GET_NEXT_KEY, BPF_MAP_LOOKUP_BATCH (5.6) */
	static const uint32_t reading[] = { 1, 4, 24 };
	struct rules rules = { .v = calloc(confine_n_base, sizeof(*rules.v)), .stages = stages };
	const uint32_t pid = (uint32_t)child;
	uint32_t kept = 0;

	if (!rules.v)
		return NULL;
	memcpy(rules.v, confine_base, confine_n_base * sizeof(*rules.v));
	rules.n = confine_n_base;
	for (uint32_t i = 0; i < rules.n; i++) {
		struct confine_rule *rule = &rules.v[i];

		/* the program's start maps code; so do profiles that hold from there on */
		if (stages & CONFINE_START && (rule->how == CONFINE_WITHOUT && rule->mask == PROT_EXEC))
			rule->how = CONFINE_ANY;
		if (!(rule->stages & stages)) {
			rule->stages = 0;
			if (rule->how == CONFINE_WITHOUT) /* only what the plan says */
				rule->how = CONFINE_VALUES;
		}
	}
	add_steps(&rules, &plan->steps, false);
	for (size_t i = 0; stages & CONFINE_MAPS && i < sizeof(reading) / sizeof(reading[0]); i++)
		allow(&rules, SYS_bpf, &reading[i]);
	if (child > 0)
		allow(&rules, SYS_kill, &pid);
	for (uint32_t i = 0; i < rules.n; i++)
		if (rules.v[i].stages)
			rules.v[kept++] = rules.v[i];
	*n = kept;
	return rules.v;
}

/* ── the filter ── */

/* AUDIT_ARCH_… of this build, which tells its calls from those of the kernel's other ABIs; 0: not known. */
static uint32_t audit_arch(const char **name)
{
	*name = "?";
#if defined(__x86_64__)
	*name = "x86_64";
	return AUDIT_ARCH_X86_64;
#elif defined(__i386__)
	*name = "i386";
	return AUDIT_ARCH_I386;
#elif defined(__aarch64__)
	*name = "aarch64";
	return AUDIT_ARCH_AARCH64;
#elif defined(__arm__)
	*name = "arm";
	return AUDIT_ARCH_ARM;
#elif defined(__s390x__)
	*name = "s390x";
	return AUDIT_ARCH_S390X;
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	*name = "ppc64le";
	return AUDIT_ARCH_PPC64LE;
#elif defined(__riscv) && __riscv_xlen == 64
	*name = "riscv64";
	return AUDIT_ARCH_RISCV64;
#else
	return 0;
#endif
}

/* Where the filter finds the low half of an argument, and the high one, in struct seccomp_data. */
static unsigned int low_half(unsigned int arg)
{
	const bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	return (unsigned int)offsetof(struct seccomp_data, args) + 8 * arg + (big ? 4 : 0);
}

static const char *value_name(const struct confine_rule *rule, uint32_t value, char *text, size_t size)
{
	const struct abi_cmd *cmd = rule->number == SYS_bpf ? abi_cmd(value) : NULL;
	const char *request = rule->number == SYS_ioctl ? abi_name(abi_perf_ioctls, value) : NULL;

	if (cmd)
		return cmd->name;
	if (request)
		snprintf(text, size, "%s%s", abi_prefix(abi_perf_ioctls), request);
	else if (rule->number == SYS_openat)
		abi_flags(abi_o_flags, value, true, text, size);
	else
		snprintf(text, size, "%#x", value);
	return text;
}

/*
 * One call: its number, then what tells its good uses from others. A use that is not allowed comes back to the process
 * as a signal, with the low 16 bits of the argument, by which the message can name it.
 */
static void write_rule(const struct confine_rule *rule, uint32_t i, FILE *to)
{
	char text[128];

	fprintf(to, "\tjeq #%ld, is%u, not%u\t; %s\nis%u:", rule->number, i, i, rule->name, i);
	if (rule->how == CONFINE_ANY) {
		fprintf(to, "\tret #%#x\t; allow\nnot%u:", SECCOMP_RET_ALLOW, i);
		return;
	}
	fprintf(to, "\tld [%u]\t; its argument %u\n", low_half(rule->arg), rule->arg + 1);
	for (uint32_t k = 0; k < rule->n_values; k++)
		fprintf(to, "\tjeq #%#x, good%u\t; %s\n", rule->values[k], i,
			value_name(rule, rule->values[k], text, sizeof(text)));
	if (rule->how == CONFINE_WITHOUT)
		fprintf(to, "\tjset #%#x, bad%u, good%u\n", rule->mask, i, i);
	if (rule->how == CONFINE_ZERO)
		fprintf(to, "\tjeq #0, low%u, bad%u\nlow%u:\tld [%u]\n\tjeq #0, good%u, bad%u\n", i, i, i,
			low_half(rule->arg) ^ 4, i, i);
	fprintf(to, "bad%u:\tand #0xffff\n\tor #%#x\n\tret a\t; trap, with the argument\n", i, SECCOMP_RET_TRAP);
	fprintf(to, "good%u:\tret #%#x\t; allow\nnot%u:", i, SECCOMP_RET_ALLOW, i);
}

void confine_text(const struct confine_rule *rules, uint32_t n, FILE *to)
{
	const char *name;
	const uint32_t arch = audit_arch(&name);

	if (arch)
		fprintf(to, "\tld [%zu]\t; the ABI of the call\n\tjeq #%#x, native, foreign\t; %s\nforeign:\tret #%#x\t; kill\nnative:",
			offsetof(struct seccomp_data, arch), arch, name, SECCOMP_RET_KILL_PROCESS);
	fprintf(to, "\tld [%zu]\t; its number\n", offsetof(struct seccomp_data, nr));
	for (uint32_t i = 0; i < n; i++)
		write_rule(&rules[i], i, to);
	fprintf(to, "\tret #%#x\t; trap\n", SECCOMP_RET_TRAP);
}
