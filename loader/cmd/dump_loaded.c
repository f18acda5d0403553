// SPDX-License-Identifier: MIT
/*
 * A program that the kernel has loaded, as it runs: rewritten by the verifier. Helpers are offsets from
 * __bpf_call_base there, maps are ids; names come from kallsyms, the maps themselves and the program's BTF.
 *
 * Knows BPF_OBJ_GET_INFO_BY_FD; changes nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "insn/insn.h"
#include "loader/cmd/dump.h"
#include "loader/cmd/info.h"
#include "loader/err.h"
#include "loader/object/btf.h"

struct symbol {
	uint64_t address;
	char name[64];
};

struct loaded {
	const struct dump *dump;
	struct bpf_prog_info info;
	struct bpf_insn *insns;
	uint32_t n;
	struct bpf_func_info *funcs;
	struct bpf_line_info *lines;
	struct btf btf;
	bool has_btf;
	struct symbol *symbols; /* of what the program calls, by address */
	uint32_t n_symbols;
	uint64_t call_base; /* 0: not known */
	char map_name[BPF_OBJ_NAME_LEN + 1];
	char note[320];
};

/* The program's instructions, functions and lines: asked for twice, since the first answer has the
 * sizes. */
static int read_program(struct loaded *l, int fd)
{
	struct bpf_prog_info want;
	int code = info_read(fd, &l->info, sizeof(l->info));

	if (code)
		return code;
	memset(&want, 0, sizeof(want));
	want.xlated_prog_len = l->info.xlated_prog_len;
	want.nr_func_info = l->info.nr_func_info;
	want.nr_line_info = l->info.nr_line_info;
	want.func_info_rec_size = sizeof(*l->funcs);
	want.line_info_rec_size = sizeof(*l->lines);
	l->insns = calloc(1, want.xlated_prog_len + 1);
	l->funcs = calloc(want.nr_func_info + 1, sizeof(*l->funcs));
	l->lines = calloc(want.nr_line_info + 1, sizeof(*l->lines));
	if (!l->insns || !l->funcs || !l->lines)
		return -ENOMEM;
	want.xlated_prog_insns = (uintptr_t)l->insns;
	want.func_info = (uintptr_t)l->funcs;
	want.line_info = (uintptr_t)l->lines;
	code = info_read(fd, &want, sizeof(want));
	if (code)
		return code;
	l->info = want;
	l->n = want.xlated_prog_insns ? want.xlated_prog_len / 8 : 0;
	return 0;
}

/* The BTF that names its functions and lines; without it they stay unnamed. */
static void read_btf(struct loaded *l)
{
	uint32_t size = 0;
	void *bytes = NULL;

	if (l->info.btf_id && !info_btf(l->info.btf_id, &bytes, &size))
		l->has_btf = !btf_open(&l->btf, bytes, size, NULL);
	free(bytes);
}

static bool is_helper_call(struct bpf_insn insn)
{
	return insn.code == (BPF_JMP | BPF_CALL) &&
	       (!insn.src_reg || insn.src_reg == BPF_PSEUDO_KFUNC_CALL);
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

/* What the program calls, each once, its name not known yet. */
static void find_calls(struct loaded *l)
{
	uint32_t n = 0;

	l->symbols = calloc((size_t)l->n + 1, sizeof(*l->symbols));
	for (uint32_t i = 0; l->symbols && i < l->n; i++)
		if (is_helper_call(l->insns[i]))
			l->symbols[n++].address = l->call_base + (uint64_t)(int64_t)l->insns[i].imm;
	if (n)
		qsort(l->symbols, n, sizeof(*l->symbols), by_address);
	for (uint32_t i = 0; i < n; i++)
		if (!l->n_symbols || l->symbols[l->n_symbols - 1].address != l->symbols[i].address)
			l->symbols[l->n_symbols++].address = l->symbols[i].address;
}

static struct symbol *called(const struct loaded *l, uint64_t address)
{
	const struct symbol key = { .address = address };

	return l->n_symbols ? bsearch(&key, l->symbols, l->n_symbols, sizeof(key), by_address) : NULL;
}

/* One pass over kallsyms for the base, one for what the program calls. */
static void read_symbols(struct loaded *l, bool base)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		struct symbol *symbol;
		char *name;
		unsigned long long address = strtoull(line, &name, 16);

		/* "ffffffff81000000 T name [module]" */
		if (!address || strlen(name) < 4)
			continue;
		name += 3;
		name[strcspn(name, " \t\n")] = 0;
		if (base && !strcmp(name, "__bpf_call_base")) {
			l->call_base = address;
			break;
		}
		symbol = called(l, address);
		if (symbol && !symbol->name[0])
			snprintf(symbol->name, sizeof(symbol->name), "%.63s", name);
	}
	if (file)
		fclose(file);
}

