/* SPDX-License-Identifier: MIT */
/*
 * Any bytes: a file of tests within its limits, or one message. The inputs of
 * its cases, where they are few lines, are the same when made again, and a
 * drain is whole frames.
 */
#include <assert.h>
#include <stdint.h>

#include "base/utc.h"
#include "detect/trialgen.h"
#include "parse/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { LINES_MAX = 2000 };
#define FAR (TRIAL_DAYS_MAX * UTC_DAY)

static int64_t
check_events(const struct trial_events *evs)
{
	int64_t lines = 0;

	for (size_t i = 0; i < evs->n; i++) {
		const struct trial_event *ev = &evs->v[i];
		int64_t last = trial_at(ev, 0, ev->times - 1, false).ts;

		assert(ev->line > 0 && ev->col > 0 && ev->seed.n > 0);
		assert(ev->times >= 1 && ev->times <= TRIAL_TIMES_MAX);
		assert(ev->at >= -FAR && ev->every >= 0);
		assert(last >= ev->at && last <= FAR);
		lines += ev->times;
	}
	return lines;
}

/* How many lines its inputs have, heartbeats but those of the window and what
 * is outside of it. */
static int64_t
check_case(const struct trial_case *c)
{
	int64_t lines = check_events(&c->log);

	assert(c->name.n > 0 && c->kind < TRIAL_KIND_N);
	assert(c->window > 0 && c->window <= FAR);
	for (size_t i = 0; i < c->nspans; i++)
		assert(c->span[i].from < c->span[i].to);
	for (size_t i = 0; i < c->nfiles; i++)
		lines += check_events(&c->file[i].row);
	assert(c->expect.result != RESULT_FIRED || c->expect.nfindings > 0);
	return lines;
}

/* Is every event within a day of the start, and the window and spans too? */
static bool
is_near(const struct trial_case *c)
{
	bool near = c->window <= UTC_DAY;

	for (size_t i = 0; i < c->nspans; i++)
		near = near && c->span[i].from >= -UTC_DAY &&
		    c->span[i].to <= UTC_DAY;
	for (size_t i = 0; i < c->log.n; i++)
		near = near && c->log.v[i].at >= -UTC_DAY &&
		    trial_at(&c->log.v[i], 0, c->log.v[i].times - 1, false).ts
		    <= UTC_DAY;
	return near;
}

static void
check_drain(sv rest)
{
	enum frame_result got = FRAME_OK;
	size_t skipped;
	sv frame;

	while (rest.n && got == FRAME_OK)
		got = frame_next(&rest, true, &frame, &skipped);
	assert(rest.n == 0);
}

static void
check_inputs(struct arena *a, const struct trial_doc *d,
    const struct trial_case *c)
{
	struct trial_inputs one, two;

	trialgen_inputs(a, d, c, &one);
	trialgen_inputs(a, d, c, &two);
	assert(one.n == two.n);
	for (size_t i = 0; i < one.n; i++) {
		assert(one.v[i].name.n > 0);
		assert(sv_eq(one.v[i].name, two.v[i].name));
		assert(sv_eq(one.v[i].bytes, two.v[i].bytes));
	}
	if (one.n > c->nfiles && c->form != TF_PULL)
		check_drain(one.v[0].bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	sv text = sv_of((const char *)data, n);
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct trial_doc doc;

	if (!trialfile_read(&a, SV("f"), text, &doc, &e)) {
		assert(e.status == ST_USAGE);
		assert(sv_starts(sv_str(e.msg), SV("f:")));
	} else {
		assert(doc.rule.n > 0);
		for (size_t i = 0; i < doc.n; i++)
			if (check_case(&doc.c[i]) <= LINES_MAX &&
			    is_near(&doc.c[i]))
				check_inputs(&a, &doc, &doc.c[i]);
	}
	arena_release(&a);
	return 0;
}
