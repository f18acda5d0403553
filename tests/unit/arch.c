// SPDX-License-Identifier: MIT
/*
 * The tables of loader/arch against those who know: <asm/ptrace.h> of this machine by offsetof,
 * those of the other architectures through clang, which checks for any target, and the struct
 * pt_regs of bpf/hewn-regs.bpf.h.
 */
#include <asm/ptrace.h>
#include <unistd.h>

#include "loader/arch/arch.h"
#include "tests/tap.h"

/* How the registers are called in user space's headers.
 */
struct header {
	const struct arch *arch;
	const char *triple; /* clang's, and the folder's in /usr where Debian's cross headers are */
	const char *type;
	const char *args[ARCH_MAX_ARGS];
	const char *result, *ip, *sp;
};

static const struct header headers[] = {
	{&arch_x86_64,
	 "x86_64-linux-gnu",
	 "struct pt_regs",
	 {"rdi", "rsi", "rdx", "rcx", "r8", "r9"},
	 "rax",
	 "rip",
	 "rsp"},
	{&arch_i386,
	 "i686-linux-gnu",
	 "struct pt_regs",
	 {"eax", "edx", "ecx"},
	 "eax",
	 "eip",
	 "esp"},
	{&arch_arm64,
	 "aarch64-linux-gnu",
	 "struct user_pt_regs",
	 {"regs[0]", "regs[1]", "regs[2]", "regs[3]", "regs[4]", "regs[5]", "regs[6]", "regs[7]"},
	 "regs[0]",
	 "pc",
	 "sp"},
	{&arch_arm,
	 "arm-linux-gnueabihf",
	 "struct pt_regs",
	 {"uregs[0]", "uregs[1]", "uregs[2]", "uregs[3]"},
	 "uregs[0]",
	 "uregs[15]",
	 "uregs[13]"},
	{&arch_riscv64,
	 "riscv64-linux-gnu",
	 "struct user_regs_struct",
	 {"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"},
	 "a0",
	 "pc",
	 "sp"},
	{&arch_s390x,
	 "s390x-linux-gnu",
	 "user_pt_regs",
	 {"gprs[2]", "gprs[3]", "gprs[4]", "gprs[5]", "gprs[6]"},
	 "gprs[2]",
	 "psw.addr",
	 "gprs[15]"},
	/* That of user space has the special registers in another order: no ip. */
	{&arch_mips64,
	 "mips64el-linux-gnuabi64",
	 "struct pt_regs",
	 {"regs[4]", "regs[5]", "regs[6]", "regs[7]", "regs[8]", "regs[9]", "regs[10]", "regs[11]"},
	 "regs[2]",
	 NULL,
	 "regs[29]"},
	{&arch_ppc,
	 "powerpc-linux-gnu",
	 "struct pt_regs",
	 {"gpr[3]", "gpr[4]", "gpr[5]", "gpr[6]", "gpr[7]", "gpr[8]", "gpr[9]", "gpr[10]"},
	 "gpr[3]",
	 "nip",
	 "gpr[1]"},
	{&arch_ppc64,
	 "powerpc64le-linux-gnu",
	 "struct pt_regs",
	 {"gpr[3]", "gpr[4]", "gpr[5]", "gpr[6]", "gpr[7]", "gpr[8]", "gpr[9]", "gpr[10]"},
	 "gpr[3]",
	 "nip",
	 "gpr[1]"},
	{&arch_loongarch64,
	 "loongarch64-linux-gnu",
	 "struct user_pt_regs",
	 {"regs[4]", "regs[5]", "regs[6]", "regs[7]", "regs[8]", "regs[9]", "regs[10]", "regs[11]"},
	 "regs[4]",
	 "csr_era",
	 "regs[3]"},
};

static void check_reg(FILE *to, const char *type, const char *member, const struct arch_reg *reg)
{
	fprintf(to, "_Static_assert(__builtin_offsetof(%s, %s) == %d, \"%s\");\n", type, member,
		reg->off, reg->name);
	fprintf(to, "_Static_assert(sizeof(((%s *)0)->%s) == %d, \"%s\");\n", type, member,
		reg->size, reg->name);
}

