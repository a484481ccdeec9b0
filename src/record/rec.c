/* SPDX-License-Identifier: MIT */
#include "record/rec.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/lanes.h"
#include "base/utc.h"

#define KEY(text) { (const char[FIELD_KEY_ROOM + 1]){ text }, sizeof(text) - 1 }
#define FRONT(text) (sizeof(text) > FIELD_KEY_FRONT ? UINT64_MAX : \
	(UINT64_C(1) << 8 * (sizeof(text) - 1) % 64) - 1)

/* One table of fields per kind, from the same list as the enums. */
#define KIND(sym, num, name, table, log) \
	}; static const struct field fields_##sym[] = {
#define FIELD(kind, name, type, doc) \
	{ { #name, sizeof(#name) - 1 }, \
	    KEY(",\"" #name "\":"), FRONT(",\"" #name "\":"), \
	    F_##type, doc },
static const struct field fields_none[] = {
	{ { "", 0 }, KEY(",\"\":"), 0, F_TEXT, "" },
#include "record/fields.def"
};
#undef KIND
#undef FIELD

#define KIND(sym, num, name, table, log) [REC_##sym] = { \
	{ name, sizeof(name) - 1 }, table, log, \
	fields_##sym, (int)countof(fields_##sym) },
#define FIELD(kind, name, type, doc)
const struct kind rec_kinds[REC_KIND_N] = {
	[REC_NONE] = { { "", 0 }, "", false, fields_none, 0 },
#include "record/fields.def"
};
#undef KIND
#undef FIELD

#define KIND(sym, num, name, table, log) \
	_Static_assert(countof(fields_##sym) <= REC_FIELDS_MAX, "rec.v is full");
#define FIELD(kind, name, type, doc)
#include "record/fields.def"
#undef KIND
#undef FIELD

enum rec_kind
rec_kind_find(sv name)
{
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		if (sv_eq(rec_kinds[k].name, name))
			return (enum rec_kind)k;
	return REC_NONE;
}

void
rec_put_ip(struct rec *r, int field, struct ip ip)
{
	if (ip.family == 0)
		return;
	rec_ip_cut(&r->v[field].u.ip, &ip);
	r->set |= UINT64_C(1) << field;
}

bool
rec_is_single(const struct rec *r)
{
	if (r->ts % UTC_SECOND == 0)
		return false;
	return (r->kind == REC_REQUEST && rec_has(r, REQUEST_request_id)) ||
	    (r->kind == REC_APP && rec_has(r, APP_request_id));
}

uint64_t
rec_hash(int64_t ts, sv origin, sv message, uint64_t seed)
{
	uint64_t h = hash64(origin, (uint64_t)ts ^ seed);

	return hash64(sv_trim(message), h);
}

/* Twice four digits with a byte between them, without it. */
static inline uint64_t
two_fours(const char *p)
{
	return swar_load4(p) | (uint64_t)swar_load4(p + 5) << 32;
}

bool
rec_uuid(sv text, uint8_t out[16])
{
	const char *p = text.p;

	return text.n == 36 && p[8] == '-' && p[13] == '-' && p[18] == '-' &&
	    p[23] == '-' &&
	    lanes_hex_words(swar_load(p), two_fours(p + 9), out) &&
	    lanes_hex_words(two_fours(p + 19), swar_load(p + 28), out + 8);
}

void
rec_ip_write(struct buf *b, const struct ip *ip)
{
	if (ip->family == 4) {
		ip_write(b, ip);
		return;
	}
	for (int i = 0; i < 8; i += 2)
		buf_printf(b, "%s%x", i ? ":" : "",
		    (unsigned)(ip->addr[i] << 8 | ip->addr[i + 1]));
	buf_lit(b, "::/64");
}

bool
rec_ip_read(sv text, struct ip *out)
{
	struct ip_net net;

	if (!ip_net_parse(text, &net))
		return false;
	*out = net.ip;
	return true;
}
