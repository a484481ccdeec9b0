/* SPDX-License-Identifier: MIT */
/*
 * cs-uri-query is the path with its query: in most public webserver rules that
 * use it a value looks like a path, whatever the taxonomy says.
 */
#include "detect/sigma_field.h"

#include "base/attr.h"

const struct sigma_source sigma_source[SIGMA_TABLE_N] = {
	[ON_REQUEST] = { "request", 1, "heroku_router", "client",
	    { "path", "host", "method" } },
	[ON_ACCESS] = { "access", 2, "heroku_app", "peer",
	    { "path", "user_agent", "referer", "method" } },
	[ON_APP] = { "app", 3, "heroku_app", NULL, { "message" } },
};

static const struct {
	const char *category, *product, *service; /* NULL: any, "": absent */
	enum sigma_table table;
} logsource[] = {
	{ "webserver", NULL, NULL, ON_REQUEST },
	{ "proxy", NULL, NULL, ON_REQUEST },
	{ "application", NULL, NULL, ON_APP },
	{ "", "heroku", "router", ON_REQUEST },
	{ "", "heroku", "access", ON_ACCESS },
	{ "", "heroku", "app", ON_APP },
	{ "", "heroku", "", ON_REQUEST },
	{ "", "apache", NULL, ON_APP },
	{ "", "nginx", NULL, ON_APP },
};

#define FIELD(name, table, column, type) \
	{ name, table, column, type, "", "", NULL }
#define TEXT(name, table, column) FIELD(name, table, column, FIELD_TEXT)
#define NUMBER(name, table, column) FIELD(name, table, column, FIELD_NUMBER)
#define ADDRESS(name, table, column) FIELD(name, table, column, FIELD_ADDRESS)
#define UUID(name, table, column) FIELD(name, table, column, FIELD_UUID)
/* Probes hide behind escapes, and Router 2.0 logs paths decoded. */
#define OF_PATH(name, table, before, after) \
	{ name, table, "path", FIELD_TEXT, before, after, "path_decoded" }
#define PATH(name, table) OF_PATH(name, table, "", "")
#define STEM(name, table) OF_PATH(name, table, "path_stem(", ")")
#define EXTENSION(name, table) \
	OF_PATH(name, table, "path_extension(", ")")
#define SCREEN(table) \
	OF_PATH("screen", table, "path_segment(", ", 'screens')")
#define WEB(table) \
	TEXT("cs-method", table, "method"), \
	TEXT("method", table, "method"), \
	TEXT("cs-host", table, "host"), \
	TEXT("host", table, "host"), \
	PATH("cs-uri-query", table), \
	PATH("cs-uri", table), \
	PATH("c-uri", table), \
	PATH("path", table), \
	STEM("cs-uri-stem", table), \
	STEM("c-uri-stem", table), \
	EXTENSION("c-uri-extension", table), \
	OF_PATH("c-uri-query", table, "path_query(", ")"), \
	SCREEN(table), \
	NUMBER("sc-status", table, "status"), \
	NUMBER("status", table, "status"), \
	NUMBER("sc-bytes", table, "bytes"), \
	NUMBER("bytes", table, "bytes"), \
	TEXT("cs-version", table, "protocol"), \
	TEXT("protocol", table, "protocol"), \
	TEXT("token", table, "token")

