// SPDX-License-Identifier: MIT
/*
 * Opening BTF: the header, and where each type begins. What the types say is checked by
 * btf_check.c. Knows the format (Documentation/bpf/btf.rst); knows nothing of ELF.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/object/btf.h"
#include "loader/object/plain.h"

static void swap_words(void *at, uint32_t n)
{
	uint32_t *words = at;

	for (uint32_t i = 0; i < n; i++)
		words[i] = __builtin_bswap32(words[i]);
}

/* ── The header. ── */

struct section {
	const char *name;
	uint32_t off, size;
};

static int check_section(const struct section *section, uint64_t room, bool words,
			 struct hewn_err *err)
{
	if ((uint64_t)section->off + section->size > room)
		return err_set(err, -EINVAL, "BTF %s end at %llu of %llu bytes", section->name,
			       (unsigned long long)section->off + section->size,
			       (unsigned long long)room);
	if (words && (section->off % 4 || section->size % 4))
		return err_set(err, -EINVAL, "BTF %s at %u, %u bytes: want multiples of 4",
			       section->name, section->off, section->size);
	return 0;
}

static int check_apart(const struct section *a, const struct section *b, struct hewn_err *err)
{
	if (a->size && b->size && b->off < a->off + a->size && a->off < b->off + b->size)
		return err_set(err, -EINVAL, "BTF %s at %u and %s at %u overlap", a->name, a->off,
			       b->name, b->off);
	return 0;
}

/*
 * Reads the header into host order, and checks that the sections lie in the blob, apart from each
 * other. Headers of kernels before 7.1 end before the layout.
 */
static int read_header(struct btf_header *header, bool *swapped, const void *bytes, size_t size,
		       struct hewn_err *err)
{
	struct section types = {"types", 0, 0}, strings = {"strings", 0, 0},
		       layout = {"kinds", 0, 0};
	uint64_t room;
	int ret;

	memset(header, 0, sizeof(*header));
	if (size < BTF_HEADER_SIZE)
		return err_set(err, -EINVAL, "BTF of %zu bytes, its header alone has %u", size,
			       BTF_HEADER_SIZE);
	if (size > INT32_MAX)
		return err_set(err, -EINVAL, "BTF of %zu bytes, want at most %d", size, INT32_MAX);
	memcpy(header, bytes, BTF_HEADER_SIZE);
	*swapped = header->magic == __builtin_bswap16(BTF_MAGIC);
	if (!*swapped && header->magic != BTF_MAGIC)
		return err_set(err, -EINVAL, "BTF begins with 0x%04x, want 0x%04x", header->magic,
			       BTF_MAGIC);
	if (*swapped)
		header->header_size = __builtin_bswap32(header->header_size);
	if (header->version != 1)
		return err_set(err, -EINVAL, "BTF version %u, want 1", header->version);
	if (header->header_size < BTF_HEADER_SIZE || header->header_size > size)
		return err_set(err, -EINVAL, "BTF header of %u bytes in %zu, want at least %u",
			       header->header_size, size, BTF_HEADER_SIZE);
	if (header->header_size >= sizeof(*header))
		memcpy(&header->layout_off, (const uint8_t *)bytes + BTF_HEADER_SIZE,
		       sizeof(*header) - BTF_HEADER_SIZE);
	if (*swapped)
		swap_words(&header->types_off, 6);
	room = size - header->header_size;
	types.off = header->types_off, types.size = header->types_size;
	strings.off = header->strings_off, strings.size = header->strings_size;
	layout.off = header->layout_off, layout.size = header->layout_size;
	ret = check_section(&types, room, true, err);
	if (!ret)
		ret = check_section(&strings, room, false, err);
	if (!ret)
		ret = check_section(&layout, room, true, err);
	if (!ret)
		ret = check_apart(&types, &strings, err);
	if (!ret)
		ret = check_apart(&types, &layout, err);
	if (!ret)
		ret = check_apart(&strings, &layout, err);
	return ret;
}

/* The layout: of each kind, the bytes after the head and those of an element, and two of flags. */
static int read_kinds(struct btf *btf, const struct btf_header *header, const uint8_t *bytes,
		      struct hewn_err *err)
{
	uint32_t n = header->layout_size / 4;

