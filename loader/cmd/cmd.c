// SPDX-License-Identifier: MIT
/* What the subcommands share: see cmd.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/cmd/cmd.h"
#include "loader/cmd/input.h"
#include "loader/err.h"
#include "loader/mem.h"

const char plan_options_help[] =
	"      --only PROG     this program only; may be given several times\n"
	"      --all           the programs of `?` sections too\n"
	"      --pin DIR       pin maps and programs below DIR, a folder in a bpf file system\n"
	"      --pages N       perf rings: pages of data a CPU, a power of two (64)\n"
	"      --wakeup N      perf rings: records between wake-ups of the reader (1)\n"
	"      --pid PID       uprobes and sampling: this process only\n"
	"      --freq N        perf_event programs: samples a second and CPU (99)\n"
	"      --dev NAME      XDP, tcx and netkit programs: attach to this network device\n"
	"      --cgroup DIR    cgroup programs: attach to this cgroup\n"
	"      --netns FILE    sk_lookup and flow_dissector: attach to this namespace (/proc/self/ns/net)\n"
	"      --target-prog P freplace, fentry, fexit: of the functions of this program, its number or pin\n"
	"      --target FILE   plan for the kernel that FILE describes (see hewn profile)\n"
	"      --btf FILE      the kernel's types: raw BTF, ELF with a section .BTF, or\n"
	"                      a copy of the folder /sys/kernel/btf, with its modules\n"
	"      --json          for machines: one JSON object a line\n"
	"  -v, --verbose       of a refused program: the verifier's whole log\n"
	"  -h, --help          this\n";

int cmd_usage(const char *cmd, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "hewn%s%s: ", cmd[0] ? " " : "", cmd);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "; see hewn%s%s --help\n", cmd[0] ? " " : "", cmd);
	return STATUS_USAGE;
}

bool cmd_number(const char *option, const char *text, uint32_t *number)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n < 1 || n > INT32_MAX) {
		fprintf(stderr, "hewn: --%s wants a whole positive number, not \"%s\"\n", option, text);
		return false;
	}
	*number = (uint32_t)n;
	return true;
}

static bool add_only(struct plan_args *args, const char *name)
{
	const char **slot = mem_append(&args->only, &args->n_only, sizeof(*slot));

	if (!slot)
		return false;
	*slot = name;
	return true;
}

bool plan_args_take(struct plan_args *args, int option, const char *value)
{
	uint32_t pid;

	switch (option) {
	case 'a':
		args->opts.optional = true;
		return true;
	case 'o':
		return add_only(args, value);
	case 'p':
		args->opts.pin = value;
		return true;
	case 'P':
		if (!cmd_number("pages", value, &args->opts.ring_pages))
			return false;
		if (args->opts.ring_pages & (args->opts.ring_pages - 1))
			fprintf(stderr, "hewn: --pages wants a power of two, not %s\n", value);
		return !(args->opts.ring_pages & (args->opts.ring_pages - 1));
	case 'W':
		return cmd_number("wakeup", value, &args->opts.ring_wakeup);
	case 'i':
		if (!cmd_number("pid", value, &pid))
			return false;
		args->opts.pid = (int)pid;
		return true;
	case 'F':
		return cmd_number("freq", value, &args->opts.freq);
	case OPT_DEV:
		args->opts.dev = value;
		return true;
	case OPT_CGROUP:
		args->opts.cgroup = value;
		return true;
	case OPT_TARGET_PROG:
		args->target_prog = value;
		return true;
	case OPT_NETNS:
		args->opts.netns = value;
		return true;
	case 'T':
		args->profile = value;
		return true;
	case 'B':
		args->btf = value;
		return true;
	case 'j':
		args->json = true;
		return true;
	case 'v':
		args->verbose = true;
		return true;
	default:
		return false;
	}
}

void plan_args_close(struct plan_args *args)
{
	free(args->only);
	args->only = NULL;
}

int plan_args_only(struct plan_args *args)
{
	if (!args->n_only)
		return 0;
	if (!add_only(args, NULL))
		return -ENOMEM;
	args->n_only--; /* the NULL at the end is not one of them */
	args->opts.only = args->only;
	return 0;
}

int plan_args_target(struct plan_args *args, struct hewn_target **target, struct hewn_err *err)
{
	int ret = hewn_target_open(target, args->profile, err);

	if (!ret && args->btf)
		ret = hewn_target_btf(*target, args->btf, err);
	if (!ret && args->target_prog)
		ret = target_prog_read(args, *target, err);
	return ret;
}

int planned_open(struct planned *planned, struct plan_args *args, struct hewn_err *err)
{
	struct hewn_target *target = NULL;
	int ret;

	memset(planned, 0, sizeof(*planned));
	ret = plan_args_only(args);
	if (!ret)
		ret = input_object(&planned->object, args->object, err);
	if (!ret)
		ret = plan_args_target(args, &target, err);
	if (!ret)
		ret = hewn_plan_open(&planned->plan, planned->object, target, &args->opts, err);
	hewn_target_close(target);
	return ret;
}

void planned_close(struct planned *planned)
{
	hewn_plan_close(planned->plan);
	hewn_object_close(planned->object);
}

int cmd_fail(struct hewn_err *err, const struct plan_args *args)
{
	unsigned int flags = isatty(STDERR_FILENO) ? HEWN_ERR_COLOR : 0;

	fflush(stdout);
	if (args && args->json)
		hewn_err_json(err, stderr);
	else
		hewn_err_print(err, stderr, flags | (args && args->verbose ? HEWN_ERR_LOG : 0));
	hewn_err_close(err);
	return STATUS_FAILED;
}

int cmd_open_log(FILE **to, const char *path, struct hewn_err *err)
{
	*to = path ? fopen(path, "we") : stderr;
	return *to ? 0 : err_set(err, -errno, "cannot write the log to %s", path);
}

int cmd_write_log(const struct hewn_run *run, FILE *to, const struct plan_args *args, struct hewn_err *err)
{
	bool failed;
	int ret = 0;

	if (to && run)
		ret = args->json ? hewn_run_json(run, to)
				 : hewn_run_print(run, to, isatty(fileno(to)) ? HEWN_PLAN_COLOR : 0);
	if (ret)
		err_nomem(err);
	if (!to || to == stderr)
		return ret;
	failed = ret || ferror(to);
	return fclose(to) || failed ? err_set(err, errno ? -errno : -EIO, "cannot write the log") : 0;
}

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	if (number != SIGCHLD)
		stop = 1;
}

const volatile sig_atomic_t *cmd_catch_signals(sigset_t *caught)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	const struct sigaction action = { .sa_handler = on_signal }; /* no SA_RESTART: a signal ends a wait */

	if (caught)
		sigemptyset(caught);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaction(numbers[i], &action, NULL);
		if (caught)
			sigaddset(caught, numbers[i]);
	}
	return &stop;
}

int cmd_finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	putchar('\n'); /* the write that failed may be of long ago: why is learned from one more */
	errno = 0;
	fflush(stdout);
	if (errno == EPIPE)
		return status;
	fprintf(stderr, "hewn: cannot write the output: %s\n", strerror(errno ? errno : EIO));
	return STATUS_FAILED;
}
