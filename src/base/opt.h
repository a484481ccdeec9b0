/* SPDX-License-Identifier: MIT */
/*
 * opt.h: command line options as a table of rows. A row has a letter, a long
 * name or both, and what the option writes to:
 *
 *   { 'q', "quiet", .flag = &o.quiet }               no value
 *   { 'o', "output", .value = &o.path }              needs a value, last wins
 *   { 0, "exit-findings", .flag = &o.x, .value = &o.level }
 *                                                    --exit-findings[=VALUE]
 *   { 's', "set", .many = o.set, .nmany = &o.nset }  needs a value, may be
 *                    repeated; o.set has room for argc pointers
 *
 * Forms: -q, -qo FILE, -oFILE, --output=FILE, --output FILE, and "--", after
 * which everything is an operand. "-" alone is an operand. Options may follow
 * operands.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct opt {
	char letter;         /* 0: long only */
	const char *name;    /* without dashes; NULL: letter only */
	bool *flag;
	const char **value;  /* points into argv */
	const char **many;
	size_t *nmany;
};

/*
 * Applies the options of argv[1..*argc). On success the operands, in order,
 * are argv[1..*argc). False with status ST_USAGE for an unknown option, a
 * missing value or a value that the option does not take.
 */
bool opt_parse(const struct opt *table, size_t n, int *argc, char **argv,
    struct err *e);

/* A number of bytes such as 512, 64K, 10M, 2G or 1T (powers of 1024). False:
 * something else, or more than fits. */
bool opt_bytes(const char *text, uint64_t *out);

#endif
