// SPDX-License-Identifier: MIT
/* insn/helpers.c: names to numbers and back. */
#include <linux/bpf.h>

#include "tests/tap.h"
#include "insn/helpers.h"

#define NAME(x) #x
static const char *const header[] = {__BPF_FUNC_MAPPER(NAME)};

int main(void)
{
	size_t n_header = sizeof(header) / sizeof(*header);
	bool same = true, back = true;

	for (size_t i = 1; i < n_header && (int)i < helpers_count(); i++)
		same &= !strcmp(helpers_name((int)i), header[i]);
	ok(same, "names_are_those_of_linux_bpf_h");
	for (int i = 1; i < helpers_count(); i++)
		back &= helpers_id(helpers_name(i), strlen(helpers_name(i))) == i;
	ok(back, "each_name_gives_its_number");
	eq_int(helpers_count(), 212, "211_is_the_last_helper");
	eq_str(helpers_name(211), "cgrp_storage_delete", "its_name");
	ok(!helpers_name(0) && !helpers_name(-1) && !helpers_name(212),
	   "other_numbers_have_no_name");
	eq_int(helpers_id("bpf_map_lookup_elem", 19), 1, "prefix_is_accepted");
	eq_int(helpers_id("map_lookup_elem#1", 15), 1, "only_size_bytes_are_read");
	eq_int(helpers_id("map_lookup", 10), -1, "beginning_of_a_name_is_none");
	eq_int(helpers_id("map_lookup_elements", 19), -1, "longer_name_is_none");
	eq_int(helpers_id("", 0), -1, "empty_name_is_none");
	eq_str(helpers_like("bpf_map_lookup_elm", 18), "map_lookup_elem", "near_name_is_found");
	ok(!helpers_like("frobnicate", 10), "far_name_is_not");
	return tap_done();
}
