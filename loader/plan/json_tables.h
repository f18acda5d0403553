// SPDX-License-Identifier: MIT
/* The tables at the end of a plan in JSON: programs, and blobs with their bytes. For json.c. */
#ifndef LOADER_PLAN_JSON_TABLES_H
#define LOADER_PLAN_JSON_TABLES_H

#include "loader/plan/call.h"

/* "programs":[…],"blobs":[…] */
void json_tables(const struct call_form *form);

/* "key":"text", or null. */
void json_member(FILE *to, const char *key, const char *text);

#endif
