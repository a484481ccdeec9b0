/* SPDX-License-Identifier: MIT */
#include "store/bindrec.h"

#include <string.h>

#include "base/ip.h"
#include "store/dbpriv.h"

bool
bindrec_is_ipv4(sv text, const uint8_t addr[4])
{
	struct ip ip;

	return ip_parse_v4(text, &ip) && memcmp(ip.addr, addr, 4) == 0;
}

static void
bind_ip(sqlite3_stmt *s, int at, const struct rec_ip *ip)
{
	if (ip->family == 4)
		sqlite3_bind_int64(s, at, (int32_t)ip_v4_number(ip->addr));
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
bindrec_value(sqlite3_stmt *s, int at, enum field_type type,
    const struct value *v)
{
	switch (type) {
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
