/* SPDX-License-Identifier: MIT */
/*
 * cs-uri-query is the path with its query: in most public webserver rules that
 * use it a value looks like a path, whatever the taxonomy says. r-dns, the name
 * that a proxy's client asked for, is the Host header here.
 */
#include "detect/sigma_field.h"

#include <assert.h>

#include "base/attr.h"

/* Of several versions of a row that of the newest dump, as the view shows. */
#define NEWEST(kind, view) "id * 16 + " kind " IN (SELECT rec FROM " view ")"

const struct sigma_source sigma_source[] = {
	[ON_REQUEST] = { "router lines", "request", NULL, 1, "heroku_router",
	    "client", { { "at=", "at", "" },
	    { " code=", "code", "" },
	    { " desc=\"", "description", "\"" },
	    { " method=", "method", "" },
	    { " path=\"", "path", "\"" },
	    { " host=", "host", "" },
	    { " request_id=", "request_id", "" },
	    { " fwd=\"", "fwd", "\"" },
	    { NULL, "client", NULL },
	    { " dyno=", "dyno", "" },
	    { " connect=", "connect_ms", "ms" },
	    { " service=", "service_ms", "ms" },
	    { " status=", "status", "" },
	    { " bytes=", "bytes", "" },
	    { " protocol=", "protocol", "" } } },
	[ON_ACCESS] = { "access lines", "access", NULL, 2, "access_lines",
	    "peer",
	    { { "", "peer", "" }, { " \"", "method", "" },
	    { " ", "path", "" }, { " ", "protocol", "\"" },
	    { " ", "status", "" }, { " ", "bytes", "" },
	    { " \"", "referer", "\"" },
	    { " \"", "user_agent", "\"" } } },
	[ON_APP] = { "app lines", "app_text", NULL, 3, "heroku_app", NULL,
	    { { "", "message", "" } } },
	[ON_POSTGRES] = { "Postgres lines", "app_text", "payload = 5", 3,
	    "postgres_lines", NULL, { { "", "message", "" } } },
	[ON_PLATFORM] = { "platform lines", "platform", NULL, 4,
	    "heroku_platform", NULL, { { "", "message", "" } } },
	[ON_WAITLIST] = { "rows of waitlist_signups", "dump_waitlist_signups",
	    NEWEST("8", "waitlist_signups"), 8, "waitlist_signups", "ip",
	    { { "", "id", "" }, { ",", "email", "" },
	    { ",", "origin", "" }, { ",", "ip", "" },
	    { ",", "user_agent", "" }, { ",", "referrer", "" } } },
	[ON_CONSOLE] = { "rows of console_audit_events",
	    "dump_console_audit_events",
	    NEWEST("9", "console_audit_events"), 9, "console_audit_events",
	    "actor_id",
	    { { "", "actor_id", "" }, { ",", "actor_role", "" },
	    { ",", "actor_tenant_id", "" }, { ",", "action", "" },
	    { ",", "resource_type", "" },
	    { ",", "resource_id", "" },
	    { ",", "resource_tenant_id", "" },
	    { ",", "outcome", "" }, { ",", "reason", "" },
	    { ",", "ip", "" }, { ",", "request_id", "" } } },
	[ON_CUSTOMER] = { "rows of customer_audit_events",
	    "dump_customer_audit_events", NULL, 10, "customer_audit_events",
	    "actor_id",
	    { { "", "id", "" }, { ",", "tenant_id", "" },
	    { ",", "actor_id", "" }, { ",", "action", "" },
	    { ",", "detail", "" } } },
};

_Static_assert(countof(sigma_source) == SIGMA_TABLE_N, "a row per table");

#define NONE SIGMA_TABLE_N

