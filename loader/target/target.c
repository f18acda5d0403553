// SPDX-License-Identifier: MIT
/*
 * Facts of a kernel: small files read once, or lines of a profile. Knows files' first lines and what a few of them
 * mean; knows nothing of plans.
 */
#include "loader/target/target.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "loader/target/kbtf.h"
#include "loader/target/kbtf_file.h"
#include "loader/target/ksyms.h"
#include "loader/target/profile.h"

struct fact *target_find(struct hewn_target *target, const char *path)
{
	for (uint32_t i = 0; i < target->n_facts; i++)
		if (!strcmp(target->facts[i].path, path))
			return &target->facts[i];
	return NULL;
}

/* Keeps copies of path and text (NULL: absent). Returns NULL where memory is out. */
static struct fact *add(struct hewn_target *target, const char *path, const char *text)
{
	struct fact *facts = realloc(target->facts, (target->n_facts + 1) * sizeof(*facts));
	struct fact *fact;

	if (!facts) {
		target->failed = true;
		return NULL;
	}
	target->facts = facts;
	fact = &facts[target->n_facts];
	fact->asked = false;
	fact->path = strdup(path);
	fact->text = text ? strdup(text) : NULL;
	if (!fact->path || (text && !fact->text)) {
		free(fact->path);
		free(fact->text);
		target->failed = true;
		return NULL;
	}
	target->n_facts++;
	return fact;
}

/* The first line of a file into buf, cut to fit. These files of proc and sysfs give all in one
 * read. */
static const char *first_line(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n < 0)
		return NULL;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return buf;
}

/* The text of a fact of this machine, in buf or static; NULL: absent. */
static const char *read_fact(const char *path, char *buf, size_t size)
{
	struct utsname uts;
	struct stat st;
	const char *text;
	long number;

	if (!strncmp(path, "uname -", 7)) {
		if (uname(&uts) < 0)
			return NULL;
		switch (path[7]) {
		case 'r':
			text = uts.release;
			break;
		case 'v':
			text = uts.version;
			break;
		case 'm':
			text = uts.machine;
			break;
		default:
			return NULL;
		}
		snprintf(buf, size, "%s", text);
		return buf;
	}
	if (!strncmp(path, "getconf ", 8)) {
		if (!strcmp(path + 8, "PAGESIZE"))
			number = sysconf(_SC_PAGESIZE);
		else if (!strcmp(path + 8, "_NPROCESSORS_CONF"))
			number = sysconf(_SC_NPROCESSORS_CONF);
		else
			return NULL;
		if (number <= 0)
			return NULL;
		snprintf(buf, size, "%ld", number);
		return buf;
	}
	if (!strcmp(path, KBTF_VMLINUX)) { /* no text: its size */
		if (stat(path, &st) < 0)
			return NULL;
		snprintf(buf, size, "%llu bytes", (unsigned long long)st.st_size);
		return buf;
	}
	return first_line(path, buf, size);
}

static const char *ask(struct fact *fact)
{
	fact->asked = true;
	return fact->text;
}

const char *target_fact(struct hewn_target *target, const char *path)
{
	struct fact *fact = target_find(target, path);
	char buf[1024];

	if (!fact && !target->recorded)
		fact = add(target, path, read_fact(path, buf, sizeof(buf)));
	else if (!fact)
		fact = add(target, path,
			   NULL); /* asked for, so that a plan can list it as absent */
	return fact ? ask(fact) : NULL;
}

void target_forget_asked(struct hewn_target *target)
{
	for (uint32_t i = 0; i < target->n_facts; i++)
		target->facts[i].asked = false;
}

const char *target_known(struct hewn_target *target, const char *name)
{
	struct fact *fact = target_find(target, name);

	return fact ? ask(fact) : NULL;
}

int target_place(struct hewn_target *target, const char *kind, const char *spec, char key[TARGET_KEY], const char **known,
		 struct hewn_err *err)
{
	if ((size_t)snprintf(key, TARGET_KEY, "%s %s", kind, spec) >= TARGET_KEY)
		return err_set(err, -ENAMETOOLONG, "the name of a place to probe is too long");
	*known = target_known(target, key);
	if (!*known && target->recorded)
		return err_set(err, -ENOENT, "the profile of the target does not say where \"%s\" is", spec);
	return 0;
}

const char *target_recorded(const struct hewn_target *target, const char *name)
{
	for (uint32_t i = 0; i < target->n_facts; i++)
		if (!strcmp(target->facts[i].path, name))
			return target->facts[i].text;
	return NULL;
}

bool target_remember(struct hewn_target *target, const char *name, const char *text)
{
	struct fact *fact = add(target, name, text);

	if (fact)
		ask(fact);
	return fact != NULL;
}

bool target_note(struct hewn_target *target, const char *name, const char *text)
{
	return add(target, name, text) != NULL;
}

bool target_settled(struct hewn_target *target, const char *name, const char **text)
{
	struct fact *fact = target_find(target, name);

	if (!fact && target->recorded)
		fact = add(target, name, NULL);
	*text = fact ? ask(fact) : NULL;
	return fact || target->recorded;
}

/* Decimal digits at *at; moves behind them. False: none, or more than max. */
static bool number(const char **at, uint32_t max, uint32_t *value)
{
	uint64_t v = 0;
	const char *p = *at;

	for (; isdigit((unsigned char)*p); p++) {
		v = v * 10 + (uint64_t)(*p - '0');
		if (v > max)
			return false;
	}
	if (p == *at)
		return false;
	*at = p;
	*value = (uint32_t)v;
	return true;
}

