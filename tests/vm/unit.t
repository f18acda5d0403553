#!/bin/sh
# SPDX-License-Identifier: MIT
# The line of `hewn plan --seccomp=systemd` and the capabilities of `--caps` in a unit: systemd takes them, and in a guest
# its service loads the object; one that makes a call more is ended by SIGSYS.
. tests/tap.sh
[ "$B" = build ] || skip_all "only for a plain build"
[ "$(uname -m)" = x86_64 ] || skip_all "the guests here are x86_64"
need_command systemd-analyze
[ -x /lib/systemd/systemd ] || skip_all "no systemd here"
make -s "$B/tests/kernel/planted" >&2
object=$B/tests/bpf/core.bpf.o

# unit NAME PROGRAM PLANT
unit() {
	cat >"$tmp/$1.service" <<-EOT
		[Unit]
		DefaultDependencies=no
		[Service]
		Type=oneshot
		Environment=PLANT=$3
		ExecStart=$2 load /hewn/$object
		ExecStopPost=+/bin/busybox sh $tmp/ended %n
		$("$hewn" plan --load --seccomp=systemd "$object")
		CapabilityBoundingSet=$("$hewn" plan --load --caps "$object" | tr '\n' ' ')
		NoNewPrivileges=yes
		StandardOutput=file:/tmp/$1.out
		StandardError=file:/tmp/$1.out
	EOT
}
unit hewn "/hewn/$hewn" ''
unit planted "/hewn/$B/tests/kernel/planted" socket
sed '/^SystemCallFilter/d' "$tmp/planted.service" >"$tmp/free.service"

sed "s|/hewn/$B|$PWD/$B|g; /^ExecStopPost/d" "$tmp/hewn.service" >"$tmp/here.service"
run systemd-analyze verify "$tmp/here.service"
is "$status" 0 systemd_finds_nothing_wrong || note "$err"
unlike "$err" here.service and_says_nothing_of_it || note "$err"
run systemd-analyze security --offline=true "$tmp/here.service"
like "$out" 'SystemCallFilter=~@mount .*allow list defined.* not included' and_sees_what_is_not_allowed || note "$out$err"

echo 'echo "$1 $SERVICE_RESULT $EXIT_CODE $EXIT_STATUS" >>/tmp/ended' >"$tmp/ended"
cat >"$tmp/all.target" <<'EOT'
[Unit]
DefaultDependencies=no
Wants=hewn.service planted.service free.service
EOT
cat >"$tmp/inside" <<'EOT'
[ "$HEWN_GUEST" ] || exit # systemd begins by tidying up
mkdir -p /etc/systemd/system /run /var
echo 0123456789abcdef0123456789abcdef >/etc/machine-id
cp "$1"/*.service "$1"/*.target /etc/systemd/system/
touch /tmp/ended
container=guest unshare -p -f --mount-proc /lib/systemd/systemd --system --unit=all.target --show-status=no >/tmp/log 2>&1 &
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ "$(wc -l </tmp/ended)" -ge 3 ] && break
	sleep 2
done
cat /tmp/ended
echo -- hewn
cat /tmp/hewn.out /tmp/log
EOT
run tests/vm/run -f /lib/systemd/systemd -f "$tmp" 6.12 sh "$tmp/inside" "$tmp"
[ "$status" -ne 77 ] || skip_all "no kernel 6.12"
is "$status" 0 the_guest_runs || note "$err"
like "$out" '^hewn.service success exited 0$' a_unit_with_the_line_loads_the_object || note "$out"
like "$out" 'prog +RAW_TRACEPOINT .* enter ' which_is_in_the_kernel_then
like "$out" '^free.service success exited 0$' a_call_more_is_made_without_the_line
like "$out" '^planted.service (signal|core-dump) (killed|dumped) SYS$' and_ends_the_service_with_it
done_testing