static const struct {
	const char *category, *product, *service; /* NULL: any, "": absent */
	enum sigma_table table[SIGMA_TABLES_MAX];
} logsource[] = {
	{ NULL, "raxx", "waitlist_signups", { ON_WAITLIST, NONE } },
	{ NULL, "raxx", "console_audit_events", { ON_CONSOLE, NONE } },
	{ NULL, "raxx", "customer_audit_events", { ON_CUSTOMER, NONE } },
	{ "webserver", NULL, NULL, { ON_REQUEST, ON_ACCESS, NONE } },
	{ "proxy", NULL, NULL, { ON_REQUEST, ON_ACCESS, NONE } },
	{ "application", NULL, NULL, { ON_APP, NONE } },
	{ "database", NULL, NULL, { ON_POSTGRES, NONE } },
	{ "", "heroku", "router", { ON_REQUEST, NONE } },
	{ "", "heroku", "access", { ON_ACCESS, NONE } },
	{ "", "heroku", "app", { ON_APP, NONE } },
	{ "", "heroku", "postgres", { ON_POSTGRES, NONE } },
	{ "", "heroku", "platform", { ON_PLATFORM, NONE } },
	{ "", "heroku", "", { ON_REQUEST, ON_ACCESS, ON_APP, ON_PLATFORM,
	    NONE } },
	{ "", "apache", NULL, { ON_APP, ON_REQUEST, ON_ACCESS, NONE } },
	{ "", "nginx", NULL, { ON_APP, ON_REQUEST, ON_ACCESS, NONE } },
};

enum {
	REQUEST = 1 << ON_REQUEST,
	ACCESS = 1 << ON_ACCESS,
	WEB = REQUEST | ACCESS,
	PG = 1 << ON_POSTGRES,
	APP = 1 << ON_APP | PG,
	PLATFORM = 1 << ON_PLATFORM,
	WAITLIST = 1 << ON_WAITLIST,
	CONSOLE = 1 << ON_CONSOLE,
	CUSTOMER = 1 << ON_CUSTOMER,
	DUMPS = WAITLIST | CONSOLE | CUSTOMER,
	ALL = WEB | APP | PLATFORM | DUMPS
};

#define FIELD(name, on, column, type) \
	{ name, on, column, type, "", "", NULL }
#define TEXT(name, on, column) FIELD(name, on, column, SIGMA_TEXT)
#define WORD(name, on, column) FIELD(name, on, column, SIGMA_WORD)
#define PLAIN(name, on, column) FIELD(name, on, column, SIGMA_PLAIN)
#define NUMBER(name, on, column) FIELD(name, on, column, SIGMA_NUMBER)
#define ADDRESS(name, on, column) FIELD(name, on, column, SIGMA_ADDRESS)
#define UUID(name, on, column) FIELD(name, on, column, SIGMA_UUID)
#define TIME(name, on, column, form) \
	{ name, on, column, SIGMA_TIME, form, "", NULL }
/* Probes hide behind escapes, and Router 2.0 logs paths decoded. */
#define PATH(name, on, before, after) \
	{ name, on, "path", SIGMA_TEXT, before, after, "path_decoded" }

