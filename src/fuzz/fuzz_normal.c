/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "parse/json.h"
#include "record/normal.h"
#include "record/rectext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_field(const struct rec *r, int i, struct arena *a)
{
	const struct field *f = &rec_kinds[r->kind].field[i];
	struct buf b = BUF_INIT;
	struct json_value v;
	sv text;

	if (f->type > F_JSON && f->type != F_RID)
		return;
	text = f->type == F_JSON ? rectext_get(r, i, &b) : r->v[i].text;
	assert(utf8_clean(text, a).p == text.p);
	assert(f->type != F_JSON || (json_parse(text, &v) &&
	    sv_find_byte(text, '\n') == text.n)); /* a record is one line */
	buf_release(&b);
}

static void
check(const struct normal *n, const struct envelope *env, struct arena *a)
{
	struct rec r, again;

	normal_line(n, env, a, &r);
	assert(r.kind > REC_NONE && r.kind < REC_KIND_N);
	assert(rec_kinds[r.kind].log && r.ts == env->ts);
	assert(r.set >> rec_kinds[r.kind].nfields == 0);
	for (int i = 0; i < rec_kinds[r.kind].nfields; i++)
		if (rec_has(&r, i))
			check_field(&r, i, a);
	normal_line(n, env, a, &again);
	assert(again.hash == r.hash && again.set == r.set);
}

/* Every line that has an envelope gives one record, whose texts any store and
 * any page can hold. The first line of the input names the origin; those behind it
 * are one message too, as if they had been joined. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };
	sv item = SV("/api/beta/preview/{token}");
	const struct site_list paths = { &item, 1 };
	sv text = sv_of((const char *)data, size), rest = text, line;
	struct arena a = ARENA_INIT;
	struct normal n = { .ntrusted = 0 };
	struct envelope env = { .drain = SV_NULL };
	struct bad_line bad;

	redact_init(&n.redact, key, &paths);
	while (!sv_null(text)) {
		line = sv_cut(&text, '\n');
		if (envelope_syslog(line, &a, &env, &bad) ||
		    envelope_cli(line, &env, &bad)) {
			check(&n, &env, &a);
		} else if (env.source.n) {
			envelope_message(&env, line);
			check(&n, &env, &a);
		}
	}
	sv_cut(&rest, '\n');
	if (env.source.n && rest.n) {
		envelope_message(&env, rest);
		check(&n, &env, &a);
	}
	arena_release(&a);
	return 0;
}
