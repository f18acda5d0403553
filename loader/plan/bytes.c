// SPDX-License-Identifier: MIT
/* Bytes in the target's byte order: see bytes.h. */
#include "loader/plan/bytes.h"

#include "insn/unit.h"
#include "loader/abi/abi.h"
#include "loader/object/btf.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#define PERF_BITS 40 /* where struct perf_event_attr has its members of one bit */

static bool host_big_endian(void)
{
	const uint16_t one = 1;

	return !*(const uint8_t *)&one;
}

bool bytes_big_endian(const struct hewn_plan *plan)
{
	return plan->object ? plan->object->big_endian : host_big_endian();
}

static void swap(uint8_t *at, uint32_t size)
{
	for (uint32_t i = 0; i < size / 2; i++) {
		const uint8_t byte = at[i];

		at[i] = at[size - 1 - i];
		at[size - 1 - i] = byte;
	}
}

static void swap_words(uint8_t *at, uint32_t size)
{
	for (uint32_t i = 0; i + 4 <= size; i += 4)
		swap(at + i, 4);
}

/* Members of one bit keep their byte and stand at its other end: the first is the lowest bit, or the highest. */
static void turn_bits(uint8_t *at)
{
	for (int i = 0; i < 8; i++) {
		uint8_t turned = 0;

		for (int bit = 0; bit < 8; bit++)
			turned = (uint8_t)(turned | (at[i] >> bit & 1) << (7 - bit));
		at[i] = turned;
	}
}

/* Each field once, though several members of a union have its place. */
static void swap_attr(uint8_t *bytes, const struct plan_blob *blob, uint32_t cmd)
{
	const struct abi_cmd *row = abi_cmd(cmd);
	uint32_t end = 0;

	for (const struct abi_field *f = row ? row->fields : NULL; f && f->name; f++) {
		if (f->off < end || (uint32_t)f->off + f->size > blob->size ||
		    !abi_meant(cmd, f, blob->bytes, blob->size))
			continue;
		end = (uint32_t)f->off + f->size;
		if (cmd == ABI_PERF_ATTR && f->off == PERF_BITS)
			turn_bits(bytes + f->off);
		else if (f->kind != ABI_STRING)
			swap(bytes + f->off, f->size);
	}
}

static void swap_btf(uint8_t *bytes, uint32_t size)
{
	uint32_t head[6], at, end;

	if (size < sizeof(head))
		return;
	memcpy(head, bytes, sizeof(head)); /* magic and version, header_size, type_off, type_size, … */
	if (head[1] < sizeof(head))
		return;
	swap(bytes, 2);
	swap_words(bytes + 4, (head[1] < size ? head[1] : size) - 4);
	at = head[1] + head[2];
	end = at + head[3];
	while (at < end && end <= size && end - at >= sizeof(struct btf_head)) {
		struct btf_head type;
		uint32_t body;

		memcpy(&type, bytes + at, sizeof(type));
		body = btf_body_size(&type);
		if (body > end - at - (uint32_t)sizeof(type))
			return;
		swap_words(bytes + at, (uint32_t)sizeof(type) + body);
		at += (uint32_t)sizeof(type) + body;
	}
}

static void swap_insns(uint8_t *bytes, uint32_t size, bool big)
{
	for (uint32_t i = 0; i + 8 <= size; i += 8) {
		struct bpf_insn insn;

		memcpy(&insn, bytes + i, sizeof(insn));
		unit_encode(bytes + i, insn, big);
	}
}

uint8_t *bytes_of(const struct hewn_plan *plan, uint32_t index)
{
	const struct plan_blob *blob = &plan->blobs[index];
	const bool big = bytes_big_endian(plan);
	uint8_t *bytes = blob->bytes ? malloc((size_t)blob->size + 1) : NULL;

	if (!bytes)
		return NULL;
	memcpy(bytes, blob->bytes, blob->size);
	if (big == host_big_endian())
		return bytes;
	switch (blob->kind) {
	case BLOB_BPF_ATTR:
		swap_attr(bytes, blob, blob->cmd);
		break;
	case BLOB_PERF_ATTR:
		swap_attr(bytes, blob, ABI_PERF_ATTR);
		break;
	case BLOB_INSNS:
		swap_insns(bytes, blob->size, big);
		break;
	case BLOB_BTF:
		swap_btf(bytes, blob->size);
		break;
	case BLOB_FUNC_INFO:
	case BLOB_LINE_INFO:
	case BLOB_OUT: /* what has bytes is struct bpf_btf_info; its addresses are 0, and filled in later */
		swap_words(bytes, blob->size);
		break;
	case BLOB_KEY: /* all that a planner makes are numbers, of 4 bytes or of 8 */
		swap(bytes, blob->size);
		break;
	case BLOB_WORDS:
		for (uint32_t i = 0; i + 8 <= blob->size; i += 8)
			swap(bytes + i, 8);
		break;
	case BLOB_EPOLL_EVENT:
		swap(bytes, 4);
		swap(bytes + blob->size - 8, 8);
		break;
	case BLOB_STRING:
	case BLOB_VALUE: /* the object's own bytes, object_put(), or a slot's place */
		break;
	}
	return bytes;
}

/* ── struct epoll_event ── */

static bool packs_epoll(const char *machine)
{
	if (!machine)
		return sizeof(struct epoll_event) == 12;
	return !strcmp(machine, "x86_64") || (machine[0] == 'i' && !strcmp(machine + 2, "86"));
}

uint32_t bytes_put_epoll(uint8_t to[16], const char *machine, uint32_t events, uint64_t data)
{
	const uint32_t off = packs_epoll(machine) ? 4 : 8;

	memset(to, 0, 16);
	memcpy(to, &events, sizeof(events));
	memcpy(to + off, &data, sizeof(data));
	return off + 8;
}

void bytes_get_epoll(const struct plan_blob *blob, uint32_t *events, uint64_t *data)
{
	*events = 0;
	*data = 0;
	if (!blob->bytes || blob->size < 12)
		return;
	memcpy(events, blob->bytes, sizeof(*events));
	memcpy(data, blob->bytes + blob->size - 8, sizeof(*data));
}
