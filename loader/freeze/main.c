// SPDX-License-Identifier: MIT
/*
 * The end of a frozen program, which is its user's: a callback for each ring, and main(). What it does until
 * then is to print events and maps by the types of their members, with a few lines instead of printf(3), which
 * would double the size of a static program. Knows types; knows nothing of steps.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/freeze/freeze.h"

static const char output_text[] =
	"static struct {\n\tchar bytes[4096];\n\tsize_t n;\n} output;\n\n"
	"static void flush(void)\n{\n\tsize_t done = 0;\n\n\twhile (done < output.n) {\n"
	"\t\tconst ssize_t n = write(1, output.bytes + done, output.n - done);\n\n\t\tif (n <= 0)\n\t\t\tbreak;\n\t\tdone += (size_t)n;\n\t}\n"
	"\toutput.n = 0;\n}\n\n"
	"static void put_char(char c)\n{\n\tif (output.n == sizeof(output.bytes))\n\t\tflush();\n\toutput.bytes[output.n++] = c;\n}\n\n"
	"static void put(const char *text)\n{\n\twhile (*text)\n\t\tput_char(*text++);\n}\n\n"
	"static void put_number(uint64_t value, bool negative)\n{\n\tchar digits[24];\n\tint n = 0;\n\n"
	"\tif (negative)\n\t\tput_char('-');\n\tdo\n\t\tdigits[n++] = (char)('0' + value % 10);\n\twhile (value /= 10);\n"
	"\twhile (n > 0)\n\t\tput_char(digits[--n]);\n}\n\n";

static const char signed_text[] =
	"static void put_signed(int64_t value)\n{\n\tput_number(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);\n}\n\n";

static const char text_text[] =
	"static void put_text(const char *text, size_t size)\n{\n\tfor (; size && *text; text++, size--)\n"
	"\t\tput_char((unsigned char)*text < ' ' || *text == 127 ? '?' : *text);\n}\n\n";

enum form { FORM_NONE, FORM_UNSIGNED, FORM_SIGNED, FORM_TEXT };

static enum form form_of(const struct btf *btf, uint32_t type)
{
	const uint32_t plain = btf_skip(btf, type);
	const struct btf_head *head = btf_type(btf, plain);
	const int64_t size = btf_size(btf, plain);
	struct btf_array array;
	uint32_t info;

	switch (btf_kind(head)) {
	case BTF_INT:
		memcpy(&info, btf_body(head), sizeof(info));
		return size > 8 || (size & (size - 1)) ? FORM_NONE : info >> 24 & 1 && size > 1 ? FORM_SIGNED : FORM_UNSIGNED;
	case BTF_ENUM:
	case BTF_ENUM64:
		return btf_kind_flag(head) ? FORM_SIGNED : FORM_UNSIGNED;
	case BTF_PTR:
		return FORM_UNSIGNED;
	case BTF_ARRAY:
		memcpy(&array, btf_body(head), sizeof(array));
		head = btf_type(btf, btf_skip(btf, array.type));
		return btf_kind(head) == BTF_INT && head->size_or_type == 1 && !strcmp(btf_name(btf, btf_skip(btf, array.type)), "char") ?
			       FORM_TEXT :
			       FORM_NONE;
	default:
		return FORM_NONE;
	}
}

/* One value as a statement; `what` is the C expression. */
static void put_value(const struct freeze *f, uint32_t type, const char *what, const char *tabs, FILE *to)
{
	switch (form_of(&f->object->btf, type)) {
	case FORM_UNSIGNED:
		fprintf(to, "%sput_number((uint64_t)%s, false);\n", tabs, what);
		return;
	case FORM_SIGNED:
		fprintf(to, "%sput_signed(%s);\n", tabs, what);
		return;
	case FORM_TEXT:
		fprintf(to, "%sput_text(%s, sizeof(%s));\n", tabs, what, what);
		return;
	case FORM_NONE:
		fprintf(to, "%sput(\"…\"); /* for you to print */\n", tabs);
		return;
	}
}

/* The members that value's code is written for; what else there is, its reader adds. */
static bool member_at(const struct btf *btf, const struct btf_head *head, uint32_t i, struct btf_member *member)
{
	memcpy(member, (const uint8_t *)btf_body(head) + i * sizeof(*member), sizeof(*member));
	return btf_kind(head) == BTF_STRUCT && !btf_member_bits(head, member) && !(btf_member_bit(head, member) % 8) &&
	       btf_str(btf, member->name_off)[0] && btf_size(btf, member->type) > 0;
}

static bool is_struct(const struct btf *btf, uint32_t type)
{
	return btf_kind(btf_type(btf, btf_skip(btf, type))) == BTF_STRUCT;
}

