// SPDX-License-Identifier: MIT
/*
 * The shortest edit script of two lists (Myers, "An O(ND) Difference Algorithm", 1986), after what both begin and end with
 * is set aside. Where more than MAX_EDITS lines differ, all that is left is shown as gone and come.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/cmd/difflines.h"
#include "loader/mem.h"

#define MAX_EDITS 4000

void lines_take(struct lines *lines, char *line)
{
	char **slot;

	for (char *c = line; c && *c; c++) /* a plan that strangers saved may have what steers a terminal */
		*c = (unsigned char)*c < 0x20 || *c == 0x7f ? ' ' : *c;
	slot = line ? mem_append(&lines->v, &lines->n, sizeof(*slot)) : NULL;

	if (slot)
		*slot = line;
	else
		lines->failed = true, free(line);
}

void lines_close(struct lines *lines)
{
	for (uint32_t i = 0; i < lines->n; i++)
		free(lines->v[i]);
	free(lines->v);
	memset(lines, 0, sizeof(*lines));
}

struct diff {
	const struct lines *a, *b;
	int32_t from, a_end, b_end; /* what is left between what both begin and end with */
	bool *gone, *come;          /* a's lines, b's lines */
};

static bool same(const struct diff *d, int32_t x, int32_t y)
{
	return !strcmp(d->a->v[d->from + x], d->b->v[d->from + y]);
}

/* The furthest x on each diagonal k, one array for each number of edits; row[k + edits]. */
static bool walk(struct diff *d, int32_t **rows, int32_t *edits)
{
	const int32_t n = d->a_end - d->from, m = d->b_end - d->from;

	for (int32_t e = 0; e <= MAX_EDITS; e++) {
		const int32_t *last = e ? rows[e - 1] : NULL;
		int32_t *row = rows[e] = calloc((size_t)(2 * e + 1), sizeof(*row));

		if (!row)
			return false;
		for (int32_t k = -e; k <= e; k += 2) {
			int32_t x = 0, y;

			if (e) /* down from k + 1, or right from k - 1: row e - 1 has its diagonals shifted by one */
				x = k == -e || (k != e && last[k - 1 + e - 1] < last[k + 1 + e - 1]) ? last[k + 1 + e - 1] :
												       last[k - 1 + e - 1] + 1;
			y = x - k;
			while (x < n && y < m && x >= 0 && y >= 0 && same(d, x, y)) {
				x++;
				y++;
			}
			row[k + e] = x;
			if (x == n && y == m) {
				*edits = e;
				return true;
			}
		}
	}
	return false;
}

static void trace_back(struct diff *d, int32_t **rows, int32_t edits)
{
	int32_t x = d->a_end - d->from, y = d->b_end - d->from;

	for (int32_t e = edits; e > 0; e--) {
		const int32_t *last = rows[e - 1];
		const int32_t k = x - y;
		const bool down = k == -e || (k != e && last[k - 1 + e - 1] < last[k + 1 + e - 1]);

		x = down ? last[k + 1 + e - 1] : last[k - 1 + e - 1];
		y = down ? x - (k + 1) : x - (k - 1);
		if (down)
			d->come[d->from + y] = true;
		else
			d->gone[d->from + x] = true;
	}
}

static bool find(struct diff *d)
{
	int32_t **rows = calloc(MAX_EDITS + 1, sizeof(*rows)), edits = 0;
	bool found;

	if (!rows)
		return false;
	while (d->from < d->a_end && d->from < d->b_end && !strcmp(d->a->v[d->from], d->b->v[d->from]))
		d->from++;
	while (d->a_end > d->from && d->b_end > d->from && !strcmp(d->a->v[d->a_end - 1], d->b->v[d->b_end - 1])) {
		d->a_end--;
		d->b_end--;
	}
	found = walk(d, rows, &edits);
	if (found)
		trace_back(d, rows, edits);
	for (int32_t i = d->from; !found && i < d->a_end; i++)
		d->gone[i] = true;
	for (int32_t i = d->from; !found && i < d->b_end; i++)
		d->come[i] = true;
	for (int32_t e = 0; e <= MAX_EDITS; e++)
		free(rows[e]);
	free(rows);
	return true;
}

/* Both lists side by side: i and j step together where a line stays. */
static void write_all(const struct diff *d, uint32_t around, FILE *to)
{
	uint32_t i = 0, j = 0, shown = 0, since = around + 1;

	while (i < d->a->n || j < d->b->n) {
		uint32_t ahead = 0;

		if (i < d->a->n && d->gone[i]) {
			fprintf(to, "- %s\n", d->a->v[i++]);
			since = 0, shown++;
			continue;
		}
		if (j < d->b->n && d->come[j]) {
			fprintf(to, "+ %s\n", d->b->v[j++]);
			since = 0, shown++;
			continue;
		}
		while (ahead < around && i + ahead + 1 < d->a->n && j + ahead + 1 < d->b->n && !d->gone[i + ahead] &&
		       !d->come[j + ahead])
			ahead++;
		if (since < around || (i + ahead < d->a->n && d->gone[i + ahead]) || (j + ahead < d->b->n && d->come[j + ahead])) {
			fprintf(to, "  %s\n", d->a->v[i]);
			since++;
		} else if (since == around && around && shown) {
			fputs("  …\n", to);
			since++;
		}
		i++;
		j++;
	}
}

int lines_diff(const char *heading, const struct lines *a, const struct lines *b, uint32_t around, FILE *to)
{
	struct diff d = { .a = a, .b = b, .a_end = (int32_t)a->n, .b_end = (int32_t)b->n };
	bool differs = a->n != b->n;
	int ret = 0;

	if (a->failed || b->failed)
		return -ENOMEM;
	for (uint32_t i = 0; !differs && i < a->n; i++)
		differs = strcmp(a->v[i], b->v[i]) != 0;
	if (!differs)
		return 0;
	d.gone = calloc((size_t)a->n + 1, sizeof(*d.gone));
	d.come = calloc((size_t)b->n + 1, sizeof(*d.come));
	if (!d.gone || !d.come || !find(&d)) {
		ret = -ENOMEM;
	} else {
		if (heading)
			fprintf(to, "\n%s\n", heading);
		write_all(&d, around, to);
		ret = 1;
	}
	free(d.gone);
	free(d.come);
	return ret;
}
