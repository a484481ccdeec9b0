/* SPDX-License-Identifier: MIT */
/* loadshape.c: what many requests have alike, as the number of a row of shape. */
#include "base/attr.h"
#include "base/near.h"
#include "base/slot.h"
#include "store/loadpriv.h"

/* Whoever sends requests must not fill the table, which is in memory. */
enum { SHAPES_MAX = 1 << 14, TEXT_MAX = 254 };

static const int8_t numbers[] = { REQUEST_flags, REQUEST_tls };
static const int8_t texts[] = { REQUEST_method, REQUEST_host, REQUEST_dyno,
	REQUEST_at, REQUEST_protocol, REQUEST_tls_version };

enum { NUMBERS = countof(numbers), TEXTS = countof(texts),
	KEY_MAX = sizeof(uint64_t) + NUMBERS + TEXTS * (1 + TEXT_MAX) };

#define BIT(name) (UINT64_C(1) << REQUEST_##name)
#define SHAPED (BIT(at) | BIT(method) | BIT(host) | BIT(dyno) | BIT(protocol) | \
    BIT(tls) | BIT(flags) | BIT(tls_version))

bool
loadshape_has(int field)
{
	return SHAPED >> field & 1;
}

/* --- keys --- */

/*
 * What tells shapes apart: the fields that there are, then a byte for each number
 * and a text behind the byte of its length, 0 of what there is not. In memory only.
 */

static uint64_t
number(const struct rec *r, int field)
{
	return rec_has(r, field) ? (uint64_t)r->v[field].u.num : 0;
}

/* Returns its bytes, or 0 when a value is too large. */
static size_t
write_key(const struct rec *r, char key[KEY_MAX])
{
	uint64_t set = r->set & SHAPED;
	char *at = key + sizeof(set);

	memcpy(key, &set, sizeof(set));
	for (size_t i = 0; i < NUMBERS; i++) {
		if (number(r, numbers[i]) > UINT8_MAX)
			return 0;
		*at++ = (char)number(r, numbers[i]);
	}
	for (size_t i = 0; i < TEXTS; i++) {
		sv text = rec_text(r, texts[i]);

		if (text.n > TEXT_MAX)
			return 0;
		*at++ = (char)text.n;
		if (text.n)
			memcpy(at, text.p, text.n);
		at += text.n;
	}
	return (size_t)(at - key);
}

/* --- those of a store --- */

/* A field of a row of shape, whose texts are looked up. */
static void
read_column(sqlite3_stmt *s, int at, int field, struct rec *r)
{
	if (sqlite3_column_type(s, at) == SQLITE_NULL)
		return;
	r->set |= UINT64_C(1) << field;
	if (field == REQUEST_tls || field == REQUEST_flags)
		r->v[field].u.num = sqlite3_column_int64(s, at);
	else
		r->v[field].text = db_column_sv(s, at);
}

void
loadshape_release(struct loader *l)
{
	dict_release(&l->shapes);
	memset(l->shape_recent, 0, sizeof(l->shape_recent));
}

bool
loadshape_load(struct loader *l, struct err *e)
{
#define TEXT(name) "(SELECT s FROM str WHERE str.id = " name ")"
	sqlite3_stmt *s = db_prepare(l->st, "SELECT id, flags, tls, "
	    TEXT("method") ", CASE typeof(host) WHEN 'integer' THEN "
	    TEXT("host") " ELSE host END, " TEXT("dyno") ", " TEXT("at") ", "
	    TEXT("protocol") ", " TEXT("tls_version") " FROM shape");
#undef TEXT
	char key[KEY_MAX];
	int rc;

	loadshape_release(l);
	dict_init(&l->shapes);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct rec r = { .kind = REC_REQUEST };
		int at = 1;

		for (size_t i = 0; i < NUMBERS; i++)
			read_column(s, at++, numbers[i], &r);
		for (size_t i = 0; i < TEXTS; i++)
			read_column(s, at++, texts[i], &r);
		dict_load(&l->shapes, sv_of(key, write_key(&r, key)),
		    sqlite3_column_int64(s, 0));
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(l->st, e, "shapes");
}

/* --- a request's --- */

/* The first bytes of a text of so many. */
static inline uint64_t
word(sv text)
{
	return swar_load(text.p) & UINT64_MAX >> (64 - 8 * text.n);
}

/* A usual line (rec.h) with all that it may have: behind each of its texts there are
 * more bytes. Otherwise false. */
static inline bool
read_brief(const struct rec *r, struct shape_brief *b)
{
	sv method = r->v[REQUEST_method].text, dyno = r->v[REQUEST_dyno].text;

	if (!r->usual || (r->set & SHAPED) != SHAPED ||
	    method.n > sizeof(b->method) || dyno.n > sizeof(b->dyno))
		return false;
	b->method = word(method);
	b->dyno = word(dyno);
	b->rest = (uint64_t)r->v[REQUEST_flags].u.num << 8 | r->usual;
	b->host = r->v[REQUEST_host].text;
	return true;
}

static inline bool
same_brief(const struct shape_brief *a, const struct shape_brief *b)
{
	return a->method == b->method && a->dyno == b->dyno &&
	    a->rest == b->rest && a->host.n == b->host.n &&
	    near_same(a->host.p, b->host.p, a->host.n);
}

/* The host of a key, which stands behind the method. */
static sv
key_host(const char *key)
{
	const unsigned char *at = (const unsigned char *)key +
	    sizeof(uint64_t) + NUMBERS;

	at += 1 + at[0];
	return sv_of((const char *)at + 1, at[0]);
}

/* True: it is a new one. *kept: its key in the dictionary, where it has a number. */
static attr_apart bool
look_up(struct loader *l, const struct rec *r, sv *kept)
{
	attr_unset char key[KEY_MAX];
	sv text = sv_of(key, write_key(r, key));
	uint64_t hash = hash_text(text);
	bool fresh;

	l->shape = 0;
	if (text.n == 0)
		return false;
	l->shape = dict_find(&l->shapes, text, hash, kept);
	fresh = l->shape == 0 && l->shapes.used < SHAPES_MAX;
	if (fresh)
		l->shape = dict_add(&l->shapes, text, hash, kept);
	return fresh;
}

static attr_apart bool
look_up_usual(struct loader *l, const struct rec *r,
    const struct shape_brief *b, struct shape_recent *to)
{
	sv kept;
	bool fresh = look_up(l, r, &kept);

	if (l->shape) {
		*to = (struct shape_recent){ l->shape, *b };
		to->brief.host = key_host(kept.p);
	}
	return fresh;
}

bool
loadshape_find(struct loader *l, const struct rec *r)
{
	struct shape_recent *known;
	struct shape_brief b;
	sv kept;

	if (unlikely(!read_brief(r, &b)))
		return look_up(l, r, &kept);
	known = &l->shape_recent[slot_by_two(b.method ^ b.rest << 48, b.dyno ^
	    (uint64_t)b.host.n << 56 ^ (uint64_t)(unsigned char)b.host.p[0] << 48,
	    SHAPE_BITS)];
	if (unlikely(known->id == 0 || !same_brief(&known->brief, &b)))
		return look_up_usual(l, r, &b, known);
	l->shape = known->id;
	return false;
}
