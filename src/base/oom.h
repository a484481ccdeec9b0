/* SPDX-License-Identifier: MIT */
/* oom.h: the one place where running out of memory ends the program (exit
 * status 3, "out-of-memory" on stderr). What was committed stays. */
#ifndef BASE_OOM_H
#define BASE_OOM_H

#include "base/attr.h"

void oom(void) attr_noreturn;

#endif
