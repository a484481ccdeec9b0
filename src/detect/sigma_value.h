/* SPDX-License-Identifier: MIT */
/*
 * sigma_value.h: a value of a Sigma rule -> patterns of wildcard.h, any of
 * which may match. There a '\' always makes the next byte plain; in Sigma only
 * before '\', '*' and '?', else it is itself. Bytes that no record holds (NUL,
 * no UTF-8) are written \xNN, as records write them.
 */
#ifndef DETECT_SIGMA_VALUE_H
#define DETECT_SIGMA_VALUE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"
#include "detect/sigma_mod.h"

struct site;

enum {
	SIGMA_FORMS_MAX = 4096, /* of one value */
	SIGMA_WHY = 160
};

struct sigma_forms {
	sv *v; /* no pattern at all when a placeholder's list is empty */
	size_t n;
};

enum sigma_value_end {
	VALUE_OK,
	VALUE_BAD,    /* the value does not fit the modifiers */
	VALUE_UNKNOWN /* site.yml lacks the list of a placeholder */
};

/* The text with the changes of *m made and the '*' of contains, startswith and
 * endswith added; `why` tells what is wrong. `site` may be NULL. */
enum sigma_value_end sigma_value(struct arena *a, const struct site *site,
    sv text, const struct sigma_mods *m, struct sigma_forms *out,
    char why[SIGMA_WHY]);

/* A value of `re`: placeholders stand for what they list, literally. Flags are
 * put in front; startswith and endswith anchor the pattern. */
enum sigma_value_end sigma_regex(struct arena *a, const struct site *site,
    sv text, const struct sigma_mods *m, struct sigma_forms *out,
    char why[SIGMA_WHY]);

#endif
