#!/bin/sh
# SPDX-License-Identifier: MIT
# hewn run --maps: what programs counted, in maps of each type whose entries are printed.
. tests/tap.sh
need_tracefs
object=$B/tests/bpf/counted.bpf.o

run "$hewn" run --maps --interval 60 "$object" -- "$B/tests/kernel/calls" getppid 100
is "$status" 0 maps_are_printed || note "$err"
text=$out

# after NAME PATTERN: the row that follows a map's headings.
after() { printf '%s\n' "$text" | sed -n "/^map $1 /{n;n;p;}"; }

# sum NAME: of the last column of its rows, which are one a CPU that was used.
sum() { printf '%s\n' "$text" | awk -v "name=$1" '$1 == "map" { on = $2 == name; next } on { n += $NF } END { print n + 0 }'; }

like "$(after hashed)" '^ +[0-9]+  calls +100$' a_hash_with_a_struct_as_key
like "$(after indexed)" '^ +3 +100$' an_array
is "$(sum hashed_per_cpu)" 100 a_hash_a_cpu
is "$(sum indexed_per_cpu)" 100 an_array_a_cpu
like "$(after recent)" '^ +-5 +100$' an_lru_hash
is "$(sum recent_per_cpu)" 100 an_lru_hash_a_cpu
like "$(after prefixes)" '^ +32  192\.0\.2\.1 +100$' a_trie
like "$(after slots)" '^ +8 \.\. 15 +100 \|\*{40}\|$' a_histogram_over_all_cpus
like "$text" '^total = 100$' a_variable

run "$hewn" run --maps --json --interval 60 "$object" -- "$B/tests/kernel/calls" getppid 100
like "$out" '^\{"map":"hashed","key":\{"uid":[0-9]+,"comm":"calls"\},"value":100\}$' a_line_an_entry_in_json
like "$out" '^\{"map":"hashed_per_cpu","key":\{"uid":[0-9]+,"comm":"calls"\},"values":\[[0-9,]*\]\}$' values_of_all_cpus_in_json
like "$out" '^\{"map":"\.bss","value":\{"total":100\}\}$' a_section_in_json
done_testing