static const char *map_name(struct loaded *l, uint32_t id)
{
	struct bpf_map_info info;
	int fd = info_open(BPF_MAP_GET_FD_BY_ID, id), code;

	if (fd < 0)
		return NULL;
	memset(&info, 0, sizeof(info));
	code = info_read(fd, &info, sizeof(info));
	close(fd);
	if (code || !info.name[0])
		return NULL;
	snprintf(l->map_name, sizeof(l->map_name), "%.*s", BPF_OBJ_NAME_LEN, info.name);
	return l->map_name;
}

static bool name_of(void *ctx, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *ref)
{
	struct loaded *l = ctx;

	ref->addend = 0;
	if (is_helper_call(*insn) && l->call_base) {
		const struct symbol *symbol = called(l, l->call_base + (uint64_t)(int64_t)insn->imm);

		if (!symbol || !symbol->name[0])
			return false;
		ref->kind = INSN_REF_CALL;
		ref->name = symbol->name;
		return true;
	}
	/* To the letter, a map is its id. */
	if (l->dump->opts.exact)
		return false;
	if (insn->code != (BPF_LD | BPF_IMM | BPF_DW) ||
	    (insn->src_reg != BPF_PSEUDO_MAP_FD && insn->src_reg != BPF_PSEUDO_MAP_VALUE))
		return false;
	ref->name = map_name(l, (uint32_t)insn->imm);
	ref->kind = insn->src_reg == BPF_PSEUDO_MAP_FD ? INSN_REF_MAP : INSN_REF_MAP_VALUE;
	if (ref->kind == INSN_REF_MAP_VALUE && at + 1 < l->n)
		ref->addend = l->insns[at + 1].imm;
	return ref->name != NULL;
}

static const char *func_at(void *ctx, uint32_t at)
{
	const struct loaded *l = ctx;

	for (uint32_t i = 0; l->has_btf && i < l->info.nr_func_info; i++)
		if (l->funcs[i].insn_off == at)
			return btf_name(&l->btf, l->funcs[i].type_id);
	return NULL;
}

static const char *note_at(void *ctx, uint32_t at)
{
	struct loaded *l = ctx;

	for (uint32_t i = 0; l->has_btf && i < l->info.nr_line_info; i++) {
		const char *text = btf_str(&l->btf, l->lines[i].line_off);

		if (l->lines[i].insn_off != at || !text || !text[0])
			continue;
		snprintf(l->note, sizeof(l->note), "%u: %.200s", l->lines[i].line_col >> 10,
			 text + strspn(text, " \t"));
		return l->note;
	}
	return NULL;
}

static int print(struct loaded *l, struct hewn_err *err)
{
	struct disasm_opts opts = l->dump->opts;
	int code;

	if (!l->n) {
		err_hint(err, "sysctl kernel.kptr_restrict and net.core.bpf_jit_harden hide them");
		return err_set(err, -EPERM, "the kernel does not show the program's instructions");
	}
	read_btf(l);
	read_symbols(l, true);
	if (l->call_base) {
		find_calls(l);
		read_symbols(l, false);
	}
	opts.loaded = true;
	opts.labels = !opts.exact;
	opts.ctx = l;
	opts.ref = name_of;
	opts.func = func_at;
	opts.note = l->dump->lines ? note_at : NULL;
	code = dump_insns(l->dump, &opts, l->insns, l->n);
	return code ? err_set(err, code, "cannot be printed") : 0;
}

int dump_loaded(const struct dump *dump, uint32_t id, struct hewn_err *err)
{
	struct loaded l = {.dump = dump};
	int fd = info_open(BPF_PROG_GET_FD_BY_ID, id);
	int code = fd < 0 ? fd : read_program(&l, fd);

	if (code == -ENOENT)
		err_set(err, code, "no program with the id %u is loaded", id);
	else if (code)
		err_set(err, code, "cannot ask for program %u", id);
	else
		code = print(&l, err);
	if (fd >= 0)
		close(fd);
	if (l.has_btf)
		btf_close(&l.btf);
	free(l.insns);
	free(l.funcs);
	free(l.lines);
	free(l.symbols);
	return code;
}
