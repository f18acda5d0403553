// SPDX-License-Identifier: MIT
/*
 * libFuzzer: records of any bytes, by types of any BTF. The input is two bytes (the length of the
 * BTF), the BTF, the record. Text must hold no byte that a terminal obeys; JSON must be balanced
 * and valid UTF-8.
 */
#include <stdlib.h>
#include <string.h>

#include "loader/show/show.h"
#include "tests/btfmake.h"
#include "tests/show_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static FILE *to;
static char *output;
static size_t output_size;

/* No controls, neither of ASCII nor those from U+0080 to U+009F. */
static void check_text(void)
{
	for (size_t i = 0; i < output_size; i++) {
		unsigned char c = (unsigned char)output[i];
		unsigned char last = i ? (unsigned char)output[i - 1] : 0;

		if ((c < 0x20 && c != '\n') || c == 0x7f || (last == 0xc2 && c >= 0x80 && c < 0xa0))
			abort();
	}
}

/* Brackets outside of strings match, and no control is inside of one. */
static void check_json(void)
{
	long depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < output_size; i++) {
		unsigned char c = (unsigned char)output[i];

		if (c < 0x20 && (in_string || c != '\n'))
			abort();
		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']'))
			depth--;
		if (depth < 0)
			abort();
	}
	if (depth || in_string)
		abort();
}

static void show_all(const struct btf *btf, uint32_t id, const uint8_t *record, uint32_t size)
{
	struct show_table table;

	for (int json = 0; json < 2; json++) {
		to = open_memstream(&output, &output_size);
		show_value(btf, id, record, size, to, json);
		if (!show_table_open(&table, btf, id, NULL)) {
			table.json = json;
			table.width = size;
			show_row(&table, record, size, to);
			show_row(&table, record, size / 2, to);
			show_table_close(&table);
		}
		fclose(to);
		check_text();
		if (json)
			check_json();
		free(output);
	}
}

/* A struct with one of everything, when the input brings no BTF. */
static void own_types(struct btf *btf)
{
	static const char *const names[] = {"hewn_ipv4", "hewn_hex32", "hewn_open_flags", "hewn_ns",
					    "hewn_result"};
	static struct btfmake mk;
	uint32_t u32, s64, chr, text, words, record, flt;

	memset(&mk, 0, sizeof(mk));
	u32 = mk_int(&mk, "unsigned int", 4, 0);
	s64 = mk_int(&mk, "long long", 8, MK_SIGNED);
	chr = mk_int(&mk, "char", 1, MK_SIGNED);
	text = mk_array(&mk, chr, 24);
	words = mk_type(&mk, BTF_TYPEDEF, "hewn_strings", 0, text);
	flt = mk_type(&mk, BTF_FLOAT, "double", 0, 8);
	for (int i = 0; i < 5; i++)
		mk_type(&mk, BTF_TYPEDEF, names[i], 0, i < 4 ? u32 : s64);
	record = mk_type(&mk, BTF_STRUCT, "record", 10 | MK_KFLAG, 96);
	for (uint32_t i = 0; i < 5; i++)
		mk_named(&mk, names[i], flt + 1 + i, 32 * i);
	mk_named(&mk, "bits", u32, 5u << 24 | (24 * 8 + 3));
	mk_named(&mk, "odd", s64, 33u << 24 | (25 * 8));
	mk_named(&mk, "double", flt, 32 * 8);
	mk_named(&mk, "text", text, 40 * 8);
	mk_named(&mk, "words", words, 64 * 8);
	if (mk_open(&mk, btf, NULL) || record != mk.n_ids)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct btf btf;
	size_t n;

	if (size < 2)
		return 0;
	n = (size_t)bytes[0] << 8 | bytes[1];
	bytes += 2;
	size -= 2;
	if (n == 0) {
		own_types(&btf);
		show_all(&btf, btf.n_types - 1, bytes, (uint32_t)size);
	} else if (n > size || btf_open(&btf, bytes, n, NULL)) {
		return 0;
	} else {
		for (uint32_t id = 0; id <= btf.n_types && id < 64; id++)
			show_all(&btf, id, bytes + n, (uint32_t)(size - n));
	}
	btf_close(&btf);
	return 0;
}
