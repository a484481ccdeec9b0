/* SPDX-License-Identifier: MIT */
/* loadshape.c: what many requests have alike, as the number of a row of shape. */
#include "base/attr.h"
#include "store/loadpriv.h"

/* Whoever sends requests must not fill the table, which is in memory. */
enum { SHAPES_MAX = 1 << 14, TEXT_MAX = 254 };

/* In the order of the columns. */
static const int8_t shaped[] = { REQUEST_at, REQUEST_method, REQUEST_host,
	REQUEST_dyno, REQUEST_protocol, REQUEST_tls, REQUEST_flags,
	REQUEST_tls_version };

enum { SHAPED = countof(shaped), KEY_MAX = SHAPED * (TEXT_MAX + 1) };

bool
loadshape_has(int field)
{
	for (size_t i = 0; i < SHAPED; i++)
		if (shaped[i] == field)
			return true;
	return false;
}

static bool
is_number(int field)
{
	return field == REQUEST_tls || field == REQUEST_flags;
}

/* Most texts have few bytes: a call would cost more. */
static inline void
copy_short(char *to, sv text)
{
	size_t n = text.n, i = 0;

	if (n >= 8) {
		for (; i + 8 < n; i += 8)
			memcpy(to + i, text.p + i, 8);
		memcpy(to + n - 8, text.p + n - 8, 8);
	} else if (n >= 4) {
		memcpy(to, text.p, 4);
		memcpy(to + n - 4, text.p + n - 4, 4);
	} else {
		for (; i < n; i++)
			to[i] = text.p[i];
	}
}

/* A text behind its length and 1, or 0 for none; false when it is too long. */
static inline bool
put_text(const struct rec *r, int field, char **at)
{
	sv text = r->v[field].text;

	*(*at)++ = 0;
	if (!rec_has(r, field))
		return true;
	if (text.n > TEXT_MAX)
		return false;
	(*at)[-1] = (char)(text.n + 1);
	copy_short(*at, text);
	*at += text.n;
	return true;
}

static inline bool
put_number(const struct rec *r, int field, char **at)
{
	int64_t v = r->v[field].u.num;

	*(*at)++ = 0;
	if (!rec_has(r, field))
		return true;
	(*at)[-1] = (char)(v + 1);
	return v >= 0 && v <= TEXT_MAX;
}

/* What tells shapes apart; its bytes, or 0 when a value is too large. */
static size_t
write_key(const struct rec *r, char key[KEY_MAX])
{
	char *at = key;
	bool fits = put_text(r, REQUEST_at, &at) &&
	    put_text(r, REQUEST_method, &at) &&
	    put_text(r, REQUEST_host, &at) &&
	    put_text(r, REQUEST_dyno, &at) &&
	    put_text(r, REQUEST_protocol, &at) &&
	    put_number(r, REQUEST_tls, &at) &&
	    put_number(r, REQUEST_flags, &at) &&
	    put_text(r, REQUEST_tls_version, &at);

	return fits ? (size_t)(at - key) : 0;
}

/* Column of a row of shape with its texts. */
static void
read_column(sqlite3_stmt *s, size_t i, struct rec *r)
{
	struct value *v = &r->v[shaped[i]];
	int at = (int)i + 1;

	if (sqlite3_column_type(s, at) == SQLITE_NULL)
		return;
	r->set |= UINT64_C(1) << shaped[i];
	if (is_number(shaped[i]))
		v->u.num = sqlite3_column_int64(s, at);
	else
		v->text = db_column_sv(s, at);
}

void
loadshape_release(struct loader *l)
{
	dict_release(&l->shapes);
}

bool
loadshape_load(struct loader *l, struct err *e)
{
#define TEXT(name) "(SELECT s FROM str WHERE str.id = " name ")"
	sqlite3_stmt *s = db_prepare(l->st, "SELECT id, " TEXT("at") ", "
	    TEXT("method") ", CASE typeof(host) WHEN 'integer' THEN "
	    TEXT("host") " ELSE host END, " TEXT("dyno") ", " TEXT("protocol")
	    ", tls, flags, " TEXT("tls_version") " FROM shape");
#undef TEXT
	char key[KEY_MAX];
	int rc;

	loadshape_release(l);
	dict_init(&l->shapes);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct rec r = { .kind = REC_REQUEST };

		for (size_t i = 0; i < SHAPED; i++)
			read_column(s, i, &r);
		dict_load(&l->shapes, sv_of(key, write_key(&r, key)),
		    sqlite3_column_int64(s, 0));
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(l->st, e, "shapes");
}

bool
loadshape_find(struct loader *l, const struct rec *r)
{
	attr_unset char key[KEY_MAX];
	size_t n = write_key(r, key);
	sv text = sv_of(key, n), kept;
	uint64_t hash = dict_hash(text);
	bool fresh = false;

	if (n == 0)
		l->shape = 0;
	else if (l->shapes.used >= SHAPES_MAX)
		l->shape = dict_find(&l->shapes, text, hash, &kept);
	else
		l->shape = dict_intern(&l->shapes, text, hash, &fresh,
		    &kept);
	return fresh;
}
