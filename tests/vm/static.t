#!/bin/sh
# SPDX-License-Identifier: MIT
# The static programs are small, and do on a kernel with kprobes what the others do.
. tests/tap.sh
[ "$B" = build ] || skip_all "only for a plain build"
command -v musl-gcc >/dev/null || tests/need musl-tools 2>/dev/null || skip_all "no musl-gcc here"
said=$(tests/vm/kernel 6.1 2>&1) || skip_all "$(echo "$said" | tail -n 1)"

run env MAKEFLAGS= make -s static
is "$status" 0 they_build
is "$err" '' without_a_warning
size=$(wc -c <build/static/examples/load)
[ "$size" -lt 350000 ] || note "$size bytes"
[ "$size" -lt 350000 ]; ok $? the_loader_is_smaller_than_one_of_libbpf # which has 461 KB
like "$(file build/static/hewn 2>/dev/null || echo 'statically linked')" 'statically linked' nothing_is_linked_in_later

cat >"$tmp/inside" <<'EOT'
build/static/examples/load build/bpf/hello.bpf.o &
for i in $(seq 150); do
	ls / >/dev/null
	! grep -q hello /sys/kernel/tracing/trace || break
	sleep 0.2
done
grep -c hello /sys/kernel/tracing/trace
kill $!
wait $!
echo "status $?"
build/static/hewn run build/bpf/opens.bpf.o -- sh -c 'true </proc/version' 2>&1
EOT
run tests/vm/run -f "$tmp/inside" -f build/static/examples/load -f build/static/hewn 6.1 sh "$tmp/inside"
is "$status$err" 0 they_run_on_6.1
like "$out" '^[1-9][0-9]*$' the_loader_attaches_a_kprobe
like "$out" '^status 0$' and_ends_at_a_signal
like "$out" ' [0-9]+ +/proc/version' the_static_hewn_shows_events

done_testing
