// SPDX-License-Identifier: MIT
/*
 * BTF of each object for each kernel that has any: a kernel that refuses what such a kernel refuses takes one of the
 * alternatives of the plan, and what it takes is whole, and has every id. What they refuse is written down here from
 * their kernel/bpf/btf.c, not from what hewn does.
 */
#include <ctype.h>
#include <glob.h>
#include <unistd.h>

#include "tests/fake_kernel.h"

#include "loader/kernel/run.h"
#include "loader/object/object.h"
#include "tests/tap.h"

static uint32_t version;    /* of the kernel that this is */
static struct btf accepted; /* what it took */
static uint32_t refusals;

static bool is_identifier(const char *name)
{
	if (!isalpha((unsigned char)*name) && *name != '_')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

static enum btf_kind newest_kind(void)
{
	static const struct {
		uint32_t since;
		enum btf_kind kind;
	} kinds[] = {
		{ 0x041200, BTF_RESTRICT }, { 0x050000, BTF_FUNC_PROTO }, { 0x050200, BTF_DATASEC }, { 0x050d00, BTF_FLOAT },
		{ 0x051000, BTF_DECL_TAG }, { 0x051100, BTF_TYPE_TAG },	  { 0x060000, BTF_ENUM64 },
	};
	enum btf_kind kind = BTF_UNKN;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (version >= kinds[i].since)
			kind = kinds[i].kind;
	return kind;
}

/* Members in order, inside, with a name or none. */
static const char *members(const struct btf *btf, const struct btf_head *type)
{
	const struct btf_member *member = btf_body(type);
	uint64_t last = 0;

	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		const char *name = btf_str(btf, member[i].name_off);
		uint32_t bit = btf_member_bit(type, &member[i]);
		int64_t size = btf_size(btf, member[i].type);

		if (*name && !is_identifier(name))
			return "the name of a member";
		if (size < 0 || bit < last || (!btf_member_bits(type, &member[i]) && bit / 8 + (uint64_t)size > type->size_or_type))
			return "a member's place";
		last = btf_kind(type) == BTF_STRUCT ? bit : 0;
	}
	return NULL;
}

/* Why this kernel refuses a type; NULL: it takes it. */
static const char *wrong(const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, id);
	const enum btf_kind kind = btf_kind(type);
	const char *name = btf_name(btf, id);
	bool may_flag = kind == BTF_STRUCT || kind == BTF_UNION || kind == BTF_FWD ||
			(version >= 0x060000 && (kind == BTF_ENUM || kind == BTF_ENUM64));

	if (kind > newest_kind())
		return "the kind";
	if (btf_kind_flag(type) && (version < 0x050000 || !may_flag))
		return "the flag";
	switch (kind) {
	case BTF_INT:
		return type->size_or_type > (version < 0x050100 ? 8 : 16) ? "the size" : NULL;
	case BTF_STRUCT:
	case BTF_UNION:
		return *name && !is_identifier(name) ? "the name" : members(btf, type);
	case BTF_FUNC:
		if (btf_vlen(type) > (version < 0x050600 ? 0 : 1) || btf_kind(btf_type(btf, type->size_or_type)) != BTF_FUNC_PROTO)
			return "the linkage";
		return is_identifier(name) ? NULL : "the name";
	case BTF_TYPEDEF:
	case BTF_FWD:
		return is_identifier(name) ? NULL : "the name";
	case BTF_PTR:
	case BTF_CONST:
	case BTF_VOLATILE:
	case BTF_RESTRICT:
		return *name ? "the name" : NULL;
	case BTF_DATASEC:
		return !type->size_or_type || (!btf_vlen(type) && version < 0x050c00) || (*name == '?' && version < 0x060900) ? "the section" :
																NULL;
	default:
		return NULL;
	}
}

static bool takes(const void *bytes, uint32_t size)
{
	struct hewn_err err = { 0 };
	struct btf btf;
	const char *why = NULL;

	if (btf_open(&btf, bytes, size, &err)) {
		printf("# refused for good: %s\n", err.what);
		hewn_err_close(&err);
		return false;
	}
	for (uint32_t id = 1; id < btf.n_types && !why; id++)
		why = wrong(&btf, id);
	if (why) {
		refusals++;
		btf_close(&btf);
		return false;
	}
	btf_close(&accepted);
	accepted = btf;
	return true;
}

