// SPDX-License-Identifier: MIT
/* Options of the kernel's configuration: how they lie in the map .kconfig, and which bytes their values are. */
#include <errno.h>
#include <linux/bpf.h>
#include <unistd.h>

#include "loader/link/externs.h"
#include "loader/link/image.h"
#include "loader/target/kconfig.h"
#include "tests/btfmake.h"
#include "tests/unit/elf_bpf.h"

static struct ew w;
static struct btfmake mk;

enum type { BOOL, CHAR, U8, U16, INT, U64, TRISTATE, TEXT8, HUGE_TEXT, TYPEDEF, TIME, N_TYPES };

struct option {
	const char *name;
	enum type type;
	bool weak;
};

/* An object whose one program loads the address of each option. The BTF has ids[type], and a VAR each. */
static int object_of(const struct option *options, uint32_t n, bool big, struct hewn_object **o, struct hewn_err *err)
{
	struct bpf_insn insns[64];
	uint32_t ids[N_TYPES], vars[32], code, size;

	memset(&mk, 0, sizeof(mk));
	ids[BOOL] = mk_int(&mk, "_Bool", 1, MK_BOOL);
	ids[CHAR] = mk_int(&mk, "char", 1, MK_SIGNED);
	ids[U8] = mk_int(&mk, "unsigned char", 1, 0);
	ids[U16] = mk_int(&mk, "unsigned short", 2, 0);
	ids[INT] = mk_int(&mk, "int", 4, MK_SIGNED);
	ids[U64] = mk_int(&mk, "unsigned long", 8, 0);
	ids[TRISTATE] = mk_type(&mk, BTF_ENUM, "libbpf_tristate", 1, 4);
	mk_pair(&mk, "TRI_NO", 0);
	ids[TEXT8] = mk_array(&mk, ids[CHAR], 8);
	ids[HUGE_TEXT] = mk_array(&mk, ids[CHAR], 2000000000);
	ids[TYPEDEF] = mk_type(&mk, BTF_TYPEDEF, "u64", 0, ids[U64]);
	ids[TIME] = mk_type(&mk, BTF_STRUCT, "timespec", 0, 16);
	for (uint32_t i = 0; i < n; i++)
		vars[i] = mk_var(&mk, options[i].name, ids[options[i].type], 2);
	mk_type(&mk, BTF_DATASEC, ".kconfig", n, 0);
	for (uint32_t i = 0; i < n; i++)
		mk_secvar(&mk, vars[i], 0, 1);
	size = mk_blob(&mk);

	ew_open(&w, 64, big, ET_REL, EM_BPF);
	ew_section(&w, ".BTF", SHT_PROGBITS, 0, mk.blob, size);
	for (uint32_t i = 0; i < n; i++) {
		insns[2 * i] = bpf_raw_insn(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, 0, 0, 0);
		insns[2 * i + 1] = bpf_raw_insn(0, 0, 0, 0, 0);
	}
	insns[2 * n] = bpf_exit_insn();
	code = ew_code(&w, "socket", insns, 2 * n + 1);
	ew_func(&w, "prog", code, 0, 2 * n + 1);
	for (uint32_t i = 0; i < n; i++)
		ew_rel(&w, code, 16ull * i,
		       ew_symbol(&w, options[i].name, options[i].weak ? STB_WEAK : STB_GLOBAL, STT_NOTYPE, SHN_UNDEF, 0, 0), 1);
	return ew_object(&w, o, err);
}

/* The machine of a profile with these lines. */
static struct hewn_target *target_of(const char *lines)
{
	char path[] = "/tmp/hewn-profile-XXXXXX";
	struct hewn_target *target;
	int fd = mkstemp(path);

	if (fd < 0 || dprintf(fd, "# hewn target profile 1\n%s", lines) < 0 || hewn_target_open(&target, path, NULL))
		exit(1);
	close(fd);
	unlink(path);
	return target;
}

static const struct obj_extern *extern_of(const struct hewn_object *o, const char *name)
{
	for (uint32_t i = 0; i < o->n_externs; i++)
		if (!strcmp(o->externs[i].name, name))
			return &o->externs[i];
	exit(1);
}

