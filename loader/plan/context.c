// SPDX-License-Identifier: MIT
/*
 * Contexts of global functions, for kernels before 6.8. The verifier checks a global function alone (5.6), by what the
 * BTF says of its arguments. That one is the context is said by a tag of it, "arg:ctx" (6.8); before that by its type: a
 * pointer to the struct that this type of program has. So the BTF gets such functions a second time, with that
 * type, for each type of program that is loaded. Knows the object's BTF; knows nothing of how programs are loaded.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/plan/planner.h"

#define NETFILTER 32 /* BPF_PROG_TYPE_NETFILTER, 6.4 */

/* The structs, by the type of program (include/linux/bpf_types.h). The others have none with a name. */
static const char *const structs[] = {
	[BPF_PROG_TYPE_CGROUP_DEVICE] = "bpf_cgroup_dev_ctx",
	[BPF_PROG_TYPE_CGROUP_SKB] = "__sk_buff",
	[BPF_PROG_TYPE_CGROUP_SOCK] = "bpf_sock",
	[BPF_PROG_TYPE_CGROUP_SOCK_ADDR] = "bpf_sock_addr",
	[BPF_PROG_TYPE_CGROUP_SOCKOPT] = "bpf_sockopt",
	[BPF_PROG_TYPE_CGROUP_SYSCTL] = "bpf_sysctl",
	[BPF_PROG_TYPE_FLOW_DISSECTOR] = "__sk_buff",
	[BPF_PROG_TYPE_KPROBE] = "bpf_user_pt_regs_t",
	[BPF_PROG_TYPE_LWT_IN] = "__sk_buff",
	[BPF_PROG_TYPE_LWT_OUT] = "__sk_buff",
	[BPF_PROG_TYPE_LWT_SEG6LOCAL] = "__sk_buff",
	[BPF_PROG_TYPE_LWT_XMIT] = "__sk_buff",
	[NETFILTER] = "bpf_nf_ctx",
	[BPF_PROG_TYPE_PERF_EVENT] = "bpf_perf_event_data",
	[BPF_PROG_TYPE_RAW_TRACEPOINT] = "bpf_raw_tracepoint_args",
	[BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE] = "bpf_raw_tracepoint_args",
	[BPF_PROG_TYPE_SCHED_ACT] = "__sk_buff",
	[BPF_PROG_TYPE_SCHED_CLS] = "__sk_buff",
	[BPF_PROG_TYPE_SK_LOOKUP] = "bpf_sk_lookup",
	[BPF_PROG_TYPE_SK_MSG] = "sk_msg_md",
	[BPF_PROG_TYPE_SK_REUSEPORT] = "sk_reuseport_md",
	[BPF_PROG_TYPE_SK_SKB] = "__sk_buff",
	[BPF_PROG_TYPE_SOCKET_FILTER] = "__sk_buff",
	[BPF_PROG_TYPE_SOCK_OPS] = "bpf_sock_ops",
	[BPF_PROG_TYPE_XDP] = "xdp_md",
};
#define N_STRUCTS (sizeof(structs) / sizeof(structs[0]))

/* A tag: argument `arg` of `func`, a FUNC that is global. */
struct tag {
	uint32_t func, proto, arg;
};

/* What is appended to the BTF. */
struct more {
	const struct btf *btf;
	struct tag *tags;
	uint32_t n_tags, n_types;
	FILE *types, *strings;
	char *type_bytes, *string_bytes;
	size_t types_size, strings_size;
};

static int by_func(const void *a, const void *b)
{
	const struct tag *x = a, *y = b;

	return (x->func > y->func) - (x->func < y->func);
}

