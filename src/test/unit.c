/* SPDX-License-Identifier: MIT */
/*
 * Runs every suite.  The list is made by the Makefile from the names of the
 * files: src/test/test_csv.c defines Suite *test_csv(void).
 */
#include <check.h>
#include <stddef.h>
#include <stdlib.h>

#define SUITE(name) Suite *test_##name(void);
#include "suites.h"
#undef SUITE

static Suite *(*const suite[])(void) = {
#define SUITE(name) test_##name,
#include "suites.h"
#undef SUITE
	NULL,
};

int
main(void)
{
	SRunner *r = srunner_create(NULL);
	int failed;

	for (size_t i = 0; suite[i]; i++)
		srunner_add_suite(r, suite[i]());
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
