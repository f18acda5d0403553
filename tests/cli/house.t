#!/bin/sh
# SPDX-License-Identifier: MIT
# The house's rules that a machine can check. Each prints the lines that break it.
# shellcheck disable=SC2086 # lists of names, all over
. tests/tap.sh
need_command perl

list() { find "$@" 2>/dev/null | sort; }
library=$(list loader insn -name '*.[ch]' ! -path 'loader/cmd/*')
command=$(list loader/cmd -name '*.[ch]')
sources=$(list loader insn bpf tests examples port -name '*.[ch]')
scripts=$(grep -rlE '^#!.*(sh|perl)$' .ci tests examples 2>/dev/null | grep -v '\.md$' | sort)

# The C files named, as `file:line:text`, without comments and with strings emptied.
code() {
	perl -e '
		for my $file (@ARGV) {
			open my $in, "<", $file or next;
			local $/; my $text = <$in>; my $n = 0;
			$text =~ s{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*"|\x27(?:\\.|[^\x27\\\n])*\x27)}{
				defined $1 ? $1 =~ s/[^\n]//gr : $2 =~ /^\x27/ ? "0" : "\"\""}gse;
			print "$file:", ++$n, ":$_\n" for split /\n/, $text;
		}' -- $1
}

# nothing TEXT NAME: the rule is kept when the text, which says who breaks it, is empty.
nothing() {
	if [ -z "$1" ]; then pass "$2"; else fail "$2" "$1"; fi
}

nothing "$(for f in $sources; do
	first=$(head -n 1 "$f") mit='// SPDX-License-Identifier: MIT' dual='// SPDX-License-Identifier: MIT OR GPL-2.0-only'
	case $f:$first in
	bpf/*:"$dual") ;;
	bpf/*) echo "$f: its first line is not: $dual" ;;
	*:"$mit" | *.bpf.c:"$dual") ;;
	*) echo "$f: its first line is not: $mit" ;;
	esac
done
for f in $scripts; do
	[ "$(sed -n 2p "$f")" = '# SPDX-License-Identifier: MIT' ] || echo "$f: no SPDX line after the first"
done)" each_file_says_its_licence

nothing "$(for f in $library $command; do
	sed -n 2,4p "$f" | grep -q '^\(/\*\|//\)' || echo "$f: no comment at the top says what it does"
done)" each_file_says_what_it_does

# A room knows the rooms before it, and itself. Headers right below loader/ are everyone's.
nothing "$(grep -nE '^#include "' $library $command /dev/null | perl -ne '
	my %rank = (abi => 0, arch => 0, object => 1, target => 2, link => 3, plan => 4, freeze => 5, kernel => 5,
		ring => 6, show => 7, cmd => 8, port => 0);
	my ($file, $line, $header) = /^([^:]+):(\d+):#include "([^"]+)"/ or next;
	my ($room) = $file =~ m{^loader/(\w+)/};
	my ($other) = $header =~ m{^loader/(\w+)/};
	print "$file:$line: \"$header\" is not named from the top\n" unless -e $header;
	print "$file:$line: insn/ knows nothing of loader/: $header\n" if $file =~ m{^insn/} && $header =~ m{^loader/};
	print "$file:$line: room $_ has no rank in this test\n" for grep { defined && !exists $rank{$_} } $room, $other;
	next unless defined $room && defined $other && exists $rank{$room} && exists $rank{$other};
	print "$file:$line: $room comes before $other, and must not know it: $header\n"
		if $rank{$other} > $rank{$room} || $rank{$other} == $rank{$room} && $room ne $other;
')" a_room_includes_earlier_rooms_only

nothing "$(grep -nE '^#include <(libelf|gelf|elfutils)' $sources /dev/null | grep -v '^loader/object/elf\.c:')" only_elf_c_includes_libelf

code "$library $command" >"$tmp/code"
nothing "$(grep -E '\bsyscall *\(' "$tmp/code" | grep -v '^loader/kernel/sys\.c:')" only_sys_c_traps
# It brings 100 KB of a static C library along, with all that reads floating-point numbers.
nothing "$(grep -E '\b[a-z]*scanf *\(' "$tmp/code" | grep '^loader/')" loader_does_without_scanf
nothing "$(grep -E '__atomic_|__sync_|_Atomic\b|stdatomic\.h|__ATOMIC_' "$tmp/code" | grep -v '^loader/ring/')" only_ring_uses_atomics
nothing "$(grep -v '^loader/cmd/' "$tmp/code" |
	grep -E '\b(printf|vprintf|puts|putchar|perror|exit|_exit|abort|pause|system|assert) *\(|\bstd(out|err)\b')" \
	the_library_prints_nothing_and_never_exits
nothing "$(perl -e '
	for my $file (@ARGV) {
		open my $in, "<", $file or next;
		local $/; my $text = <$in>;
		while ($text =~ /^[ \t]*#[ \t]*define\s+(\w+)((?:[^\n]*\\\n)*[^\n]*)/mg) {
			my ($name, $body) = ($1, $2);
			$body =~ s{/\*.*?\*/|//.*|"(?:\\.|[^"\\])*"}{}gs;
			print "$file: macro $name hides a $1\n" if $body =~ /\b(return|goto|break)\b/;
		}
	}' $library)" no_macro_hides_a_jump
nothing "$(wc -l $library $command /dev/null | awk '$2 != "total" && $1 > 500 {print $2 ": " $1 " lines; 500 is the limit"}')" \
	no_file_is_over_500_lines

# Prose names paths that exist; what is built, or has capital letters or a star in it, is not taken for one.
nothing "$(grep -noE '(^|[^A-Za-z0-9_./-])(loader|insn|bpf|examples|tests|docs)/[A-Za-z0-9_./*-]*[A-Za-z0-9_*]' \
	*.md docs/*.md tests/*/README.md /dev/null 2>/dev/null | perl -ne '
	my ($file, $line, $path) = /^([^:]+):(\d+):[^a-z]*(.*)/ or next;
	next if $path =~ /[A-Z*]/ && $path !~ /README/;
	print "$file:$line: there is no $path\n" unless -e $path;
')" prose_names_files_that_exist

# Each option that the help of a command has, and what the man page has after .Fl.
for name in $("$hewn" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	"$hewn" "$name" --help | sed -n 's/^  *\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p; s/^\(usage:\|      \) hewn//p' |
		grep -oE -e '--[a-z][a-z-]+'
done | sort -u >"$tmp/help"
sed -n '/Fl/p' docs/hewn.1 | grep -oE '\\-[a-z][a-z-]+' | sed 's/^./-/' | sort -u >"$tmp/man"
nothing "$([ "$(wc -l <"$tmp/help")" -gt 30 ] || echo "the help has $(wc -l <"$tmp/help") options"
grep -vxFf "$tmp/man" "$tmp/help"
grep -vxFf "$tmp/help" "$tmp/man" | grep -vxF -e --version)" the_man_page_has_each_option_and_no_other

done_testing
