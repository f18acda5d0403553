// SPDX-License-Identifier: MIT
/* loader/plan/bytes: what a plan has in this machine's order is written in the target's, each kind of bytes as it is. */
#include <stdlib.h>
#include <string.h>

#include "loader/object/object.h"
#include "loader/plan/bytes.h"
#include "loader/plan/plan.h"
#include "tests/tap.h"

int main(void)
{
	static const struct {
		enum plan_blob_kind kind;
		uint32_t size;
		const char *turned, *name;
	} rows[] = {
		{ BLOB_KEY, 4, "dcba", "a_key_is_a_number" },
		{ BLOB_KEY, 8, "hgfedcba", "of_8_bytes_too" },
		{ BLOB_VALUE, 8, "abcdefgh", "a_value_is_the_target_s_already" },
		{ BLOB_STRING, 8, "abcdefgh", "a_text_has_no_order" },
		{ BLOB_WORDS, 16, "hgfedcbaponmlkji", "words_have_8_bytes" },
		{ BLOB_FUNC_INFO, 8, "dcbahgfe", "records_of_functions_have_numbers_of_4" },
		{ BLOB_LINE_INFO, 16, "dcbahgfelkjiponm", "so_have_those_of_lines" },
		{ BLOB_OUT, 8, "dcbahgfe", "and_structs_that_the_kernel_fills" },
	};
	const uint16_t one = 1;
	const bool big = !*(const uint8_t *)&one;
	struct hewn_object object = { .big_endian = big };
	struct hewn_plan plan = { .object = &object };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const uint32_t blob = plan_blob(&plan, rows[i].kind, "abcdefghijklmnop", rows[i].size);
		uint8_t *same, *turned;

		object.big_endian = big;
		same = bytes_of(&plan, blob);
		object.big_endian = !big;
		turned = bytes_of(&plan, blob);
		ok(same && !memcmp(same, "abcdefghijklmnop", rows[i].size) && turned && !memcmp(turned, rows[i].turned, rows[i].size),
		   rows[i].name);
		free(same);
		free(turned);
	}
	free(plan.blobs);
	mem_close(&plan.pool);
	return tap_done();
}