/* Runs a compiler over what is written to the stream; pclose() gives its status. */
static FILE *compiler(const char *flags)
{
	char command[512];

	fflush(stdout);
	snprintf(command, sizeof(command),
		 "clang -x c -fsyntax-only %s - 2>&1 | sed 's/^/# /' | (! grep .)", flags);
	return popen(command, "w");
}

static void against_user_header(const struct header *header)
{
	const struct arch *arch = header->arch;
	char name[64], folder[256], flags[300], probe[300];
	FILE *to;

	snprintf(name, sizeof(name), "%s_registers_are_where_its_ptrace_header_says", arch->name);
	snprintf(folder, sizeof(folder), "/usr/%s/include", header->triple);
	if (arch == arch_native())
		snprintf(folder, sizeof(folder), "/usr/include/%s -I/usr/include", header->triple);
	snprintf(probe, sizeof(probe), "%.*s/asm/ptrace.h", (int)strcspn(folder, " "), folder);
	if (access(probe, R_OK)) {
		tap_skip(name, "no linux-libc-dev of it for cross compiling");
		return;
	}
	snprintf(flags, sizeof(flags), "--target=%s -nostdinc -I%s", header->triple, folder);
	to = compiler(flags);
	fputs("#include <asm/ptrace.h>\n", to);
	for (uint32_t i = 0; i < arch->n_args; i++)
		check_reg(to, header->type, header->args[i], &arch->args[i]);
	check_reg(to, header->type, header->result, &arch->result);
	check_reg(to, header->type, header->sp, &arch->sp);
	if (header->ip)
		check_reg(to, header->type, header->ip, &arch->ip);
	ok(pclose(to) == 0, name);
}

static void against_bpf_header(const struct arch *arch)
{
	char name[80], flags[200], member[32];
	FILE *to;

	snprintf(name, sizeof(name), "the_pt_regs_for_bpf_of_%s_agrees", arch->name);
	snprintf(flags, sizeof(flags), "-target bpf -Ibpf -D__TARGET_ARCH_%s -DHEWN_WORD=%d",
		 arch->folder, arch->bits);
	to = compiler(flags);
	fputs("#include \"hewn.bpf.h\"\n", to);
	fprintf(to, "_Static_assert(sizeof(struct pt_regs) == %d, \"size\");\n", arch->regs_size);
	for (uint32_t i = 0; i < arch->n_args; i++) {
		snprintf(member, sizeof(member), "HEWN_PARM%u", i + 1);
		check_reg(to, "struct pt_regs", member, &arch->args[i]);
	}
	for (uint32_t i = 0; i < ARCH_MAX_SYSCALL_ARGS && arch->syscall[i].name; i++) {
		snprintf(member, sizeof(member), "HEWN_SYS%u", i + 1);
		if (i == 0 && arch->syscall[i].off >= arch->regs_size)
			fprintf(to, "_Static_assert(HEWN_SYS1_AT == %d, \"\");\n",
				arch->syscall[i].off);
		else
			check_reg(to, "struct pt_regs", member, &arch->syscall[i]);
	}
	fprintf(to, "_Static_assert(HEWN_SYSCALL_WRAPPER == %d, \"\");\n",
		arch_syscall_wrapped(arch, 0));
	check_reg(to, "struct pt_regs", "HEWN_RC", &arch->result);
	check_reg(to, "struct pt_regs", "HEWN_SP", &arch->sp);
	check_reg(to, "struct pt_regs", "HEWN_IP", &arch->ip);
	ok(pclose(to) == 0, name);
}

static void native(void)
{
#ifdef __x86_64__
	const struct arch *arch = arch_by_name("x86_64");

	ok(arch == arch_native(), "native_is_what_this_was_compiled_for");
	eq_int(arch->args[0].off, offsetof(struct pt_regs, rdi), "x86_64_arg_1_is_rdi");
	eq_int(arch->args[3].off, offsetof(struct pt_regs, rcx), "x86_64_arg_4_is_rcx");
	eq_int(arch->syscall[3].off, offsetof(struct pt_regs, r10), "x86_64_syscall_arg_4_is_r10");
	eq_int(arch->result.off, offsetof(struct pt_regs, rax), "x86_64_result_is_rax");
	eq_int(arch->ip.off, offsetof(struct pt_regs, rip), "x86_64_ip_is_rip");
	eq_int(arch_reg(arch, "%r15", 4)->off, offsetof(struct pt_regs, r15), "x86_64_usdt_r15");
	eq_int(arch_reg(arch, "%sil", 4)->off, offsetof(struct pt_regs, rsi), "x86_64_usdt_sil");
	eq_int(arch->regs_size, sizeof(struct pt_regs), "x86_64_size_is_that_of_pt_regs");
#else
	tap_skip("x86_64_offsets", "this is another architecture");
#endif
}

