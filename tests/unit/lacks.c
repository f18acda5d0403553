// SPDX-License-Identifier: MIT
/* What a kernel does not have: functions by another name, parts of an attr that are newer, options. */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>

#include "loader/kernel/lacks.h"
#include "tests/tap.h"

#define CREATE_SIZE 72

static const char symbols[] =
	"ffffffff81000000 T _stext\n"
	"ffffffff812c1b60 t do_sys_openat2\n"
	"ffffffff812c1c60 T do_sys_open\n"
	"ffffffff812c2000 t tcp_rcv_finish.isra.0\n"
	"ffffffff812c2100 t tcp_rcv_finish.constprop.1\t[module]\n"
	"ffffffff812c3000 d do_sys_openat3\n"
	"0000000000000000 T vfs_reed\t[some_module]\n"
	"broken\n\n"
	"0 T vfs_read\n";

static const char *near(const char *name, bool *there)
{
	static char text[256];
	FILE *from = fmemopen((void *)(uintptr_t)symbols, sizeof(symbols) - 1, "r");

	if (!lacks_function(from, name, there, text, sizeof(text)))
		snprintf(text, sizeof(text), "nothing");
	fclose(from);
	return text;
}

static void functions(void)
{
	bool there;

	eq_str(near("do_sys_openat3", &there), "do_sys_openat2, do_sys_open", "the_nearest_functions_best_first");
	ok(!there, "data_is_no_function");
	eq_str(near("tcp_rcv_finish", &there), "the compiler made of it: tcp_rcv_finish.isra.0, tcp_rcv_finish.constprop.1",
	       "what_the_compiler_made_of_it");
	eq_str(near("vfs_reda", &there), "vfs_read, vfs_reed", "of_modules_too");
	near("vfs_read", &there);
	ok(there, "one_that_is_there");
	eq_str(near("completely_different", &there), "nothing", "nothing_is_near");
	eq_str(near("a_name_that_is_far_longer_than_any_function_of_a_kernel_ever_was_or_will_be", &there), "nothing",
	       "a_name_that_is_too_long");
}

static const char *newer(uint32_t cmd, const union bpf_attr *attr, size_t size, uint32_t version)
{
	static char text[256];

	return lacks_newer(cmd, attr, size, version, text, sizeof(text)) ? text : "nothing";
}

static void versions(void)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_RINGBUF };
	union bpf_attr prog = { .prog_type = BPF_PROG_TYPE_KPROBE };

	eq_str(newer(BPF_MAP_CREATE, &attr, CREATE_SIZE, KERNEL(5, 4)), "BPF_MAP_TYPE_RINGBUF is of Linux 5.8", "a_type_of_map");
	eq_str(newer(BPF_MAP_CREATE, &attr, CREATE_SIZE, KERNEL(5, 8)), "nothing", "the_kernel_that_brought_it_has_it");
	eq_str(newer(BPF_MAP_CREATE, &attr, CREATE_SIZE, 0), "nothing", "of_an_unknown_kernel_nothing_is_said");
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.map_flags = BPF_F_MMAPABLE;
	eq_str(newer(BPF_MAP_CREATE, &attr, CREATE_SIZE, KERNEL(5, 4)), "BPF_F_MMAPABLE is of Linux 5.5", "a_flag");
	attr.map_flags = 0;
	attr.map_extra = 3;
	has(newer(BPF_MAP_CREATE, &attr, CREATE_SIZE, KERNEL(5, 10)), "the field map_extra is of Linux 5.16", "a_field");
	prog.prog_type = BPF_PROG_TYPE_SYSCALL;
	eq_str(newer(BPF_PROG_LOAD, &prog, 48, KERNEL(5, 10)), "BPF_PROG_TYPE_SYSCALL is of Linux 5.14", "a_type_of_program");
	eq_str(newer(BPF_LINK_CREATE, &attr, 16, KERNEL(5, 4)), "BPF_LINK_CREATE is of Linux 5.7", "a_command");
	eq_str(newer(9999, &attr, 16, KERNEL(5, 4)), "nothing", "an_unknown_command");
}

static void options(void)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_XSKMAP };
	union bpf_attr prog = { .prog_type = BPF_PROG_TYPE_LSM };

	eq_str(lacks_option(BPF_MAP_CREATE, &attr, CREATE_SIZE), "CONFIG_XDP_SOCKETS", "the_option_of_a_map");
	eq_str(lacks_option(BPF_PROG_LOAD, &prog, 48), "CONFIG_BPF_LSM", "the_option_of_a_program");
	attr.map_type = BPF_MAP_TYPE_HASH;
	eq_str(lacks_option(BPF_MAP_CREATE, &attr, CREATE_SIZE), NULL, "a_hash_needs_none");
	eq_str(lacks_option(BPF_OBJ_PIN, &attr, 16), NULL, "other_commands_have_none");
}

static void errors(void)
{
	union bpf_attr attr = { .map_type = 33 /* ARENA */ };
	struct perf_event_attr perf = { .type = 8, .size = PERF_ATTR_SIZE_VER1, .config1 = (uintptr_t)"do_sys_opennat2" };
	const long create[6] = { BPF_MAP_CREATE, (long)(uintptr_t)&attr, CREATE_SIZE };
	const long probe[6] = { (long)(uintptr_t)&perf };
	struct hewn_err err = { 0 };

	lacks_err(CALL_BPF, create, -EINVAL, KERNEL(6, 1) | 170, &err);
	eq_str(err.what, "BPF_MAP_TYPE_ARENA is of Linux 6.9, and this kernel is 6.1", "a_refused_call_says_what_is_newer");
	hewn_err_close(&err);
	lacks_err(CALL_BPF, create, -EPERM, KERNEL(6, 1), &err);
	eq_str(err.what, "", "rights_are_another_matter");
	lacks_err(CALL_BPF, create, -ENOSYS, 0, &err);
	eq_str(err.what, "the kernel was built without CONFIG_BPF_SYSCALL", "a_kernel_without_bpf");
	hewn_err_close(&err);
	lacks_err(CALL_PERF_EVENT_OPEN, probe, -ENOENT, 0, &err);
	eq_str(err.what, "", "what_is_missing_is_the_planners_to_say");
	ok(!err.hint[0] || strstr(err.hint, "/proc/kallsyms has"), "and_what_is_near_is_a_hint");
	hewn_err_close(&err);
	lacks_err(CALL_BPF, create, -EINVAL, 0, NULL);
	ok(true, "nobody_has_to_listen");
}

int main(void)
{
	functions();
	versions();
	options();
	errors();
	return tap_done();
}
