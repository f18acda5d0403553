// SPDX-License-Identifier: MIT
/* The helpers of bpf/hewn-helpers.bpf.h: each number once, under the name that insn/ and
 * <linux/bpf.h> know. */
#include <linux/bpf.h>

#include "insn/helpers.h"
#include "tests/tap.h"

int main(void)
{
	FILE *file = fopen("bpf/hewn-helpers.bpf.h", "r");
	bool seen[512] = {false}, agree = true, once = true;
	char line[512];
	int n = 0, highest = 0;

	if (!file) {
		ok(false, "the_header_is_there");
		return tap_done();
	}
	while (fgets(line, sizeof(line), file)) {
		char *name;
		int id;

		if (sscanf(line, "HEWN_HELPER(%d,", &id) != 1)
			continue;
		name = strstr(line, ", bpf_"); // behind the result
		if (!name || id <= 0 || id >= (int)(sizeof(seen) / sizeof(*seen))) {
			ok(false, line);
			continue;
		}
		once = once && !seen[id];
		seen[id] = true;
		n++;
		highest = id > highest ? id : highest;
		name += strspn(name, ", ");
		name[strcspn(name, ",")] = 0;
		if (helpers_id(name, strlen(name)) != id) {
			printf("# %s is %d, not %d\n", name, helpers_id(name, strlen(name)), id);
			agree = false;
		}
	}
	fclose(file);
	ok(agree, "each_helper_has_the_number_of_its_name");
	ok(once, "no_number_is_there_twice");
	eq_int(n, highest, "no_number_is_left_out");
	ok(highest >= __BPF_FUNC_MAX_ID - 1, "all_that_linux_bpf_h_knows_are_there");
	return tap_done();
}