static void tables(void)
{
	for (const struct arch *const *a = arches; *a; a++) {
		uint32_t word = (*a)->bits / 8u;
		bool inside = true, aligned = true;
		char name[80];

		for (const struct arch_reg *reg = (*a)->usdt; reg->name; reg++) {
			inside = inside && reg->off + reg->size <= (*a)->regs_size;
			aligned = aligned && reg->off % (reg->size == 1 ? 1 : word) == 0;
			if (arch_reg(*a, reg->name, strlen(reg->name)) != reg)
				ok(false, reg->name);
		}
		snprintf(name, sizeof(name), "%s_registers_lie_inside_pt_regs", (*a)->name);
		ok(inside && aligned, name);
		snprintf(name, sizeof(name), "%s_is_found_by_its_names", (*a)->name);
		inside = arch_by_name((*a)->name) == *a;
		for (const char *const *alias = (*a)->aliases; *alias; alias++)
			inside = inside && arch_by_name(*alias) == *a;
		ok(inside, name);
		snprintf(name, sizeof(name), "%s_is_found_by_its_elf_header", (*a)->name);
		ok(arch_by_elf((*a)->machine, (*a)->bits) == *a, name);
	}
	ok(!arch_by_name("pdp11"), "an_unknown_name_is_no_architecture");
	ok(!arch_by_elf(247, 64), "bpf_is_no_architecture_of_programs");
}

static void syscalls(void)
{
	const struct arch *x86 = arch_by_name("x86_64"), *riscv = arch_by_name("riscv64"),
			  *arm = arch_by_name("armv7l");

	eq_str(arch_syscall_prefix(x86, 6 << 16 | 1 << 8), "__x64_sys_",
	       "x86_64_syscalls_are_wrapped");
	eq_str(arch_syscall_prefix(x86, 4 << 16 | 14 << 8), "sys_",
	       "x86_64_syscalls_were_plain_before_4_17");
	eq_str(arch_syscall_prefix(riscv, 6 << 16 | 1 << 8), "sys_",
	       "riscv64_syscalls_were_plain_before_6_6");
	eq_str(arch_syscall_prefix(riscv, 6 << 16 | 6 << 8), "__riscv_sys_",
	       "riscv64_syscalls_are_wrapped_from_6_6");
	eq_str(arch_syscall_prefix(arm, 0), "sys_", "arm_syscalls_are_plain");
	eq_str(arch_syscall_prefix(arch_by_name("s390x"), 0), "__s390x_sys_",
	       "an_unknown_version_is_taken_as_new");
	eq_str(arch_syscall_prefix(arch_by_name("s390x"), 5 << 16 | 10 << 8), "__s390x_sys_",
	       "s390x_had_the_prefix_before");
	ok(!arch_syscall_wrapped(arch_by_name("s390x"), 5 << 16 | 10 << 8),
	   "s390x_had_the_wrappers");
	ok(!arch_reg(x86, "xmm0", 4) && !arch_reg(x86, "", 0) && !arch_reg(x86, "%", 1),
	   "an_unknown_register_is_none");
	eq_int(arch_reg(arch_by_name("mips"), "$29", 3)->off, 32 + 29 * 4, "mips_usdt_29_is_sp");
	eq_int(arch_reg(arch_by_name("s390x"), "%r15", 4)->off, 24 + 15 * 8, "s390x_usdt_r15");
}

int main(void)
{
	native();
	tables();
	syscalls();
	if (system("clang --version >/dev/null 2>&1")) {
		tap_skip("other_architectures", "no clang");
		return tap_done();
	}
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		against_user_header(&headers[i]);
	for (const struct arch *const *a = arches; *a; a++)
		against_bpf_header(*a);
	return tap_done();
}