/* What btf_open() says of it, bpftool says too. */
static bool bpftool_reads(void)
{
	char path[] = "/tmp/hewn-btf-XXXXXX", command[128];
	int fd = mkstemp(path);
	bool fine = fd >= 0 && write(fd, accepted.bytes, accepted.size) == (ssize_t)accepted.size;

	snprintf(command, sizeof(command), "bpftool btf dump file %s >/dev/null", path);
	fine = fine && !system(command);
	if (fd >= 0)
		close(fd);
	unlink(path);
	return fine;
}

/* The target as it is, but of another version. */
static void set_version(struct hewn_target *target)
{
	struct fact *release = target_find(target, "uname -r"), *build = target_find(target, "uname -v");
	char text[16];

	snprintf(text, sizeof(text), "%u.%u.0", version >> 16, version >> 8 & 255);
	free(release->text);
	release->text = strdup(text);
	build->text[0] = 0;
}

static void load(const struct hewn_object *object, const char *path, bool has_bpftool)
{
	static const uint32_t versions[] = { 0x041200, 0x050000, 0x050200, 0x050600, 0x050d00, 0x051100, 0x060c00 };
	static const struct hewn_plan_opts opts = { .optional = true };

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct hewn_target *target = NULL;
		struct hewn_plan *plan = NULL;
		struct hewn_run *run = NULL;
		struct hewn_err err = { 0 };
		char name[300];
		int ret;

		fake.version = version = versions[i];
		refusals = 0;
		fake_reset();
		fake.takes_btf = takes;
		btf_close(&accepted);
		ret = hewn_target_open(&target, version < 0x050300 ? "tests/profiles/4.14-x86_64" : "tests/profiles/6.1-x86_64", &err);
		if (!ret)
			set_version(target);
		if (!ret)
			ret = hewn_plan_open(&plan, object, target, &opts, &err);
		if (ret)
			printf("# %s: no plan: %s\n", path, err.what);
		else
			ret = hewn_run_open(&run, plan, NULL, NULL);
		hewn_run_close(run);
		fake.n_pins = 0;
		snprintf(name, sizeof(name), "%s on %u.%u", strrchr(path, '/') + 1, version >> 16, version >> 8 & 255);
		if (plan && !ok(!ret && accepted.n_types >= object->btf.n_types, name))
			printf("# returned %d, with %u of %u types\n", ret, accepted.n_types, object->btf.n_types);
		if (has_bpftool && accepted.bytes && refusals)
			ok(bpftool_reads(), "bpftool reads it");
		hewn_err_close(&err);
		hewn_plan_close(plan);
		hewn_target_close(target);
	}
	btf_close(&accepted);
}

int main(int argc, char **argv)
{
	static const char *const patterns[] = { "/bpf/*.bpf.o", "/tests/bpf/*.bpf.o" };
	const bool has_bpftool = !system("command -v bpftool >/dev/null");
	char build[256], pattern[300];
	glob_t found;

	/* the objects are beside this program: BUILD/tests/unit/btf_old */
	snprintf(build, sizeof(build), "%s", argc > 0 ? argv[0] : "");
	for (int i = 0; i < 3 && strrchr(build, '/'); i++)
		*strrchr(build, '/') = 0;
	for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
		snprintf(pattern, sizeof(pattern), "%s%s", build, patterns[p]);
		if (glob(pattern, 0, NULL, &found))
			continue;
		for (size_t i = 0; i < found.gl_pathc; i++) {
			struct hewn_object *object = NULL;

			if (!hewn_object_open(&object, found.gl_pathv[i], NULL) && object->has_btf)
				load(object, found.gl_pathv[i], has_bpftool);
			hewn_object_close(object);
		}
		globfree(&found);
	}
	if (!tap_run)
		tap_skip("no objects", "bpf/ is not compiled");
	return tap_done();
}
