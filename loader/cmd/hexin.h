// SPDX-License-Identifier: MIT
/* Bytes as hexadecimal text, with blanks, commas and 0x between as people paste them. */
#ifndef LOADER_CMD_HEXIN_H
#define LOADER_CMD_HEXIN_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads size characters. The caller frees *bytes (not NULL even for none). Returns how many, or
 * -EINVAL with *at the place of what is no hexadecimal, or -ENOMEM.
 */
int64_t hexin_read(const char *text, size_t size, uint8_t **bytes, size_t *at);

#endif