/* ── places ── */

static void test_layout(void)
{
	static const struct option options[] = {
		{ "CONFIG_B", INT, false },	{ "CONFIG_TEXT", TEXT8, false }, { "CONFIG_BOOL", BOOL, false },
		{ "CONFIG_A", INT, false },	{ "CONFIG_LONG", TYPEDEF, false }, { "CONFIG_SHORT", U16, false },
		{ "CONFIG_TRI", TRISTATE, false },
	};
	static const struct {
		const char *name;
		uint32_t off;
	} places[] = {
		{ "CONFIG_LONG", 0 }, { "CONFIG_A", 8 },   { "CONFIG_B", 12 },	  { "CONFIG_TRI", 16 },
		{ "CONFIG_SHORT", 20 }, { "CONFIG_BOOL", 22 }, { "CONFIG_TEXT", 23 },
	};
	const struct obj_map *map;
	struct hewn_object *o;
	struct image image;
	struct link link;

	eq_int(object_of(options, 7, false, &o, NULL), 0, "an_object_with_options_opens");
	map = &o->maps[object_map(o, ".kconfig")];
	for (uint32_t i = 0; i < 7; i++) {
		eq_int(extern_of(o, places[i].name)->off, places[i].off, places[i].name);
		eq_int(extern_of(o, places[i].name)->rank, i, "the_rank_is_the_order_in_the_map");
	}
	eq_int(map->value_size, 31, "the_map_ends_where_the_last_one_ends");
	ok(map->readonly && map->origin == MAP_KCONFIG && map->type == BPF_MAP_TYPE_ARRAY && map->max_entries == 1,
	   "it_is_a_map_of_one_value_that_is_not_written_to");
	eq_str(map->kernel_name, "test.kconfig", "with_a_name_as_libbpf_gives_it");
	eq_int(map->flags, BPF_F_RDONLY_PROG | BPF_F_MMAPABLE, "and_its_flags");
	eq_int(btf_kind(btf_type(&o->btf, map->value_type)), BTF_DATASEC, "the_btf_describes_it");
	eq_int(btf_type(&o->btf, map->value_type)->size_or_type, 31, "with_its_size");
	eq_int(((const struct btf_secvar *)btf_body(btf_type(&o->btf, map->value_type)))[1].offset, 23, "and_the_places");
	hewn_object_close(o);

	object_of((const struct option[]){ { "CONFIG_X", INT, true }, { "CONFIG_W", INT, true } }, 2, false, &o, NULL);
	eq_int(link_open(&link, o, NULL, NULL), 0, "what_is_weak_needs_no_target");
	eq_int(image_open(&image, &link, 0, NULL), 0, "a_program_with_options_links");
	ok(image.insns[0].src_reg == BPF_PSEUDO_MAP_VALUE && !image.insns[0].imm && image.insns[1].imm == 4, "to_the_place_in_the_map");
	ok(image.n_fixes == 2 && image.fixes[0].kind == LINK_MAP && image.fixes[0].index == object_map(o, ".kconfig"),
	   "whose_fd_is_for_the_run");
	image_close(&image);
	link_close(&link);
	hewn_object_close(o);
}

static void test_types(void)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;

	eq_int(object_of((const struct option[]){ { "CONFIG_T", TIME, false } }, 1, false, &o, &err), -EINVAL, "a_struct_is_no_option");
	eq_str(err.symbol, "CONFIG_T", "which_is_named");
	memset(&err, 0, sizeof(err));
	eq_int(object_of((const struct option[]){ { "CONFIG_T", HUGE_TEXT, false } }, 1, false, &o, &err), -EFBIG, "nor_is_a_text_of_two_gigabytes");
	has(err.what, "bytes of options, want 1048576 at the most", "which_would_take_that_much_memory");
}

/* ── values ── */

