/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/utc.h"
#include "parse/naming.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_inside(sv text, sv v)
{
	return sv_null(v) || (v.p >= text.p && v.p + v.n <= text.p + text.n);
}

static void
check(sv path, const struct naming *n)
{
	assert(is_inside(path, n->app) && is_inside(path, n->table));
	assert(sv_null(n->app) || n->app.n);
	assert(!(n->pull && n->drain));
	assert(sv_null(n->table) || (sv_null(n->doc) && sv_null(n->app)));
	assert(n->taken == UTC_NONE ||
	    (n->taken >= utc_days(1, 1, 1) * UTC_DAY &&
	    n->taken < (utc_days(9999, 12, 31) + 1) * UTC_DAY));
}

/* Folders and a packed file do not matter. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv path = sv_of((const char *)data, size);
	struct naming plain, deep;
	struct buf b = BUF_INIT;

	naming_read(path, &plain);
	check(path, &plain);
	buf_lit(&b, "a.csv/b.drain.x/");
	buf_add(&b, path);
	if (!sv_ends(path, SV(".gz")))
		buf_lit(&b, ".gz");
	naming_read(buf_sv(&b), &deep);
	assert(sv_eq(plain.app, deep.app) && sv_eq(plain.table, deep.table));
	assert(sv_eq(plain.doc, deep.doc) && plain.taken == deep.taken);
	assert(plain.pull == deep.pull && plain.drain == deep.drain);
	buf_release(&b);
	return 0;
}
