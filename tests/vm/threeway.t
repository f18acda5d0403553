#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/kernel/strace.t for guests: plan, log and strace are written there, where kprobes are, and held side by side here.
. tests/tap.sh
need_command strace
need_command perl
perl -MJSON::PP -e 1 2>/dev/null || skip_all "no perl with JSON::PP"

objects=$(ls "$B"/bpf/*.bpf.o "$B"/tests/bpf/kprobe.bpf.o "$B"/tests/bpf/kprobe_multi.bpf.o "$B"/tests/bpf/uprobe.bpf.o \
	"$B"/tests/bpf/data.bpf.o "$B"/tests/bpf/several.bpf.o examples/opens.basm 2>/dev/null)

# In the guest: for each object the three, each behind a line that names it. What `load` does, `run` does first.
cat >"$tmp/inside" <<'EOT'
hewn=$1
shift
for object; do
	$hewn plan --json $object >/tmp/plan 2>/dev/null || continue
	strace -v -X raw -xx -s 10000000 -o /tmp/trace $hewn run --for 0.1 --json --log=/tmp/log $object >/dev/null 2>&1 </dev/null
	for file in plan log trace; do
		echo "-- $file run $object"
		cat /tmp/$file
	done
done
EOT

for kernel in 6.1 6.12; do
	# shellcheck disable=SC2086 # a list of names
	tests/vm/run -f "$tmp/inside" "$kernel" sh "$tmp/inside" "$hewn" $objects >"$tmp/guest" 2>"$tmp/err"
	case $? in
	0) ;;
	77) skip "plan_log_and_strace_agree_in_${kernel}" "no kernel $kernel" && continue ;;
	*) fail "plan_log_and_strace_can_be_had_in_${kernel}" "$(tail -n 5 "$tmp/err")" || continue ;;
	esac
	rm -rf "$tmp/parts"
	mkdir "$tmp/parts"
	perl -e '
		my ($n, $out) = (0);
		while (<STDIN>) {
			if (/^-- (plan|log|trace) (\w+) (\S+)$/) {
				$n++ if $1 eq "plan";
				open $out, ">", "$ARGV[0]/$n.$1";
				if ($1 eq "plan") { open my $name, ">", "$ARGV[0]/$n.name"; print $name "$2 $3\n" }
			} else { print $out $_ }
		}' "$tmp/parts" <"$tmp/guest"
	for name in "$tmp"/parts/*.name; do
		part=${name%.name}
		difference=$(tests/threeway "$part.plan" "$part.log" "$part.trace" 2>"$tmp/count")
		ok $? "$kernel: $(cat "$name"): $(cat "$tmp/count"), in the plan, the log and strace" || note "$difference"
	done
done
done_testing
