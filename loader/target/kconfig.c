// SPDX-License-Identifier: MIT
/*
 * The kernel's configuration: see kconfig.h. A line is "CONFIG_HZ=250"; what is off is "# CONFIG_X is not set", or
 * nowhere.
 */
#include "loader/target/kconfig.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/target/inflate.h"

#define MAX_FILE (16u << 20) /* kernels have 0.1 to 0.3 MB of options */

const char *kconfig_find(const char *text, const char *option, size_t *len)
{
	const size_t n = strlen(option);

	while (*text) {
		const char *end = text + strcspn(text, "\n");

		if (!strncmp(text, option, n) && text[n] == '=') {
			*len = (size_t)(end - text) - n - 1;
			return text + n + 1;
		}
		text = *end ? end + 1 : end;
	}
	return NULL;
}

/* A whole file, with a zero behind it, for the caller to free; NULL: none, or it is too large. */
static char *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t room = 1 << 16;
	char *bytes = fd < 0 ? NULL : malloc(room + 1), *more;
	ssize_t n = -1;

	*size = 0;
	while (bytes && (n = read(fd, bytes + *size, room - *size)) > 0) {
		*size += (size_t)n;
		if (*size < room)
			continue;
		room *= 2;
		more = room <= MAX_FILE ? realloc(bytes, room + 1) : NULL;
		if (!more)
			break;
		bytes = more;
	}
	if (fd >= 0)
		close(fd);
	if (n) {
		free(bytes);
		return NULL;
	}
	bytes[*size] = '\0';
	return bytes;
}

/* The options of this machine's kernel; NULL: not there, or not to be read. */
static char *read_config(struct hewn_target *target)
{
	const char *release = target_fact(target, "uname -r");
	size_t size, n;
	char path[256], *text;
	uint8_t *out;

	snprintf(path, sizeof(path), "/boot/config-%s", release ? release : "");
	text = read_file(path, &size);
	if (text) {
		target_remember(target, "config file", path);
		return text;
	}
	text = read_file("/proc/config.gz", &size);
	if (!text || inflate_gzip((const uint8_t *)text, size, MAX_FILE, &out, &n))
		out = NULL;
	free(text);
	target_remember(target, "config file", out ? "/proc/config.gz" : NULL);
	return (char *)out;
}

const char *target_config_file(struct hewn_target *target)
{
	const char *path;

	target_fact(target, "uname -r"); /* part of a path that is looked at */
	if (target_settled(target, "config file", &path))
		return path;
	if (!target->config)
		target->config = read_config(target);
	return target_known(target, "config file");
}

const char *target_config(struct hewn_target *target, const char *option)
{
	const char *value;
	char name[128], *copy;
	size_t len = 0;

	if ((size_t)snprintf(name, sizeof(name), "config %s", option) >= sizeof(name))
		return NULL;
	if (target_settled(target, name, &value)) {
		target_config_file(target); /* a plan from a profile lists it as the target's own does */
		return value;
	}
	if (!target_config_file(target) || !target->config)
		return NULL;
	value = kconfig_find(target->config, option, &len);
	copy = value ? strndup(value, len) : NULL;
	target_remember(target, name, copy);
	free(copy);
	return target_known(target, name);
}
