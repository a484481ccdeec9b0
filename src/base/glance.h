/* SPDX-License-Identifier: MIT */
/*
 * glance.h: what a text holds, told in one pass. Nearly every line is plain, so
 * that one look spares the searches for each oddity.
 */
#ifndef BASE_GLANCE_H
#define BASE_GLANCE_H

#include "base/sv.h"

enum {
	GLANCE_ODD = 1,    /* a byte below 0x20 or above 0x7f */
	GLANCE_BLANKS = 2, /* two blanks, one behind the other */
	GLANCE_ANY = 3     /* nobody looked: there may be either */
};

/* The bits of what there is. */
unsigned glance(sv text);

#endif
