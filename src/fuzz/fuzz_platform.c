/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "parse/platform.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_views(sv text)
{
	struct platform p;
	bool known = platform_parse(text, &p);
	const sv all[] = { p.code, p.actor, p.from, p.to, p.subject };

	assert(known != sv_is(sv_str(p.event), "other"));
	assert(p.version >= -1 && p.status >= -1);
	for (size_t i = 0; i < countof(all); i++) {
		assert(sv_null(all[i]) || known);
		assert(sv_null(all[i]) || (all[i].p >= text.p &&
		    all[i].p + all[i].n <= text.p + text.n));
	}
}

/* Whatever command is run, only what stands behind it says who ran it. */
static void
check_command(sv command, const char *behind, const char *actor)
{
	struct buf b = BUF_INIT;
	struct platform p;
	bool ok;

	buf_lit(&b, "Starting process with command `");
	buf_add(&b, command);
	buf_printf(&b, "`%s", behind);
	ok = platform_parse(buf_sv(&b), &p);
	assert(ok && sv_is(sv_str(p.event), "start"));
	assert(sv_eq(p.subject, command) && sv_eq(p.actor, sv_str(actor)));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);

	check_views(text);
	check_command(text, "", NULL);
	check_command(text, " by user ops@raxx.example", "ops@raxx.example");
	check_command(text, " by ops@raxx.example", "ops@raxx.example");
	return 0;
}
