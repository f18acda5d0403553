// SPDX-License-Identifier: MIT
/*
 * The configuration that a kernel was built with: one option at a time. Knows the file; knows nothing of
 * who asks.
 */
#ifndef LOADER_TARGET_KCONFIG_H
#define LOADER_TARGET_KCONFIG_H

#include "loader/target/target.h"

/*
 * The value of an option as the file has it: "y", "m", "250", "0x1f", "\"text\""; NULL: it is not set, or there is no
 * file. From /boot/config-RELEASE, or else /proc/config.gz (CONFIG_IKCONFIG_PROC), read once. Kept among the target's
 * facts as "config CONFIG_HZ", so that a profile can answer too, and the file's path as "config file".
 */
const char *target_config(struct hewn_target *target, const char *option);

/* Where the options come from; NULL: there is neither file. A profile has the path that was read for it. */
const char *target_config_file(struct hewn_target *target);

/* The value of an option in a text of lines; NULL: it is in none. len: of the value. */
const char *kconfig_find(const char *text, const char *option, size_t *len);

#endif
