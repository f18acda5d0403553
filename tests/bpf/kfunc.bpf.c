// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Functions of the kernel that programs may call, an address of one, and some that no kernel has. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "GPL";

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
void bpf_no_such_function(int) __ksym __weak;
void a_weak_function(void) __ksym __weak;
extern const void no_such_symbol __ksym __weak;
extern const int no_such_variable __ksym __weak;
extern const void _stext __ksym;
extern int CONFIG_NO_SUCH_OPTION __kconfig __weak;

u64 start;

SEC("syscall")
int use_functions(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	if (&no_such_variable || &no_such_symbol || CONFIG_NO_SUCH_OPTION)
		return 1;
	if (bpf_no_such_function)
		bpf_no_such_function(1);
	if (a_weak_function)
		a_weak_function();
	start = (u64)&_stext;
	return 0;
}
