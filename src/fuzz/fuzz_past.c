/* SPDX-License-Identifier: MIT */
/*
 * Arbitrary bytes as what raxx-eval printed: findings of a run come out in
 * order and can be found, or one message says why not; so for one finding by
 * its id.
 */
#include <assert.h>
#include <stdint.h>

#include "base/utc.h"
#include "detect/docket.h"
#include "detect/past.h"
#include "detect/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_past(struct arena *a, sv text)
{
	static struct arm arm = { .name = { "main", 4 } };
	static struct rule rule = { .id = { "R-3", 3 }, .arm = &arm,
		.narms = 1 };
	static struct rule *rules[] = { &rule };
	const struct catalog c = { rules, 1, { "", 0 } };
	struct err e = ERR_INIT;
	struct past p;
	size_t n;

	if (!past_read(a, SV("f"), text, &c, INT64_MAX, &p, &e)) {
		assert(e.status == ST_USAGE && e.msg[0] && !p.known);
		return;
	}
	for (size_t i = 0; i < p.n; i++) {
		size_t at = past_find(&p, p.v[i].rule, p.v[i].arm, p.v[i].key,
		    &n);

		assert(at <= i && i < at + n);
		assert(p.v[i].first != UTC_NONE && p.v[i].last != UTC_NONE);
	}
}

static void
check_docket(struct arena *a, sv text)
{
	struct err e = ERR_INIT;
	struct docket d;

	if (!docket_read(a, text, SV("aaaaaa"), &d, &e)) {
		assert(e.status == ST_USAGE);
		return;
	}
	assert(!d.found || sv_starts(d.id, SV("aaaaaa")));
	assert(!d.found || d.first != UTC_NONE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = ARENA_INIT;
	sv text = sv_of((const char *)data, n);

	check_past(&a, text);
	check_docket(&a, text);
	arena_release(&a);
	return 0;
}
