// SPDX-License-Identifier: MIT
/* hewn target: writes down what a plan may know of this kernel, for planning elsewhere. */
#include <string.h>

#include "loader/cmd/cmd.h"

int cmd_target(int argc, char **argv)
{
	struct hewn_target *target = NULL;
	struct hewn_err err = { 0 };
	int status = STATUS_OK;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs("usage: hewn target > FILE\n\n"
		      "Writes the facts that a plan may know of this kernel (release, CPUs, PMU types), each with the\n"
		      "file that it comes from. `hewn plan --target FILE OBJECT` plans for it on another machine.\n",
		      stdout);
		return cmd_finish(STATUS_OK);
	}
	if (argc > 1)
		return cmd_usage("target", "takes no arguments, got \"%s\"", argv[1]);
	if (hewn_target_open(&target, NULL, &err) || hewn_target_save(target, stdout, &err))
		status = cmd_fail(&err, NULL);
	hewn_target_close(target);
	return cmd_finish(status);
}
