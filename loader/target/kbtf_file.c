// SPDX-License-Identifier: MIT
/* Files with BTF: see kbtf_file.h. */
#include "loader/target/kbtf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/err.h"
#include "loader/object/btf_scan.h"
#include "loader/object/elf.h"

static int cannot(const char *path, int code, struct hewn_err *err)
{
	return err_set(err, code, "cannot read the BTF of %s: %s", path, strerror(-code));
}

/* Whole, in the memory of this process. Files of sysfs say their size, and may give less a call. */
static int read_all(struct kbtf_file *file, int fd, size_t size, const char *path,
		    struct hewn_err *err)
{
	size_t have = 0;
	ssize_t n;

	file->bytes = malloc(size ? size : 1);
	if (!file->bytes)
		return err_nomem(err);
	for (; have < size; have += (size_t)n) {
		n = read(fd, (char *)file->bytes + have, size - have);
		if (n < 0)
			return cannot(path, -errno, err);
		if (!n)
			break;
	}
	file->size = have;
	return 0;
}

/*
 * Only what the kernel itself shows is mapped: other files may shrink under a mapping. Kernels
 * before 6.16, and all of them for modules, refuse with ENODEV.
 */
static int get_bytes(struct kbtf_file *file, int fd, size_t size, const char *path,
		     struct hewn_err *err)
{
	void *map = MAP_FAILED;

	if (!strcmp(path, KBTF_VMLINUX))
		map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return read_all(file, fd, size, path, err);
	file->bytes = map;
	file->size = file->mapped = size;
	return 0;
}

/* ── BTF in ELF: vmlinux, or a module. ── */

/* A copy of a section, so that the rest of the file, often large, can go. */
static int copy_section(const struct elf *elf, uint32_t section, void **copy, size_t *size,
			struct hewn_err *err)
{
	const uint8_t *bytes;
	int ret = elf_data(elf, section, &bytes, size, err);

	if (ret)
		return ret;
	*copy = malloc(*size ? *size : 1);
	if (!*copy)
		return err_nomem(err);
	if (*size)
		memcpy(*copy, bytes, *size);
	return 0;
}

/* A module's own excerpt of vmlinux (6.11), for one that was built for another. */
static int open_dist(struct kbtf_file *file, const struct elf *elf, uint32_t section,
		     struct hewn_err *err)
{
	size_t size;
	int ret = copy_section(elf, section, &file->dist_bytes, &size, err);

	file->dist = ret ? NULL : calloc(1, sizeof(*file->dist));
	if (!ret && !file->dist)
		ret = err_nomem(err);
	if (!ret)
		ret = btf_open_lazy(file->dist, NULL, file->dist_bytes, size, err);
	return ret ? ret : btf_scan(file->dist, NULL, NULL, NULL, err);
}

/* The module's types as it has them with this vmlinux, in place of those with its own excerpt. */
static int relocate(struct kbtf_file *file, const struct btf *base, struct hewn_err *err)
{
	struct btf split;
	uint8_t *bytes = NULL;
	uint32_t size = 0;
	int ret = btf_open_split(&split, file->dist, file->bytes, file->size, err);

	if (ret)
		return ret;
	ret = btf_relocate(&split, base, &bytes, &size, err);
	btf_close(&split);
	if (ret)
		return ret;
	free(file->bytes);
	file->bytes = bytes;
	file->size = size;
	return 0;
}

static int open_elf(struct kbtf_file *file, const char *path, const struct btf *base,
		    struct hewn_err *err)
{
	uint32_t section, dist;
	struct elf elf;
	size_t size;
	int ret = elf_open(&elf, path, err);

	if (ret)
		return ret;
	section = elf_find(&elf, ".BTF");
	dist = elf_find(&elf, ".BTF.base");
	if (section == ELF_BAD) {
		ret = err_set(err, -ENOENT, "%s has no section .BTF", path);
		err_hint(err, "`pahole -J` adds one to a vmlinux with DWARF");
	}
	if (!ret && dist != ELF_BAD)
		ret = open_dist(file, &elf, dist, err);
	if (!ret)
		ret = copy_section(&elf, section, &file->bytes, &size, err);
	if (!ret)
		file->size = size;
	if (!ret && file->dist && base)
		ret = relocate(file, base, err);
	if (!ret)
		ret = btf_open_lazy(&file->btf, base ? base : file->dist, file->bytes, file->size, err);
	elf_close(&elf);
	return ret;
}

static int open_fd(struct kbtf_file *file, int fd, const char *path, const struct btf *base,
		   struct hewn_err *err)
{
	char magic[SELFMAG];
	struct stat st;
	int ret;

	if (fstat(fd, &st) < 0)
		return cannot(path, -errno, err);
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > INT32_MAX)
		return err_set(err, -EINVAL, "%s is not a file of at most 2 GB", path);
	if (pread(fd, magic, sizeof(magic), 0) == sizeof(magic) && !memcmp(magic, ELFMAG, SELFMAG))
		return open_elf(file, path, base, err);
	ret = get_bytes(file, fd, (size_t)st.st_size, path, err);
	if (!ret)
		ret = btf_open_lazy(&file->btf, base, file->bytes, file->size, err);
	return ret;
}

int kbtf_file_open(struct kbtf_file *file, const char *path, const struct btf *base,
		   struct hewn_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;

	memset(file, 0, sizeof(*file));
	if (fd < 0)
		return cannot(path, -errno, err);
	ret = open_fd(file, fd, path, base, err);
	close(fd);
	if (ret) {
		kbtf_file_close(file);
		err_object(err, path);
	}
	return ret;
}

void kbtf_file_close(struct kbtf_file *file)
{
	btf_close(&file->btf);
	if (file->dist)
		btf_close(file->dist);
	free(file->dist);
	free(file->dist_bytes);
	if (file->mapped)
		munmap(file->bytes, file->mapped);
	else
		free(file->bytes);
	memset(file, 0, sizeof(*file));
}
