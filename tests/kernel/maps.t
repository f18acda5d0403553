#!/bin/sh
# SPDX-License-Identifier: MIT
# hewn run --maps: what programs counted, in maps of each type whose entries are printed.
. tests/tap.sh
need_tracefs
object=$B/tests/bpf/counted.bpf.o

run "$hewn" run --maps --interval 60 "$object" -- "$B/tests/kernel/calls" getppid 100
is "$status" 0 maps_are_printed || note "$err"
text=$out

# counted NAME WHAT: its last column, which is a row a CPU in some, adds up to the calls. There may be more of them:
# a sanitizer's, or another test's.
counted() {
	n=$(printf '%s\n' "$text" | awk -v "name=$1" '$1 == "map" { on = $2 == name; next } on { n += $NF } END { print n + 0 }')
	[ "$n" -ge 100 ]
	ok $? "$2" || note "$text"
}

# after NAME: the row below a map's headings.
after() { printf '%s\n' "$text" | sed -n "/^map $1 /{n;n;p;}"; }

counted hashed a_hash
like "$(after hashed)" '^ +[0-9]+  calls +[0-9]+$' a_key_that_is_a_struct
counted indexed an_array
like "$(after indexed)" '^ +3 +[0-9]+$' its_zeros_are_left_out
counted hashed_per_cpu a_hash_a_cpu
counted indexed_per_cpu an_array_a_cpu
counted recent an_lru_hash
like "$(after recent)" '^ +-5 +[0-9]+$' a_key_that_is_negative
counted recent_per_cpu an_lru_hash_a_cpu
counted prefixes a_trie
like "$(after prefixes)" '^ +32  192\.0\.2\.1 +[0-9]+$' a_key_with_an_address
like "$(after slots)" '^ +8 \.\. 15 +[0-9]+ \|\*{40}\|$' a_histogram_over_all_cpus
counted .bss a_variable

run "$hewn" run --maps --json --interval 60 "$object" -- "$B/tests/kernel/calls" getppid 100
like "$out" '^\{"map":"hashed","key":\{"uid":[0-9]+,"comm":"calls"\},"value":[0-9]+\}$' a_line_an_entry_in_json
like "$out" '^\{"map":"hashed_per_cpu","key":\{"uid":[0-9]+,"comm":"calls"\},"values":\[[0-9,]*\]\}$' values_of_all_cpus_in_json
like "$out" '^\{"map":"\.bss","value":\{"total":[0-9]+\}\}$' a_section_in_json
done_testing
