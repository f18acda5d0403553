#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/kernel/strace.t for guests: plan, log, strace and what it shows as addresses are written there, where kprobes are, and
# held side by side here. tests/corpus/threeway does so for the corpus.
. tests/tap.sh
need_command strace
need_command perl
perl -MJSON::PP -e 1 2>/dev/null || skip_all "no perl with JSON::PP"

objects=$(ls "$B"/bpf/*.bpf.o examples/*.basm 2>/dev/null)
for name in data iter kfunc kprobe kprobe_multi ksym maptypes parents several struct_ops tailcalls tp_btf uprobe usdt xdp; do
	[ ! -e "$B/tests/bpf/$name.bpf.o" ] || objects="$objects $B/tests/bpf/$name.bpf.o"
done

# In the guest: for each object the four, each behind a line that names it. What `load` does, `run` does first.
cat >"$tmp/inside" <<'EOT'
hewn=$1 pointed=$2
shift 2
for object; do
	$hewn plan --json $object >/tmp/plan 2>/dev/null || continue
	$pointed /tmp/pointed strace -v -X raw -xx -s 256 -o /tmp/trace $hewn run --for 0.1 --json --log=/tmp/log $object >/dev/null 2>&1 </dev/null
	for file in plan log trace pointed; do
		echo "-- $file run $object"
		cat /tmp/$file
	done
done
EOT

for kernel in 6.1 6.12; do
	# shellcheck disable=SC2086 # a list of names
	tests/vm/run -t 900 -f "$tmp/inside" "$kernel" sh "$tmp/inside" "$hewn" "$B/tests/kernel/pointed" $objects >"$tmp/guest" 2>"$tmp/err"
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
			if (/^-- (plan|log|trace|pointed) (\w+) (\S+)$/) {
				$n++ if $1 eq "plan";
				open $out, ">", "$ARGV[0]/$n.$1";
				if ($1 eq "plan") { open my $name, ">", "$ARGV[0]/$n.name"; print $name "$2 $3\n" }
			} else { print $out $_ }
		}' "$tmp/parts" <"$tmp/guest"
	for name in "$tmp"/parts/*.name; do
		part=${name%.name}
		difference=$(tests/threeway "$part.plan" "$part.log" "$part.trace" "$part.pointed" 2>"$tmp/count")
		ok $? "$kernel: $(cat "$name"): $(cat "$tmp/count"), in the plan, the log and strace" || note "$difference"
	done
done
done_testing
