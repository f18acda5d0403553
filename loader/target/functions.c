// SPDX-License-Identifier: MIT
/* Which functions of the kernel a pattern means: see functions.h. */
#include "loader/target/functions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool target_is_pattern(const char *name)
{
	return name[strcspn(name, "*?")] != '\0';
}

/* Where a `*` has taken too little, the name is tried again with one character more for it. */
bool target_matches(const char *pattern, const char *name)
{
	const char *star = NULL, *taken = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			taken = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++taken;
		} else {
			return false;
		}
	}
	return !pattern[strspn(pattern, "*")];
}

static int compare(const void *a, const void *b)
{
	char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/*
 * Two functions of one name are one: the kernel takes names. The sorted list of words becomes a
 * text, of which `words` is as long as all of them with their spaces. NULL: out of memory.
 */
static char *join(char **words, size_t n, size_t size)
{
	char *text = malloc(size + 1), *at = text;
	size_t len;

	if (!text)
		return NULL;
	qsort(words, n, sizeof(*words), compare);
	for (size_t i = 0; i < n; i++) {
		if (i && !strcmp(words[i], words[i - 1]))
			continue;
		len = strlen(words[i]);
		if (i)
			*at++ = ' ';
		memcpy(at, words[i], len);
		at += len;
	}
	*at = '\0';
	return text;
}

struct words {
	char **v;
	size_t n, room, size; /* size: of all as text */
};

static bool add_word(struct words *words, const char *word)
{
	if (words->n == words->room) {
		const size_t room = words->room ? words->room * 2 : 64;
		char **grown = realloc(words->v, room * sizeof(*grown));

		if (!grown)
			return false;
		words->v = grown;
		words->room = room;
	}
	words->v[words->n] = strdup(word);
	if (!words->v[words->n])
		return false;
	words->size += strlen(word) + 1;
	words->n++;
	return true;
}

/* A line of the list: "vfs_read", "nf_hook [nf_tables]", and places whose function is gone, which
 * have no name of one. */
static bool take_line(struct words *words, char *line, const char *pattern)
{
	line[strcspn(line, " \t\n")] = '\0';
	if (!strncmp(line, "__ftrace_invalid_address__", 26) ||
	    !target_matches(pattern, line))
		return true;
	return add_word(words, line);
}

static FILE *open_list(void)
{
	FILE *list = fopen("/sys/kernel/tracing/available_filter_functions", "re");

	if (!list)
		list = fopen("/sys/kernel/debug/tracing/available_filter_functions", "re");
	return list;
}

/* Allocated; NULL, and err says why. */
static char *find_names(const char *pattern, struct hewn_err *err)
{
	struct words words = {0};
	FILE *list = open_list();
	char *line = NULL, *text = NULL;
	size_t room = 0;
	bool fine = true;

	if (!list) {
		err_hint(err, errno == EACCES ? "as root; or a name without * and ?"
					      : "mount -t tracefs tracefs /sys/kernel/tracing; or "
						"a name without * and ?");
		err_set(err, errno == EACCES ? -EACCES : -ENOENT,
			"what \"%s\" means is in /sys/kernel/tracing/available_filter_functions, "
			"which cannot be read: %s",
			pattern, strerror(errno));
		return NULL;
	}
	while (fine && getline(&line, &room, list) > 0)
		fine = take_line(&words, line, pattern);
	fclose(list);
	free(line);
	if (fine && !words.n)
		err_set(err, -ENOENT, "the kernel has no function \"%s\" that can be traced",
			pattern);
	else if (!fine || !(text = join(words.v, words.n, words.size)))
		err_nomem(err);
	for (size_t i = 0; i < words.n; i++)
		free(words.v[i]);
	free(words.v);
	return text;
}

int target_functions(struct hewn_target *target, const char *pattern, const char **names,
		     struct hewn_err *err)
{
	struct hewn_err own = {0};
	char key[512], *text;
	int ret;

	if ((size_t)snprintf(key, sizeof(key), "functions %s", pattern) >= sizeof(key))
		return err_set(err, -ENAMETOOLONG, "the pattern of functions is too long");
	*names = target_known(target, key);
	if (*names)
		return 0;
	if (target->recorded)
		return err_set(err, -ENOENT,
			       "the profile of the target does not say what functions \"%s\" are",
			       pattern);
	if (!err)
		err = &own;
	text = find_names(pattern, err);
	if (!text)
		return err->code;
	ret = target_remember(target, key, text) ? 0 : err_nomem(err);
	free(text);
	*names = target_known(target, key);
	return ret;
}