/* Those of one function lie side by side. */
static int find_tags(struct more *more, struct hewn_err *err)
{
	const struct btf *btf = more->btf;

	for (uint32_t id = 1; id < btf->n_types; id++) {
		const struct btf_head *type = btf_type(btf, id), *func;
		struct tag tag = { 0 }, *to;

		if (btf_kind(type) != BTF_DECL_TAG || strcmp(btf_name(btf, id), "arg:ctx") != 0)
			continue;
		func = btf_type(btf, type->size_or_type);
		if (btf_kind(func) != BTF_FUNC || btf_vlen(func) != 1 /* global */)
			continue;
		tag.func = type->size_or_type;
		tag.proto = func->size_or_type;
		memcpy(&tag.arg, btf_body(type), sizeof(tag.arg));
		if (btf_kind(btf_type(btf, tag.proto)) != BTF_FUNC_PROTO || tag.arg >= btf_vlen(btf_type(btf, tag.proto)))
			continue;
		to = mem_append(&more->tags, &more->n_tags, sizeof(*to));
		if (!to)
			return err_nomem(err);
		*to = tag;
	}
	mem_sort(more->tags, more->n_tags, sizeof(*more->tags), by_func);
	return 0;
}

/*
 * Whether a kernel before 6.8 needs another type than that of the argument: what 6.8 takes with a tag, and is not the
 * struct by name, is void, struct pt_regs of probes, and 64-bit numbers of raw tracepoints.
 */
static bool needs_struct(const struct btf *btf, const struct tag *tag, uint32_t prog_type)
{
	const struct btf_param *params = btf_body(btf_type(btf, tag->proto));
	const uint32_t pointer = btf_skip(btf, params[tag->arg].type);
	uint32_t to;
	const struct btf_head *type;

	if (btf_kind(btf_type(btf, pointer)) != BTF_PTR)
		return false;
	to = btf_skip(btf, btf_type(btf, pointer)->size_or_type);
	type = btf_type(btf, to);
	if (!to)
		return true;
	switch (prog_type) {
	case BPF_PROG_TYPE_KPROBE:
		return btf_kind(type) == BTF_STRUCT && (!strcmp(btf_name(btf, to), "pt_regs") || !strcmp(btf_name(btf, to), "user_pt_regs"));
	case BPF_PROG_TYPE_RAW_TRACEPOINT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE:
		return btf_kind(type) == BTF_INT && type->size_or_type == 8;
	default:
		return false;
	}
}

static uint32_t put_type(struct more *more, uint32_t name_off, enum btf_kind kind, uint32_t vlen, uint32_t size_or_type)
{
	const struct btf_head head = { name_off, (uint32_t)kind << 24 | vlen, size_or_type };

	fwrite(&head, sizeof(head), 1, more->types);
	return more->n_types++;
}

/* A pointer to the struct of a type of program, of which no more than the name counts. */
static uint32_t put_pointer(struct more *more, const char *name)
{
	const uint32_t at = more->btf->strings_size + (uint32_t)ftell(more->strings);

	fwrite(name, strlen(name) + 1, 1, more->strings);
	return put_type(more, 0, BTF_PTR, 0, put_type(more, at, BTF_STRUCT, 0, 0));
}

/* The function of these n tags once more, with these types; `pointer` is made where the first needs it. */
static int put_func(struct planner *p, struct more *more, const struct tag *tag, uint32_t n_tags, uint32_t prog_type,
		    uint32_t *pointer)
{
	const struct btf_head *func = btf_type(more->btf, tag->func), *proto = btf_type(more->btf, tag->proto);
	const struct btf_param *params = btf_body(proto);
	const uint32_t n = btf_vlen(proto);
	struct plan_context *context;
	bool *change = calloc((size_t)n + 1, sizeof(*change)), any = false;

	if (!change)
		return err_nomem(p->err);
	for (uint32_t i = 0; i < n_tags; i++)
		if (needs_struct(more->btf, &tag[i], prog_type))
			any = change[tag[i].arg] = true;
	if (any) {
		if (!*pointer)
			*pointer = put_pointer(more, structs[prog_type]);
		context = mem_append(&p->contexts, &p->n_contexts, sizeof(*context));
		if (!context) {
			free(change);
			return err_nomem(p->err);
		}
		put_type(more, 0, BTF_FUNC_PROTO, n, proto->size_or_type);
		for (uint32_t i = 0; i < n; i++) {
			const struct btf_param param = { params[i].name_off, change[i] ? *pointer : params[i].type };

			fwrite(&param, sizeof(param), 1, more->types);
		}
		*context = (struct plan_context){ .func = tag->func, .prog_type = prog_type };
		context->as = put_type(more, func->name_off, BTF_FUNC, btf_vlen(func), more->n_types - 1);
	}
	free(change);
	return 0;
}