/* The value as hex digits, or the errno. */
static const char *value_of(enum type type, const char *text, bool big)
{
	static const struct {
		enum obj_kconfig kconfig;
		uint32_t size;
		bool is_signed;
	} kinds[] = {
		[BOOL] = { KCONFIG_BOOL, 1, false }, [CHAR] = { KCONFIG_CHAR, 1, true }, [U8] = { KCONFIG_CHAR, 1, false },
		[U16] = { KCONFIG_INT, 2, false },   [INT] = { KCONFIG_INT, 4, true },	 [U64] = { KCONFIG_INT, 8, false },
		[TRISTATE] = { KCONFIG_TRISTATE, 4, false }, [TEXT8] = { KCONFIG_TEXT, 8, true },
	};
	const struct obj_extern ext = { .name = "CONFIG_X", .kconfig = kinds[type].kconfig, .size = kinds[type].size,
					.is_signed = kinds[type].is_signed, .off = 2 };
	uint8_t bytes[16] = { 0 };
	static char hex[40];
	bool cut;
	int ret = externs_set_text(&ext, text, big, bytes, &cut, NULL);

	if (ret)
		return ret == -EINVAL ? "EINVAL" : ret == -ERANGE ? "ERANGE" : "?";
	hex[0] = '\0';
	for (uint32_t i = 0; i < ext.size; i++)
		sprintf(hex + strlen(hex), "%02x", bytes[ext.off + i]);
	if (bytes[0] || bytes[1] || bytes[ext.off + ext.size])
		return "beside its place";
	return strcat(hex, cut ? " cut" : "");
}