static const struct sigma_field field[] = {
	WEB(ON_REQUEST),
	ADDRESS("c-ip", ON_REQUEST, "client"),
	ADDRESS("src_ip", ON_REQUEST, "client"),
	ADDRESS("client", ON_REQUEST, "client"),
	NUMBER("time-taken", ON_REQUEST, "service_ms"),
	NUMBER("service_ms", ON_REQUEST, "service_ms"),
	NUMBER("connect_ms", ON_REQUEST, "connect_ms"),
	TEXT("at", ON_REQUEST, "at"),
	TEXT("code", ON_REQUEST, "code"),
	TEXT("dyno", ON_REQUEST, "dyno"),
	TEXT("token_shape", ON_REQUEST, "token_shape"),
	TEXT("token_core", ON_REQUEST, "token_core"),
	UUID("request_id", ON_REQUEST, "request_id"),
	WEB(ON_ACCESS),
	ADDRESS("c-ip", ON_ACCESS, "peer"),
	ADDRESS("src_ip", ON_ACCESS, "peer"),
	ADDRESS("peer", ON_ACCESS, "peer"),
	TEXT("cs-user-agent", ON_ACCESS, "user_agent"),
	TEXT("c-useragent", ON_ACCESS, "user_agent"),
	TEXT("user_agent", ON_ACCESS, "user_agent"),
	TEXT("cs-referer", ON_ACCESS, "referer"),
	TEXT("cs-referrer", ON_ACCESS, "referer"),
	TEXT("referer", ON_ACCESS, "referer"),
	TEXT("message", ON_APP, "message"),
	TEXT("level", ON_APP, "level"),
	TEXT("event", ON_APP, "event"),
	TEXT("token_h", ON_APP, "token_h"),
	TEXT("id_h", ON_APP, "id_h"),
	TEXT("user_h", ON_APP, "user_h"),
	TEXT("screen", ON_APP, "screen"),
	TEXT("outcome", ON_APP, "outcome"),
	TEXT("method", ON_APP, "method"),
	TEXT("user_agent", ON_APP, "user_agent"),
	TEXT("origin", ON_APP, "origin"),
	NUMBER("known", ON_APP, "known"),
	NUMBER("ok", ON_APP, "ok"),
	UUID("request_id", ON_APP, "request_id"),
	ADDRESS("ip", ON_APP, "client"),
	ADDRESS("c-ip", ON_APP, "client"),
	ADDRESS("client", ON_APP, "client"),
};

/* NULL in the table: anything; "": nothing given. */
static bool
fits(const char *want, sv got)
{
	return !want || sv_is(got, want);
}

bool
sigma_table_of(sv category, sv product, sv service, enum sigma_table *out)
{
	for (size_t i = 0; i < countof(logsource); i++)
		if (fits(logsource[i].category, category) &&
		    fits(logsource[i].product, product) &&
		    fits(logsource[i].service, service)) {
			*out = logsource[i].table;
			return true;
		}
	return false;
}

const struct sigma_field *
sigma_field_find(enum sigma_table t, sv name)
{
	for (size_t i = 0; i < countof(field); i++)
		if (field[i].table == t && sv_is(name, field[i].name))
			return &field[i];
	return NULL;
}

static void
uuid_value(struct buf *b, const char *col)
{
	buf_printf(b, "CASE typeof(\"%s\") WHEN 'blob' THEN lower("
	    "substr(hex(\"%s\"), 1, 8) || '-' || substr(hex(\"%s\"), 9, 4) || "
	    "'-' || substr(hex(\"%s\"), 13, 4) || '-' || "
	    "substr(hex(\"%s\"), 17, 4) || '-' || substr(hex(\"%s\"), 21)) "
	    "ELSE \"%s\" END", col, col, col, col, col, col, col);
}

void
sigma_field_value(struct buf *b, const struct sigma_field *f)
{
	switch (f->type) {
	case FIELD_TEXT:
		buf_printf(b, "CASE typeof(\"%s\") WHEN 'integer' THEN "
		    "(SELECT %ss%s FROM str WHERE id = \"%s\") "
		    "ELSE %s\"%s\"%s END", f->column, f->before, f->after,
		    f->column, f->before, f->column, f->after);
		break;
	case FIELD_NUMBER:
		buf_printf(b, "\"%s\"", f->column);
		break;
	case FIELD_ADDRESS:
		buf_printf(b, "ip_text(\"%s\")", f->column);
		break;
	case FIELD_UUID:
		uuid_value(b, f->column);
		break;
	}
}

void
sigma_field_text(struct buf *b, const struct sigma_field *f)
{
	if (f->type == FIELD_NUMBER)
		buf_printf(b, "CAST(\"%s\" AS TEXT)", f->column);
	else
		sigma_field_value(b, f);
}
