#!/bin/sh
# SPDX-License-Identifier: MIT
# The profile of `hewn plan --seccomp=oci` and the capabilities of `--caps` in a real container: crun(1) in a guest runs
# hewn with just these, which loads; a call that is not in the plan fails there.
. tests/tap.sh
[ "$B" = build ] || skip_all "only for a plain build"
[ "$(uname -m)" = x86_64 ] || skip_all "the guests here are x86_64"
tests/need crun strace python3 2>/dev/null || skip_all "no crun, strace or python3 here"

make -s "$B/tests/kernel/planted" >&2
bundle=$tmp/bundle
mkdir -p "$bundle/rootfs/proc" "$bundle/rootfs/sys" "$bundle/rootfs/dev"
for program in "$B/hewn" "$B/tests/kernel/planted"; do
	cp "$program" "$bundle/rootfs/"
	for library in $(ldd "$program" | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p'); do
		mkdir -p "$bundle/rootfs${library%/*}"
		cp -L "$library" "$bundle/rootfs$library"
	done
done
cp "$B/tests/bpf/core.bpf.o" "$bundle/rootfs/object.bpf.o"
"$hewn" plan --load --seccomp=oci "$B/tests/bpf/core.bpf.o" >"$tmp/seccomp.json"
"$hewn" plan --load --caps "$B/tests/bpf/core.bpf.o" >"$tmp/caps"

# One configuration a run: with the profile, with another program that does more, and that without the profile.
python3 - "$bundle" "$tmp" <<'EOT'
import json, sys
bundle, tmp = sys.argv[1:]
caps = open(tmp + "/caps").read().split()
profile = json.load(open(tmp + "/seccomp.json"))
for name, program, seccomp in ("hewn", "/hewn", profile), ("planted", "/planted", profile), ("free", "/planted", None):
    config = {
        "ociVersion": "1.0.2",
        "process": {"user": {"uid": 0, "gid": 0}, "args": [program, "load", "/object.bpf.o"], "env": ["PLANT=call"], "cwd": "/",
                    "noNewPrivileges": True,
                    "capabilities": {s: caps for s in ("bounding", "effective", "permitted", "inheritable", "ambient")}},
        "root": {"path": "rootfs"},
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                   {"destination": "/sys", "type": "none", "source": "/sys", "options": ["rbind", "ro"]}],
        "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}]},
    }
    if seccomp:
        config["linux"]["seccomp"] = seccomp
    json.dump(config, open(f"{bundle}/{name}.json", "w"))
EOT

cat >"$tmp/inside" <<EOT
cd $bundle
for name in hewn planted free; do
	cp \$name.json config.json
	echo "-- \$name"
	strace -f -o /tmp/trace -e trace=bpf,getppid -e signal=none crun --cgroup-manager=disabled run --no-pivot \$name </dev/null 2>&1
	echo "status \$?"
	sed 's/^[0-9]* *//' /tmp/trace | grep -E '^(bpf|getppid)'
done
EOT
run tests/vm/run -f "$(command -v crun)" -f "$bundle" -f "$tmp/inside" 6.12 sh "$tmp/inside"
[ "$status" -ne 77 ] || skip_all "no kernel 6.12"
is "$status" 0 the_guest_runs || note "$err$out"
part() { printf '%s\n' "$out" | sed -n "/^-- $1\$/,/^-- /p"; }

like "$(part hewn)" '^status 0$' hewn_loads_with_the_profile_and_the_capabilities || note "$(part hewn)"
like "$(part hewn)" '^bpf\(BPF_PROG_LOAD.* = [0-9]' and_the_kernel_takes_its_program
like "$(part free)" '^getppid\(\) *= [0-9]' a_call_more_is_made_without_the_profile || note "$(part free)"
like "$(part planted)" '^getppid\(\) *= -1 EPERM' and_fails_with_it || note "$(part planted)"
unlike "$(part hewn)" 'EPERM' of_the_plan_no_call_does
done_testing
