#!/bin/sh
# SPDX-License-Identifier: MIT
# What `make install` puts in place is enough for a program of somebody else's.
. tests/tap.sh
need_command make cc
[ -x "$hewn" ] || skip_all "no $hewn yet"

run env MAKEFLAGS= make -s install B="$B" DESTDIR="$tmp/root" PREFIX=/usr LDFLAGS="${LDFLAGS:-}"
is "$status" 0 it_installs
usr=$tmp/root/usr
for file in bin/hewn include/hewn.h lib/libhewn.a lib/pkgconfig/hewn.pc; do
	[ -s "$usr/$file" ]; ok $? "$(echo "$file" | tr / _)_is_there"
done
[ ! -e docs/hewn.1 ] || [ -e "$usr/share/man/man1/hewn.1" ]; ok $? the_man_page_is_installed

# pkg-config's work by hand: it may not be here
pc() {
	sed -n "s/^$1: *//p" "$usr/lib/pkgconfig/hewn.pc" | sed "s|\${[a-z]*dir}|$usr/&|g" |
		sed 's|\${libdir}|lib|g; s|\${includedir}|include|g'
}
like "$(pc Version)" '^[0-9]+\.[0-9]+\.[0-9]+$' pc_says_the_version

cd "$tmp" || exit
for header in hewn.h $(cd "$usr/include/hewn" && ls insn/*.h); do
	printf '#include <%s>\nint main(void) { return 0; }\n' "$header" >alone.c
	# shellcheck disable=SC2046 # several words
	run cc -std=gnu11 -Wall -Wextra -Werror $(pc Cflags) -o alone alone.c
	is "$status$err" 0 "$(echo "$header" | tr / _)_compiles_alone"
done
cat >user.c <<'EOT'
#include <hewn.h>
int main(int argc, char **argv)
{
	struct hewn_err err = { 0 };
	struct hewn_object *object;

	return argc > 1 && hewn_object_open(&object, argv[1], &err) == 0 ? 1 : err.code != 0;
}
EOT
asan=$(nm "$usr/lib/libhewn.a" 2>/dev/null | grep -q __asan_init && echo -fsanitize=address,undefined)
# shellcheck disable=SC2046,SC2086 # several words
run cc -std=gnu11 $asan $(pc Cflags) -o user user.c $(pc Libs)
is "$status$err" 0 a_program_links_with_the_library
run ./user /nonexistent
is "$status" 1 and_runs
if command -v clang >/dev/null; then
	cat >user.bpf.c <<-'EOT'
		#include <hewn.bpf.h>
		char LICENSE[] SEC("license") = "GPL";
		SEC("kprobe/vfs_unlink")
		int BPF_KPROBE(unlinked, void *idmap) { return idmap == NULL; }
	EOT
	run clang --target=bpf -D__TARGET_ARCH_x86 -g -O2 -Wall -Werror -I"$usr/include/hewn/bpf" -c user.bpf.c
	is "$status$err" 0 a_program_for_the_kernel_compiles_with_the_installed_header
fi
if command -v c++ >/dev/null; then
	printf '#include <hewn.h>\nint main() { return 0; }\n' >alone.cc
	# shellcheck disable=SC2046
	run c++ -Wall -Wextra -Werror $(pc Cflags) -c -o alone.o alone.cc
	is "$status$err" 0 hewn_h_is_for_c_plus_plus_too
fi

done_testing