static const struct sigma_field field[] = {
	TIME("timestamp", ALL, "ts", ""),
	TIME("@timestamp", ALL, "ts", ""),
	TIME("ts", ALL, "ts", ""),
	TIME("date", ALL, "ts", "%Y-%m-%d"),
	TIME("time", ALL, "ts", "%H:%M:%S"),
	WORD("cs-method", WEB, "method"),
	WORD("method", WEB | APP, "method"),
	TEXT("cs-host", WEB, "host"),
	TEXT("r-dns", WEB, "host"),
	TEXT("host", WEB, "host"),
	PATH("cs-uri-query", WEB, "", ""),
	PATH("cs-uri", WEB, "", ""),
	PATH("c-uri", WEB, "", ""),
	PATH("path", WEB, "", ""),
	PATH("cs-uri-stem", WEB, "path_stem(", ")"),
	PATH("c-uri-stem", WEB, "path_stem(", ")"),
	PATH("c-uri-extension", WEB, "path_extension(", ")"),
	PATH("c-uri-query", WEB, "path_query(", ")"),
	PATH("screen", WEB, "path_segment(", ", 'screens')"),
	WORD("screen", APP, "screen"),
	NUMBER("sc-status", WEB, "status"),
	NUMBER("status", WEB | PLATFORM, "status"),
	NUMBER("sc-bytes", WEB, "bytes"),
	NUMBER("bytes", WEB, "bytes"),
	WORD("cs-version", WEB, "protocol"),
	WORD("protocol", WEB, "protocol"),
	WORD("token", WEB, "token"),
	ADDRESS("c-ip", REQUEST | APP, "client"),
	ADDRESS("c-ip", ACCESS, "peer"),
	ADDRESS("src_ip", REQUEST | APP, "client"),
	ADDRESS("src_ip", ACCESS, "peer"),
	ADDRESS("client", REQUEST | APP, "client"),
	ADDRESS("ip", APP, "client"),
	ADDRESS("peer", ACCESS, "peer"),
	NUMBER("time-taken", REQUEST, "service_ms"),
	NUMBER("service_ms", REQUEST, "service_ms"),
	NUMBER("connect_ms", REQUEST, "connect_ms"),
	WORD("at", REQUEST, "at"),
	WORD("code", REQUEST | PLATFORM, "code"),
	WORD("description", REQUEST, "description"),
	FIELD("fwd", REQUEST, "fwd", SIGMA_FWD),
	WORD("dyno", REQUEST, "dyno"),
	WORD("token_shape", REQUEST, "token_shape"),
	WORD("token_core", REQUEST, "token_core"),
	UUID("request_id", WEB | APP, "request_id"),
	TEXT("cs-user-agent", ACCESS, "user_agent"),
	TEXT("c-useragent", ACCESS, "user_agent"),
	TEXT("user_agent", ACCESS | APP, "user_agent"),
	TEXT("cs-referer", ACCESS, "referer"),
	TEXT("cs-referrer", ACCESS, "referer"),
	TEXT("referer", ACCESS, "referer"),
	WORD("origin", ACCESS | APP | PLATFORM, "origin"),
	PLAIN("message", APP, "message"),
	WORD("level", APP, "level"),
	WORD("logger", APP, "logger"),
	WORD("event", APP | PLATFORM, "event"),
	WORD("token_h", APP, "token_h"),
	WORD("id_h", APP, "id_h"),
	WORD("user_h", APP, "user_h"),
	WORD("outcome", APP, "outcome"),
	NUMBER("known", APP, "known"),
	NUMBER("ok", APP, "ok"),
	WORD("version", APP, "version"),
	NUMBER("version", PLATFORM, "version"),
	TEXT("message", PLATFORM, "message"),
	WORD("actor", PLATFORM, "actor"),
	WORD("from_state", PLATFORM, "from_state"),
	WORD("to_state", PLATFORM, "to_state"),
	TEXT("subject", PLATFORM, "subject"),
	TIME("created_at", DUMPS, "ts", ""),
	PLAIN("id", WAITLIST | CUSTOMER, "row_id"),
	NUMBER("seq", CONSOLE | CUSTOMER, "seq"),
	PLAIN("ip", WAITLIST | CONSOLE, "ip"),
	PLAIN("c-ip", WAITLIST | CONSOLE, "ip"),
	PLAIN("email", WAITLIST, "email"),
	PLAIN("origin", WAITLIST, "origin"),
	PLAIN("user_agent", WAITLIST, "user_agent"),
	PLAIN("referrer", WAITLIST, "referrer"),
	TIME("confirmed_at", WAITLIST, "confirmed_at", ""),
	PLAIN("actor_id", CONSOLE | CUSTOMER, "actor_id"),
	PLAIN("actor_role", CONSOLE, "actor_role"),
	PLAIN("actor_tenant_id", CONSOLE, "actor_tenant_id"),
	PLAIN("action", CONSOLE | CUSTOMER, "action"),
	PLAIN("resource_type", CONSOLE, "resource_type"),
	PLAIN("resource_id", CONSOLE, "resource_id"),
	PLAIN("resource_tenant_id", CONSOLE, "resource_tenant_id"),
	PLAIN("outcome", CONSOLE, "outcome"),
	PLAIN("reason", CONSOLE, "reason"),
	PLAIN("request_id", CONSOLE, "request_id"),
	PLAIN("tenant_id", CUSTOMER, "tenant_id"),
	PLAIN("detail", CUSTOMER, "detail"),
	PLAIN("key_id", CUSTOMER, "key_id"),
	PLAIN("prev_mac", CUSTOMER, "prev_mac"),
	PLAIN("mac", CUSTOMER, "mac"),
};

