// SPDX-License-Identifier: MIT
/* The bytes at probes: see code.h. */
#include "loader/target/code.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

static bool key_of(char *key, size_t size, const char *spec)
{
	return (size_t)snprintf(key, size, "code %s", spec) < size;
}

int target_note_code(struct hewn_target *target, const char *spec, const char *path, const uint64_t *offsets, uint32_t n,
		     struct hewn_err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t code = CODE_FIRST;
	char key[4200], text[20];
	bool all = fd >= 0;

	for (uint32_t i = 0; i < n && all; i++) {
		uint8_t bytes[CODE_BYTES];
		const ssize_t size = pread(fd, bytes, sizeof(bytes), (off_t)offsets[i]);

		all = size > 0;
		for (ssize_t k = 0; k < size; k++)
			code = (code ^ bytes[k]) * CODE_PRIME;
	}
	if (fd >= 0)
		close(fd);
	snprintf(text, sizeof(text), "%016" PRIx64, code);
	if (!all || !key_of(key, sizeof(key), spec) || target_recorded(target, key))
		return 0;
	return target_note(target, key, text) ? 0 : err_nomem(err);
}

bool target_code(const struct hewn_target *target, const char *spec, uint64_t *code)
{
	char key[4200];
	const char *text = key_of(key, sizeof(key), spec) ? target_recorded(target, key) : NULL;

	if (text)
		*code = strtoull(text, NULL, 16);
	return text != NULL;
}
