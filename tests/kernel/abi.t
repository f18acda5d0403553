#!/bin/sh
# SPDX-License-Identifier: MIT
# The tables of bpf(2) hold for the kernel that runs here: abi.c compares them with its BTF.
exec "${B:-build}/tests/kernel/abi"
