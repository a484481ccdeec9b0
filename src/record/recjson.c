/* SPDX-License-Identifier: MIT */
#include "record/recjson.h"

#include <math.h>

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/swar.h"
#include "base/utc.h"
#include "record/rectext.h"

static void
put_time(struct buf *b, int64_t us)
{
	if (us == UTC_NONE) {
		buf_lit(b, "null");
		return;
	}
	buf_byte(b, '"');
	utc_write(b, us);
	buf_byte(b, '"');
}

static void
put_ip(struct buf *b, const struct rec *r, const struct rec_ip *cut)
{
	struct ip ip = rec_ip_whole(cut);

	if (cut->whole) {
		jsonw_text(b, r->v[REQUEST_fwd].text);
		return;
	}
	buf_byte(b, '"');
	rec_ip_write(b, &ip);
	buf_byte(b, '"');
}

static void
put_real(struct buf *b, double d)
{
	if (isfinite(d))
		jsonw_double(b, d);
	else
		buf_lit(b, "null");
}

static attr_inline void
put_value(struct buf *b, const struct rec *r, int field, enum field_type type)
{
	const struct value *v = &r->v[field];

	switch (type) {
	case F_STR:
	case F_ANY:
	case F_TEXT:
	case F_RID:
		jsonw_text(b, v->text);
		break;
	case F_JSON:
		rectext_write(b, r, field);
		break;
	case F_INT:
		buf_i64(b, v->u.num);
		break;
	case F_BOOL:
		buf_add(b, v->u.num ? SV("true") : SV("false"));
		break;
	case F_REAL:
		put_real(b, v->u.real);
		break;
	case F_TIME:
		put_time(b, v->u.num);
		break;
	case F_ADDR:
		put_ip(b, r, &v->u.ip);
		break;
	case FIELD_TYPE_N:
		break;
	}
}

void
recjson_value(struct buf *b, const struct rec *r, int field)
{
	put_value(b, r, field, rec_kinds[r->kind].field[field].type);
}

/* ,"name": of a field. */
static void
put_key(struct buf *b, const struct field *f)
{
	memcpy(buf_reserve(b, FIELD_KEY_ROOM), f->key.p, FIELD_KEY_ROOM);
	b->n += f->key.n;
}

void
recjson_write(struct buf *b, const struct rec *r, sv source, sv app)
{
	const struct kind *k = &rec_kinds[r->kind];

	buf_lit(b, "{\"kind\":\"");
	buf_add(b, k->name);
	buf_lit(b, "\",\"ts\":");
	put_time(b, r->ts);
	if (!sv_null(app)) {
		buf_lit(b, ",\"app\":");
		jsonw_text(b, app);
	}
	buf_lit(b, ",\"id\":\"");
	buf_hex64(b, r->hash);
	buf_lit(b, "\",\"src\":{\"source\":");
	jsonw_text(b, source);
	buf_lit(b, ",\"line\":");
	buf_i64(b, (int64_t)r->line);
	buf_lit(b, ",\"byte\":");
	buf_i64(b, (int64_t)r->byte);
	buf_byte(b, '}');
	for (uint64_t set = r->set; set; set &= set - 1) {
		size_t i = swar_low_bit(set);

		put_key(b, &k->field[i]);
		put_value(b, r, (int)i, k->field[i].type);
	}
	buf_lit(b, "}\n");
}