/* The functions for one type of program. */
static int put_funcs(struct planner *p, struct more *more, uint32_t prog_type)
{
	uint32_t pointer = 0, n;
	int ret = 0;

	for (uint32_t i = 0; i < more->n_tags && !ret; i += n) {
		for (n = 1; i + n < more->n_tags && more->tags[i + n].func == more->tags[i].func;)
			n++;
		ret = put_func(p, more, &more->tags[i], n, prog_type, &pointer);
	}
	return ret;
}

/* The BTF with what was appended. */
static int join(struct planner *p, const struct more *more)
{
	const struct btf *btf = more->btf;
	const uint32_t size = btf->types_end - btf->types_off;
	const uint32_t types = size + (uint32_t)more->types_size, strings = btf->strings_size + (uint32_t)more->strings_size;
	const struct btf_header header = { .magic = BTF_MAGIC,
					   .version = 1,
					   .header_size = BTF_HEADER_SIZE,
					   .types_size = types,
					   .strings_off = types,
					   .strings_size = strings };
	uint8_t *bytes = malloc((size_t)BTF_HEADER_SIZE + types + strings), *to = bytes;
	int ret;

	if (!bytes)
		return err_nomem(p->err);
	to = (uint8_t *)memcpy(to, &header, BTF_HEADER_SIZE) + BTF_HEADER_SIZE;
	to = (uint8_t *)memcpy(to, btf->bytes + btf->types_off, size) + size;
	to = (uint8_t *)memcpy(to, more->type_bytes, more->types_size) + more->types_size;
	to = (uint8_t *)memcpy(to, btf->strings, btf->strings_size) + btf->strings_size;
	memcpy(to, more->string_bytes, more->strings_size);
	ret = btf_open(&p->longer, bytes, (size_t)BTF_HEADER_SIZE + types + strings, p->err);
	free(bytes);
	if (!ret)
		p->types = &p->longer;
	return ret;
}

static bool is_loaded(const struct planner *p, uint32_t prog_type)
{
	for (uint32_t i = 0; i < p->object->n_funcs; i++)
		if (p->prog_slots[i] != NONE && p->object->funcs[i].def->prog_type == prog_type)
			return true;
	return false;
}

static int append(struct planner *p, struct more *more)
{
	int ret = 0;
	bool failed;

	more->types = open_memstream(&more->type_bytes, &more->types_size);
	more->strings = open_memstream(&more->string_bytes, &more->strings_size);
	for (uint32_t type = 0; more->types && more->strings && type < N_STRUCTS && !ret; type++)
		if (structs[type] && is_loaded(p, type))
			ret = put_funcs(p, more, type);
	failed = !more->types || !more->strings;
	if (more->types)
		failed |= fclose(more->types) != 0;
	if (more->strings)
		failed |= fclose(more->strings) != 0;
	if (!ret && failed)
		ret = err_nomem(p->err);
	if (!ret && p->n_contexts)
		ret = join(p, more);
	free(more->type_bytes);
	free(more->string_bytes);
	return ret;
}

int plan_contexts(struct planner *p)
{
	struct more more = { .btf = &p->object->btf, .n_types = p->object->btf.n_types };
	int ret;

	p->types = &p->object->btf;
	if (!p->object->has_btf || p->object->btf.n_kinds) /* kinds from after 6.8 */
		return 0;
	ret = find_tags(&more, p->err);
	if (!ret && more.n_tags)
		ret = append(p, &more);
	free(more.tags);
	return ret;
}

uint32_t plan_context_func(const struct planner *p, uint32_t func, uint32_t prog_type)
{
	for (uint32_t i = 0; i < p->n_contexts; i++)
		if (p->contexts[i].func == func && p->contexts[i].prog_type == prog_type)
			return p->contexts[i].as;
	return func;
}
