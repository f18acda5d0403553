// SPDX-License-Identifier: MIT
/* loader/target/usdt: where arguments are, as the assemblers write it; and notes that are not what they should be. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "loader/plan/bytes.h"
#include "loader/plan/plan.h"
#include "loader/target/binary.h"
#include "loader/target/usdt.h"
#include "tests/tap.h"
#include "tests/unit/elf_bpf.h"

int main(void);

/* An argument as text: "reg 80 -4", "const -7 8", "mem 32 -16 1", "index 32 80 3 -96 1". */
static void show(const struct usdt_arg *a, char *text, size_t size)
{
	switch (a->kind) {
	case USDT_CONST:
		snprintf(text, size, "const %lld %d", (long long)a->value, a->size);
		return;
	case USDT_REG:
		snprintf(text, size, "reg %u %d", a->reg, a->size);
		return;
	case USDT_DEREF:
		snprintf(text, size, "mem %u %lld %d", a->reg, (long long)a->value, a->size);
		return;
	case USDT_INDEX:
		snprintf(text, size, "index %u %u %u %lld %d", a->reg, a->index, a->scale, (long long)a->value, a->size);
		return;
	}
}

static void one(const char *machine, const char *arg, const char *want)
{
	struct usdt_arg args[USDT_MAX_ARGS];
	struct hewn_err err = { 0 };
	char text[100] = "refused", name[100];

	if (usdt_args(machine, arg, args, &err) == 1)
		show(&args[0], text, sizeof(text));
	snprintf(name, sizeof(name), "%s %s", machine, arg);
	eq_str(text, want, name);
}

/* A file whose section of notes has these bytes. Returns what target_usdt() does. */
static int notes(const char *path, const uint8_t *bytes, size_t size, struct hewn_err *err)
{
	struct hewn_target *target = NULL;
	char spec[100];
	struct usdt usdt;
	struct ew w;
	FILE *to;
	int ret;

	ew_open(&w, 64, false, ET_EXEC, 62 /* EM_X86_64 */);
	ew_section(&w, ".note.stapsdt", SHT_NOTE, 0, bytes, size);
	ew_finish(&w);
	to = fopen(path, "we");
	if (!to || fwrite(w.bytes, w.size, 1, to) != 1 || fclose(to)) {
		ew_free(&w);
		return 1;
	}
	ew_free(&w);
	snprintf(spec, sizeof(spec), "%s:hewn:plain", path);
	ret = hewn_target_open(&target, NULL, NULL);
	if (!ret)
		ret = target_usdt(target, spec, &usdt, err);
	if (!ret)
		usdt_close(&usdt);
	hewn_target_close(target);
	return ret;
}

/* A note of hewn:plain that is cut at each byte, and one whose bytes are each changed: none is read beyond its end. */
static void hostile_notes(void)
{
	static const uint8_t note[] = "\010\0\0\0\063\0\0\0\003\0\0\0stapsdt\0\x10\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				      "hewn\0plain\0-4@%edi -4@%esi\0\0";
	char path[] = "/tmp/hewn-usdt-XXXXXX";
	uint8_t bytes[sizeof(note)], *exact;
	struct hewn_err err = { 0 };
	int fd = mkstemp(path), wrong = 0, ret;

	if (fd >= 0)
		close(fd);
	ret = notes(path, note, sizeof(note), &err);
	if (ret == 1) {
		tap_skip("hostile_notes", "no file can be written in /tmp");
		return;
	}
	eq_int(ret, -ENOEXEC, "a_place_in_no_segment_is_refused");
	has(err.what, "in no executable segment", "and_that_is_said");
	hewn_err_close(&err);
	for (size_t size = 0; size < sizeof(note); size++) {
		exact = malloc(size + 1); /* so that a sanitizer sees what is beyond */
		memcpy(exact, note, size);
		wrong += !notes(path, exact, size, NULL);
		free(exact);
	}
	eq_int(wrong, 0, "no_note_that_is_cut_is_a_probe");
	for (size_t i = 0; i < sizeof(note); i++) {
		static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };

		for (size_t k = 0; k < sizeof(values); k++) {
			memcpy(bytes, note, sizeof(note));
			bytes[i] = values[k];
			wrong += !notes(path, bytes, sizeof(bytes), NULL);
		}
	}
	eq_int(wrong, 0, "nor_is_one_whose_bytes_are_others");
	unlink(path);
}

