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

/* Does the text stand at *at, which moves behind it? */
static attr_inline bool
skip_text(const struct rec *r, int field, const char **at)
{
	sv text = rec_text(r, field);
	const char *p = *at + 1;

	*at = p + text.n;
	return text.n == (unsigned char)p[-1] && near_same(p, text.p, text.n);
}

static attr_inline bool
skip_number(const struct rec *r, int field, const char **at)
{
	return number(r, field) == (unsigned char)*(*at)++;
}

/* Would write_key() write what is remembered? */
static inline bool
is_key(const struct rec *r, const struct shape_recent *known)
{
	const char *at = known->key;
	uint64_t set;

	memcpy(&set, at, sizeof(set));
	at += sizeof(set);
	return set == (r->set & SHAPED) &&
	    skip_number(r, REQUEST_flags, &at) &&
	    skip_number(r, REQUEST_tls, &at) &&
	    skip_text(r, REQUEST_method, &at) &&
	    skip_text(r, REQUEST_host, &at) &&
	    skip_text(r, REQUEST_dyno, &at) &&
	    ((r->usual && r->usual == known->usual) ||
	    (skip_text(r, REQUEST_at, &at) &&
	    skip_text(r, REQUEST_protocol, &at) &&
	    skip_text(r, REQUEST_tls_version, &at)));
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

/* What mostly tells texts of a field apart, in 16 bits. */
static attr_inline uint64_t
ends(const struct rec *r, int field)
{
	sv text = rec_text(r, field);

	return text.n == 0 ? 0 : (text.n << 8 & 0xff00) ^
	    (unsigned char)text.p[0] << 4 ^ (unsigned char)text.p[text.n - 1];
}

static struct shape_recent *
recent(struct loader *l, const struct rec *r)
{
	uint64_t h = ends(r, REQUEST_method) ^ ends(r, REQUEST_host) << 16 ^
	    ends(r, REQUEST_dyno) << 32 ^ number(r, REQUEST_flags) << 48;

	return &l->shape_recent[slot_by(h, SHAPE_BITS)];
}

static attr_apart bool
look_up(struct loader *l, const struct rec *r, struct shape_recent *to)
{
	attr_unset char key[KEY_MAX];
	sv text = sv_of(key, write_key(r, key)), kept;
	uint64_t hash = hash_text(text);
	bool fresh;

	l->shape = 0;
	if (text.n == 0)
		return false;
	l->shape = dict_find(&l->shapes, text, hash, &kept);
	fresh = l->shape == 0 && l->shapes.used < SHAPES_MAX;
	if (fresh)
		l->shape = dict_add(&l->shapes, text, hash, &kept);
	if (l->shape)
		*to = (struct shape_recent){ kept.p, l->shape, r->usual };
	return fresh;
}

bool
loadshape_find(struct loader *l, const struct rec *r)
{
	struct shape_recent *known = recent(l, r);

	if (unlikely(known->key == NULL || !is_key(r, known)))
		return look_up(l, r, known);
	l->shape = known->id;
	return false;
}
