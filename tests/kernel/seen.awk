# SPDX-License-Identifier: MIT
# The calls of a plan in what `strace -X raw -o FILE` wrote, up to the event loop: an fd is the number of the call that made
# it, an address is PTR. tests/kernel/freeze.t compares two programs by it.

# The fds behind a pattern that ends before the digits.
function name_fds(line, pattern,   out, at, digits) {
	out = ""
	while (match(line, pattern "[0-9]+")) {
		at = substr(line, RSTART, RLENGTH)
		match(at, /[0-9]+$/)
		digits = substr(at, RSTART)
		sub(/[0-9]+$/, "", at)
		match(line, pattern "[0-9]+")
		out = out substr(line, 1, RSTART - 1) at (digits in made ? made[digits] : digits)
		line = substr(line, RSTART + RLENGTH)
	}
	return out line
}

/^(epoll_wait|epoll_pwait|ppoll|poll)\(/ { exit }
/^bpf\(|^perf_event_open\(|^mkdirat\(|^unlinkat\(|^epoll_c|^openat\(.*\/tracing\// { kept = 1 }
/^ioctl\([0-9]+, 0x(400424|24)/ { kept = 1 }
/^mmap\([^)]*, 0x(1|100001), [0-9]+, / { kept = 1 } # MAP_SHARED
!kept { next }
{
	kept = 0
	line = $0
	made_now = ""
	if (line !~ /^mmap/ && match(line, /= [0-9]+$/) && substr(line, RSTART + 2) + 0 > 2)
		made_now = substr(line, RSTART + 2)
	sub(/ += [^=]*$/, made_now == "" ? " = ok" : " = fd", line)
	if ($0 ~ /= -1 E/) {
		match($0, /= -1 E[A-Z0-9]+/)
		sub(/ = ok$/, " " substr($0, RSTART, RLENGTH), line)
	}
	line = name_fds(line, "_fd=")
	if (line ~ /^mmap/)
		line = name_fds(line, "^mmap\\([^,]*, [^,]*, [^,]*, [^,]*, ")
	if (line ~ /^(epoll_ctl|ioctl)/)
		line = name_fds(line, "^[a-z_]+\\(")
	if (line ~ /^epoll_ctl/)
		line = name_fds(line, "^epoll_ctl\\([^,]*, [^,]*, ")
	gsub(/0x[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]+/, "PTR", line)
	if (made_now != "")
		made[made_now] = "#" (n + 1)
	lines[++n] = line
	if (line !~ /^epoll_c/ || line ~ / = -1/)
		last = n
}
END {
	for (i = 1; i <= last; i++) # behind them is the loop's set
		print lines[i]
}
