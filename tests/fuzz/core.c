// SPDX-License-Identifier: MIT
/*
 * libFuzzer: CO-RE between BTF that was checked and BTF that was not, as a kernel's is not. The input is
 * a number, as many changes (where, and a word), and BTF; the changes are made in the kernel's copy.
 */
#include <stdlib.h>
#include <string.h>

#include "loader/link/core.h"
#include "loader/object/btf_scan.h"

#define MOST_TYPES 64 /* of the object, and what is asked of each */

static void ask(const struct btf *local, uint32_t root, const char *access, enum core_kind kind,
		const struct btf *target)
{
	struct core_candidate candidates[3];
	struct core_spec spec;
	struct core_value value;
	uint32_t n = 0;
	char text[40];

	if (core_spec_read(&spec, local, root, kind, access, NULL))
		return;
	core_spec_text(&spec, text, sizeof(text));
	for (uint32_t i = 0; i < 3; i++) /* of any name, as the bytes that make names are changed too */
		if (root + i < target->n_types)
			candidates[n++] = (struct core_candidate){target, root + i, NULL};
	if (core_value(&spec, candidates, &n, root & 1, &value, NULL))
		return;
	if (value.poison)
		free(core_why(&spec, candidates, n, true));
}

static void ask_all(const struct btf *local, const struct btf *target)
{
	static const char *const accesses[] = {"0", "0:0", "0:1", "0:1:0", "1:0:0:2", "0:2:1"};

	for (uint32_t id = 1; id < local->n_types && id < MOST_TYPES; id++)
		for (uint32_t kind = 0; kind < CORE_N_KINDS; kind++)
			for (size_t i = 0; i < sizeof(accesses) / sizeof(*accesses); i++)
				ask(local, id, accesses[i], (enum core_kind)kind, target);
}

/* Makes the changes, as far as there are any, in what stands behind them. */
static void change(uint8_t *copy, size_t size, const uint8_t *changes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++, changes += 6) {
		size_t at = (size_t)changes[0] << 8 | changes[1];

		if (at >= BTF_HEADER_SIZE && at + 4 <= size)
			memcpy(copy + at, changes + 2, 4);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint32_t n = size ? bytes[0] % 16 : 0;
	const size_t skip = 1 + 6 * (size_t)n;
	struct btf local, target;
	uint8_t *copy;

	if (size <= skip || btf_open(&local, bytes + skip, size - skip, NULL))
		return 0;
	copy = malloc(size - skip);
	if (!copy)
		abort();
	memcpy(copy, bytes + skip, size - skip);
	change(copy, size - skip, bytes + 1, n);
	if (!btf_open_lazy(&target, NULL, copy, size - skip, NULL)) {
		if (!btf_scan(&target, NULL, NULL, NULL, NULL))
			ask_all(&local, &target);
		btf_close(&target);
	}
	btf_close(&local);
	free(copy);
	return 0;
}
