/* SPDX-License-Identifier: MIT */
#include "store/bindrec.h"

#include "base/buf.h"
#include "store/dbpriv.h"

bool
bindrec_has(const struct rec *r, int field)
{
	char text[16];
	struct buf b = { text, 0, sizeof(text) };
	const struct ip *ip = &r->v[REQUEST_client].u.ip;

	if (!rec_has(r, field))
		return false;
	if (r->kind != REC_REQUEST || field != REQUEST_fwd ||
	    !rec_has(r, REQUEST_client) || ip->family != 4 ||
	    r->v[field].text.n >= sizeof(text))
		return true;
	ip_write(&b, ip);
	return !sv_eq(buf_sv(&b), r->v[field].text);
}

static void
bind_ip(sqlite3_stmt *s, int at, const struct ip *ip)
{
	if (ip->family == 4)
		sqlite3_bind_int64(s, at, ip_v4(ip));
	else
		sqlite3_bind_blob(s, at, ip->addr, 8, SQLITE_TRANSIENT);
}

static void
bind_rid(sqlite3_stmt *s, int at, sv text)
{
	uint8_t id[16];

	if (rec_uuid(text, id))
		sqlite3_bind_blob(s, at, id, sizeof(id), SQLITE_TRANSIENT);
	else
		db_bind_sv(s, at, text);
}

void
bindrec_field(sqlite3_stmt *s, int at, const struct rec *r, int field)
{
	const struct value *v = &r->v[field];

	if (!bindrec_has(r, field)) {
		sqlite3_bind_null(s, at);
		return;
	}
	switch (rec_kinds[r->kind].field[field].type) {
	case F_STR:
	case F_ANY:
	case F_TEXT:
	case F_JSON:
		db_bind_sv(s, at, v->text);
		break;
	case F_INT:
	case F_BOOL:
	case F_TIME:
		sqlite3_bind_int64(s, at, v->u.num);
		break;
	case F_REAL:
		sqlite3_bind_double(s, at, v->u.real);
		break;
	case F_ADDR:
		bind_ip(s, at, &v->u.ip);
		break;
	case F_RID:
		bind_rid(s, at, v->text);
		break;
	case FIELD_TYPE_N:
		break;
	}
}
