// SPDX-License-Identifier: MIT
/*
 * Addresses of the kernel's symbols: differ at each boot, so the frozen program reads them from /proc/kallsyms. Knows
 * that file; knows nothing of who needs an address.
 */
#include <string.h>

#include "loader/freeze/freeze.h"

static const char search_text[] =
	"\tstatic char text[8192];\n"
	"\tbool found[sizeof(wanted) / sizeof(wanted[0])] = { false };\n"
	"\tuint64_t any = 0; /* all are 0 where they are hidden */\n"
	"\tsize_t have = 0;\n"
	"\tint fd = call(syscall(SYS_openat, AT_FDCWD, \"/proc/kallsyms\", O_RDONLY | O_CLOEXEC, 0)), n;\n"
	"\n"
	"\tif (fd < 0)\n"
	"\t\treturn failed(o, \"addresses of symbols: /proc/kallsyms\", fd);\n"
	"\tfor (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)\n"
	"\t\t*wanted[i].address = 0;\n"
	"\twhile ((n = call(syscall(SYS_read, fd, text + have, sizeof(text) - have))) > 0) {\n"
	"\t\tchar *line = text, *end;\n"
	"\n"
	"\t\thave += (size_t)n;\n"
	"\t\tfor (; (end = memchr(line, '\\n', (size_t)(text + have - line))); line = end + 1) {\n"
	"\t\t\tuint64_t address = 0;\n"
	"\t\t\tchar *at = line, *name;\n"
	"\n"
	"\t\t\tfor (; *at != ' ' && at < end; at++)\n"
	"\t\t\t\taddress = address << 4 | (uint64_t)(*at <= '9' ? *at - '0' : (*at | 32) - 'a' + 10);\n"
	"\t\t\tany |= address;\n"
	"\t\t\tname = at + 3; /* behind the type, \"ffffffff81000000 T _text\" */\n"
	"\t\t\tfor (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {\n"
	"\t\t\t\tconst size_t len = strlen(wanted[i].name);\n"
	"\n"
	"\t\t\t\tif (name + len <= end && !memcmp(name, wanted[i].name, len) &&\n"
	"\t\t\t\t    (name[len] == '\\n' || name[len] == '\\t' || !strncmp(name + len, \".llvm.\", 6)))\n"
	"\t\t\t\t\tfound[i] = true, *wanted[i].address = address;\n"
	"\t\t\t}\n"
	"\t\t}\n"
	"\t\thave = (size_t)(text + have - line);\n"
	"\t\tif (have == sizeof(text))\n"
	"\t\t\thave = 0; /* no line is so long */\n"
	"\t\tmemmove(text, line, have);\n"
	"\t}\n"
	"\tsyscall(SYS_close, fd);\n"
	"\tfor (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)\n"
	"\t\tif (!any || (!found[i] && !wanted[i].is_weak)) /* hidden from this user; not there */\n"
	"\t\t\treturn failed(o, wanted[i].name, any ? -ENOENT : -EPERM);\n"
	"\treturn 0;\n"
	"}\n\n";

uint32_t symbols_write(struct freeze *f, FILE *to)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->n_members; i++)
		n += f->members[i].of == OF_SYMBOL;
	if (!n || !to)
		return n;
	fprintf(to, "/* Looked up here: where the kernel's symbols are. */\nstatic int find_symbols(struct %s *o)\n{\n"
		    "\tconst struct {\n\t\tconst char *name;\n\t\tuint64_t *address;\n\t\tbool is_weak;\n\t} wanted[] = {\n",
		f->name);
	for (uint32_t i = 0; i < f->n_members; i++) {
		const struct freeze_member *m = &f->members[i];

		if (m->of != OF_SYMBOL)
			continue;
		fputs("\t\t{ ", to);
		words_string(to, f->object->externs[m->index].name, strlen(f->object->externs[m->index].name));
		fprintf(to, ", &%s, %s },\n", m->expr, f->object->externs[m->index].is_weak ? "true" : "false");
	}
	fprintf(to, "\t};\n%s", search_text);
	return n;
}
