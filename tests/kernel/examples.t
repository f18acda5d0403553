#!/bin/sh
# SPDX-License-Identifier: MIT
# Each example in C, beside strace: those that have a plan make its calls, as their log says; those that write calls by hand
# make these and no others. tests/vm/threeway.t does the same in guests, where kprobes are.
. tests/tap.sh
need_root
need_command strace
need_command perl
perl -MJSON::PP -e 1 2>/dev/null || skip_all "no perl with JSON::PP"
! grep -q __asan_init "$B/hewn" || skip_all "this build has sanitizers, which make system calls of their own"
[ -x "$B/tests/kernel/examined/load" ] || skip_all "this build has no examples to look at"

for source in examples/*.c; do
	name=$(basename "$source" .c)
	tests/examples "$name" "$B" "$tmp/$name" >/dev/null
	difference=$(tests/examples --compare "$name" "$tmp/$name" 2>"$tmp/count")
	ok $? "$name: $(cat "$tmp/count"), and no others" || note "$difference"
done

# A call that the example does not write is found.
sed -i '/"call":"bpf","args":\[10,/d' "$tmp/01-two-instructions/direct"
like "$(tests/examples --compare 01-two-instructions "$tmp/01-two-instructions" 2>/dev/null)" '^after the last step: bpf\(' a_call_that_is_not_written_is_found
done_testing
