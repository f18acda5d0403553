// SPDX-License-Identifier: MIT
/* loader/plan/btfid: which id of the kernel's BTF a section means, and what is said where there is none. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "loader/plan/plan.h"
#include "tests/btfmake.h"
#include "tests/tap.h"
#include "tests/unit/elf_bpf.h"

static struct btfmake mk;
static char path[] = "/tmp/hewn-btfid-XXXXXX";

/* A kernel with a function, a hook, an iterator, a tracepoint, and a struct that has a function's name: ids 2 to 7. */
static bool write_kernel(void)
{
	uint32_t proto, size;
	int fd = mkstemp(path);
	bool fine;

	proto = mk_type(&mk, BTF_FUNC_PROTO, NULL, 0, 0);
	mk_type(&mk, BTF_STRUCT, "vfs_read", 0, 0);
	mk_type(&mk, BTF_FUNC, "vfs_read", 0, proto);
	mk_type(&mk, BTF_FUNC, "bpf_lsm_file_open", 0, proto);
	mk_type(&mk, BTF_FUNC, "bpf_iter_task", 0, proto);
	mk_type(&mk, BTF_TYPEDEF, "btf_trace_sched_switch", 0, proto);
	mk_type(&mk, BTF_FUNC, "vfs_write", 0, proto);
	size = mk_blob(&mk);
	fine = fd >= 0 && write(fd, mk.blob, size) == (ssize_t)size;
	if (fd >= 0)
		close(fd);
	return fine;
}

static int plan_of(const char *section, struct hewn_plan **plan, struct hewn_object **object, struct hewn_err *err)
{
	static const struct bpf_insn nothing[] = { { .code = 0xb7 }, { .code = 0x95 } };
	const uint16_t one = 1;
	struct hewn_target *target = NULL;
	struct ew w;
	uint32_t code;
	int ret;

	ew_open(&w, 64, !*(const uint8_t *)&one, ET_REL, EM_BPF);
	code = ew_code(&w, section, nothing, 2);
	ew_func(&w, "prog", code, 0, 2);
	*plan = NULL;
	ret = ew_object(&w, object, err);
	if (!ret)
		ret = hewn_target_open(&target, NULL, err);
	if (!ret)
		ret = hewn_target_btf(target, path, err);
	if (!ret)
		ret = hewn_plan_open(plan, *object, target, NULL, err);
	hewn_target_close(target);
	return ret;
}

static void found(const char *section, const char *want, const char *name)
{
	struct hewn_object *object;
	struct hewn_err err = { 0 };
	struct hewn_plan *plan;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	int ret = plan_of(section, &plan, &object, &err);

	if (plan)
		hewn_plan_json(plan, to);
	fclose(to);
	if (!eq_int(ret, 0, name))
		hewn_err_print(&err, stdout, 0);
	has(text, want, "with its id");
	free(text);
	hewn_plan_close(plan);
	hewn_object_close(object);
	hewn_err_close(&err);
}

static void refused(const char *section, int code, const char *what, const char *hint, const char *name)
{
	struct hewn_object *object;
	struct hewn_err err = { 0 };
	struct hewn_plan *plan;

	eq_int(plan_of(section, &plan, &object, &err), code, name);
	has(err.what, what, "and says so");
	has(err.hint, hint, "and what may be meant");
	eq_str(err.program, "prog", "and where");
	hewn_plan_close(plan);
	hewn_object_close(object);
	hewn_err_close(&err);
}

int main(void)
{
	if (!write_kernel()) {
		tap_skip("ids_are_found", "no file can be written in /tmp");
		return tap_done();
	}
	found("fentry/vfs_read", "\"attach_btf_id\":3", "a_function_is_a_function_not_a_struct");
	found("fexit.s/vmlinux:vfs_write", "\"attach_btf_id\":7", "vmlinux_can_be_named");
	found("lsm/file_open", "\"attach_btf_id\":4", "a_hook_has_its_prefix");
	found("lsm_cgroup/file_open", "\"attach_btf_id\":4", "of_a_cgroup_too");
	found("iter.s/task", "\"attach_btf_id\":5", "an_iterator_too");
	found("tp_btf/sched_switch", "\"attach_btf_id\":6", "a_tracepoint_is_a_typedef");
	found("fentry.multi/some_module:do_*", "\"attach_btf_obj_fd\":{\"slot\":", "many_functions_of_a_module_are_of_its_btf");
	refused("fentry/vfs_raed", -ESRCH, "no function \"vfs_raed\"", "vfs_read", "a_misspelled_function_is_refused");
	refused("fentry/file_open", -ESRCH, "no function \"file_open\"", "", "a_hook_is_no_function");
	refused("lsm/file_opn", -ESRCH, "no LSM hook \"file_opn\"", "file_open", "a_misspelled_hook_is_refused");
	refused("iter/tasks", -ESRCH, "no iterator \"tasks\"", "task", "a_misspelled_iterator_is_refused");
	refused("tp_btf/sched/sched_switch", -ESRCH, "no tracepoint", "tp_btf/sched_switch", "a_category_is_too_much");
	refused("fentry", -EINVAL, "does not say which function", "fentry/FUNCTION", "a_bare_section_is_refused");
	refused("lsm/", -EINVAL, "does not say which LSM hook", "lsm/NAME", "so_is_nothing_after_the_slash");
	refused("freplace/f", -EINVAL, "of another program", "", "freplace_needs_a_program");
	unlink(path);
	return tap_done();
}