/* NULL in the table: anything; "": nothing given. */
static bool
fits(const char *want, sv got)
{
	return !want || sv_is(got, want);
}

const enum sigma_table *
sigma_tables_of(sv category, sv product, sv service)
{
	for (size_t i = 0; i < countof(logsource); i++)
		if (fits(logsource[i].category, category) &&
		    fits(logsource[i].product, product) &&
		    fits(logsource[i].service, service))
			return logsource[i].table;
	return NULL;
}

const struct sigma_field *
sigma_field_find(enum sigma_table t, sv name)
{
	for (size_t i = 0; i < countof(field); i++)
		if ((field[i].on >> t & 1) && sv_is(name, field[i].name))
			return &field[i];
	return NULL;
}

/* --- SQL --- */

static void
uuid_value(struct buf *b, const char *col)
{
	buf_printf(b, "CASE typeof(\"%s\") WHEN 'blob' THEN lower("
	    "substr(hex(\"%s\"), 1, 8) || '-' || substr(hex(\"%s\"), 9, 4) || "
	    "'-' || substr(hex(\"%s\"), 13, 4) || '-' || "
	    "substr(hex(\"%s\"), 17, 4) || '-' || substr(hex(\"%s\"), 21)) "
	    "ELSE \"%s\" END", col, col, col, col, col, col, col);
}

static void
time_value(struct buf *b, const struct sigma_field *f)
{
	const char *form = f->before[0] ? f->before : "%Y-%m-%dT%H:%M:%S";

	buf_printf(b, "(strftime('%s', \"%s\" / 1000000, 'unixepoch')", form,
	    f->column);
	if (!f->before[0])
		buf_printf(b, " || printf('.%%06dZ', \"%s\" %% 1000000)",
		    f->column);
	buf_lit(b, ")");
}

static void
text_value(struct buf *b, const struct sigma_field *f)
{
	buf_printf(b, "CASE typeof(\"%s\") WHEN 'integer' THEN "
	    "(SELECT %ss%s FROM str WHERE id = \"%s\") ELSE %s\"%s\"%s END",
	    f->column, f->before, f->after, f->column, f->before, f->column,
	    f->after);
}

void
sigma_field_value(struct buf *b, const struct sigma_field *f)
{
	switch (f->type) {
	case SIGMA_TEXT:
		text_value(b, f);
		break;
	case SIGMA_FWD:
		buf_lit(b, "coalesce(");
		text_value(b, f);
		buf_lit(b, ", CASE typeof(\"client\") WHEN 'integer' THEN "
		    "ip_text(\"client\") END)");
		break;
	case SIGMA_WORD:
		buf_printf(b, "(SELECT s FROM str WHERE id = \"%s\")",
		    f->column);
		break;
	case SIGMA_PLAIN:
	case SIGMA_NUMBER:
		buf_printf(b, "\"%s\"", f->column);
		break;
	case SIGMA_ADDRESS:
		buf_printf(b, "ip_text(\"%s\")", f->column);
		break;
	case SIGMA_UUID:
		uuid_value(b, f->column);
		break;
	case SIGMA_TIME:
		time_value(b, f);
		break;
	}
}

void
sigma_field_text(struct buf *b, const struct sigma_field *f)
{
	if (f->type == SIGMA_NUMBER)
		buf_printf(b, "CAST(\"%s\" AS TEXT)", f->column);
	else
		sigma_field_value(b, f);
}

static void
part_text(struct buf *b, enum sigma_table t, const char *name)
{
	const struct sigma_field *f = sigma_field_find(t, sv_str(name));

	assert(f);
	buf_lit(b, "(");
	sigma_field_text(b, f);
	buf_lit(b, ")");
}

void
sigma_field_line(struct buf *b, enum sigma_table t)
{
	const struct sigma_part *p = sigma_source[t].part;

	buf_lit(b, "(''");
	for (size_t i = 0; i < SIGMA_PARTS_MAX && p[i].field; i++) {
		if (!p[i].before)
			continue;
		buf_printf(b, " || coalesce('%s' || ", p[i].before);
		part_text(b, t, p[i].field);
		buf_printf(b, " || '%s', '')", p[i].after);
	}
	buf_lit(b, ")");
}
