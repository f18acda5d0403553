// SPDX-License-Identifier: MIT
/* What a call points to, written as call.h says. For call.c, which has the rest of a call. */
#ifndef LOADER_PLAN_BLOB_H
#define LOADER_PLAN_BLOB_H

#include "loader/abi/abi.h"
#include "loader/plan/call.h"

/* A blob: an attr in braces, a string in quotes, the rest by name and size. */
void blob_write(const struct call_form *form, uint32_t index);

/* The command whose table describes an attr. */
uint32_t blob_cmd(const struct plan_blob *attr);

/* Whether a field is written: it has something in it, and is the one of its union that is meant. */
bool blob_shows(const struct abi_field *f, const struct plan_blob *attr);

/* A field's name, with its case where the attr has two of that name; and its value. */
void blob_field_name(const struct call_form *form, const struct abi_field *f, const struct plan_blob *attr);
void blob_field(const struct call_form *form, const struct abi_field *f, const struct plan_blob *attr);

/* What goes into the bytes at `off` at the run; NULL: nothing. */
const struct plan_fix *blob_fix(const struct plan_blob *blob, uint32_t off);

/* A word that JSON quotes and people read bare; a comma, and a place to break the line. */
void blob_word(const struct call_form *form, const char *text);
void blob_break(const struct call_form *form);

#endif
