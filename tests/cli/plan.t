#!/bin/sh
# SPDX-License-Identifier: MIT
# A plan: the same twice, one JSON object, with the keys that docs/plan.md names; as long for people as a screen is wide.
. tests/tap.sh

# keys FILE: each key of each object in a JSON file, once.
keys() {
	perl -MJSON::PP -e '
		my %seen;
		sub walk {
			my $v = shift;
			if (ref $v eq "HASH") { $seen{$_} = 1, walk($v->{$_}) for keys %$v }
			walk($_) for ref $v eq "ARRAY" ? @$v : ();
		}
		walk(decode_json(do { local $/; <> }));
		print "$_\n" for sort keys %seen;' "$1"
}

for object in "$B"/bpf/*.bpf.o; do
	name=$(basename "$object" .bpf.o)
	run "$hewn" plan "$object"
	cp "$tmp/out" "$tmp/first"
	run "$hewn" plan "$object"
	cmp -s "$tmp/first" "$tmp/out"
	ok $? "the plan of $name is the same twice"
	is "$(awk 'length > 100' "$tmp/out")" '' "no line of it is longer than 100 columns"
	run "$hewn" plan --json "$object"
	is "$(wc -l <"$tmp/out")" 1 "as JSON it is one line"
	cat "$tmp/out" >>"$tmp/all"
	run "$hewn" plan --brief "$object"
	is "$(printf '%s\n' "$out" | grep -cE '^ +[0-9]+  ')" "$(printf '%s\n' "$out" | sed -n 's/^\([0-9]*\) calls\{0,1\}:.*/\1/p')" \
		"briefly it is a line a call"
done

# What is written is what the schema says, and docs/plan.md has a word for each key of it.
if python3 -c 'import jsonschema' 2>/dev/null; then
	python3 -c '
import json, jsonschema, sys
schema = json.load(open("docs/plan.schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
valid = jsonschema.Draft7Validator(schema)
for line in open(sys.argv[1]):
    plan = json.loads(line)
    for e in valid.iter_errors(plan):
        sys.exit("%s: %s: %s" % (plan["object"], "/".join(map(str, e.absolute_path)), e.message[:300]))
' "$tmp/all" 2>"$tmp/err"
	ok $? "the JSON is as docs/plan.schema.json says" || note "$(tail -n 3 "$tmp/err")"
	python3 -c '
import json
def keys(v):
    if isinstance(v, dict):
        for k, w in v.get("properties", {}).items(): print(k)
        for w in v.values(): keys(w)
    if isinstance(v, list):
        for w in v: keys(w)
keys(json.load(open("docs/plan.schema.json")))' | sort -u >"$tmp/keys"
	while read -r key; do
		grep -q "\b$key\b" docs/plan.md
		ok $? "docs/plan.md says what $key is"
	done <"$tmp/keys"
else
	skip the_json_is_as_the_schema_says "no python3 with jsonschema"
fi
if command -v perl >/dev/null && perl -MJSON::PP -e 1 2>/dev/null; then
	while read -r line; do
		printf '%s\n' "$line" >"$tmp/one"
		keys "$tmp/one"
	done <"$tmp/all" | sort -u >"$tmp/seen"
	for key in steps undo alternatives functions places holds limit; do
		grep -qx "$key" "$tmp/seen"
		ok $? "some plan has $key"
	done
else
	skip some_plan_has_each_key "no perl with JSON::PP"
fi
# The plan of hello in README and in the course: the calls that are made where there are kprobes.
for doc in README.md docs/04-hello.md; do
	sed -n '/^ *1  bpf(BPF_BTF_LOAD/,/^$/s/^ *[0-9][0-9]*  \([a-z_]*([A-Z_]*\).*/\1/p' "$doc" >"$tmp/told"
	$hewn plan --brief --target tests/profiles/6.1-x86_64 "$B/bpf/hello.bpf.o" | sed -n 's/^ *[0-9][0-9]*  \([a-z_]*([A-Z_]*\).*/\1/p' >"$tmp/made"
	is "$(cat "$tmp/told")" "$(cat "$tmp/made")" "$doc has the calls of hello"
done
if [ -e "$B/tests/bpf/xdp.bpf.o" ]; then
	run "$hewn" plan --all "$B/tests/bpf/xdp.bpf.o"
	like "$out" 'the same without prog_name, expected_attach_type' old_kernels_do_without_the_type_of_attachment
fi
# The capability that a single uprobe takes is that of the target's kernel: stable ones were mended in July 2025.
if [ -e "$B/tests/bpf/uprobe.bpf.o" ]; then
	for version in 5.10.239:CAP_PERFMON 5.10.240:CAP_SYS_ADMIN 6.1.145:CAP_PERFMON 6.1.146:CAP_SYS_ADMIN 6.12.38:CAP_PERFMON \
		6.12.39:CAP_SYS_ADMIN 6.14.11:CAP_PERFMON 6.16.0:CAP_SYS_ADMIN; do
		sed "s/^uname -v.*/uname -v = #1 SMP Debian ${version%:*}-1 (2025-01-01)/" tests/profiles/6.1-x86_64 >"$tmp/of.profile"
		is "$("$hewn" plan --caps --target "$tmp/of.profile" "$B/tests/bpf/uprobe.bpf.o" | grep -v CAP_BPF)" "${version#*:}" \
			"a uprobe takes ${version#*:} on ${version%:*}"
	done
fi
done_testing