	if (n > 128)
		n = 128; /* a kind has seven bits */
	if (n <= BTF_N_KINDS)
		return 0; /* nothing new */
	btf->kinds = calloc(n, sizeof(*btf->kinds));
	if (!btf->kinds)
		return err_nomem(err);
	btf->n_kinds = n;
	bytes += header->header_size + header->layout_off;
	for (uint32_t i = 0; i < n; i++) {
		btf->kinds[i] = (struct btf_kind_size){bytes[4 * i], bytes[4 * i + 1]};
		if (i >= BTF_N_KINDS && (bytes[4 * i] % 4 || bytes[4 * i + 1] % 4))
			return err_set(err, -EINVAL,
				       "BTF kind %u has %u bytes, and %u an element: want "
				       "multiples of 4",
				       i, bytes[4 * i], bytes[4 * i + 1]);
	}
	return 0;
}

/* ── The types. ── */

static bool is_known(const struct btf *btf, uint32_t kind)
{
	return kind != BTF_UNKN && (kind < BTF_N_KINDS || kind < btf->n_kinds);
}

int btf_bad_type(const struct btf *btf, uint32_t off, uint32_t id, struct hewn_err *err)
{
	const struct btf_head *type = (const void *)(btf->bytes + off);
	uint32_t left = btf->types_end - off;

	if (left < sizeof(*type))
		return err_set(err, -EINVAL, "BTF type %u is cut off: %u bytes, want %zu", id, left,
			       sizeof(*type));
	if (!is_known(btf, btf_kind(type)))
		return err_set(err, -EINVAL, "BTF type %u has kind %u, known are 1 to %u", id,
			       btf_kind(type), BTF_N_KINDS - 1);
	return err_set(err, -EINVAL, "BTF type %u, %s, is cut off: %u bytes, want %zu", id,
		       btf_kind_name(btf_kind(type)), left,
		       sizeof(*type) + btf_body_size_in(btf, type));
}

/* Finds where each type begins, and turns the words of each around on the way. */
static int index_types(struct btf *btf, struct hewn_err *err)
{
	uint32_t room = 64, n = 0, off = btf->types_off, end = btf->types_end;

	btf->types = malloc(room * sizeof(*btf->types));
	if (!btf->types)
		return err_nomem(err);
	for (; off < end; n++) {
		struct btf_head *type = (struct btf_head *)(void *)(btf->copy + off);

		if (n == room) {
			uint32_t *more = realloc(btf->types, 2 * (size_t)room * sizeof(*more));

			if (!more)
				return err_nomem(err);
			btf->types = more;
			room *= 2;
		}
		if (end - off < sizeof(*type))
			return btf_bad_type(btf, off, btf->first_id + n, err);
		if (btf->swapped)
			swap_words(type, sizeof(*type) / 4);
		if (!is_known(btf, btf_kind(type)) ||
		    end - off - sizeof(*type) < btf_body_size_in(btf, type))
			return btf_bad_type(btf, off, btf->first_id + n, err);
		if (btf->swapped)
			swap_words(type + 1, btf_body_size_in(btf, type) / 4);
		btf->types[n] = off;
		off += (uint32_t)sizeof(*type) + btf_body_size_in(btf, type);
	}
	btf->n_types = btf->first_id + n;
	return 0;
}

/* ── Opening. ── */

/* The copy has the usual header, then types, then strings, whatever the order of the input. */
static int copy_blob(struct btf *btf, const struct btf_header *in, const uint8_t *bytes,
		     struct hewn_err *err)
{
	const struct btf_header header = {
		.magic = BTF_MAGIC,
		.version = 1,
		.header_size = BTF_HEADER_SIZE,
		.types_size = in->types_size,
		.strings_off = in->types_size,
		.strings_size = in->strings_size,
	};

	btf->size = BTF_HEADER_SIZE + in->types_size + in->strings_size;
	btf->copy = malloc(btf->size);
	if (!btf->copy)
		return err_nomem(err);
	memcpy(btf->copy, &header, BTF_HEADER_SIZE);
	memcpy(btf->copy + BTF_HEADER_SIZE, bytes + in->header_size + in->types_off,
	       in->types_size);
	memcpy(btf->copy + BTF_HEADER_SIZE + in->types_size,
	       bytes + in->header_size + in->strings_off, in->strings_size);
	btf->bytes = btf->copy;
	btf->types_off = BTF_HEADER_SIZE;
	btf->types_end = BTF_HEADER_SIZE + in->types_size;
	btf->strings = (const char *)btf->bytes + btf->types_end;
	return 0;
}

