// SPDX-License-Identifier: MIT
/* The command: a table of subcommands. Knows their names; each is in the file of its name. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loader/cmd/cmd.h"

static const struct cmd cmds[] = {
	{ "plan", cmd_plan, "show the system calls that load or run would make; needs no privilege" },
	{ "load", cmd_load, "load an object's maps and programs, and pin them" },
	{ "run", cmd_run, "load, attach, and print the events until a command ends" },
	{ "freeze", cmd_freeze, "write those system calls as one C file that needs no library" },
	{ "explain", cmd_explain, "tell what happens between an object and its events, step by step" },
	{ "profile", cmd_profile, "record what a plan may know of this kernel" },
	{ "asm", cmd_asm, "text of the assembler to an object" },
	{ "disasm", cmd_disasm, "an object, a loaded program or bytes to text" },
	{ "exec", cmd_exec, "run instructions once and print what they return" },
};

static void help(FILE *to)
{
	fputs("hewn: turns an eBPF object into a list of system calls, shows it, runs it\n\nusage: hewn COMMAND [OPTION…] …\n\n",
	      to);
	for (size_t i = 0; i < sizeof(cmds) / sizeof(cmds[0]); i++)
		fprintf(to, "  %-8s %s\n", cmds[i].name, cmds[i].does);
	fputs("\n`hewn COMMAND --help` says more; `hewn --version` says which this is.\n", to);
}

/* What is opened later must not get the number of a standard stream that came closed: its text would go there. */
static void keep_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0) /* the lowest number that is free is this; using it fails, as if it were closed */
			open("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
}

int main(int argc, char **argv)
{
	keep_standard_streams();
	/* A closed pipe is seen where the writing fails, so that everything is detached in order. */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		help(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("hewn " HEWN_VERSION);
		return cmd_finish(STATUS_OK);
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		if (argc > 2) { /* hewn help run = hewn run --help */
			argv[1] = argv[2];
			argv[2] = (char[]){ "--help" };
		} else {
			help(stdout);
			return cmd_finish(STATUS_OK);
		}
	}
	for (size_t i = 0; i < sizeof(cmds) / sizeof(cmds[0]); i++)
		if (!strcmp(argv[1], cmds[i].name))
			return cmds[i].main(argc - 1, argv + 1);
	return cmd_usage("", "there is no command \"%s\"", argv[1]);
}
