// SPDX-License-Identifier: MIT
/*
 * The ABI tables against the kernel that runs here, by its own BTF: where its fields lie, and whether a field or a
 * name is there that the table says came with this version or before. What is newer may be there all the same, since
 * stable kernels take things over.
 */
#include "loader/abi/abi.h"
#include "loader/object/btf.h"
#include "tests/tap.h"

#include <sys/utsname.h>

#define VMLINUX "/sys/kernel/btf/vmlinux"

static struct btf btf;
static uint32_t version;

struct place {
	uint32_t off, size;
};

/* A member by its dotted path, through members without a name. */
static bool find_member(uint32_t type, const char *path, uint32_t base, struct place *place)
{
	const struct btf_head *head = btf_type(&btf, btf_skip(&btf, type));
	const size_t len = strcspn(path, ".");

	if (btf_kind(head) != BTF_STRUCT && btf_kind(head) != BTF_UNION)
		return false;
	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		const struct btf_member *m = (const struct btf_member *)btf_body(head) + i;
		const char *name = btf_str(&btf, m->name_off);
		const uint32_t off = base + btf_member_bit(head, m) / 8;

		if (!name[0] && find_member(m->type, path, off, place))
			return true;
		if (strlen(name) != len || strncmp(name, path, len) != 0)
			continue;
		if (path[len])
			return find_member(m->type, path + len + 1, off, place);
		*place = (struct place){ off, (uint32_t)btf_size(&btf, m->type) };
		return true;
	}
	return false;
}

/* The name of the struct in the union that a command's fields are in, with a dot; "": they are in one without a name. */
static const char *struct_of(uint32_t cmd)
{
	static const struct {
		uint32_t from, to;
		const char *name;
	} structs[] = {
		{ 10, 10, "test." },	       { 15, 15, "info." },	     { 16, 16, "query." },
		{ 17, 17, "raw_tracepoint." }, { 20, 20, "task_fd_query." }, { 24, 27, "batch." },
		{ 28, 28, "link_create." },    { 29, 29, "link_update." },   { 32, 32, "enable_stats." },
		{ 33, 33, "iter_create." },    { 34, 34, "link_detach." },   { 35, 35, "prog_bind_map." },
		{ 36, 36, "token_create." },   { 37, 37, "prog_stream_read." }, { 38, 38, "prog_assoc_struct_ops." },
	};

	for (size_t i = 0; i < sizeof(structs) / sizeof(*structs); i++)
		if (cmd >= structs[i].from && cmd <= structs[i].to)
			return structs[i].name;
	return "";
}

static bool find_field(uint32_t type, uint32_t cmd, const struct abi_field *f, struct place *place)
{
	char path[96];

	snprintf(path, sizeof(path), "%s%s%s%s", struct_of(cmd), f->only ? f->only : "", f->only ? "." : "", f->name);
	if (f->only && find_member(type, path, 0, place))
		return true;
	if (abi_field(cmd, f->name) != f) /* without its case, the name is another member */
		return false;
	snprintf(path, sizeof(path), "%s%s", struct_of(cmd), f->name);
	return find_member(type, path, 0, place);
}

static void fields_are_where_the_kernel_has_them(void)
{
	const uint32_t attr = btf_find(&btf, BTF_UNION, "bpf_attr");
	unsigned int compared = 0, newer = 0;
	bool right = attr != 0;

	for (uint32_t cmd = 0; abi_row(cmd); cmd++)
		for (const struct abi_field *f = abi_row(cmd)->fields; f->name; f++) {
			struct place place = { 0, 0 };
			const bool there = find_field(attr, cmd, f, &place);

			newer += there && f->since > version;
			compared += there;
			if (there ? place.off == f->off && place.size == f->size : f->since > version)
				continue;
			printf("# %s %s: the table has %u+%u, the kernel %u+%u%s\n", abi_row(cmd)->name, f->name, f->off,
			       f->size, place.off, place.size, there ? "" : " (none)");
			right = false;
		}
	ok(right, "fields_are_where_the_kernel_has_them");
	printf("# %u fields compared, %u of them newer than the kernel's version\n", compared, newer);
}

static bool find_number(const char *enum_name, const char *prefix, const char *name, uint64_t *value)
{
	const uint32_t id = enum_name[0] ? btf_find(&btf, BTF_ENUM, enum_name) : 0;
	const size_t len = strlen(prefix);

	for (uint32_t i = id ? id : 1; i < (id ? id + 1 : btf.n_types); i++) {
		const struct btf_head *head = btf_type(&btf, i);

		for (uint32_t k = 0; btf_kind(head) == BTF_ENUM && k < btf_vlen(head); k++) {
			const struct btf_enumerator *e = (const struct btf_enumerator *)btf_body(head) + k;
			const char *got = btf_str(&btf, e->name_off);

			if (strncmp(got, prefix, len) || strcmp(got + len, name))
				continue;
			*value = (uint32_t)e->value;
			return true;
		}
	}
	return false;
}

static void names_have_the_kernel_s_numbers(const char *enum_name, const struct abi_name *names, const char *test)
{
	const char *prefix = abi_prefix(names);
	bool right = true;

	for (; names->name; names++) {
		uint64_t value = 0;
		const bool there = find_number(enum_name, prefix, names->name, &value);

		if (there ? value == names->value : names->since > version)
			continue;
		printf("# %s: the table has %llu, the kernel %llu%s\n", names->name, (unsigned long long)names->value,
		       (unsigned long long)value, there ? "" : " (none)");
		right = false;
	}
	ok(right, test);
}

static void commands_have_the_kernel_s_numbers(void)
{
	bool right = true;

	for (uint32_t i = 0; abi_row(i); i++) {
		uint64_t value = 0;
		const bool there = find_number("bpf_cmd", "BPF_", abi_row(i)->name + 4, &value);

		right &= there ? value == i : abi_row(i)->since > version;
	}
	ok(right, "commands_have_the_kernel_s_numbers");
}

#define NAMES(enum_name, table) names_have_the_kernel_s_numbers(enum_name, table, #table "_have_the_kernel_s_numbers")

int main(void)
{
	FILE *file = fopen(VMLINUX, "r");
	const size_t room = 64u << 20;
	struct hewn_err err = { 0 };
	struct utsname uts;
	char *bytes, *dot;
	size_t size;

	if (!file || uname(&uts)) {
		tap_skip("the_tables_are_the_kernel_s", "this kernel has no BTF");
		return tap_done();
	}
	version = (uint32_t)strtoul(uts.release, &dot, 10) << 16;
	version |= (uint32_t)strtoul(dot + 1, NULL, 10) << 8;
	bytes = malloc(room);
	size = bytes ? fread(bytes, 1, room, file) : 0;
	fclose(file);
	if (ok(!btf_open(&btf, bytes, size, &err), "the_kernel_s_btf_is_read")) {
		fields_are_where_the_kernel_has_them();
		commands_have_the_kernel_s_numbers();
		NAMES("bpf_map_type", abi_map_types);
		NAMES("bpf_prog_type", abi_prog_types);
		NAMES("bpf_attach_type", abi_attach_types);
		NAMES("bpf_link_type", abi_link_types);
	}
	btf_close(&btf);
	free(bytes);
	return tap_done();
}
