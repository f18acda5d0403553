#!/bin/sh
# SPDX-License-Identifier: MIT
# The log of a run and strace of the same run show the same calls with the same arguments, one to one.
# Brings perl with strict warnings JSON::PP Errno overload constant utf8
. tests/tap.sh
need_root
need_command strace
need_command perl

# compare LOG TRACE: prints what differs, and the number of calls on standard error. The calls of the plan are
# known among all others by what they ask for. An int is compared in 32 bits: in the upper half of a register, the
# C library and the kernel may each leave what they like.
compare() {
	perl -e '
		use strict; use warnings; no warnings "portable"; use JSON::PP; use Errno;
		my %ints = (bpf => [0, 2], perf_event_open => [1, 2, 3], ioctl => [0], mmap => [2, 3, 4]);
		my %used = (bpf => 3, perf_event_open => 5, ioctl => 3, mmap => 6);
		sub line {
			my ($call, $result, @args) = @_;
			$args[$_] &= 0xffffffff for @{$ints{$call}};
			splice @args, $used{$call};
			return sprintf "%s(%s) = %s", $call, join(", ", map { sprintf "%#x", $_ } @args), $result;
		}
		my ($log, $trace) = @ARGV;
		my (@want, @got, $pid);
		open my $l, "<", $log or die "$log: $!";
		for my $c (@{decode_json(do { local $/; <$l> })->{calls}}) {
			next unless $c->{made} && $used{$c->{call}};
			push @want, line($c->{call}, $c->{result}, map { $_ & ~0 } @{$c->{raw}});
		}
		open my $t, "<", $trace or die "$trace: $!";
		while (<$t>) {
			my ($who, $call, $args, $result, $error) = /^(\d+)\s+(\w+)\((.*)\)\s+= (\S+)(?: (E\w+))?/ or next;
			my @args = map { hex } split /, /, $args;
			next if $who != ($pid //= $who);
			next if $call eq "ioctl" && ($args[1] >> 8 & 0xff) != ord "\$"; # of perf events
			next if $call eq "mmap" && ($args[3] & 3) != 1;                 # shared
			push @got, line($call, $error ? -eval "Errno::$error()" : hex $result, @args);
		}
		for my $i (0 .. ($#want > $#got ? $#want : $#got)) {
			my ($w, $g) = ($want[$i] // "nothing", $got[$i] // "nothing");
			print "log:    $w\nstrace: $g\n" if $w ne $g;
		}
		print "no calls\n" unless @want;
		print STDERR scalar @want, " calls\n";
	' "$1" "$2"
}

trace() {
	what=$1
	shift
	rm -f "$tmp/log" "$tmp/trace"
	strace -f -o "$tmp/trace" -e trace=bpf,perf_event_open,ioctl,mmap -e raw=bpf,perf_event_open,ioctl,mmap \
		"$hewn" "$what" --json --log="$tmp/log" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	difference=$(compare "$tmp/log" "$tmp/trace" 2>"$tmp/count") && [ -z "$difference" ]
	ok $? "$what $(basename "$object"): $(cat "$tmp/count"), as strace sees them" || note "$difference"
}

for object in "$B"/bpf/*.bpf.o "$B"/tests/bpf/minimal.bpf.o; do
	trace load "$object"
	trace run --for 0.2 "$object"
done

# The smallest object with a map and a tracepoint takes four calls of bpf(2) to load and attach.
if [ -d /sys/kernel/tracing/events ] || [ -d /sys/kernel/debug/tracing/events ]; then
	trace run --for 0.2 "$B"/tests/bpf/minimal.bpf.o
	is "$(grep -c ' bpf(' "$tmp/trace")" 4 four_calls_of_bpf_load_and_attach_one_map_and_one_program
else
	skip four_calls_of_bpf_load_and_attach_one_map_and_one_program "tracefs is not mounted"
fi
done_testing
