// SPDX-License-Identifier: MIT
/*
 * Installing the fence: no new privileges, the capabilities that are still needed, then the filter. Knows three calls of
 * the kernel; which calls are allowed is confine.c's.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "insn/cbpf.h"
#include "loader/abi/abi.h"
#include "loader/err.h"
#include "loader/kernel/confine.h"
#include "loader/kernel/sys.h"
#include "loader/plan/needs.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Of those that the process has, only these stay; none can come back. */
static int keep_caps(uint64_t wanted, struct hewn_err *err)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	const long args[6] = { (long)(uintptr_t)&header, (long)(uintptr_t)data };
	long ret = sys_by_number(SYS_capget, args);

	for (int i = 0; !ret && i < 2; i++) {
		const uint32_t half = (uint32_t)(wanted >> (32 * i));

		data[i].permitted &= half;
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (!ret)
		ret = sys_by_number(SYS_capset, args);
	if (!ret)
		return 0;
	err_step(err, "capset()");
	return err_set(err, (int)ret, "the capabilities that are not needed cannot be given up");
}

static int install(const struct sock_filter *insns, uint16_t n, struct hewn_err *err)
{
	const struct sock_fprog prog = { .len = n, .filter = (struct sock_filter *)(uintptr_t)insns };
	const long args[6] = { SECCOMP_SET_MODE_FILTER, 0, (long)(uintptr_t)&prog };
	const long ret = sys_by_number(SYS_seccomp, args);

	if (!ret)
		return 0;
	err_step(err, "seccomp()");
	err_hint(err, "CONFIG_SECCOMP_FILTER; a container's profile may refuse seccomp(2) itself");
	return err_set(err, (int)ret, "the kernel refused the filter of %u instructions", n);
}

/* The text of the filter of some stages, which the caller frees; NULL: out of memory. */
static char *filter_text(const struct hewn_plan *plan, unsigned int stages, int child, size_t *size)
{
	uint32_t n = 0;
	struct confine_rule *rules = confine_rules(plan, stages, child, &n);
	char *text = NULL;
	FILE *to = rules ? open_memstream(&text, size) : NULL;

	if (to) {
		confine_text(rules, n, to);
		if (fclose(to)) {
			free(text);
			text = NULL;
		}
	}
	free(rules);
	return text;
}

int hewn_confine(const struct hewn_plan *plan, const struct hewn_confine_opts *opts, struct hewn_err *err)
{
	unsigned int stages = CONFINE_LOOP | (opts->loop ? 0 : CONFINE_STEPS) | (opts->maps ? CONFINE_MAPS : 0);
	const long no_new_privs[6] = { PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0 };
	const uint64_t caps = opts->loop ? needs_of_end(plan) : needs_of_plan(plan, true);
	struct insn_err insn_err;
	struct sock_filter *insns = NULL;
	char *text = NULL;
	size_t size = 0;
	uint16_t n = 0;
	long ret;

	if (SANITIZED)
		return err_set(err, -ENOTSUP, "this build has sanitizers, which make system calls of their own: it cannot be confined");
	text = filter_text(plan, stages, opts->child, &size);
	if (!text)
		return err_nomem(err);
	ret = cbpf_parse(text, size, &insns, &n, &insn_err);
	if (!ret)
		ret = cbpf_check(insns, n, &insn_err);
	if (ret)
		err_set(err, (int)ret, "the filter is wrong: %s", insn_err.msg);
	if (!ret && !opts->loop) {
		ret = sys_by_number(SYS_prctl, no_new_privs);
		if (ret)
			err_set(err, (int)ret, "prctl(PR_SET_NO_NEW_PRIVS) failed");
	}
	if (!ret)
		ret = keep_caps(caps, err);
	if (!ret)
		ret = install(insns, n, err);
	free(insns);
	free(text);
	return (int)ret;
}

