/* SPDX-License-Identifier: MIT */
#include "record/appfield.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utf8.h"
#include "parse/jsonpayload.h"
#include "parse/textlog.h"
#include "record/normalline.h"

/* Names that apps give to the fields raxx knows. */
static const struct {
	sv key;
	int field;
} app_keys[] = {
	{ { "evt", 3 }, APP_event }, { { "event", 5 }, APP_event },
	{ { "level", 5 }, APP_level }, { { "levelname", 9 }, APP_level },
	{ { "severity", 8 }, APP_level }, { { "lvl", 3 }, APP_level },
	{ { "logger", 6 }, APP_logger },
	{ { "rid", 3 }, APP_request_id },
	{ { "request_id", 10 }, APP_request_id },
	{ { "ip", 2 }, APP_client }, { { "id_h", 4 }, APP_id_h },
	{ { "user_h", 6 }, APP_user_h }, { { "token_h", 7 }, APP_token_h },
	{ { "screen", 6 }, APP_screen }, { { "outcome", 7 }, APP_outcome },
	{ { "version", 7 }, APP_version },
	{ { "method", 6 }, APP_method }, { { "ua", 2 }, APP_user_agent },
	{ { "user_agent", 10 }, APP_user_agent }, { { "known", 5 }, APP_known },
	{ { "ok", 2 }, APP_ok },
};

static sv
lower(struct arena *a, sv v)
{
	char *p = arena_str(a, v);

	for (size_t i = 0; i < v.n; i++)
		p[i] = (char)to_lower(p[i]);
	return sv_of(p, v.n);
}

/* A piece of the message, or of that without secrets, is as clean as it. What was
 * decoded is not: an escape may have hidden a secret. */
static void
put_new(struct normalline *l, struct rec *r, int field, sv text)
{
	uint8_t id[16];

	if (rec_uuid(text, id)) { /* no secret by its shape */
		rec_put_sv(r, field, text);
		return;
	}
	if (!appfield_is_piece(text, l->msg) &&
	    !appfield_is_piece(text, rec_text(r, APP_message)))
		text = utf8_clean(text, l->scratch);
	rec_put_sv(r, field, normalline_redact(l, text));
}

void
appfield_put_text(struct normalline *l, struct rec *r, int field, sv text)
{
	if (!sv_null(text) && !rec_has(r, field))
		put_new(l, r, field, text);
}

void
appfield_put_level(struct normalline *l, struct rec *r, sv word)
{
	sv level;

	if (rec_has(r, APP_level))
		return;
	level = textlog_level(word);
	if (sv_null(level) && !sv_null(word))
		appfield_put_text(l, r, APP_level, lower(l->scratch, word));
	else
		rec_put_sv(r, APP_level, level);
}

/* Names of other fields are not compared with each key. */
static bool
may_be_app_key(sv key)
{
#define BIT(n, c) (UINT64_C(1) << ((size_t)(n) * 7 + (unsigned char)(c)) % 64)
	static const uint64_t known = BIT(3, 'e') | BIT(5, 'e') | BIT(5, 'l') |
	    BIT(9, 'l') | BIT(8, 's') | BIT(3, 'l') | BIT(6, 'l') |
	    BIT(3, 'r') | BIT(10, 'r') | BIT(2, 'i') | BIT(4, 'i') |
	    BIT(6, 'u') | BIT(7, 't') | BIT(6, 's') | BIT(7, 'o') |
	    BIT(7, 'v') | BIT(6, 'm') | BIT(2, 'u') | BIT(10, 'u') |
	    BIT(5, 'k') | BIT(2, 'o');

	return key.n && known & BIT(key.n, key.p[0]);
#undef BIT
}

int
appfield_find(sv key)
{
	if (may_be_app_key(key))
		for (size_t i = 0; i < countof(app_keys); i++)
			if (sv_eq(key, app_keys[i].key))
				return app_keys[i].field;
	return -1;
}

void
appfield_put(struct normalline *l, struct rec *r, int f, sv text, bool literal)
{
	struct ip ip;
	int64_t n;

	if (f < 0 || rec_has(r, f))
		return;
	if (f == APP_known || f == APP_ok) {
		if (sv_is(text, "true") || sv_is(text, "false"))
			rec_put_i64(r, f, sv_is(text, "true"));
	} else if (literal && f == APP_level && sv_to_i64(text, &n)) {
		appfield_put_text(l, r, f, jsonpayload_level(n));
	} else if (literal && f == APP_version && sv_to_i64(text, &n)) {
		appfield_put_text(l, r, f, text);
	} else if (literal) {
		return;
	} else if (f == APP_client) {
		if (ip_parse(text, true, &ip))
			rec_put_ip(r, f, ip);
	} else if (f == APP_level) {
		appfield_put_level(l, r, text);
	} else {
		appfield_put_text(l, r, f, text);
	}
}

void
appfield_put_common(struct normalline *l, struct rec *r,
    const struct jsonpayload_search *found)
{
	struct jsonpayload in;

	jsonpayload_end(found, &in);
	appfield_put_level(l, r, in.level);
	appfield_put_text(l, r, APP_logger, in.logger);
	appfield_put_text(l, r, APP_event, in.event);
}
