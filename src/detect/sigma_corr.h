/* SPDX-License-Identifier: MIT */
/*
 * sigma_corr.h: the `correlation` part of a document, read and checked on its
 * own; what it refers to was resolved before (sigma_doc_link).
 */
#ifndef DETECT_SIGMA_CORR_H
#define DETECT_SIGMA_CORR_H

#include <stdbool.h>

#include "detect/sigma_doc.h"
#include "detect/window.h"

enum { SIGMA_GROUP_MAX = 8 };

struct sigma_fields {
	const struct yaml *v[SIGMA_GROUP_MAX]; /* names */
	size_t n;
};

struct sigma_corr {
	enum arm_kind kind;
	int64_t span;               /* microseconds */
	struct sigma_fields group;
	struct sigma_fields value;  /* of value_count a tuple, else one */
	const struct yaml *aliases; /* or NULL */
	struct {
		enum cmp_op op;
		double number;
	} bound[2];                 /* lower bounds first; all must hold */
	size_t nbounds;
	double percentile;
	struct window_term *term;   /* temporal types without bounds */
	size_t nterms;
};

bool sigma_corr_read(struct arena *a, const struct sigma_doc *d,
    struct sigma_corr *out, struct err *e);
/* temporal or temporal_ordered? */
bool sigma_corr_temporal(const struct sigma_corr *c);

#endif
