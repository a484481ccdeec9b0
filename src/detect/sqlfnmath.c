/* SPDX-License-Identifier: MIT */
/* sqlfnmath.c: mathematics. */
#include "detect/sqlfnset.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/lognormal.h"
#include "store/sqlvalue.h"

/* NULL takes the place of what is no number or too large for one. */
static void
result_real(sqlite3_context *c, double d)
{
	if (isfinite(d))
		sqlite3_result_double(c, d);
}

static void
fn_ln(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	if (!sqlvalue_any_null(argc, argv))
		result_real(c, log(sqlite3_value_double(argv[0])));
}

static void
fn_exp(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	if (!sqlvalue_any_null(argc, argv))
		result_real(c, exp(sqlite3_value_double(argv[0])));
}

static void
fn_sqrt(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	if (!sqlvalue_any_null(argc, argv))
		result_real(c, sqrt(sqlite3_value_double(argv[0])));
}

static void
fn_pow(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	if (!sqlvalue_any_null(argc, argv))
		result_real(c, pow(sqlite3_value_double(argv[0]),
		    sqlite3_value_double(argv[1])));
}

/* mean, sd, max; a max of NULL is not known. */
static struct lognormal
arg_lognormal(sqlite3_value **argv)
{
	return (struct lognormal){ sqlite3_value_double(argv[0]),
		sqlite3_value_double(argv[1]), sqlite3_value_double(argv[2]),
		1 };
}

static bool
arg_share(sqlite3_value *v, double *p)
{
	*p = sqlite3_value_double(v);
	return *p > 0 && *p < 1;
}

static void
fn_lognormal_quantile(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct lognormal d = arg_lognormal(argv + 1);
	double p;

	(void)argc;
	if (arg_share(argv[0], &p) && !sqlvalue_any_null(2, argv + 1))
		result_real(c, lognormal_quantile(&d, p));
}

struct mix {
	struct buf mem; /* of struct lognormal */
	double p;
};

static void
mix_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct mix *m = sqlite3_aggregate_context(c, sizeof(*m));
	struct lognormal d = arg_lognormal(argv + 2);

	(void)argc;
	if (!m) {
		sqlite3_result_error_nomem(c);
	} else if (arg_share(argv[0], &m->p) && !sqlvalue_any_null(3, argv + 1)) {
		d.weight = sqlite3_value_double(argv[1]);
		buf_mem(&m->mem, &d, sizeof(d));
	}
}

static int
cmp_lognormal(const void *pa, const void *pb)
{
	return memcmp(pa, pb, sizeof(struct lognormal));
}

/* Sums of doubles depend on their order: so they are given one. */
static void
mix_final(sqlite3_context *c)
{
	struct mix *m = sqlite3_aggregate_context(c, 0);
	size_t n = m ? m->mem.n / sizeof(struct lognormal) : 0;
	struct lognormal *d = n ? (void *)m->mem.p : NULL;

	if (n) {
		qsort(d, n, sizeof(*d), cmp_lognormal);
		result_real(c, lognormal_mix(d, n, m->p));
	}
	if (m)
		buf_release(&m->mem);
}

static const struct sqlfn_call calls[] = {
	{ "ln", 1, fn_ln },
	{ "exp", 1, fn_exp },
	{ "sqrt", 1, fn_sqrt },
	{ "pow", 2, fn_pow },
	{ "lognormal_quantile", 4, fn_lognormal_quantile },
};

static const struct sqlfn_aggregate aggregates[] = {
	{ "lognormal_mix", 5, mix_step, mix_final, NULL, NULL },
};

const struct sqlfn_set sqlfn_math = {
	calls, countof(calls), aggregates, countof(aggregates)
};
