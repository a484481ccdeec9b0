/* SPDX-License-Identifier: MIT */
/* Any YAML: one message, or rules whose SQL SQLite takes. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "detect/sigma.h"
#include "detect/sqlfn.h"
#include "store/db.h"
#include "store/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct store *st;

static void
check_arm(const struct rule *r, const struct arm *arm)
{
	struct err e = ERR_INIT;
	struct query *q = query_open(st, arm->sql, NULL, &e);

	if (!q) {
		fprintf(stderr, "%s\n%.*s\n", e.msg, SV_ARG(arm->sql));
		abort();
	}
	assert(query_bind_i64(q, "from", 0) && query_bind_i64(q, "to", 1));
	assert(arm->nbinds == 0 || !query_param(q, (int)arm->nbinds));
	assert(arm->threshold < (int)r->nparams);
	query_close(q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t nr = 0;
	struct rule_file f = { SV("f.yml"), sv_of((const char *)data, n) };

	if (!st) {
		st = store_open(NULL, STORE_MEMORY, &e);
		assert(st);
		assert(sqlfn_register(st, &e));
	}
	if (!sigma_read(&a, f, false, &r, &nr, &e))
		assert(e.status == ST_USAGE && e.msg[0]);
	for (size_t i = 0; i < nr; i++)
		for (size_t k = 0; k < r[i]->narms; k++)
			check_arm(r[i], &r[i]->arm[k]);
	arena_release(&a);
	return 0;
}
