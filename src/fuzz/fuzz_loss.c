/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/utc.h"
#include "parse/loss.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(sv source, sv dyno, sv message)
{
	struct loss out;

	if (!loss_parse(source, dyno, message, &out))
		return;
	assert(out.code.n == 3 || sv_is(out.code, "history"));
	assert(out.scope && out.lost >= -1);
	assert(out.since == UTC_NONE || sv_has(message, SV(" since ")));
	assert(sv_null(out.drain) || (out.drain.p > message.p &&
	    out.drain.p + out.drain.n <= message.p + message.n &&
	    sv_starts(out.drain, SV("d."))));
}

/* The views lie in the message, and no dyno of an app is believed. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text, dyno;
	struct loss out;

	check(SV("heroku"), SV("logplex"), text);
	check(SV("app"), SV("log-shuttle"), text);
	check(SV("Logplex"), SV(""), text);
	dyno = sv_cut(&rest, '\n');
	if (!sv_is(dyno, "log-shuttle"))
		assert(!loss_parse(SV("app"), dyno, rest, &out));
	assert(!loss_parse(SV("app"), SV("web.1"), text, &out));
	return 0;
}
