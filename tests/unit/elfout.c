// SPDX-License-Identifier: MIT
/* Units as ELF objects, read back by hand. */
#include <elf.h>
#include <errno.h>

#include "insn/asm.h"
#include "insn/elfout.h"
#include "tests/tap.h"

static const char text[] =
	".license GPL\n.map m type=hash key_size=4 value_size=8 max_entries=2\n"
	".section .data\nd: .u32 7\n.section socket\n.func f\nr1 = m ll\nr2 = d ll\ncall s\n"
	"r1 = s ll\nr0 = 0\nexit\n.sub s\nr0 = r1\nexit\n.sub t\ncall s\nexit\n";

static uint8_t *bytes;
static size_t size;

/* The section of this name. */
static const Elf64_Shdr *find(const char *name)
{
	const Elf64_Ehdr *e = (const void *)bytes;
	const Elf64_Shdr *s = (const void *)(bytes + e->e_shoff);
	const char *names = (const char *)bytes + s[e->e_shstrndx].sh_offset;

	for (int i = 0; i < e->e_shnum; i++)
		if (!strcmp(names + s[i].sh_name, name))
			return &s[i];
	return NULL;
}

static void write_out(const char *from)
{
	struct insn_err err;
	struct unit unit;

	eq_int(asm_unit(from, strlen(from), "t.basm", &unit, &err), 0, "the text assembles");
	eq_int(elfout_write(&unit, &bytes, &size, &err), 0, "the object is written");
	unit_close(&unit);
}

static void the_object(void)
{
	const Elf64_Ehdr *e;
	const Elf64_Shdr *s;
	const Elf64_Rel *rel;
	const Elf64_Sym *sym;
	uint64_t call;

	write_out(text);
	e = (const void *)bytes;
	eq_int(e->e_machine, 247, "machine_bpf");
	eq_int(e->e_type, ET_REL, "relocatable");
	ok(e->e_shoff + (uint64_t)e->e_shnum * 64 == size, "the section headers end the file");
	s = find("socket");
	eq_int(s->sh_size, 72, "code");
	eq_int(s->sh_flags, SHF_ALLOC | SHF_EXECINSTR, "is_executable");
	eq_str((const char *)bytes + find("license")->sh_offset, "GPL", "license");
	ok(find(".maps") && find(".BTF") && find(".BTF.ext") && find(".data"),
	   "maps, BTF and data");
	s = find(".relsocket");
	eq_int(s->sh_size / 16, 4, "map_variable_call_and_callback_are_relocated");
	rel = (const void *)(bytes + s->sh_offset);
	sym = (const void *)(bytes + find(".symtab")->sh_offset);
	eq_int(ELF64_R_TYPE(rel[0].r_info), 1, "a_map_by_R_BPF_64_64");
	eq_int(ELF64_R_TYPE(rel[2].r_info), 10, "a_call_by_R_BPF_64_32");
	eq_int(rel[2].r_offset, 32, "at_its_byte");
	eq_int(ELF64_ST_TYPE(sym[ELF64_R_SYM(rel[3].r_info)].st_info), STT_SECTION,
	       "the_address_of_a_local_function_by_the_section");
	ok(!find(".rel.text"),
	   "a call of a local function in the same section needs no relocation");
	memcpy(&call, bytes + find(".text")->sh_offset + 16, 8);
	eq_int((int32_t)(call >> 32), -3, "but_its_distance");
	free(bytes);
}

static void maps_in_maps(void)
{
	const Elf64_Rel *rel;
	const Elf64_Sym *sym;

	write_out(".map t type=array key_size=4 value_size=8 max_entries=1 template=1\n"
		  ".map m type=array key_size=4 value_size=8 max_entries=1\n"
		  ".map o type=array_of_maps key_size=4 value_size=4 max_entries=3 inner=t\n"
		  ".map a type=prog_array key_size=4 value_size=4 max_entries=1\n"
		  ".value o 2 m\n.value a 0 f\n.section xdp\n.func f\nr0 = 0\nexit\n");
	rel = (const void *)(bytes + find(".rel.maps")->sh_offset);
	sym = (const void *)(bytes + find(".symtab")->sh_offset);
	eq_int(find(".maps")->sh_size, 8 * (4 + 4 + 3 + 4 + 1),
	       "a_template_takes_no_room_and_values_do");
	eq_int(find(".rel.maps")->sh_size, 32, "values_are_relocations_of_maps");
	eq_int(rel[0].r_offset, 8 * (4 + 4 + 2), "at_the_element_of_the_key");
	eq_int(sym[ELF64_R_SYM(rel[0].r_info)].st_value, 0, "to_the_inner_map");
	eq_int(ELF64_ST_TYPE(sym[ELF64_R_SYM(rel[1].r_info)].st_info), STT_FUNC, "to_the_program");
	free(bytes);
}

static void big_endian(void)
{
	char big[sizeof(text) + 12];

	snprintf(big, sizeof(big), ".order big\n%s", text);
	write_out(big);
	eq_int(bytes[EI_DATA], ELFDATA2MSB, "big_endian_header");
	eq_int(bytes[19], 247, "and_machine");
	free(bytes);
}

static void subprograms_lie_in_text(void)
{
	struct insn_err err;
	struct unit unit;
	struct bpf_insn exit = bpf_exit_insn();
	int s;

	insn_err_clear(&err);
	unit_open(&unit);
	s = unit_add_section(&unit, "socket", UNIT_CODE);
	unit_add_code(&unit, (uint32_t)s, &exit, 1);
	unit_add_symbol(&unit, &(struct unit_symbol){
				       .name = (char *)"x", .section = (uint32_t)s, .size = 1});
	eq_int(elfout_write(&unit, &bytes, &size, &err), -EINVAL,
	       "a_local_function_elsewhere_is_refused");
	has(err.msg, "subprogram x lies in section socket, want .text", "and_named");
	unit_close(&unit);
}

static void too_many_variables(void)
{
	struct insn_err err;
	struct unit unit;
	char name[16];
	int s;

	insn_err_clear(&err);
	unit_open(&unit);
	s = unit_add_section(&unit, ".bss", UNIT_BSS);
	for (uint32_t i = 0; i < 65536; i++) {
		snprintf(name, sizeof(name), "v%u", i);
		unit_add_symbol(&unit, &(struct unit_symbol){.name = name, .section = (uint32_t)s, .off = i, .size = 1});
	}
	unit_add_bytes(&unit, (uint32_t)s, NULL, 65536, 1);
	eq_int(elfout_write(&unit, &bytes, &size, &err), -EINVAL, "more_variables_than_btf_counts_are_refused");
	has(err.msg, "more than 65535 variables", "and_the_error_says_so");
	unit_close(&unit);
}

static void empty(void)
{
	write_out("");
	ok(find(".BTF") && !find(".BTF.ext"), "an empty unit is an object too");
	free(bytes);
}

int main(void)
{
	const uint16_t one = 1;

	if (*(const uint8_t *)&one) {
		the_object();
		maps_in_maps();
	} else {
		tap_skip("the_object",
			 "reads the object in this machine's byte order, which is big");
	}
	big_endian();
	subprograms_lie_in_text();
	too_many_variables();
	if (*(const uint8_t *)&one)
		empty();
	return tap_done();
}