/* A name out of the object, which may be any text, is printed. */
static void put_name(const char *tabs, const char *before, const char *name, const char *after, FILE *to)
{
	char text[4200];
	const int n = snprintf(text, sizeof(text), "%s%s%s", before, name, after);

	fprintf(to, "%sput(", tabs);
	words_string(to, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
	fputs(");\n", to);
}

/* `var` is a value, `member` how its members are reached: "at.", "event->". */
static void put_fields(const struct freeze *f, uint32_t type, const char *var, const char *member_of, const char *label, const char *tabs, FILE *to)
{
	const struct btf *btf = &f->object->btf;
	const struct btf_head *head = btf_type(btf, btf_skip(btf, type));
	struct btf_member member;
	const char *sep = "";
	char id[130], what[200];

	if (!is_struct(btf, type)) {
		fprintf(to, "%sput(\"%s=\");\n", tabs, label);
		put_value(f, type, var, tabs, to);
		return;
	}
	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		if (!member_at(btf, head, i, &member))
			continue;
		words_id(id, sizeof(id), btf_str(btf, member.name_off));
		snprintf(what, sizeof(what), "%s%s", member_of, id);
		put_name(tabs, sep, btf_str(btf, member.name_off), "=", to);
		put_value(f, member.type, what, tabs, to);
		sep = " ";
	}
}

static void ring_callback(struct freeze *f, struct types *types, uint32_t i, FILE *to)
{
	const uint32_t type = freeze_event_type(f, i);
	const bool typed = type && is_struct(&f->object->btf, type);
	char id[120];

	words_id(id, sizeof(id), f->object->maps[i].name);
	words_about(to, "/* Fill in what is to be done with an event of \"", f->object->maps[i].name, "\". As it is, it is printed. */\n");
	fprintf(to, "static int on_%s(struct %s *o, const ", id, f->name);
	if (typed)
		types_declare(types, type, "*event", to);
	else
		fputs("void *event", to);
	fputs(", uint32_t size, int cpu)\n{\n\t(void)o;\n\t(void)size;\n\t(void)cpu;\n", to);
	if (!typed)
		fputs("\t(void)event;\n\tput(\"size=\");\n\tput_number(size, false);\n", to);
	else
		put_fields(f, type, "*event", "event->", "event", "\t", to);
	fputs("\tput_char('\\n');\n\treturn 0;\n}\n\n", to);
}

/* Whether the entries of a map can be printed. */
static bool shows_map(const struct freeze *f, uint32_t i)
{
	const struct obj_map *map = &f->object->maps[i];
	const struct btf *btf = &f->object->btf;

	if ((map->type != BPF_MAP_TYPE_HASH && map->type != BPF_MAP_TYPE_ARRAY && map->type != BPF_MAP_TYPE_LRU_HASH) || map->origin == MAP_DATA ||
	    map->is_template || !freeze_typed(f, map->key_type, map->key_size) || !freeze_typed(f, map->value_type, map->value_size))
		return false;
	return (is_struct(btf, map->key_type) ? btf_name(btf, btf_skip(btf, map->key_type))[0] != 0 : form_of(btf, map->key_type) != FORM_NONE) &&
	       (is_struct(btf, map->value_type) ? btf_name(btf, btf_skip(btf, map->value_type))[0] != 0 :
						  form_of(btf, map->value_type) != FORM_NONE);
}

static void show_map(struct freeze *f, struct types *types, uint32_t i, FILE *to)
{
	const struct obj_map *map = &f->object->maps[i];
	char id[120];

	words_id(id, sizeof(id), map->name);
	words_about(to, "/* The entries of the map \"", map->name, "\", an example of going through one. */\n");
	fprintf(to, "static void show_%s(const struct %s *o)\n{\n\t", id, f->name);
	types_declare(types, map->key_type, "key", to);
	fputs(";\n\t", to);
	types_declare(types, map->value_type, "value", to);
	fprintf(to, ";\n\tbool any = false;\n\n\twhile (!%s_%s_next(o, any ? &key : NULL, &key)) {\n\t\tany = true;\n", f->name, id);
	fprintf(to, "\t\tif (%s_%s_lookup(o, &key, &value))\n\t\t\tcontinue;\n", f->name, id);
	put_name("\t\t", "", map->name, ": ", to);
	put_fields(f, map->key_type, "key", "key.", "key", "\t\t", to);
	fputs("\t\tput(\" \");\n", to);
	put_fields(f, map->value_type, "value", "value.", "value", "\t\t", to);
	fputs("\t\tput_char('\\n');\n\t}\n}\n\n", to);
}

