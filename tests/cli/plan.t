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

if command -v perl >/dev/null && perl -MJSON::PP -e 1 2>/dev/null; then
	while read -r line; do
		printf '%s\n' "$line" >"$tmp/one"
		keys "$tmp/one"
	done <"$tmp/all" | sort -u >"$tmp/keys"
	for key in object facts steps n call args yields why since alternatives 'do' on on_absent on_empty_log limit slot bytes_of \
		size holds; do
		grep -qx "$key" "$tmp/keys"
		ok $? "the JSON has $key" || true
		grep -q "\b$key\b" docs/plan.md
		ok $? "and docs/plan.md says what it is"
	done
else
	skip the_json_is_as_documented "no perl with JSON::PP"
fi
done_testing
