/* SPDX-License-Identifier: MIT */
/* ck.h: what the suites add to libcheck: views and tables. */
#ifndef TEST_CK_H
#define TEST_CK_H

#include <check.h>

#include "base/attr.h"
#include "base/sv.h"

#define ck_sv(got, want) do { \
	sv got_ = (got), want_ = (want); \
	ck_assert_msg(sv_eq(got_, want_), "got '%.*s', want '%.*s'", \
	    SV_ARG(got_), SV_ARG(want_)); \
} while (0)

/* The view equals the string literal, which may hold NUL bytes. */
#define ck_sv_lit(got, lit) ck_sv((got), SV(lit))

/* The test once for each row; `_i` is the row. */
#define add_table(tc, fn, table) \
	tcase_add_loop_test((tc), (fn), 0, (int)countof(table))

#endif
