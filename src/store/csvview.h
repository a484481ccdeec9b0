/* SPDX-License-Identifier: MIT */
/*
 * csvview.h: the readable view csv_NAME of the rows of dumps that raxx does not
 * know, a column c_NAME for each of theirs. In names all but letters, digits
 * and _ becomes _, and dumps whose names are then equal share a view.
 */
#ifndef STORE_CSVVIEW_H
#define STORE_CSVVIEW_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sv.h"

struct store;

/* Makes it anew: rows of `dump` were added or moved. Nothing is made of a dump
 * without such rows. Inside their transaction. */
bool csvview_make(struct store *st, sv dump, struct err *e);

#endif
