// SPDX-License-Identifier: MIT
/* libFuzzer: gzip from strangers, and streams without a header, which get one. */
#include <stdlib.h>
#include <string.h>

#include "loader/target/inflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t header[10] = { 0x1f, 0x8b, 8 };
	uint8_t *file = malloc(size + sizeof(header)), *out;
	size_t n;

	if (!file)
		return 0;
	if (!inflate_gzip(bytes, size, MAX, &out, &n)) {
		if (n > MAX || out[n])
			abort();
		free(out);
	}
	memcpy(file, header, sizeof(header)); /* so that the stream is looked at, whatever it begins with */
	memcpy(file + sizeof(header), bytes, size);
	if (!inflate_gzip(file, size + sizeof(header), MAX, &out, &n))
		free(out);
	free(file);
	return 0;
}