/* Where a place of this very program is in this very process. */
static void located_in_a_process(void)
{
	struct hewn_target *target = NULL, profile = { .recorded = true };
	struct usdt_place places[2] = { { 0 } };
	struct usdt usdt = { .places = places, .n_places = 2 }, again;
	struct binary_place place;
	uintptr_t code = (uintptr_t)main;

#ifdef __arm__ /* where it has a bit for Thumb code */
	code &= ~(uintptr_t)1;
#endif
	if (hewn_target_open(&target, NULL, NULL) || target_uprobe(target, "/proc/self/exe:main", &place, NULL)) {
		ok(false, "this program has main");
		return;
	}
	strcpy(usdt.path, place.path);
	places[0].offset = place.offset;
	places[1].offset = 1ull << 40;
	usdt_locate(&usdt, getpid());
	ok(places[0].address == code, "a_place_is_found_in_a_process");
	eq_int(places[1].address, 0, "but_not_one_that_it_has_not_mapped");
	hewn_target_close(target);

	ok(target_remember(&profile, "usdt x:a:b", "/x | x86_64 | 0x10=0x400010 0x0 8@%rdi | 0x20 0x8 "), "a_profile_has_addresses");
	eq_int(target_usdt(&profile, "x:a:b", &again, NULL), 0, "which_are_read");
	ok(again.n_places == 2 && again.places[0].offset == 0x10 && again.places[0].address == 0x400010 && !again.places[1].address &&
		   again.places[1].semaphore == 8,
	   "where_there_are_any");
	eq_str(again.places[0].args, "8@%rdi", "before_the_arguments");
	usdt_close(&again);
	for (uint32_t i = 0; i < profile.n_facts; i++) {
		free(profile.facts[i].path);
		free(profile.facts[i].text);
	}
	free(profile.facts);
}

/* ── the plan ── */

/* A map of section "maps". */
static void add_map(struct ew *w, uint32_t section, uint32_t i, const char *name, const uint32_t *fields)
{
	for (uint32_t k = 0; k < 5; k++)
		ew_put(w, w->sections[section].data + 20 * i + 4 * k, 4, fields[k]);
	ew_symbol(w, name, STB_GLOBAL, STT_OBJECT, section, 20ull * i, 20);
}

static bool has_key(const struct hewn_plan *plan, const char *want, uint32_t size)
{
	bool found = false;

	for (uint32_t i = 0; i < plan->n_blobs; i++) {
		uint8_t *bytes = plan->blobs[i].kind == BLOB_KEY && plan->blobs[i].size == size ? bytes_of(plan, i) : NULL;

		found |= bytes && !memcmp(bytes, want, size);
		free(bytes);
	}
	return found;
}

