/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "base/utc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_span(sv text)
{
	struct buf b = BUF_INIT;
	int64_t us, again;

	if (utc_span_parse(text, &us)) {
		utc_span_write(&b, us);
		assert(utc_span_parse(buf_sv(&b), &again) && again == us);
	}
	buf_release(&b);
}

static void
check_clock(sv text)
{
	sv rest = text;
	int64_t us;

	if (utc_read_clock(&rest, &us)) {
		assert(us >= 0 && us < UTC_DAY && rest.n + 8 <= text.n);
		assert(rest.p + rest.n == text.p + text.n);
	} else {
		assert(rest.p == text.p && rest.n == text.n);
	}
}

/* What was read comes back from both written forms; what utc_read takes whole,
 * utc_parse takes as the same time. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text;
	struct buf b = BUF_INIT;
	int64_t us, again;

	if (utc_read(&rest, true, &us)) {
		assert(rest.n < size && rest.p + rest.n == text.p + size);
		assert(utc_parse(sv_take(text, size - rest.n), &again));
		assert(again == us);
	} else {
		assert(rest.p == text.p && rest.n == size);
	}
	if (utc_parse(text, &us)) {
		utc_write(&b, us);
		assert(b.n == 27 && utc_parse(buf_sv(&b), &again));
		assert(again == us);
		buf_clear(&b);
		utc_write_short(&b, us);
		assert(utc_parse(buf_sv(&b), &again) && again == us);
	}
	check_span(text);
	check_clock(text);
	buf_release(&b);
	return 0;
}
