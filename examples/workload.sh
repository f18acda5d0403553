#!/bin/sh
# SPDX-License-Identifier: MIT
# workload.sh: something to watch. Opens files that are there and files that are not, and starts
# programs as two users. Needs no more than busybox; prints nothing.
for file in /etc/passwd /etc/group /etc/hostname /proc/version /proc/uptime /proc/loadavg /proc/meminfo /proc/stat \
	/proc/self/status /proc/self/maps /sys/kernel/mm/transparent_hugepage/enabled \
	/no/such/file /etc/no-such-file /tmp/no-such-file /proc/no-such-file /dev/no-such-device /etc/passwd/inside; do
	true <"$file"
done 2>/dev/null
: >"/tmp/hewn-workload.$$"
: >>"/tmp/hewn-workload.$$"
rm "/tmp/hewn-workload.$$"

for _ in 1 2 3; do
	/bin/cat /proc/version >/dev/null
	su nobody -s /bin/sh -c '/bin/ls / >/dev/null' 2>/dev/null
done
exit 0