/* Two places of a probe, whose arguments are not in the same register. */
static void keys_are_numbers_of_the_target(bool big, const char *id, const char *address, const char *name)
{
	static const struct bpf_insn insns[] = { { .code = 0xb7 }, { .code = 0x95 } };
	static const uint32_t specs[] = { 2, 4, 208, 256, 0 }, addresses[] = { 1, 8, 4, 256, 0 };
	const struct hewn_plan_opts opts = { .attach = true };
	struct hewn_target *target = calloc(1, sizeof(*target));
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct ew w;
	uint32_t maps, code;

	ew_open(&w, 64, big, ET_REL, EM_BPF);
	maps = ew_section(&w, "maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, NULL, 40);
	add_map(&w, maps, 0, "__bpf_usdt_specs", specs);
	add_map(&w, maps, 1, "__bpf_usdt_ip_to_spec_id", addresses);
	code = ew_code(&w, "usdt/x:a:b", insns, 2);
	ew_func(&w, "prog", code, 0, 2);
	target->recorded = true;
	target_remember(target, "usdt x:a:b", "/x | s390x | 0x10=0x400010 0x0 8@%r2 | 0x20=0x400020 0x0 8@%r3");
	target_remember(target, PMUS "uprobe/type", "7");
	target_remember(target, PMUS "uprobe/format/retprobe", "config:0");
	ok(!ew_object(&w, &object, NULL) && !hewn_plan_open(&plan, object, target, &opts, NULL), name);
	ok(plan && has_key(plan, "\0\0\0\0", 4) && has_key(plan, id, 4), "the_second_entry_is_number_1");
	ok(plan && has_key(plan, address, 8), "and_is_found_by_its_address");
	hewn_plan_close(plan);
	hewn_object_close(object);
	hewn_target_close(target);
}

int main(void)
{
	struct usdt_arg args[USDT_MAX_ARGS];
	struct hewn_err err = { 0 };

	located_in_a_process();
	one("x86_64", "-4@%edi", "reg 112 -4");
	one("x86_64", "8@%r10", "reg 56 8");
	one("x86_64", "-1@%sil", "reg 104 -1");
	one("x86_64", "-8@$-7", "const -7 -8");
	one("x86_64", "8@$18446744073709551615", "const -1 8");
	one("x86_64", "-4@-1204(%rbp)", "mem 32 -1204 -4");
	one("x86_64", "8@(%rsp)", "mem 152 0 8");
	one("x86_64", "1@-96(%rbp,%rax,8)", "index 32 80 3 -96 1");
	one("x86_64", "1@(%rbp,%rax)", "index 32 80 0 0 1");
	one("x86_64", "1@-96(%rbp,%rax,3)", "refused");
	one("x86_64", "1@-96(%rbp,%rax,16)", "refused");
	one("x86_64", "3@%eax", "refused");
	one("x86_64", "4@%eaxx", "refused");
	one("x86_64", "4@%xmm0", "refused");
	one("x86_64", "4@counter(%rip)", "refused");
	one("x86_64", "4@8(%rbp", "refused");
	one("x86_64", "4@", "refused");
	one("x86_64", "4@%eax,", "refused");
	one("s390x", "-2@-28(%r15)", "mem 144 -28 -2");
	one("s390x", "-8@%r2", "reg 40 -8");
	one("s390x", "4@71", "const 71 4");
	one("aarch64", "-4@[sp, 96]", "mem 248 96 -4");
	one("aarch64", "-4@[sp]", "mem 248 0 -4");
	one("aarch64", "-8@x4", "reg 32 -8");
	one("aarch64", "4@5", "const 5 4");
	one("riscv64", "-8@-88(s0)", "mem 64 -88 -8");
	one("riscv64", "-8@a1", "reg 88 -8");
	one("armv7l", "-4@[fp, #96]", "mem 44 96 -4");
	one("armv7l", "4@#5", "const 5 4");
	one("armv7l", "-4@r4", "reg 16 -4");
	eq_int(usdt_args("x86_64", "", args, &err), 0, "no_arguments_are_none");
	eq_int(usdt_args("x86_64", "-4@%eax  8@-8(%rbp) -4@$5", args, &err), 3, "spaces_separate");
	eq_int(args[1].value, -8, "the_second_is_the_second");
	eq_int(usdt_args("aarch64", "-4@[sp, 96] 8@x1", args, &err), 2, "a_space_in_brackets_does_not");
	eq_int(usdt_args("x86_64", "1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al", args, &err), -E2BIG,
	       "thirteen_are_too_many");
	hewn_err_close(&err);
	eq_int(usdt_args("vax", "4@r1", args, &err), -ENOTSUP, "another_architecture_is_said_to_be_unknown");
	hostile_notes();
	keys_are_numbers_of_the_target(false, "\1\0\0\0", "\x20\0\x40\0\0\0\0\0", "two_places_of_a_little_endian_probe");
	keys_are_numbers_of_the_target(true, "\0\0\0\1", "\0\0\0\0\0\x40\0\x20", "two_places_of_a_big_endian_probe");
	return tap_done();
}
