// SPDX-License-Identifier: MIT
/*
 * A profile: the facts of a kernel as text, for plans on another machine. A heading, then one fact a line; `#` begins a
 * comment.
 *
 *	# hewn target profile 1
 *	uname -r = 6.1.0-18-cloud-amd64
 *	/sys/devices/system/cpu/possible = 0-1
 *	no /proc/version_signature
 *	btf = vmlinux.btf
 *
 * The last is no fact but names a file with the kernel's types, beside the profile. Knows nothing of what facts mean.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/target/kbtf.h"
#include "loader/target/kbtf_file.h"
#include "loader/target/profile.h"

#define HEADING "# hewn target profile 1"

/* What hewn_target_save() writes, besides whatever else was asked for. */
static const char *const all_facts[] = {
	"uname -r",
	"uname -v",
	"uname -m",
	"/proc/version_signature",
	"getconf PAGESIZE",
	"getconf _NPROCESSORS_CONF",
	KBTF_VMLINUX,
	POSSIBLE_CPUS,
	PERF_PARANOID,
	PMUS "kprobe/type",
	PMUS "kprobe/format/retprobe",
	PMUS "uprobe/type",
	PMUS "uprobe/format/retprobe",
	PMUS "uprobe/format/ref_ctr_offset",
};

/* The path of a file that a profile names: from its own folder. */
static bool beside(char **path, const char *profile, const char *file)
{
	const char *slash = strrchr(profile, '/');
	int folder = slash && file[0] != '/' ? (int)(slash - profile) + 1 : 0;

	if (asprintf(path, "%.*s%s", folder, profile, file) < 0)
		*path = NULL;
	return *path != NULL;
}

/* One line of a profile into the target. */
static int load_line(struct hewn_target *target, char *line, const char *profile, unsigned int n,
		     struct hewn_err *err)
{
	char *equals = strstr(line, " = "), *path = line, *text = NULL;

	if (!line[0] || line[0] == '#')
		return 0;
	if (!strncmp(line, "no ", 3)) {
		path = line + 3;
	} else if (equals) {
		*equals = '\0';
		text = equals + 3;
	} else {
		return err_set(err, -EINVAL,
			       "%s:%u: found \"%.80s\", want \"FACT = TEXT\" or \"no FACT\"",
			       profile, n, line);
	}
	if (target_find(target, path) || (!strcmp(path, "btf") && target->btf_path))
		return err_set(err, -EINVAL, "%s:%u: \"%.80s\" is there twice", profile, n, path);
	if (!strcmp(path, "btf") && text)
		return beside(&target->btf_path, profile, text) ? 0 : err_nomem(err);
	return target_note(target, path, text) ? 0 : err_nomem(err);
}

int profile_load(struct hewn_target *target, FILE *from, const char *profile, struct hewn_err *err)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t size;
	unsigned int n = 0;
	int ret = 0;

	while (!ret && (size = getline(&line, &room, from)) >= 0) {
		n++;
		if (strlen(line) != (size_t)size) {
			ret = err_set(err, -EINVAL, "%s:%u: a zero byte, want text", profile, n);
			break;
		}
		line[strcspn(line, "\r\n")] = '\0';
		if (n == 1 && strcmp(line, HEADING) != 0)
			ret = err_set(err, -EINVAL,
				      "%s: begins with \"%.40s\", want \"" HEADING "\"", profile,
				      line);
		else
			ret = load_line(target, line, profile, n, err);
	}
	if (!ret && ferror(from))
		ret = err_set(err, errno ? -errno : -EIO, "cannot read the target profile %s",
			      profile);
	else if (!ret && !n)
		ret = err_set(err, -EINVAL, "%s is empty, want a target profile", profile);
	if (ret == -EINVAL)
		err_hint(err, "`hewn profile OBJECT` on the target's machine writes a profile");
	free(line);
	return ret;
}

/* A profile has a line a fact, and a fact's name ends at " = ". Files that are looked into may say anything. */
static bool is_line(const struct fact *fact)
{
	return !strpbrk(fact->path, "\r\n") && (!fact->text || (!strstr(fact->path, " = ") && !strpbrk(fact->text, "\r\n")));
}

int hewn_target_save(struct hewn_target *target, FILE *to, struct hewn_err *err)
{
	char hash[65];

	if (kbtf_hash(target->kbtf, hash) && !target_recorded(target, KBTF_HASH))
		target_note(target, KBTF_HASH, hash);
	for (size_t i = 0; i < sizeof(all_facts) / sizeof(all_facts[0]); i++)
		target_fact(target, all_facts[i]);
	if (target->failed)
		return err_nomem(err);
	fprintf(to, HEADING "\n");
	for (uint32_t i = 0; i < target->n_facts; i++) {
		const struct fact *fact = &target->facts[i];

		if (!is_line(fact))
			return err_set(err, -EINVAL, "a profile cannot hold the fact \"%s\"", fact->path);
		if (fact->text)
			fprintf(to, "%s = %s\n", fact->path, fact->text);
		else
			fprintf(to, "no %s\n", fact->path);
	}
	if (fflush(to) || ferror(to))
		return err_set(err, errno ? -errno : -EIO, "cannot write the target profile");
	return 0;
}
