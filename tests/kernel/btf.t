#!/bin/sh
# SPDX-License-Identifier: MIT
# The kernel that runs here takes the copies that btf_encode() makes: btf.c loads them.
exec "${B:-build}/tests/kernel/btf"
