#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/kernel/strace.t for guests: plan, log, strace and what it shows as addresses are written there, where kprobes are, and
# held side by side here. tests/corpus/threeway does so for the corpus.
. tests/tap.sh
need_command strace
need_command perl
perl -MJSON::PP -e 1 2>/dev/null || skip_all "no perl with JSON::PP"
[ -x "$B/tests/kernel/examined/load" ] || skip_all "this build has no examples to look at"

objects=$(ls "$B"/bpf/*.bpf.o examples/*.basm 2>/dev/null)
for name in data iter kfunc kprobe kprobe_multi ksym maptypes parents several struct_ops tailcalls tp_btf uprobe xdp; do
	[ ! -e "$B/tests/bpf/$name.bpf.o" ] || objects="$objects $B/tests/bpf/$name.bpf.o"
done

# In the guest: for each object, and for each example in C, what is to be compared, behind lines that name it. What `load` does,
# `run` does first.
cat >"$tmp/inside" <<'EOT'
hewn=$1
shift
send() {
	echo "-- begin $1"
	for file in plan log trace pointed direct count; do
		if [ -e /tmp/one/$file ]; then
			echo "-- file $file"
			cat /tmp/one/$file
		fi
	done
}
mkdir -p /tmp/one
for object; do
	rm -f /tmp/one/*
	if ! $hewn plan --json $object >/tmp/one/plan 2>/dev/null; then
		echo "-- of a newer kernel $object"
		continue
	fi
	$B/tests/kernel/pointed /tmp/one/pointed strace -v -X raw -xx -s 256 -o /tmp/one/trace \
		$hewn run --for 0.1 --json --log=/tmp/one/log $object >/dev/null 2>&1 </dev/null
	send $object
done
for source in examples/*.c; do
	name=${source##*/}
	tests/examples ${name%.c} $B /tmp/one >/dev/null
	send ${name%.c}
done
EOT

for kernel in 6.1 6.12; do
	# shellcheck disable=SC2086 # a list of names
	tests/vm/run -t 900 -f "$tmp/inside" "$kernel" sh "$tmp/inside" "$hewn" $objects >"$tmp/guest" 2>"$tmp/err"
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
			if (/^-- begin (\S+)$/) {
				mkdir sprintf "$ARGV[0]/%03d", ++$n;
				open my $name, ">", sprintf "$ARGV[0]/%03d/name", $n;
				print $name "$1\n";
			} elsif (/^-- file (\w+)$/) {
				open $out, ">", sprintf "$ARGV[0]/%03d/$1", $n;
			} elsif (!/^-- of a newer kernel/) { print $out $_ }
		}' "$tmp/parts" <"$tmp/guest"
	for part in "$tmp"/parts/*; do
		name=$(cat "$part/name")
		case $name in
		*.*) difference=$(tests/threeway "$part/plan" "$part/log" "$part/trace" "$part/pointed" 2>"$tmp/count") ;;
		*) difference=$(tests/examples --compare "$name" "$part" 2>"$tmp/count") ;;
		esac
		ok $? "$kernel: $name: $(cat "$tmp/count"), in the plan, the log and strace" || note "$difference"
	done
	newer=$(grep -c '^-- of a newer kernel' "$tmp/guest")
	is "$(($(ls -d "$tmp"/parts/* | wc -l) + newer))" "$(($(echo "$objects" | wc -w) + $(ls examples/*.c | wc -l)))" "$kernel: of each example, and of each object but $newer"
done
done_testing
