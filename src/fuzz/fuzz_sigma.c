/* SPDX-License-Identifier: MIT */
/* Any YAML, in one file or two that may refer to each other (a line "%%%"
 * between them): one message for each, or rules whose SQL SQLite takes. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "detect/rule.h"
#include "detect/sqlfn.h"
#include "record/site.h"
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
	for (size_t i = 0; i < arm->ncond; i++)
		assert((size_t)arm->cond[i].param < r->nparams);
	assert(arm->nterms == 0 || arm->term);
	query_close(q);
	for (size_t i = 0; i < arm->nlinks; i++)
		check_arm(r, &arm->link[i]);
}

static void
check_rules(const struct rules *r)
{
	for (size_t i = 0; i < r->nerrors; i++)
		assert(r->error[i].status == ST_USAGE && r->error[i].msg[0]);
	for (size_t i = 0; i < r->n; i++) {
		assert(r->rule[i]->digest.n == 64 && r->rule[i]->id.n);
		assert((r->rule[i]->status == RULE_UNSERVED) ==
		    !sv_null(r->rule[i]->reason));
		for (size_t k = 0; k < r->rule[i]->narms; k++)
			check_arm(r->rule[i], &r->rule[i]->arm[k]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const sv mark = { "\n%%%\n", 5 };
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct site site;
	struct rules r;
	sv text = sv_of((const char *)data, n);
	size_t at = sv_find(text, mark);
	struct rule_file f[] = { { SV("a.yml"), sv_take(text, at) },
		{ SV("b.yml"), sv_skip(text, at + mark.n) } };

	if (!st) {
		st = store_open(NULL, STORE_MEMORY, &e);
		assert(st);
		assert(sqlfn_register(st, &e));
	}
	site_default(&a, &site);
	rules_load(&a, f, at < text.n ? 2 : 1, &site, false, &r);
	check_rules(&r);
	arena_release(&a);
	return 0;
}
