/* SPDX-License-Identifier: MIT */
/*
 * kind.h: numbers of record kinds inside the store. `rec`, as the views show
 * it, names one record over all tables: id * 16 + kind.
 */
#ifndef STORE_KIND_H
#define STORE_KIND_H

#include <stdint.h>

enum { REC_KIND_BITS = 4 };

#endif
