// SPDX-License-Identifier: MIT
/* Pools: pieces, texts, and arrays that grow in them. */
#include <string.h>

#include "loader/mem.h"
#include "tests/tap.h"

static const char *text(struct mem_pool *pool, const char *fmt, ...)
{
	va_list args;
	const char *result;

	va_start(args, fmt);
	result = mem_text(pool, fmt, args);
	va_end(args);
	return result;
}

static void test_pieces(void)
{
	struct mem_pool pool = { 0 };
	unsigned char *pieces[300];
	bool aligned = true, kept = true;

	for (size_t i = 0; i < 300; i++) {
		pieces[i] = mem_take(&pool, i);
		aligned &= (uintptr_t)pieces[i] % 8 == 0;
		memset(pieces[i], (int)(i & 255), i);
	}
	for (size_t i = 0; i < 300; i++)
		for (size_t k = 0; k < i; k++)
			kept &= pieces[i][k] == (i & 255);
	ok(aligned, "pieces_are_aligned");
	ok(kept, "pieces_lie_apart");
	ok(mem_take(&pool, 0) && mem_take(&pool, 0) != mem_take(&pool, 0), "a_piece_of_nothing_is_a_piece");
	ok(!mem_take(&pool, SIZE_MAX) && !mem_take(&pool, SIZE_MAX - 8), "a_size_that_no_memory_has_is_refused");
	ok(mem_take(&pool, 1000000) != NULL, "a_large_piece_has_its_place");
	mem_close(&pool);
	ok(!pool.last && !pool.left && mem_take(&pool, 8), "a_closed_pool_can_be_used_again");
	mem_close(&pool);
}

static void test_texts(void)
{
	struct mem_pool pool = { 0 };
	char longer[5000];
	bool same = true;

	eq_str(text(&pool, "plain"), "plain", "a_text_without_names");
	eq_str(text(&pool, ""), "", "an_empty_text");
	eq_str(text(&pool, "%s", ""), "", "an_empty_name");
	eq_str(text(&pool, "map(%s)", "calls"), "map(calls)", "a_name_in_the_middle");
	eq_str(text(&pool, "%s%s/%s", "a", "b", "c"), "ab/c", "names_side_by_side");
	eq_str(text(&pool, "%u.%u of %s", 0u, UINT32_MAX, "x"), "0.4294967295 of x", "numbers");
	eq_str(text(&pool, "%s: %3u of %d%%", "x", 7u, -1), "x:   7 of -1%", "other_forms");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	eq_str(text(&pool, "%s", longer), longer, "a_text_that_is_longer_than_a_block");
	for (size_t i = 4999; i-- > 0;) { /* at every place of a block */
		longer[i] = '\0';
		same &= !strcmp(text(&pool, i % 2 ? "%s" : "%.5000s", longer), longer);
	}
	ok(same, "texts_at_the_end_of_a_block");
	mem_close(&pool);
}

static void test_arrays(void)
{
	struct mem_pool pool = { 0 };
	uint32_t *numbers = NULL, *more, n = 0, n_more;
	struct { char bytes[100]; } *large = NULL;
	uint32_t n_large = 0;
	bool right = true;

	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t *added = mem_add(&pool, &numbers, &n, sizeof(*added));

		right &= added && !*added;
		*added = i;
	}
	for (uint32_t i = 0; i < n; i++)
		right &= numbers[i] == i;
	ok(right && n == 1000, "an_array_grows");
	for (n = 0; n < 20; n++) {
		more = mem_copy(&pool, numbers, n, sizeof(*more));
		n_more = n;
		*(uint32_t *)mem_add(&pool, &more, &n_more, sizeof(*more)) = 77;
		right &= n_more == n + 1 && more[n] == 77 && numbers[n] == n && !memcmp(more, numbers, n * sizeof(*more));
	}
	ok(right, "a_copy_grows_on_its_own");
	for (int i = 0; i < 5; i++)
		memset(mem_add(&pool, &large, &n_large, sizeof(*large)), i, sizeof(*large));
	ok(n_large == 5 && large[0].bytes[99] == 0 && large[4].bytes[0] == 4, "large_elements");
	mem_close(&pool);
}

int main(void)
{
	test_pieces();
	test_texts();
	test_arrays();
	return tap_done();
}
