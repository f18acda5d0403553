// SPDX-License-Identifier: MIT
/* Units: byte order, sections, and one program taken out with what it calls. */
#include <errno.h>

#include "insn/unit.h"
#include "tests/tap.h"

static void slots_in_both_byte_orders(void)
{
	static const uint8_t little[8] = {0x7b, 0x21, 0xfe, 0xff, 0x44, 0x33, 0x22, 0x11};
	static const uint8_t big[8] = {0x7b, 0x12, 0xff, 0xfe, 0x11, 0x22, 0x33, 0x44};
	struct bpf_insn insn = bpf_raw_insn(0x7b, 1, 2, -2, 0x11223344), back;
	uint8_t bytes[8];

	unit_encode(bytes, insn, false);
	ok(!memcmp(bytes, little, 8), "a slot in little endian");
	back = unit_decode(bytes, false);
	ok(!memcmp(&back, &insn, 8), "and back");
	unit_encode(bytes, insn, true);
	ok(!memcmp(bytes, big, 8), "in big endian the registers change places too");
	back = unit_decode(bytes, true);
	ok(!memcmp(&back, &insn, 8), "and back");
}

static void names_tell_the_kind(void)
{
	eq_int(unit_kind_of(".data"), UNIT_DATA, "data_is_data");
	eq_int(unit_kind_of(".rodata.str"), UNIT_RODATA, "below_rodata_is_rodata");
	eq_int(unit_kind_of(".bss"), UNIT_BSS, "bss_is_bss");
	eq_int(unit_kind_of(".database"), UNIT_CODE, "database_is_code");
	eq_int(unit_kind_of("kprobe/x"), UNIT_CODE, "kprobe_is_code");
}

static void bytes_are_aligned(void)
{
	struct unit unit;
	int s;

	unit_open(&unit);
	s = unit_add_section(&unit, ".data", UNIT_DATA);
	eq_int(unit_add_bytes(&unit, (uint32_t)s, "abc", 3, 1), 0, "bytes_begin_at_0");
	eq_int(unit_add_bytes(&unit, (uint32_t)s, "defg", 4, 4), 4, "the_next_are_aligned");
	eq_int(unit.sections[s].size, 8, "the_size_has_the_gap");
	ok(!memcmp(unit.sections[s].bytes, "abc\0defg", 8), "the gap is zero");
	eq_int(unit_add_bytes(&unit, (uint32_t)s, NULL, UINT32_MAX - 4, 1), -ENOMEM,
	       "4_gb_are_refused");
	unit_close(&unit);
	eq_int(unit.n_sections, 0, "a_closed_unit_is_empty");
}

/* main calls b, b calls a; c is called by nobody. */
static void a_program_takes_what_it_calls(void)
{
	const struct bpf_insn a[] = {bpf_mov64_imm(0, 1), bpf_exit_insn()};
	const struct bpf_insn b[] = {bpf_call_rel(-1), bpf_exit_insn()};
	const struct bpf_insn prog[] = {bpf_ld_imm64(1, 0), bpf_ld_imm64_hi(0), bpf_call_rel(-1),
					bpf_exit_insn()};
	struct bpf_insn *insns;
	struct unit_reloc *relocs;
	uint32_t n, n_relocs;
	struct unit unit;
	uint32_t text, sock;

	unit_open(&unit);
	text = (uint32_t)unit_add_section(&unit, ".text", UNIT_CODE);
	sock = (uint32_t)unit_add_section(&unit, "socket", UNIT_CODE);
	unit_add_map(&unit, &(struct unit_map){.name = (char *)"m", .type = 2});
	unit_add_code(&unit, text, a, 2);
	unit_add_code(&unit, text, b, 2);
	unit_add_code(&unit, text, a, 2);
	unit_add_code(&unit, sock, prog, 4);
	unit_add_symbol(&unit,
			&(struct unit_symbol){.name = (char *)"a", .section = text, .size = 2});
	unit_add_symbol(&unit, &(struct unit_symbol){
				       .name = (char *)"b", .section = text, .off = 2, .size = 2});
	unit_add_symbol(&unit, &(struct unit_symbol){
				       .name = (char *)"c", .section = text, .off = 4, .size = 2});
	unit_add_symbol(
		&unit, &(struct unit_symbol){
			       .name = (char *)"main", .section = sock, .size = 4, .global = true});
	unit_add_reloc(&unit, &(struct unit_reloc){text, 2, UNIT_RELOC_CALL, 0});
	unit_add_reloc(&unit, &(struct unit_reloc){sock, 0, UNIT_RELOC_MAP, 0});
	unit_add_reloc(&unit, &(struct unit_reloc){sock, 2, UNIT_RELOC_CALL, 1});

	eq_int(unit_program(&unit, "none", &insns, &n, &relocs, &n_relocs), -ENOENT,
	       "an_unknown_program");
	eq_int(unit_program(&unit, "main", &insns, &n, &relocs, &n_relocs), 0,
	       "the_program_comes_out");
	eq_int(n, 8, "what_nobody_calls_stays_out");
	eq_int(insns[0].src_reg, BPF_PSEUDO_MAP_FD, "a_map_lacks_its_fd_alone");
	eq_int(insns[2].imm, 1, "the_call_of_b_counts_from_the_next_slot");
	eq_int(insns[4].imm, 1, "the_call_of_a_in_b_too");
	eq_int(n_relocs, 1, "what_names_a_map_is_listed");
	eq_int(relocs[0].insn, 0, "by_its_slot");
	free(insns);
	free(relocs);
	unit_close(&unit);
}

int main(void)
{
	slots_in_both_byte_orders();
	names_tell_the_kind();
	bytes_are_aligned();
	a_program_takes_what_it_calls();
	return tap_done();
}
