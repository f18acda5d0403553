// SPDX-License-Identifier: MIT
/*
 * Where uprobes go: "path:function+offset" as a file and an offset in it. Knows executables, libraries
 * and their symbols; knows nothing of probes.
 */
#ifndef LOADER_TARGET_BINARY_H
#define LOADER_TARGET_BINARY_H

#include "loader/target/target.h"

struct binary_place {
	char path[4096];
	uint64_t offset; /* in the file, bytes: what the kernel wants */
};

/* Only the file: its path into place. */
int binary_find(const char *name, struct binary_place *place, struct hewn_err *err);

/*
 * Resolves a place and keeps it among the target's facts, as "uprobe SPEC", so that a recorded target can
 * answer too. The path is absolute, relative, or a name that is looked for in PATH, and if it has ".so" in
 * it in LD_LIBRARY_PATH and the folders of libraries. The function may have a version (name@VERSION),
 * or be a number: an offset in the file. The file may be a member of a zip archive, stored as it is: "x.apk!/lib/x.so:f";
 * then path and offset are the archive's, -EOPNOTSUPP: it is compressed. -ENOENT: no such file or function; -EINVAL: not of this form;
 * -ENOEXEC: not an executable or library.
 */
int target_uprobe(struct hewn_target *target, const char *spec, struct binary_place *place, struct hewn_err *err);

/* Where many uprobes go: all in one file. */
struct binary_places {
	char path[4096];
	uint64_t *offsets; /* ascending, each once; owned */
	uint32_t n;
};

/*
 * The same for "path:pattern", where * and ? in the function stand for any text and any letter: the functions that the
 * table of symbols has, or in a stripped file those that it exports; without them too, several functions of one name are
 * all meant. The fact is "uprobes SPEC".
 */
int target_uprobes(struct hewn_target *target, const char *spec, struct binary_places *places, struct hewn_err *err);
void binary_places_close(struct binary_places *places);

#endif
