/* SPDX-License-Identifier: MIT */
/*
 * glance.h: is there an odd byte in a text, one below 0x20 or above 0x7f? Nearly
 * every line is plain, so that one look spares the searches for each oddity.
 */
#ifndef BASE_GLANCE_H
#define BASE_GLANCE_H

#include "base/sv.h"

bool glance_odd(sv text);

/* Length of the first line, without its newline. *odd: may it hold an odd byte?
 * Of the last bytes of the text it is not said. */
size_t glance_line(sv text, bool *odd);

#endif
