// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Options of the kernel's configuration in all types that they can have. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig __weak;
extern bool CONFIG_BPF_SYSCALL __kconfig __weak;
extern bool CONFIG_NO_SUCH_OPTION __kconfig __weak;
extern enum libbpf_tristate CONFIG_NET __kconfig __weak;
extern enum libbpf_tristate CONFIG_XFS_FS __kconfig __weak;
extern char CONFIG_BPF_JIT __kconfig __weak;
extern u8 CONFIG_PANIC_ON_OOPS_VALUE __kconfig __weak;
extern u16 CONFIG_HZ __kconfig __weak;
extern s32 CONFIG_PANIC_TIMEOUT __kconfig __weak;
extern u64 CONFIG_PGTABLE_LEVELS __kconfig __weak;
extern const char CONFIG_DEFAULT_HOSTNAME[16] __kconfig __weak;
extern const char CONFIG_LOCALVERSION[5] __kconfig __weak;
extern const char CONFIG_CC_VERSION_TEXT[8] __kconfig __weak;

u64 sum;

SEC("raw_tracepoint/sys_enter")
int read_options(void *ctx)
{
	sum = LINUX_KERNEL_VERSION + LINUX_HAS_BPF_COOKIE + CONFIG_BPF_SYSCALL + CONFIG_NO_SUCH_OPTION + CONFIG_NET +
	      CONFIG_XFS_FS + CONFIG_BPF_JIT + CONFIG_PANIC_ON_OOPS_VALUE + CONFIG_HZ + CONFIG_PANIC_TIMEOUT +
	      CONFIG_PGTABLE_LEVELS + CONFIG_DEFAULT_HOSTNAME[3] + CONFIG_LOCALVERSION[0] + CONFIG_CC_VERSION_TEXT[0];
	return 0;
}
