// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A parameter without a name: kernels refuse types with one, whole, and take the program without types. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#pragma clang diagnostic ignored "-Wc2x-extensions" // before C23 a parameter of a definition has one
u32 seen;

SEC("socket")
int unnamed(void *)
{
	seen++;
	return 0;
}
