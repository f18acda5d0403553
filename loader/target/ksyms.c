// SPDX-License-Identifier: MIT
/* Symbols of the kernel: see ksyms.h. One pass over the file for all names that are wanted. */
#include "loader/target/ksyms.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/mem.h"

#define BUFFER (1u << 16)

struct wanted {
	char *name;
	uint64_t addr, other;
	uint32_t n; /* different addresses */
};

struct ksyms {
	struct wanted *wanted;
	uint32_t n_wanted;
	bool any; /* an address that is not 0 */
};

void ksyms_close(struct ksyms *ksyms)
{
	if (!ksyms)
		return;
	for (uint32_t i = 0; i < ksyms->n_wanted; i++)
		free(ksyms->wanted[i].name);
	free(ksyms->wanted);
	free(ksyms);
}

int target_ksym_want(struct hewn_target *target, const char *name)
{
	struct wanted *wanted;

	if (!target->ksyms)
		target->ksyms = calloc(1, sizeof(*target->ksyms));
	if (!target->ksyms)
		return -ENOMEM;
	for (uint32_t i = 0; i < target->ksyms->n_wanted; i++)
		if (!strcmp(target->ksyms->wanted[i].name, name))
			return 0;
	wanted = mem_append(&target->ksyms->wanted, &target->ksyms->n_wanted, sizeof(*wanted));
	if (!wanted)
		return -ENOMEM;
	wanted->name = strdup(name);
	if (wanted->name)
		return 0;
	target->ksyms->n_wanted--;
	return -ENOMEM;
}

/* ── the file ── */

bool ksyms_line(const char *line, uint64_t *addr, const char **name, size_t *len)
{
	const char *at = line, *suffix;
	char type;

	*addr = 0;
	for (; isxdigit((unsigned char)*at) && at - line < 16; at++)
		*addr = *addr << 4 | (uint64_t)(isdigit((unsigned char)*at) ? *at - '0' : tolower(*at) - 'a' + 10);
	if (at == line || at[0] != ' ' || !at[1] || at[2] != ' ')
		return false;
	type = at[1];
	*name = at + 3;
	*len = strcspn(*name, "\t\n ");
	suffix = memmem(*name, *len, ".llvm.", 6);
	if (suffix && type == 'd')
		*len = (size_t)(suffix - *name);
	return *len > 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct wanted *)a)->name, ((const struct wanted *)b)->name);
}

static struct wanted *find(struct ksyms *ksyms, const char *name, size_t len)
{
	uint32_t low = 0, high = ksyms->n_wanted;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		struct wanted *wanted = &ksyms->wanted[middle];
		int order = strncmp(wanted->name, name, len);

		if (!order && !wanted->name[len])
			return wanted;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void take_line(struct ksyms *ksyms, const char *line)
{
	struct wanted *wanted;
	const char *name;
	uint64_t addr;
	size_t len;

	if (!ksyms_line(line, &addr, &name, &len))
		return;
	ksyms->any |= addr != 0;
	wanted = find(ksyms, name, len);
	if (!wanted || (wanted->n && (wanted->addr == addr || wanted->n > 1)))
		return;
	if (wanted->n++)
		wanted->other = addr;
	else
		wanted->addr = addr;
}

/* Line by line, from a buffer in which the end of one may be missing. */
static void read_lines(struct ksyms *ksyms, int fd, char *buffer)
{
	size_t have = 0;
	ssize_t n;

	while ((n = read(fd, buffer + have, BUFFER - 1 - have)) > 0) {
		char *line = buffer, *end;

		have += (size_t)n;
		buffer[have] = '\0';
		while ((end = strchr(line, '\n'))) {
			*end = '\0';
			take_line(ksyms, line);
			line = end + 1;
		}
		have -= (size_t)(line - buffer);
		memmove(buffer, line, have);
		if (have == BUFFER - 1) /* no line is that long */
			return;
	}
}

/* The address of each name, as a fact. */
static int remember(struct hewn_target *target)
{
	struct ksyms *ksyms = target->ksyms;
	const char *known;

	for (uint32_t i = 0; i < ksyms->n_wanted; i++) {
		const struct wanted *wanted = &ksyms->wanted[i];
		char name[600], text[48];

		snprintf(name, sizeof(name), "kallsyms %s", wanted->name);
		snprintf(text, sizeof(text), "%llx", (unsigned long long)wanted->addr);
		if (wanted->n > 1)
			snprintf(text, sizeof(text), "%llx %llx", (unsigned long long)wanted->addr, (unsigned long long)wanted->other);
		else if (wanted->n && !wanted->addr && ksyms->any)
			snprintf(text, sizeof(text), "0 absolute"); /* at the beginning of each CPU's variables */
		if (!target_settled(target, name, &known) && !target_remember(target, name, wanted->n ? text : NULL))
			return -ENOMEM;
	}
	return 0;
}

static int look_up(struct hewn_target *target)
{
	struct ksyms *ksyms = target->ksyms;
	char *buffer = malloc(BUFFER);
	int fd = open("/proc/kallsyms", O_RDONLY | O_CLOEXEC), ret;

	if (buffer && fd >= 0) {
		qsort(ksyms->wanted, ksyms->n_wanted, sizeof(*ksyms->wanted), by_name);
		read_lines(ksyms, fd, buffer);
	}
	ret = buffer ? remember(target) : -ENOMEM;
	free(buffer);
	if (fd >= 0)
		close(fd);
	ksyms_close(ksyms);
	target->ksyms = NULL;
	return ret;
}

int target_ksym(struct hewn_target *target, const char *name, struct ksym *sym)
{
	const char *text;
	char fact[600], *end;
	int ret;

	*sym = (struct ksym){ 0 };
	snprintf(fact, sizeof(fact), "kallsyms %s", name);
	if (!target_settled(target, fact, &text)) {
		ret = target_ksym_want(target, name);
		if (!ret)
			ret = look_up(target);
		if (ret)
			return ret;
		text = target_known(target, fact);
	}
	if (!text)
		return 0;
	sym->is_there = true;
	sym->addr = strtoull(text, &end, 16);
	sym->is_hidden = !sym->addr && !*end;
	sym->is_ambiguous = sym->addr && *end;
	return 0;
}
