/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/utc.h"
#include "parse/textlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_inside(sv line, sv v)
{
	if (!sv_null(v))
		assert(v.p >= line.p && v.p + v.n <= line.p + line.n);
}

static bool
same(const struct textlog *a, const struct textlog *b)
{
	return a->form == b->form && sv_eq(a->level, b->level) &&
	    sv_eq(a->process, b->process) && a->time == b->time;
}

/* The views lie in the line, the level is one of ours and the message reaches
 * the end of the line; more text behind it changes nothing in the head. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv line = sv_of((const char *)data, size);
	struct buf b = BUF_INIT;
	struct textlog t, more;

	if (!textlog_parse(line, &t)) {
		assert(sv_eq(t.message, line) && !t.form && sv_null(t.level));
		return 0;
	}
	assert(sv_null(t.level) || sv_eq(t.level, textlog_level(t.level)));
	check_inside(line, t.process);
	check_inside(line, t.location);
	check_inside(line, t.message);
	assert(t.message.p + t.message.n == line.p + line.n);
	if (t.time != UTC_NONE) {
		utc_write(&b, t.time);
		buf_clear(&b);
	}
	buf_add(&b, line);
	buf_lit(&b, "x");
	assert(t.message.n == 0 || (textlog_parse(buf_sv(&b), &more) &&
	    same(&t, &more)));
	buf_release(&b);
	return 0;
}
