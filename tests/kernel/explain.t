#!/bin/sh
# SPDX-License-Identifier: MIT
# hewn explain asks the verifier: of what it accepts and of what it refuses, in plain words.
. tests/tap.sh
need_root

run $hewn explain "$B/tests/bpf/socket.bpf.o"
is "$status" 0 a_program_is_explained
like "$out" ': accepted$' it_was_loaded
like "$out" 'R1: the context that the kernel hands to the program' registers_are_in_words
like "$out" '^	0: ' the_log_itself_is_there
run $hewn explain "$B/tests/bpf/mistakes/unchecked_pointer.bpf.o"
like "$out" ': refused$' a_refused_one_is_told
like "$out" '^  The cause: +R[0-9] invalid mem access' with_the_cause
like "$out" '^  What to do: ' and_what_to_do
done_testing
