/* SPDX-License-Identifier: MIT */
/* Any bytes: one message, or a rule that keeps what sqlrule.h says. */
#include <assert.h>
#include <stdint.h>

#include "detect/sqlrule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct rule_file f = { SV("f.sql"), sv_of((const char *)data, n) };
	struct rule *r = sqlrule_read(&a, f, &e);

	if (!r) {
		assert(e.status == ST_USAGE && e.msg[0]);
	} else {
		assert(r->id.n && r->title.n && r->level < LEVEL_N);
		assert((r->status == RULE_ACTIVE) == (r->sql.n > 0));
		for (size_t i = 0; i < r->narms; i++)
			assert(r->arm[i].threshold < (int)r->nparams &&
			    r->arm[i].window <= r->lookback);
	}
	arena_release(&a);
	return 0;
}
