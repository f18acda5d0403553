// SPDX-License-Identifier: MIT
/* The side of libbpf, of the kernel sources that the objects come from. Does not know libhewn.a. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/corpus/side.h"

static struct bpf_object *object;
static char said[600];

/* Keeps what is said: the first warnings, without the verifier's log. */
static int keep(enum libbpf_print_level level, const char *format, va_list args)
{
	const size_t used = strlen(said);
	char line[256];

	if (level != LIBBPF_WARN)
		return 0;
	vsnprintf(line, sizeof(line), format, args);
	if (!strstr(line, "-- BEGIN PROG LOAD LOG"))
		snprintf(said + used, sizeof(said) - used, "%s", line);
	return 0;
}

/*
 * As a skeleton attaches an object: the programs whose section says where, then the struct_ops. What
 * says nothing gives no link, or -EOPNOTSUPP.
 */
static int attach_all(void)
{
	struct bpf_program *prog = NULL;
	struct bpf_map *map = NULL;

	while ((prog = bpf_object__next_program(object, prog))) {
		if (bpf_program__fd(prog) < 0 || !bpf_program__autoattach(prog))
			continue;
		errno = 0;
		if (!bpf_program__attach(prog) && errno && errno != EOPNOTSUPP)
			return -errno;
	}
	while ((map = bpf_object__next_map(object, map)))
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS && bpf_map__autocreate(map) &&
		    bpf_map__autoattach(map) && !bpf_map__attach_struct_ops(map))
			return -errno;
	return 0;
}

int side_load(const char *path, const char *only, bool attach, char *reason, size_t size)
{
	struct bpf_program *prog;
	int ret;

	libbpf_set_print(keep);
	object = bpf_object__open_file(path, NULL);
	if (!object) {
		ret = -errno;
		snprintf(reason, size, "open: %s: %s", strerror(-ret), said);
		return ret;
	}
	prog = only ? bpf_object__next_program(object, NULL) : NULL;
	for (; prog; prog = bpf_object__next_program(object, prog))
		bpf_program__set_autoload(prog, strcmp(bpf_program__name(prog), only) == 0);
	ret = bpf_object__load(object);
	if (ret) {
		snprintf(reason, size, "load: %s: %s", strerror(-ret), said);
		return ret;
	}
	ret = attach ? attach_all() : 0;
	if (ret)
		snprintf(reason, size, "attach: %s: %s", strerror(-ret), said);
	return ret;
}

bool side_prog(uint32_t i, struct side_prog *side)
{
	struct bpf_program *prog = object ? bpf_object__next_program(object, NULL) : NULL;

	while (prog && i--)
		prog = bpf_object__next_program(object, prog);
	if (!prog)
		return false;
	*side = (struct side_prog){
		.name = bpf_program__name(prog),
		.optional = !bpf_program__autoload(prog),
		.attach_type = bpf_program__expected_attach_type(prog),
		.fd = bpf_program__fd(prog),
	};
	return true;
}

bool side_map(uint32_t i, struct side_map *side)
{
	struct bpf_map *map = object ? bpf_object__next_map(object, NULL) : NULL;

	while (map && i--)
		map = bpf_object__next_map(object, map);
	if (!map)
		return false;
	*side = (struct side_map){.name = bpf_map__name(map), .fd = bpf_map__fd(map)};
	return true;
}
