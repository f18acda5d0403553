// SPDX-License-Identifier: MIT
/* Members of a zip archive: see archive.h. The format is PKWARE's APPNOTE, without the extensions for 4 GB and more. */
#include "loader/target/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/err.h"

#define END_MAGIC    0x06054b50u /* the record at the end: where the directory is */
#define END_SIZE     22u
#define ENTRY_MAGIC  0x02014b50u /* of the directory; a name and two more fields follow */
#define ENTRY_SIZE   46u
#define MEMBER_MAGIC 0x04034b50u /* before the bytes of a member, with the name again */
#define MEMBER_SIZE  30u
#define MAX_COMMENT  65535u

struct archive {
	int fd;
	uint64_t size;
	const char *path;
	struct hewn_err *err;
};

/* What a member's entry in the directory says. */
struct member {
	uint32_t flags, method, packed, size, at;
};

/* Numbers are little-endian, and lie anywhere. */
static uint32_t get16(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8;
}

static uint32_t get32(const uint8_t *at)
{
	return get16(at) | get16(at + 2) << 16;
}

static int damaged(const struct archive *a, const char *what)
{
	return err_set(a->err, -ENOEXEC, "%s is no zip archive, or is damaged: %s", a->path, what);
}

_Static_assert(sizeof(off_t) == 8, "with 32 bits there are 2 GB of a file: -D_FILE_OFFSET_BITS=64");

/* Bytes of the file, allocated, at least one. */
static int get_bytes(const struct archive *a, uint64_t at, uint64_t size, uint8_t **bytes)
{
	size_t have = 0;

	*bytes = NULL;
	if (at > a->size || size > a->size - at || size > INT32_MAX)
		return damaged(a, "it ends too early");
	*bytes = malloc((size_t)size + 1);
	if (!*bytes)
		return err_nomem(a->err);
	while (have < size) {
		ssize_t n = pread(a->fd, *bytes + have, (size_t)size - have, (off_t)(at + have));

		if (n <= 0) {
			const int ret = n ? err_set(a->err, -errno, "cannot read %s: %s", a->path, strerror(errno)) :
					    damaged(a, "it ends too early");

			free(*bytes);
			*bytes = NULL;
			return ret;
		}
		have += (size_t)n;
	}
	return 0;
}

/* The directory, whose place the last record says. Behind that record there is at most a comment. */
static int get_directory(const struct archive *a, uint8_t **directory, uint32_t *size)
{
	const uint64_t n = a->size < END_SIZE + MAX_COMMENT ? a->size : END_SIZE + MAX_COMMENT;
	uint32_t at = 0;
	uint8_t *tail;
	int ret = get_bytes(a, a->size - n, n, &tail);

	if (!tail)
		return ret;
	ret = -ENOENT;
	for (uint64_t i = n; i-- > 0 && ret;) {
		if (n - i < END_SIZE || get32(tail + i) != END_MAGIC || get16(tail + i + 20) != n - i - END_SIZE)
			continue;
		*size = get32(tail + i + 12);
		at = get32(tail + i + 16);
		ret = 0;
	}
	free(tail);
	return ret ? damaged(a, "it has no directory") : get_bytes(a, at, *size, directory);
}

static int find_member(const struct archive *a, const char *name, struct member *member)
{
	const size_t len = strlen(name);
	uint8_t *directory = NULL;
	uint32_t size = 0;
	int ret = get_directory(a, &directory, &size);
	bool found = false;

	if (!directory)
		return ret;
	for (uint32_t i = 0; !found && size - i >= ENTRY_SIZE && get32(directory + i) == ENTRY_MAGIC;) {
		const uint8_t *entry = directory + i;
		const uint32_t name_len = get16(entry + 28), whole = ENTRY_SIZE + name_len + get16(entry + 30) + get16(entry + 32);

		if (whole > size - i)
			break;
		found = name_len == len && !memcmp(entry + ENTRY_SIZE, name, len);
		if (found)
			*member = (struct member){ get16(entry + 8), get16(entry + 10), get32(entry + 20), get32(entry + 24),
						   get32(entry + 42) };
		i += whole;
	}
	free(directory);
	return found ? 0 : err_set(a->err, -ENOENT, "the archive %s has no member \"%s\"", a->path, name);
}

static int read_member(const struct archive *a, const char *name, uint8_t **bytes, size_t *size, uint64_t *offset)
{
	struct member member = { 0 };
	uint8_t *head;
	int ret = find_member(a, name, &member);

	if (ret)
		return ret;
	if (member.method || member.flags & 1 || member.packed != member.size) {
		err_hint(a->err, "zip -0 stores it; only what is stored can be mapped, and so be probed");
		return err_set(a->err, -EOPNOTSUPP, "member \"%s\" of %s is compressed or encrypted", name, a->path);
	}
	ret = get_bytes(a, member.at, MEMBER_SIZE, &head);
	if (!head)
		return ret;
	*offset = (uint64_t)member.at + MEMBER_SIZE + get16(head + 26) + get16(head + 28);
	if (get32(head) != MEMBER_MAGIC)
		ret = damaged(a, "no member is where its directory says");
	free(head);
	*size = member.size;
	return ret ? ret : get_bytes(a, *offset, member.size, bytes);
}

int archive_read(const char *path, const char *member, uint8_t **bytes, size_t *size, uint64_t *offset,
		 struct hewn_err *err)
{
	struct archive a = { .fd = open(path, O_RDONLY | O_CLOEXEC), .path = path, .err = err };
	struct stat st;
	int ret;

	*bytes = NULL;
	if (a.fd < 0 || fstat(a.fd, &st) < 0) {
		ret = err_set(err, -errno, "cannot read %s: %s", path, strerror(errno));
	} else {
		a.size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
		ret = read_member(&a, member, bytes, size, offset);
	}
	if (a.fd >= 0)
		close(a.fd);
	return ret;
}
