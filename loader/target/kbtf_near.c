// SPDX-License-Identifier: MIT
/* The type of the kernel whose name is nearest to one that it has not: for hints. Knows names only. */
#include <string.h>

#include "loader/object/near.h"
#include "loader/target/kbtf.h"

const char *target_btf_near(struct hewn_target *target, enum btf_kind kind, const char *prefix, const char *wanted)
{
	const size_t skipped = strlen(prefix), len = strlen(wanted);
	unsigned int best = (unsigned int)(len / 3 + 1), distance;
	const struct btf_head *type;
	const char *found = NULL;
	const struct btf *btf;

	if (target_btf(target, &btf, NULL))
		return NULL;
	for (uint32_t id = 1; best && (type = btf_type(btf, id)); id++) {
		const char *name = btf_kind(type) == kind ? btf_name(btf, id) : "";

		if (!*name || strncmp(name, prefix, skipped) != 0)
			continue;
		name += skipped;
		distance = near_distance(wanted, len, name, strlen(name));
		if (distance >= best)
			continue;
		best = distance;
		found = name;
	}
	return found;
}