static void test_values(void)
{
	static const struct {
		enum type type;
		const char *text, *want, *big;
	} rows[] = {
		{ BOOL, "y", "01", "01" },
		{ BOOL, "n", "00", "00" },
		{ BOOL, "m", "EINVAL", "EINVAL" },
		{ BOOL, "1", "EINVAL", "EINVAL" },
		{ CHAR, "m", "6d", "6d" },
		{ CHAR, "-128", "80", "80" },
		{ CHAR, "128", "ERANGE", "ERANGE" },
		{ U8, "255", "ff", "ff" },
		{ U8, "256", "ERANGE", "ERANGE" },
		{ U8, "-1", "ERANGE", "ERANGE" },
		{ U16, "0xABCD", "cdab", "abcd" },
		{ U16, "65536", "ERANGE", "ERANGE" },
		{ INT, "250", "fa000000", "000000fa" },
		{ INT, "-2", "feffffff", "fffffffe" },
		{ INT, "2147483647", "ffffff7f", "7fffffff" },
		{ INT, "2147483648", "ERANGE", "ERANGE" },
		{ INT, "-2147483648", "00000080", "80000000" },
		{ INT, "-2147483649", "ERANGE", "ERANGE" },
		{ INT, "y", "EINVAL", "EINVAL" },
		{ INT, "12x", "EINVAL", "EINVAL" },
		{ INT, "", "EINVAL", "EINVAL" },
		{ U64, "0xdead000000000000", "000000000000adde", "dead000000000000" },
		{ U64, "18446744073709551615", "ffffffffffffffff", "ffffffffffffffff" },
		{ U64, "18446744073709551616", "EINVAL", "EINVAL" },
		{ TRISTATE, "n", "00000000", "00000000" },
		{ TRISTATE, "y", "01000000", "00000001" },
		{ TRISTATE, "m", "02000000", "00000002" },
		{ TRISTATE, "1", "EINVAL", "EINVAL" },
		{ TEXT8, "\"host\"", "686f737400000000", "686f737400000000" },
		{ TEXT8, "\"\"", "0000000000000000", "0000000000000000" },
		{ TEXT8, "\"1234567\"", "3132333435363700", "3132333435363700" },
		{ TEXT8, "\"12345678\"", "3132333435363700 cut", "3132333435363700 cut" },
		{ TEXT8, "\"", "EINVAL", "EINVAL" },
		{ TEXT8, "\"open", "EINVAL", "EINVAL" },
		{ TEXT8, "y", "EINVAL", "EINVAL" },
		{ INT, "\"text\"", "EINVAL", "EINVAL" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		eq_str(value_of(rows[i].type, rows[i].text, false), rows[i].want, rows[i].text);
		eq_str(value_of(rows[i].type, rows[i].text, true), rows[i].big, rows[i].text);
	}
}

/* ── from a target ── */

static int link_for(const struct option *options, uint32_t n, const char *profile, struct link *link, struct hewn_object **o,
		    struct hewn_err *err)
{
	struct hewn_target *target = target_of(profile);
	int ret;

	if (object_of(options, n, false, o, NULL))
		exit(1);
	ret = link_open(link, *o, target, err);
	hewn_target_close(target);
	return ret;
}

static void test_target(void)
{
	static const struct option some[] = { { "CONFIG_HZ", INT, false }, { "CONFIG_NET", TRISTATE, true }, { "CONFIG_NONE", BOOL, true } };
	static const struct option virtual[] = { { "LINUX_HAS_BPF_COOKIE", BOOL, false },
						 { "LINUX_HAS_SYSCALL_WRAPPER", BOOL, false },
						 { "LINUX_KERNEL_VERSION", INT, false },
						 { "LINUX_OTHER", INT, true } };
	struct hewn_err err = { 0 };
	struct hewn_object *o;
	struct link link;

	eq_int(link_for(some, 3, "config file = /proc/config.gz\nconfig CONFIG_HZ = 250\nconfig CONFIG_NET = m\n", &link, &o, NULL), 0,
	       "options_come_from_a_profile");
	ok(!memcmp(link.kconfig, "\xfa\0\0\0\2\0\0\0\0", 9), "with_their_values_and_0_for_what_is_not_set");
	link_close(&link);
	hewn_object_close(o);

	eq_int(link_for(some, 3, "config file = /proc/config.gz\n", &link, &o, &err), -ENOENT, "one_that_is_not_set_is_refused");
	eq_str(err.symbol, "CONFIG_HZ", "by_name");
	has(err.what, "built without this option (/proc/config.gz)", "and_with_the_file_that_does_not_have_it");
	has(err.hint, "__weak", "a_hint_says_how_it_may_be_missing");
	hewn_object_close(o);
	memset(&err, 0, sizeof(err));
	eq_int(link_for(some, 3, "no config file\n", &link, &o, &err), -ENOENT, "without_a_file_it_is_refused_too");
	has(err.what, "neither /boot/config-RELEASE nor /proc/config.gz", "which_is_another_reason");
	hewn_object_close(o);

	eq_int(link_for(virtual, 4, "uname -r = 6.1.20\nuname -m = x86_64\nno config file\n", &link, &o, NULL), 0, "what_libbpf_has_besides_is_known");
	ok(!memcmp(link.kconfig, "\x14\x01\x06\0\0\0\0\0\1\1", 10), "version_cookie_and_wrapper");
	link_close(&link);
	hewn_object_close(o);
	eq_int(link_for(virtual, 4, "uname -r = 4.14.20\nuname -m = x86_64\nno config file\n", &link, &o, NULL), 0, "for_an_old_kernel_too");
	ok(!memcmp(link.kconfig, "\x14\x0e\x04\0\0\0\0\0\0\0", 10), "which_has_neither");
	link_close(&link);
	hewn_object_close(o);
	memset(&err, 0, sizeof(err));
	eq_int(link_for((const struct option[]){ { "LINUX_OTHER", INT, false } }, 1, "", &link, &o, &err), -EINVAL, "others_are_refused");
	hewn_object_close(o);
}

static void test_find(void)
{
	static const char text[] = "#\n# CONFIG_A is not set\nCONFIG_AB=y\nCONFIG_B=\"x=y\"\nCONFIG_C=12";
	size_t len = 0;
	const char *at;

	ok(!kconfig_find(text, "CONFIG_A", &len), "what_is_not_set_is_not_found");
	at = kconfig_find(text, "CONFIG_AB", &len);
	ok(at && len == 1 && *at == 'y', "an_option_is_found_by_its_whole_name");
	at = kconfig_find(text, "CONFIG_B", &len);
	ok(at && len == 5 && !strncmp(at, "\"x=y\"", 5), "a_text_is_found_with_its_quotes");
	at = kconfig_find(text, "CONFIG_C", &len);
	ok(at && len == 2, "the_last_line_needs_no_end");
}

int main(void)
{
	test_layout();
	test_types();
	test_values();
	test_target();
	test_find();
	return tap_done();
}