static int check_strings(struct btf *btf, const char *strings, uint32_t size, struct hewn_err *err)
{
	if (btf->base && !size) /* all names are the base's */
		return 0;
	if (!size || (!btf->base && strings[0]) || strings[size - 1])
		return err_set(err, -EINVAL,
			       "BTF strings, %u bytes: want a zero byte first and last", size);
	if (size > INT32_MAX - btf->first_str)
		return err_set(err, -EINVAL, "BTF strings, %u bytes after the base's %u: want less",
			       size, btf->first_str);
	btf->strings_size = size;
	return 0;
}

/* Sets up all but the types. Copies where it is asked to, or where the bytes must be turned around.
 */
static int open_blob(struct btf *btf, const struct btf *base, const uint8_t *bytes, size_t size,
		     bool lazy, struct hewn_err *err)
{
	struct btf_header header = {0};
	int ret;

	memset(btf, 0, sizeof(*btf));
	btf->base = base;
	btf->first_id = base ? base->n_types : 1;
	btf->first_str = base ? base->first_str + base->strings_size : 0;
	btf->n_types = btf->first_id;
	btf->ptr_size = base ? base->ptr_size : 8;
	ret = read_header(&header, &btf->swapped, bytes, size, err);
	if (!ret)
		ret = check_strings(btf,
				    (const char *)bytes + header.header_size + header.strings_off,
				    header.strings_size, err);
	if (!ret)
		ret = read_kinds(btf, &header, bytes, err);
	if (ret)
		return ret;
	if (!lazy || btf->swapped || (uintptr_t)bytes % 4 || header.header_size % 4)
		return copy_blob(btf, &header, bytes, err);
	btf->bytes = bytes;
	btf->size = (uint32_t)size;
	btf->types_off = header.header_size + header.types_off;
	btf->types_end = btf->types_off + header.types_size;
	btf->strings = (const char *)bytes + header.header_size + header.strings_off;
	return 0;
}

/*
 * Characters that a terminal obeys (C0, DEL, C1 in UTF-8) become blanks in the copy: names and source lines are
 * printed. No kernel takes such names; source lines have nothing of the kind but tabs and carriage returns.
 */
static void blank_controls(struct btf *btf)
{
	uint8_t *at = btf->copy + btf->types_end;

	for (uint32_t i = 0; i < btf->strings_size; i++) {
		bool c1;

		i += (uint32_t)plain_size(at + i, btf->strings_size - i);
		if (i == btf->strings_size)
			break;
		c1 = at[i] == 0xc2 && at[i + 1] >= 0x80 && at[i + 1] < 0xa0; /* the last byte is 0 */

		if ((at[i] && at[i] < 0x20 && at[i] != '\t') || at[i] == 0x7f || c1)
			at[i] = ' ';
		if (c1)
			at[i + 1] = ' ';
	}
}

int btf_open_split(struct btf *btf, const struct btf *base, const void *bytes, size_t size,
		   struct hewn_err *err)
{
	int ret = open_blob(btf, base, bytes, size, false, err);

	if (!ret) {
		blank_controls(btf);
		ret = index_types(btf, err);
	}
	if (!ret)
		ret = btf_check(btf, err);
	if (!ret)
		ret = btf_mark(btf, err);
	if (ret)
		btf_close(btf);
	return ret;
}

int btf_open(struct btf *btf, const void *bytes, size_t size, struct hewn_err *err)
{
	return btf_open_split(btf, NULL, bytes, size, err);
}

int btf_open_lazy(struct btf *btf, const struct btf *base, const void *bytes, size_t size,
		  struct hewn_err *err)
{
	int ret = open_blob(btf, base, bytes, size, true, err);

	if (!ret && btf->swapped)
		ret = index_types(btf, err);
	if (ret)
		btf_close(btf);
	return ret;
}

void btf_close(struct btf *btf)
{
	free(btf->copy);
	free(btf->types);
	free(btf->marks);
	free(btf->kinds);
	memset(btf, 0, sizeof(*btf));
}
