// SPDX-License-Identifier: MIT
/* Finds an architecture, and a register of it. The facts are in the files beside this one. */
#include <string.h>

#include "loader/arch/arch.h"

const struct arch *const arches[] = {
	&arch_x86_64, &arch_i386,   &arch_arm64, &arch_arm,   &arch_riscv64,	 &arch_s390x,
	&arch_mips,   &arch_mips64, &arch_ppc,	 &arch_ppc64, &arch_loongarch64, NULL,
};

const struct arch *arch_by_name(const char *name)
{
	for (const struct arch *const *a = arches; *a; a++) {
		if (!strcmp((*a)->name, name))
			return *a;
		for (const char *const *alias = (*a)->aliases; *alias; alias++)
			if (!strcmp(*alias, name))
				return *a;
	}
	return NULL;
}

const struct arch *arch_by_elf(uint16_t machine, uint8_t bits)
{
	for (const struct arch *const *a = arches; *a; a++)
		if ((*a)->machine == machine && (*a)->bits == bits)
			return *a;
	return NULL;
}

const struct arch *arch_native(void)
{
#if defined(__x86_64__)
	return &arch_x86_64;
#elif defined(__i386__)
	return &arch_i386;
#elif defined(__aarch64__)
	return &arch_arm64;
#elif defined(__arm__)
	return &arch_arm;
#elif defined(__riscv) && __riscv_xlen == 64
	return &arch_riscv64;
#elif defined(__s390x__)
	return &arch_s390x;
#elif defined(__mips64)
	return &arch_mips64;
#elif defined(__mips__)
	return &arch_mips;
#elif defined(__powerpc64__)
	return &arch_ppc64;
#elif defined(__powerpc__)
	return &arch_ppc;
#elif defined(__loongarch64)
	return &arch_loongarch64;
#else
	return NULL;
#endif
}

static bool is_since(uint32_t since, uint32_t version)
{
	return since && (!version || version >= since);
}

bool arch_syscall_wrapped(const struct arch *arch, uint32_t version)
{
	return is_since(arch->wrapped_since, version);
}

const char *arch_syscall_prefix(const struct arch *arch, uint32_t version)
{
	uint32_t since = arch->prefix_since ? arch->prefix_since : arch->wrapped_since;

	return is_since(since, version) ? arch->wrapper_prefix : "sys_";
}

const struct arch_reg *arch_reg(const struct arch *arch, const char *name, size_t len)
{
	if (len && (*name == '%' || *name == '$')) {
		name++;
		len--;
	}
	for (const struct arch_reg *reg = arch->usdt; reg->name; reg++)
		if (strlen(reg->name) == len && !memcmp(reg->name, name, len))
			return reg;
	return NULL;
}