static const char main_text[] =
	"static const char *errno_word(int code)\n{\n\tswitch (-code) {\n"
	"\tcase EPERM:\n\t\treturn \"EPERM\";\n\tcase ENOENT:\n\t\treturn \"ENOENT\";\n\tcase E2BIG:\n\t\treturn \"E2BIG\";\n"
	"\tcase ENOMEM:\n\t\treturn \"ENOMEM\";\n\tcase EACCES:\n\t\treturn \"EACCES\";\n\tcase EEXIST:\n\t\treturn \"EEXIST\";\n"
	"\tcase ENODEV:\n\t\treturn \"ENODEV\";\n\tcase EINVAL:\n\t\treturn \"EINVAL\";\n\tcase EMFILE:\n\t\treturn \"EMFILE\";\n"
	"\tcase ESTALE:\n\t\treturn \"ESTALE\";\n\tcase ENOSYS:\n\t\treturn \"ENOSYS\";\n\tdefault:\n\t\treturn \"errno\";\n\t}\n}\n\n"
	"static int complain(const struct NAME *o)\n{\n\tconst char *log = NAME_log();\n\n\tput(\"NAME: step \");\n\tput(o->failed);\n"
	"\tput(\": \");\n\tput(errno_word(o->error));\n\tput(\" \");\n\tput_number((uint64_t)-(int64_t)o->error, false);\n\tput(\"\\n\");\n\tput(log);\n"
	"\tflush();\n\treturn 1;\n}\n\n"
	"static volatile sig_atomic_t stop;\n\nstatic void on_signal(int number)\n{\n\t(void)number;\n\tstop = 1;\n}\n\n";

static void main_function(struct freeze *f, const char *name, FILE *to)
{
	fprintf(to,
		"/* Runs until a signal ends it, or as many seconds as its argument says. */\nint main(int argc, char **argv)\n{\n"
		"\tstatic struct %s o;\n\tstruct sigaction action;\n\tint ret = 0;\n\n\tmemset(&action, 0, sizeof(action));\n"
		"\taction.sa_handler = on_signal;\n\tsigaction(SIGINT, &action, NULL);\n\tsigaction(SIGTERM, &action, NULL);\n"
		"\tsigaction(SIGALRM, &action, NULL);\n\tif (%s_open(&o))\n\t\treturn complain(&o);\n", name, name);
	for (uint32_t i = 0; i < f->object->n_maps; i++) {
		char id[120];

		words_id(id, sizeof(id), f->object->maps[i].name);
		if (freeze_has_ring(f, i))
			fprintf(to, "\to.on_%s = on_%s;\n", id, id);
	}
	fprintf(to,
		"\tif (%s_attach(&o))\n\t\treturn complain(&o);\n\tif (argc > 1) {\n\t\tunsigned int seconds = 0;\n\n"
		"\t\tfor (const char *c = argv[1]; *c >= '0' && *c <= '9'; c++)\n\t\t\tseconds = seconds * 10 + (unsigned int)(*c - '0');\n"
		"\t\talarm(seconds);\n\t}\n"
		"\twhile (!stop && (ret >= 0 || ret == -EINTR)) {\n\t\tret = %s_poll(&o, 1000);\n\t\tflush();\n\t}\n", name, name);
	for (uint32_t i = 0; i < f->object->n_maps; i++) {
		char id[120];

		words_id(id, sizeof(id), f->object->maps[i].name);
		if (shows_map(f, i))
			fprintf(to, "\tshow_%s(&o);\n", id);
	}
	fprintf(to,
		"\tif (o.lost) {\n\t\tput(\"lost \");\n\t\tput_number(o.lost, false);\n\t\tput(\"\\n\");\n\t}\n\tflush();\n\t%s_close(&o);\n"
		"\treturn ret < 0 && ret != -EINTR;\n}\n", name);
}

static void with_name(const char *text, const char *name, FILE *to)
{
	while (*text)
		if (!strncmp(text, "NAME", 4)) {
			fputs(name, to);
			text += 4;
		} else {
			putc(*text++, to);
		}
}

void main_write(struct freeze *f, FILE *to)
{
	struct types types = { .f = f };
	struct freeze_text body;
	char *text;

	if (!words_open(&body)) {
		freeze_nomem(f);
		return;
	}
	for (uint32_t i = 0; i < f->object->n_maps; i++)
		if (freeze_has_ring(f, i))
			ring_callback(f, &types, i, body.to);
	for (uint32_t i = 0; i < f->object->n_maps; i++)
		if (shows_map(f, i))
			show_map(f, &types, i, body.to);
	text = words_close(&body);
	if (!text) {
		freeze_nomem(f);
		return;
	}
	fprintf(to, "#ifndef %s_NO_MAIN\n/* ── yours ── */\n\n%s", f->upper, output_text);
	fputs(strstr(text, "put_signed(") ? signed_text : "", to);
	fputs(strstr(text, "put_text(") ? text_text : "", to);
	fputs(text, to);
	with_name(main_text, f->name, to);
	main_function(f, f->name, to);
	fputs("#endif\n", to);
	free(text);
}
