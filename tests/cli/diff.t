#!/bin/sh
# SPDX-License-Identifier: MIT
# hewn plan --diff: of objects and of saved plans; status as of diff(1).
. tests/tap.sh

"$hewn" profile >"$tmp/profile"
diff_of() { run "$hewn" plan --diff --target "$tmp/profile" "$@"; }

diff_of examples/hello.basm examples/hello.basm
is "$status" 0 an_object_does_not_differ_from_itself
is "$out" '' and_nothing_is_said

"$hewn" plan --json --target "$tmp/profile" "$B/bpf/opens.bpf.o" >"$tmp/saved"
diff_of "$tmp/saved" "$B/bpf/opens.bpf.o"
is "$status" 0 a_saved_plan_is_that_of_its_object
diff_of "$tmp/saved" "$B/bpf/counts.bpf.o"
is "$status" 1 another_object_differs
like "$out" '^maps$' its_maps_are_compared
like "$out" '^\+ map\(counts\)|^- map\(calls\) map_type=BPF_MAP_TYPE_HASH' and_shown
like "$out" '^- open_enter: kprobe/do_sys_openat2$' so_are_its_programs_and_where_they_go
like "$out" '^- open_return: bpf_perf_event_output$' its_helpers
like "$out" '^- bpf\(BPF_MAP_CREATE, \{map_type=BPF_MAP_TYPE_PERF_EVENT_ARRAY' its_calls
like "$out" '^instructions of open_enter$' and_its_instructions

# One map entry more and one instruction other: just these are told.
sed 's/\("max_entries":\)10240/\110241/; s/"text":"exit"/"text":"goto +0"/' "$tmp/saved" >"$tmp/other"
diff_of "$tmp/saved" "$tmp/other"
is "$status" 1 a_changed_number_is_found
is "$(printf '%s\n' "$out" | sed -n '/^maps$/,/^$/p' | grep -c '^[-+] ')" 2 one_map_is_another
is "$(printf '%s\n' "$out" | sed -n '/^instructions/,$p' | grep '^[-+] ' | sort -u)" "$(printf '+ goto +0\n- exit')" one_instruction_is_another
unlike "$out" '^helpers$' what_is_the_same_is_not_mentioned

# "other"'s facts are another machine's.
sed 's/^uname -r = .*/uname -r = 5.10.0/' "$tmp/profile" >"$tmp/old"
"$hewn" plan --json --target "$tmp/old" "$B/bpf/opens.bpf.o" >"$tmp/other"
diff_of "$tmp/saved" "$tmp/other"
like "$out" '^\+ uname -r: 5\.10\.0$' facts_are_compared

echo '{"format": 1}' >"$tmp/other"
diff_of "$tmp/saved" "$tmp/other"
is "$status" 2 what_is_no_plan_is_trouble
like "$err" 'second file is JSON, and no plan' and_which_one_is_told
echo '{"format": ' >"$tmp/other"
diff_of "$tmp/saved" "$tmp/other"
is "$status" 2 so_is_half_a_file
like "$err" 'other:2:1: the end, want a value' with_the_place
diff_of "$tmp/saved"
is "$status" 2 two_are_wanted
done_testing
