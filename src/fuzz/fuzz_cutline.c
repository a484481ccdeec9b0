/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/cutline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A command cut before its backtick is open, and the rest closes it: a backtick
 * where none else is open, the actor anyhow. */
static void
check_command(sv command)
{
	struct buf b = BUF_INIT;
	sv text;

	buf_lit(&b, "Starting process with command `");
	buf_add(&b, command);
	text = buf_sv(&b);
	assert(cutline_opens_command(text) ==
	    !cutline_ends_command(command, true));
	buf_lit(&b, "`");
	assert(cutline_opens_command(buf_sv(&b)) ==
	    cutline_odd_ticks(buf_sv(&b), false));
	buf_lit(&b, " by user ops@raxx.example");
	assert(!cutline_opens_command(buf_sv(&b)));
	buf_release(&b);
}

/* What ends beyond doubt does so whatever is before it; behind anything but
 * bytes= all goes on. */
static void
check_router(sv head)
{
	struct buf b = BUF_INIT;

	buf_add(&b, head);
	buf_lit(&b, " protocol=https");
	assert(cutline_ends_router(buf_sv(&b)));
	assert(cutline_router_goes_on(buf_sv(&b), head));
	buf_lit(&b, " tls=true");
	assert(!cutline_ends_router(buf_sv(&b)));
	buf_lit(&b, " bytes=12");
	assert(!cutline_ends_router(buf_sv(&b)));
	assert(cutline_router_goes_on(buf_sv(&b), SV("34")));
	assert(!cutline_router_goes_on(buf_sv(&b), SV("Fetching logs...")));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);

	check_command(text);
	check_router(text);
	return 0;
}
