// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: no license is stated, but the helper is only for programs under the GPL. */
#include "hewn.bpf.h"

SEC("kprobe/do_sys_openat2")
int enter(void *ctx)
{
	u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), ctx);
	return word == 1;
}