/* "4.14.252-foo" as KERNEL(4, 14) | 252; 0: not a version. The third number may be missing
 * ("6.18-rc1"). */
static uint32_t version_of(const char *text)
{
	uint32_t major, minor, sub = 0;

	if (!number(&text, 255, &major) || *text++ != '.' || !number(&text, 255, &minor))
		return 0;
	if (*text == '.' && isdigit((unsigned char)text[1])) {
		text++;
		if (!number(&text, 65535, &sub))
			sub = 65535;
	}
	/*
	 * The number has eight bits for the sublevel. 4.4.256, 4.9.256 and 4.14.222 and all later
	 * kernels keep it at 255, where before it ran over into the minor number.
	 */
	return major << 16 | minor << 8 | (sub > 255 ? 255 : sub);
}

uint32_t target_version(struct hewn_target *target)
{
	const char *text, *last, *debian;
	uint32_t version;

	/*
	 * Before 5.0 a kprobe program must name exactly the running kernel's version. What `uname
	 * -r` says is a distribution's own name in Ubuntu and Debian; the upstream version is
	 * elsewhere.
	 */
	text = target_fact(target,
			   "/proc/version_signature"); /* "Ubuntu 4.15.0-20.21-generic 4.15.17" */
	last = text ? strrchr(text, ' ') : NULL;
	version = last ? version_of(last + 1) : 0;
	if (version)
		return version;
	text = target_fact(target, "uname -v"); /* "#1 SMP Debian 4.9.88-1+deb9u1 (2018-05-07)" */
	debian = text ? strstr(text, "Debian ") : NULL;
	version = debian ? version_of(debian + strlen("Debian ")) : 0;
	if (version)
		return version;
	text = target_fact(target, "uname -r");
	return text ? version_of(text) : 0;
}

/* A plan has steps for each CPU, so a profile must not make up any. CONFIG_NR_CPUS is 8192 at the most. */
#define MOST_CPUS 65536

/*
 * Takes the next range of a list such as "0-3,8": returns false at the end and at the first thing
 * that is not a range.
 */
static bool next_range(const char **list, uint32_t *first, uint32_t *last)
{
	if (**list == ',')
		(*list)++;
	if (!number(list, MOST_CPUS - 1, first))
		return false;
	*last = *first;
	if (**list == '-') {
		(*list)++;
		if (!number(list, MOST_CPUS - 1, last))
			return false;
	}
	return *last >= *first;
}

uint32_t target_possible_cpus(struct hewn_target *target)
{
	const char *list = target_fact(target, POSSIBLE_CPUS);
	uint32_t first, last, n = 0;

	while (list && next_range(&list, &first, &last))
		if (last + 1 > n)
			n = last + 1;
	if (n)
		return n;
	/* A kernel without sysfs. The C library asks /proc or the scheduler. */
	list = target_fact(target, "getconf _NPROCESSORS_CONF");
	return list && number(&list, MOST_CPUS, &n) && n ? n : 1;
}

bool target_cpu_in(const char *list, uint32_t cpu)
{
	uint32_t first, last;

	while (list && next_range(&list, &first, &last))
		if (cpu >= first && cpu <= last)
			return true;
	return false;
}

int target_pmu(struct hewn_target *target, const char *pmu, uint32_t *type, uint32_t *retprobe_bit)
{
	char path[128];
	const char *text;

	snprintf(path, sizeof(path), PMUS "%s/type", pmu);
	text = target_fact(target, path);
	if (!text)
		return -ENOENT;
	if (!number(&text, UINT32_MAX, type) || *text)
		return -EINVAL;
	snprintf(path, sizeof(path), PMUS "%s/format/retprobe", pmu);
	text = target_fact(target, path);
	if (!text)
		return -ENOENT;
	if (strncmp(text, "config:", 7) != 0) /* "config:0": the bit of perf_event_attr.config */
		return -EINVAL;
	text += 7;
	if (!number(&text, 63, retprobe_bit) || *text)
		return -EINVAL;
	return 0;
}

uint32_t target_page_size(struct hewn_target *target)
{
	const char *text = target_fact(target, "getconf PAGESIZE");
	uint32_t size;

	return text && number(&text, 1u << 30, &size) && size && !(size & (size - 1)) ? size : 4096;
}

int hewn_target_open(struct hewn_target **target, const char *profile, struct hewn_err *err)
{
	struct hewn_target *t;
	FILE *from;
	int ret;

	*target = NULL;
	t = calloc(1, sizeof(*t));
	if (!t)
		return err_nomem(err);
	if (profile) {
		t->recorded = true;
		from = fopen(profile, "re");
		if (!from) {
			ret = err_set(err, -errno, "cannot open the target profile %s: %s", profile,
				      strerror(errno));
			free(t);
			return ret;
		}
		ret = profile_load(t, from, profile, err);
		fclose(from);
		if (ret) {
			hewn_target_close(t);
			return ret;
		}
	}
	*target = t;
	return 0;
}

void hewn_target_close(struct hewn_target *target)
{
	if (!target)
		return;
	for (uint32_t i = 0; i < target->n_facts; i++) {
		free(target->facts[i].path);
		free(target->facts[i].text);
	}
	free(target->facts);
	free(target->btf_path);
	kbtf_close(target->kbtf);
	free(target->config);
	ksyms_close(target->ksyms);
	free(target);
}