const char *hewn_confine_explain(int number, int value, char *text, size_t size)
{
	const char *name = confine_call_name(number);
	const struct abi_cmd *cmd = number == SYS_bpf ? abi_cmd((uint32_t)value) : NULL;

	if (!name)
		snprintf(text, size, "system call %d", number);
	else if (number == SYS_bpf)
		snprintf(text, size, cmd ? "bpf(%s)" : "bpf()", cmd ? cmd->name : "");
	else if (number == SYS_ioctl)
		snprintf(text, size, "ioctl(request %#x)", (unsigned int)value);
	else
		snprintf(text, size, "%s()", name);
	return text;
}

/* ── in other forms ── */

static void write_condition(const struct confine_rule *rule, const char *op, uint32_t value, bool masked, FILE *to)
{
	fprintf(to, ",\"args\":[{\"index\":%u,\"value\":%u,%s\"op\":\"%s\"}]}", rule->arg, value,
		masked ? "\"valueTwo\":0," : "", op);
}

/* The runtime specification's linux.seccomp, as Docker and Podman take it. */
static void write_oci(const struct confine_rule *rules, uint32_t n, FILE *to)
{
	const char *sep = "";

	fputs("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,\"syscalls\":[\n", to);
	for (uint32_t i = 0; i < n; i++) {
		const struct confine_rule *rule = &rules[i];
		const uint32_t n_values = rule->how == CONFINE_ANY ? 0 : rule->n_values;

		for (uint32_t k = 0; k < n_values; k++) {
			fprintf(to, "%s{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ALLOW\"", sep, rule->name);
			write_condition(rule, "SCMP_CMP_EQ", rule->values[k], false, to);
			sep = ",\n";
		}
		if (rule->how == CONFINE_VALUES)
			continue;
		fprintf(to, "%s{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ALLOW\"", sep, rule->name);
		sep = ",\n";
		if (rule->how == CONFINE_WITHOUT)
			write_condition(rule, "SCMP_CMP_MASKED_EQ", rule->mask, true, to);
		else if (rule->how == CONFINE_ZERO)
			write_condition(rule, "SCMP_CMP_EQ", 0, false, to);
		else
			putc('}', to);
	}
	fputs("\n]}\n", to);
}

static void write_systemd(const struct confine_rule *rules, uint32_t n, FILE *to)
{
	fputs("SystemCallFilter=", to);
	for (uint32_t i = 0; i < n; i++)
		fprintf(to, "%s%s", i ? " " : "", rules[i].name);
	putc('\n', to);
}

static void write_caps(const struct hewn_plan *plan, FILE *to)
{
	const uint64_t caps = needs_of_plan(plan, false) | needs_of_facts(plan);

	for (unsigned int cap = 0; cap < NEEDS_N_CAPS; cap++)
		if (caps >> cap & 1)
			fprintf(to, "%s\n", needs_name(cap));
}

int hewn_confine_print(const struct hewn_plan *plan, enum hewn_confine_form form, FILE *to, struct hewn_err *err)
{
	const unsigned int all = CONFINE_START | CONFINE_STEPS | CONFINE_LOOP | CONFINE_MAPS;
	struct confine_rule *rules;
	char *text;
	size_t size;
	uint32_t n = 0;

	if (form == HEWN_CONFINE_CAPS) {
		write_caps(plan, to);
		return 0;
	}
	if (form == HEWN_CONFINE_BPF || form == HEWN_CONFINE_LOOP) {
		text = filter_text(plan, CONFINE_LOOP | (form == HEWN_CONFINE_BPF ? CONFINE_STEPS : 0), 0, &size);
		if (!text)
			return err_nomem(err);
		fwrite(text, 1, size, to);
		free(text);
		return 0;
	}
	rules = confine_rules(plan, all, 0, &n);
	if (!rules)
		return err_nomem(err);
	(form == HEWN_CONFINE_OCI ? write_oci : write_systemd)(rules, n, to);
	free(rules);
	return 0;
}
