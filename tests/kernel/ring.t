#!/bin/sh
# SPDX-License-Identifier: MIT
# Every record is accounted for: what a reader received and what was lost is what programs produced. flood.c counts:
# 1,000,000 records a case, and in a guest, whose processor is emulated, 100,000.
. tests/tap.sh
need_root
need_kernel 5.10 "BPF_PROG_TEST_RUN of raw tracepoints"
n=1000000
[ -z "${HEWN_GUEST:-}" ] || n=100000
trap - EXIT
rm -rf "$tmp"
exec "$B/tests/kernel/flood" "$B/tests/bpf/produce.bpf.o" "$n"
