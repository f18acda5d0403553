// SPDX-License-Identifier: MIT
/* The bytes of a call: see fill.h. Knows blobs and slots; makes no calls. */
#include "loader/kernel/fill.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What the kernel only reads, and as it is in the plan: a copy would say the same. */
static bool is_plain(const struct plan_blob *blob)
{
	return blob->bytes && !blob->n_fixes && blob->kind != BLOB_BPF_ATTR && blob->kind != BLOB_PERF_ATTR &&
	       blob->kind != BLOB_OUT;
}

/*
 * Makes the run's own copy of a blob, with slots and addresses in place. 0; -ENOMEM; -ENODATA: a slot
 * that it needs is absent.
 */
static int fill_blob(struct hewn_run *run, uint32_t index)
{
	const struct plan_blob *blob = &run->plan->blobs[index];
	uint8_t *bytes = run->blobs[index];
	int ret;

	if (is_plain(blob)) {
		run->blobs[index] = blob->bytes;
		return 0;
	}
	if (!bytes) /* one byte more, zero: what the kernel writes there can be read as text */
		run->blobs[index] = bytes = calloc(1, (size_t)blob->size + 1);
	if (!bytes)
		return -ENOMEM;
	if (blob->bytes)
		memcpy(bytes, blob->bytes, blob->size);
	for (uint32_t i = 0; i < blob->n_fixes; i++) {
		const struct plan_fix *fix = &blob->fixes[i];
		uint64_t value;
		uint32_t word;

		if (fix->kind == FIX_BLOB) {
			ret = fill_blob(run, fix->index);
			if (ret)
				return ret;
			value = (uintptr_t)run->blobs[fix->index];
		} else {
			if (!run->slots[fix->index].present)
				return -ENODATA;
			value = (uint64_t)run->slots[fix->index].value;
		}
		word = (uint32_t)(fix->kind == FIX_HIGH ? value >> 32 : value);
		if (fix->kind == FIX_TEXT) {
			for (uint32_t digit = fix->size; digit-- > 0; value /= 10)
				bytes[fix->off + digit] = (uint8_t)('0' + value % 10);
		} else if (fix->size == 8) {
			memcpy(bytes + fix->off, &value, 8);
		} else {
			memcpy(bytes + fix->off, &word, 4);
		}
	}
	return 0;
}

int fill_args(struct hewn_run *run, const struct plan_step *step, long args[6])
{
	int ret = 0;

	for (uint32_t i = 0; i < step->n_args && !ret; i++) {
		const struct plan_arg *arg = &step->args[i];

		switch (arg->kind) {
		case ARG_INT:
			args[i] = (long)arg->value;
			break;
		case ARG_SLOT:
			args[i] = (long)run->slots[arg->value].value;
			ret = run->slots[arg->value].present ? 0 : -ENODATA;
			break;
		case ARG_BLOB:
			ret = fill_blob(run, (uint32_t)arg->value);
			args[i] = (long)(uintptr_t)run->blobs[arg->value];
			break;
		}
	}
	return ret;
}

void fill_close(struct hewn_run *run)
{
	for (uint32_t i = 0; run->blobs && i < run->plan->n_blobs; i++) {
		if (!is_plain(&run->plan->blobs[i]))
			free(run->blobs[i]);
		run->blobs[i] = NULL;
	}
}
