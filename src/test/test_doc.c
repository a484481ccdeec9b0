/* SPDX-License-Identifier: MIT */
#include "parse/doc.h"

#include "base/buf.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_doc(void);

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena);
}

static void
teardown(void)
{
	arena_release(&arena);
}

static void
show_time(struct buf *b, int64_t us)
{
	if (us == UTC_NONE)
		buf_byte(b, '-');
	else
		utc_write_short(b, us);
}

/* Each type has its letter, and a time is shown as it was understood. */
static void
show_cell(struct buf *b, const struct doc_cell *c)
{
	static const char letter[] = "-TNB@JS";
	_Static_assert(sizeof(letter) == DOC_TYPE_N + 1, "a letter per type");

	buf_printf(b, " %.*s:%c", SV_ARG(c->name), letter[c->type]);
	if (c->type == DOC_TIME)
		show_time(b, c->num);
	else
		buf_add(b, c->text);
	if (c->type == DOC_BOOL)
		buf_printf(b, "=%d", (int)c->num);
}

/* Rows as "[TS CELL ...]", bad ones as "!reason detail". */
static void
show_all(struct buf *b, const struct doc_shape *shape,
    const struct json_value *item)
{
	struct bad_line bad = { NULL, NULL, 0 };
	struct doc_row row;
	struct doc_it it;
	bool ok;

	doc_begin(&it, shape, item);
	while (doc_next(&it, &arena, &row, &bad, &ok)) {
		if (!ok) {
			buf_printf(b, "!%s %s", bad.reason, bad.detail);
			continue;
		}
		buf_byte(b, '[');
		show_time(b, row.ts);
		for (size_t i = 0; i < row.ncell; i++)
			show_cell(b, &row.cell[i]);
		buf_byte(b, ']');
	}
}

static const struct {
	const char *table, *json, *want;
} docs[] = {
	{ "release",
	    "{\"addon_plan_names\":[\"heroku-postgresql:essential-0\"],"
	    "\"app\":{\"id\":\"a1\",\"name\":\"raxx-api-prod\"},"
	    "\"artifacts\":[{\"type\":\"slug\",\"id\":\"s1\"}],"
	    "\"created_at\":\"2026-06-12T13:02:11Z\",\"current\":true,"
	    "\"description\":\"Deploy ab12cd34\","
	    "\"eligible_for_rollback\":true,\"id\":\"r1\",\"oci_image\":null,"
	    "\"output_stream_url\":\"https://output.example.com/x?sig=secret\","
	    "\"slug\":{\"id\":\"s1\"},\"status\":\"succeeded\","
	    "\"updated_at\":\"2026-06-12T13:02:12.5Z\","
	    "\"user\":{\"email\":\"ops@raxx.example\",\"id\":\"u1\"},"
	    "\"version\":52}",
	    "[2026-06-12T13:02:11Z "
	    "addon_plan_names:J[\"heroku-postgresql:essential-0\"] "
	    "app_id:Ta1 app_name:Traxx-api-prod "
	    "created_at:@2026-06-12T13:02:11Z current:Btrue=1 "
	    "description:TDeploy ab12cd34 release_id:Tr1 "
	    "output_stream_url:Shttps://output.example.com/x?sig=secret "
	    "slug_id:Ts1 status:Tsucceeded "
	    "updated_at:@2026-06-12T13:02:12.500000Z "
	    "user_email:Tops@raxx.example user_id:Tu1 version:N52 "
	    "extra:J{\"artifacts\":[{\"type\":\"slug\",\"id\":\"s1\"}],"
	    "\"eligible_for_rollback\":true,\"oci_image\":null}]" },
	{ "release",
	    "{\"version\":3,\"description\":\"Set \\\"A\\\" config vars\","
	    "\"user\":{\"email\":\"ops@raxx.example\"},\"slug\":null,"
	    "\"output_stream_url\":null,"
	    "\"created_at\":\"2026-06-12T15:02:11+02:00\","
	    "\"status\":\"failed\",\"current\":false}",
	    "[2026-06-12T13:02:11Z version:N3 description:TSet \"A\" config "
	    "vars user_email:Tops@raxx.example output_stream_url:- "
	    "created_at:@2026-06-12T13:02:11Z status:Tfailed "
	    "current:Bfalse=0]" },
	{ "dyno",
	    "{\"attach_url\":\"rendezvous://rendezvous.runtime.example.com:5000/k3y\","
	    "\"command\":\"gunicorn app:app\","
	    "\"created_at\":\"2026-06-12T00:00:00Z\",\"id\":\"d1\","
	    "\"name\":\"web.1\",\"release\":{\"id\":\"r1\",\"version\":52},"
	    "\"app\":{\"id\":\"a1\",\"name\":\"raxx-api-prod\"},"
	    "\"size\":\"Standard-1X\",\"state\":\"up\",\"type\":\"web\","
	    "\"updated_at\":\"2026-06-12T01:00:00Z\"}",
	    "[- "
	    "attach_url:Srendezvous://rendezvous.runtime.example.com:5000/k3y "
	    "command:Tgunicorn app:app created_at:@2026-06-12T00:00Z "
	    "dyno_id:Td1 name:Tweb.1 release_id:Tr1 release_version:N52 "
	    "app_id:Ta1 app_name:Traxx-api-prod size:TStandard-1X state:Tup "
	    "type:Tweb updated_at:@2026-06-12T01:00Z]" },
	{ "formation",
	    "{\"app\":{\"id\":\"a1\",\"name\":\"raxx-api-prod\"},"
	    "\"command\":\"bundle exec \\u003cx\\u003e\","
	    "\"created_at\":\"2012-01-01T12:00:00Z\",\"id\":\"f1\","
	    "\"quantity\":2,\"dyno_size\":{\"id\":\"z\"},"
	    "\"size\":\"standard-1X\",\"type\":\"web\","
	    "\"updated_at\":\"2012-01-01T12:00:00Z\"}",
	    "[- app_id:Ta1 app_name:Traxx-api-prod command:Tbundle exec <x> "
	    "created_at:@2012-01-01T12:00Z formation_id:Tf1 quantity:N2 "
	    "size:Tstandard-1X type:Tweb updated_at:@2012-01-01T12:00Z "
	    "extra:J{\"dyno_size\":{\"id\":\"z\"}}]" },
	{ "drain",
	    "{\"addon\":null,\"created_at\":\"2012-01-01T12:00:00Z\","
	    "\"id\":\"l1\","
	    "\"token\":\"d.01234567-89ab-cdef-0123-456789abcdef\","
	    "\"updated_at\":\"2012-01-01T12:00:00Z\","
	    "\"url\":\"https://user:s3cret@logs.raxx.example:8443/in?k=v\"}",
	    "[- created_at:@2012-01-01T12:00Z drain_id:Tl1 "
	    "token:Td.01234567-89ab-cdef-0123-456789abcdef "
	    "updated_at:@2012-01-01T12:00Z "
	    "url:Shttps://user:s3cret@logs.raxx.example:8443/in?k=v "
	    "url_scheme:Thttps url_host:Tlogs.raxx.example url_port:N8443]" },
	{ "drain",
	    "{\"addon\":{\"id\":\"ad1\",\"name\":\"papertrail-flat-1\","
	    "\"addon\":1},\"token\":\"d.0\","
	    "\"url\":\"syslog+tls://logs.example.com:12345\"}",
	    "[- addon_id:Tad1 addon_name:Tpapertrail-flat-1 token:Td.0 "
	    "url:Ssyslog+tls://logs.example.com:12345 "
	    "extra:J{\"addon.addon\":1} url_scheme:Tsyslog+tls "
	    "url_host:Tlogs.example.com url_port:N12345]" },
	{ "drain",
	    "{\"addon\":null,\"token\":\"d.0\","
	    "\"url\":\"https://t/ok@logs.example.com/\"}",
	    "[- token:Td.0 url:Shttps://t/ok@logs.example.com/]" },
	{ "drain",
	    "{\"addon\":null,\"token\":\"d.0\","
	    "\"url\":[\"https://user:s3cret@logs.example.com/\"]}",
	    "[- token:Td.0 url:S[\"https://user:s3cret@logs.example.com/\"]]" },
	{ "sentry_issue",
	    "{\"id\":\"1341191803\",\"shortId\":\"API-2C\","
	    "\"title\":\"ValueError: bad\",\"culprit\":\"app.views in show\","
	    "\"permalink\":\"https://raxx.sentry.example/issues/1341191803/\","
	    "\"level\":\"error\",\"status\":\"unresolved\","
	    "\"substatus\":\"new\",\"count\":\"150\",\"userCount\":12,"
	    "\"firstSeen\":\"2026-06-11T10:00:00.000000Z\","
	    "\"lastSeen\":\"2026-06-12T13:02:11.098086Z\","
	    "\"project\":{\"id\":\"1\",\"name\":\"api\","
	    "\"slug\":\"raxx-api\"},\"metadata\":{\"type\":\"ValueError\","
	    "\"value\":\"bad\",\"filename\":\"app/views.py\","
	    "\"function\":\"show\"},\"type\":\"error\","
	    "\"platform\":\"python\",\"isUnhandled\":true,"
	    "\"stats\":{\"24h\":[[1,2]]},\"assignedTo\":null,"
	    "\"numComments\":0}",
	    "[2026-06-12T13:02:11.098086Z issue_id:T1341191803 "
	    "short_id:TAPI-2C title:TValueError: bad culprit:Tapp.views in "
	    "show permalink:Thttps://raxx.sentry.example/issues/1341191803/ "
	    "level:Terror status:Tunresolved count:N150 user_count:N12 "
	    "first_seen:@2026-06-11T10:00Z "
	    "last_seen:@2026-06-12T13:02:11.098086Z project_id:T1 "
	    "project:Traxx-api exception_type:TValueError "
	    "exception_value:Tbad exception_file:Tapp/views.py "
	    "exception_function:Tshow type:Terror platform:Tpython "
	    "unhandled:Btrue=1 extra:J{\"substatus\":\"new\","
	    "\"project.name\":\"api\",\"assignedTo\":null,\"numComments\":0}]" },
	{ "sentry_event",
	    "{\"id\":\"9999aaaaca8b46d797c23c6077c6ff01\","
	    "\"eventID\":\"9999aaaaca8b46d797c23c6077c6ff01\","
	    "\"groupID\":\"1341191803\",\"projectID\":\"1\","
	    "\"title\":\"ValueError: bad\",\"message\":\"\","
	    "\"platform\":\"python\",\"type\":\"error\","
	    "\"dateCreated\":\"2026-06-12T13:02:11.098086Z\","
	    "\"dateReceived\":\"2026-06-12T13:02:11.428721Z\","
	    "\"tags\":[{\"key\":\"environment\",\"value\":\"prod\"},"
	    "{\"key\":\"level\",\"value\":\"error\"},{\"key\":\"odd\","
	    "\"value\":null}],\"user\":{\"id\":\"55\",\"name\":\"Ann\","
	    "\"email\":\"ann@example.com\",\"ip_address\":\"203.0.113.7\","
	    "\"data\":{}},\"contexts\":{\"browser\":{\"name\":\"x\"}},"
	    "\"culprit\":\"app.views in show\","
	    "\"release\":{\"version\":\"raxx@1.2.3\",\"dateCreated\":\"x\"},"
	    "\"size\":1200,\"entries\":[{\"type\":\"breadcrumbs\","
	    "\"data\":{\"values\":[]}},{\"type\":\"exception\","
	    "\"data\":{\"values\":[{\"type\":\"KeyError\",\"value\":\"'a'\","
	    "\"stacktrace\":null},{\"type\":\"ValueError\",\"value\":\"bad\","
	    "\"mechanism\":{\"type\":\"generic\",\"handled\":false},"
	    "\"stacktrace\":{\"frames\":[{\"filename\":\"wsgi.py\","
	    "\"function\":\"call\",\"lineNo\":10},"
	    "{\"filename\":\"app/views.py\","
	    "\"absPath\":\"/app/app/views.py\",\"function\":\"show\","
	    "\"lineNo\":42}]}}],\"hasSystemFrames\":false}},"
	    "{\"type\":\"request\",\"data\":{\"method\":\"POST\","
	    "\"url\":\"https://api.raxx.example/api/v1/x\","
	    "\"headers\":[[\"Cookie\",\"secret\"]]}},{\"type\":\"message\","
	    "\"data\":{\"formatted\":\"bad thing 1\"}}]}",
	    "[2026-06-12T13:02:11.098086Z "
	    "event_id:T9999aaaaca8b46d797c23c6077c6ff01 group_id:T1341191803 "
	    "project:T1 title:TValueError: bad message:Tbad thing 1 "
	    "platform:Tpython type:Terror "
	    "created_at:@2026-06-12T13:02:11.098086Z "
	    "received_at:@2026-06-12T13:02:11.428721Z user_id:T55 "
	    "user_email:Tann@example.com user_ip:T203.0.113.7 "
	    "culprit:Tapp.views in show release:Traxx@1.2.3 "
	    "extra:J{\"id\":\"9999aaaaca8b46d797c23c6077c6ff01\","
	    "\"user.name\":\"Ann\",\"user.data\":{},"
	    "\"contexts\":{\"browser\":{\"name\":\"x\"}},"
	    "\"release.dateCreated\":\"x\","
	    "\"size\":1200} exception_type:TValueError exception_value:Tbad "
	    "exception_file:Tapp/views.py exception_function:Tshow "
	    "exception_line:N42 handled:Bfalse=0 request_method:TPOST "
	    "request_url:Thttps://api.raxx.example/api/v1/x "
	    "environment:Tprod level:Terror tags:J{\"environment\":\"prod\","
	    "\"level\":\"error\",\"odd\":null} "
	    "entries:J[{\"type\":\"breadcrumbs\",\"data\":{\"values\":[]}}]]" },
	{ "sentry_event",
	    "{\"event_id\":\"fc6d8c0c43fc4630ad850ee518f1b9d0\","
	    "\"timestamp\":1781269331.098086,\"platform\":\"python\","
	    "\"level\":\"error\",\"logger\":\"django.request\","
	    "\"transaction\":\"/x/<id>\",\"server_name\":\"web.1\","
	    "\"release\":\"raxx@1.2.3\",\"environment\":\"prod\","
	    "\"tags\":{\"region\":\"eu\",\"n\":3,\"level\":\"warning\"},"
	    "\"exception\":{\"values\":[{\"type\":\"ZeroDivisionError\","
	    "\"value\":\"division by zero\",\"module\":null,"
	    "\"mechanism\":{\"handled\":true},"
	    "\"stacktrace\":{\"frames\":[{\"abs_path\":\"/app/a.py\","
	    "\"filename\":\"a.py\",\"function\":\"f\",\"lineno\":7}]}}]},"
	    "\"user\":{\"ip_address\":\"2001:db8::7\",\"username\":\"ann\"},"
	    "\"request\":{\"url\":\"https://api.raxx.example/\","
	    "\"method\":\"GET\",\"cookies\":\"session=secret\"},"
	    "\"breadcrumbs\":{\"values\":[]},"
	    "\"modules\":{\"django\":\"4.2\"},\"extra\":{\"sys.argv\":[1]},"
	    "\"sdk\":{\"name\":\"sentry.python\"}}",
	    "[2026-06-12T13:02:11.098086Z "
	    "event_id:Tfc6d8c0c43fc4630ad850ee518f1b9d0 "
	    "created_at:@2026-06-12T13:02:11.098086Z platform:Tpython "
	    "level:Terror logger:Tdjango.request transaction:T/x/<id> "
	    "server_name:Tweb.1 release:Traxx@1.2.3 environment:Tprod "
	    "user_ip:T2001:db8::7 user_name:Tann "
	    "extra:J{\"breadcrumbs\":{\"values\":[]},"
	    "\"modules\":{\"django\":\"4.2\"},\"extra\":{\"sys.argv\":[1]},"
	    "\"sdk\":{\"name\":\"sentry.python\"}} "
	    "exception_type:TZeroDivisionError exception_value:Tdivision by "
	    "zero exception_file:Ta.py exception_function:Tf "
	    "exception_line:N7 handled:Btrue=1 request_method:TGET "
	    "request_url:Thttps://api.raxx.example/ tags:J{\"region\":\"eu\","
	    "\"n\":\"3\",\"level\":\"warning\"}]" },
	{ "sentry_event",
	    "{\"event_id\":\"fc6d\",\"timestamp\":\"2026-06-12T13:02:11\","
	    "\"received\":1781269332,\"project\":4,"
	    "\"logentry\":{\"message\":\"x %s\",\"params\":[\"1\"],"
	    "\"formatted\":\"x 1\"},\"tags\":[[\"environment\",\"prod\"],"
	    "[\"level\",\"error\"],[\"lonely\"],7],"
	    "\"exception\":[{\"type\":\"A\",\"value\":null},{\"type\":\"B\","
	    "\"value\":\"b\",\"stacktrace\":{\"frames\":[]}}],\"level\":null}",
	    "[2026-06-12T13:02:11Z event_id:Tfc6d "
	    "created_at:@2026-06-12T13:02:11Z "
	    "received_at:@2026-06-12T13:02:12Z project:T4 level:Terror "
	    "exception_type:TB exception_value:Tb message:Tx 1 "
	    "environment:Tprod tags:J{\"environment\":\"prod\","
	    "\"level\":\"error\"}]" },
	{ "sentry_event",
	    "{\"event_id\":\"FC6d8c0c43fc4630ad850ee518f1b9d0\","
	    "\"timestamp\":1,\"tags\":[],\"fingerprint\":[\"a\"],"
	    "\"request\":7,\"entries\":{}}",
	    "[1970-01-01T00:00:01Z event_id:TFC6d8c0c43fc4630ad850ee518f1b9d0 "
	    "created_at:@1970-01-01T00:00:01Z "
	    "extra:J{\"fingerprint\":[\"a\"],\"request\":7} tags:J{}]" },
	{ "config_var",
	    "{\"DATABASE_URL\":\"postgres://u1:p1@db.example.com:5432/d1\","
	    "\"EMPTY\":\"\",\"KEY\":\"a\\nb\",\"GONE\":null,\"lower\":\"x\"}",
	    "[- name:TDATABASE_URL "
	    "value:Spostgres://u1:p1@db.example.com:5432/d1 length:N39 "
	    "url_scheme:Tpostgres url_host:Tdb.example.com url_port:N5432][- "
	    "name:TEMPTY value:S length:N0][- name:TKEY value:Sa\nb "
	    "length:N3][- name:TGONE value:-][- name:Tlower value:Sx "
	    "length:N1]" },
	{ "usage",
	    "{\"addons\":2.5,\"apps\":[{\"addons\":1.5,"
	    "\"app_name\":\"raxx-api-prod\",\"data\":0,\"dynos\":1.0,"
	    "\"partner\":0.5},{\"app_name\":\"raxx-console\",\"addons\":1,"
	    "\"data\":0,\"dynos\":0.5,\"partner\":0}],\"data\":0,"
	    "\"date\":\"2026-06-01\",\"dynos\":1.5,\"id\":\"t1\","
	    "\"name\":\"raxx\",\"partner\":0.5,\"space\":0}",
	    "[2026-06-01T00:00Z addons:N2.5 data:N0 date:@2026-06-01T00:00Z "
	    "dynos:N1.5 usage_id:Tt1 name:Traxx partner:N0.5 space:N0 "
	    "level:Tteam][2026-06-01T00:00Z addons:N1.5 name:Traxx-api-prod "
	    "data:N0 dynos:N1.0 partner:N0.5 level:Tapp "
	    "date:@2026-06-01T00:00Z][2026-06-01T00:00Z name:Traxx-console "
	    "addons:N1 data:N0 dynos:N0.5 partner:N0 level:Tapp "
	    "date:@2026-06-01T00:00Z]" },
	{ "usage",
	    "{\"addons\":0,\"connect\":0,\"data\":0,\"dynos\":1,"
	    "\"id\":\"e1\",\"month\":\"2026-06\",\"name\":\"acme\","
	    "\"partner\":0,\"space\":0,\"teams\":[{\"addons\":0,"
	    "\"apps\":[{\"app_name\":\"a1\",\"dynos\":1,\"addons\":0,"
	    "\"data\":0,\"partner\":0}],\"data\":0,\"dynos\":1,\"id\":\"t1\","
	    "\"name\":\"raxx\",\"partner\":0,\"space\":0},{\"apps\":[],"
	    "\"dynos\":0,\"name\":\"other\"}]}",
	    "[- addons:N0 connect:N0 data:N0 dynos:N1 usage_id:Te1 "
	    "month:T2026-06 name:Tacme partner:N0 space:N0 level:Taccount][- "
	    "addons:N0 data:N0 dynos:N1 usage_id:Tt1 name:Traxx partner:N0 "
	    "space:N0 level:Tteam month:T2026-06][- name:Ta1 dynos:N1 "
	    "addons:N0 data:N0 partner:N0 level:Tapp month:T2026-06][- "
	    "dynos:N0 name:Tother level:Tteam month:T2026-06]" },
};

START_TEST(rows)
{
	struct buf b = BUF_INIT;
	const struct doc_shape *shape;
	struct json_value item;

	ck_assert(json_parse(sv_str(docs[_i].json), &item));
	shape = doc_find(&item);
	ck_assert_ptr_nonnull(shape);
	ck_assert_str_eq(shape->table, docs[_i].table);
	show_all(&b, shape, &item);
	ck_sv(buf_sv(&b), sv_str(docs[_i].want));
	buf_release(&b);
}
END_TEST

static const char *const others[] = {
	"1", "null", "\"x\"", "[]", "[{\"version\":1}]", "{}", "{\"a\":\"b\"}",
	"{\"evt\":\"x\",\"level\":\"info\"}", "{\"A\":1}", "{\"A\":\"x\",\"B\":{}}",
	"{\"A B\":\"x\"}", "{\"1A\":\"x\"}", "{\"\":\"x\"}",
	"{\"A\":\"x\",\"b\":\"y\",\"c\":\"z\"}", "{\"A\":\"x\",\"b\":\"y\"}",
	"{\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"1\"}",
	"{\"version\":1,\"description\":\"x\"}",
	"{\"event_id\":\"x\",\"timestamp\":1}",
	"{\"event_id\":\"fc6d8c0c43fc4630ad850ee518f1b9dg\",\"timestamp\":1}",
	"{\"event_id\":\"fc6d8c0c43fc4630ad850ee518f1b9d00\",\"timestamp\":1}",
	"{\"event_id\":\"fc6d8c0c43fc4630ad850ee518f1b9d\",\"timestamp\":1}",
	"{\"event_id\":[\"c6d8c0c43fc4630ad850ee518f1b9d0\"],\"timestamp\":1}",
	"{\"dynos\":1,\"addons\":2,\"partner\":0}",
	"{\"level\":\"info\",\"timestamp\":\"2026-06-12T13:02:11Z\"}",
};

START_TEST(unknown_shape)
{
	struct json_value item;

	ck_assert(json_parse(sv_str(others[_i]), &item));
	ck_assert_ptr_null(doc_find(&item));
}
END_TEST

/* Rows of a shape that was told before. */
static const struct {
	const char *table, *json, *want;
} odd[] = {
	{ "release", "7", "!bad-item no object" },
	{ "release", "[]", "!bad-item no object" },
	{ "dyno", "\"x\"", "!bad-item no object" },
	{ "config_var", "null", "!bad-item no object" },
	{ "usage", "true", "!bad-item no object" },
	{ "sentry_event", "1.5", "!bad-item no object" },
	{ "release", "{}", "!bad-item no known member" },
	{ "formation", "{\"x\":1}", "!bad-item no known member" },
	{ "config_var", "{}", "" },
	{ "config_var", "{\"A\":7,\"B\":true,\"C\":[],\"C\":{},\"d\":\"x\","
	    "\"\":\"y\",\"a b\":[\"z\"]}",
	    "[- name:TA value:S7 length:N1][- name:TB value:Strue length:N4]"
	    "[- name:TC value:S[] length:N2][- name:TC value:S{} length:N2]"
	    "[- name:Td value:Sx length:N1]!bad-item a value without a name"
	    "[- name:Ta b value:S[\"z\"] length:N5]" },
	/* times */
	{ "release", "{\"created_at\":\"2026-02-30T00:00:00Z\"}",
	    "!bad-time created_at: expected a time" },
	{ "release", "{\"version\":1,\"updated_at\":\"\"}",
	    "!bad-time updated_at: expected a time" },
	{ "release", "{\"version\":1,\"updated_at\":true}",
	    "!bad-time updated_at: expected a time" },
	{ "release", "{\"version\":1,\"created_at\":{}}",
	    "!bad-time created_at: expected a time" },
	{ "release", "{\"version\":1,\"created_at\":null}",
	    "[- version:N1 created_at:-]" },
	{ "sentry_issue", "{\"lastSeen\":\"yesterday\"}",
	    "!bad-time lastSeen: expected a time" },
	{ "sentry_event", "{\"timestamp\":-1}",
	    "!bad-time timestamp: expected a time" },
	{ "sentry_event", "{\"timestamp\":1304358096000}",
	    "!bad-time timestamp: expected a time" },
	{ "sentry_event", "{\"timestamp\":1e999}",
	    "!bad-time timestamp: expected a time" },
	{ "sentry_event", "{\"timestamp\":0.0000014}",
	    "[1970-01-01T00:00:00.000001Z created_at:@"
	    "1970-01-01T00:00:00.000001Z]" },
	{ "sentry_event", "{\"timestamp\":1122036869.821652}",
	    "[2005-07-22T12:54:29.821652Z created_at:@"
	    "2005-07-22T12:54:29.821652Z]" },
	{ "usage", "{\"date\":\"2026-02-30\",\"apps\":[{\"dynos\":1}]}",
	    "!bad-time date: expected a time!bad-time date: expected a time" },
	{ "usage", "{\"name\":\"x\",\"apps\":7,\"teams\":{}}",
	    "[- name:Tx extra:J{\"apps\":7} level:Tteam]" },
	{ "usage", "{\"name\":\"x\",\"apps\":[7,{\"dynos\":1}]}",
	    "[- name:Tx level:Tteam]!bad-item no object"
	    "[- dynos:N1 level:Tapp]" },
	/* values of other types keep theirs */
	{ "release", "{\"version\":\"52\",\"description\":7,\"current\":\"yes\"}",
	    "[- version:N52 description:T7 current:Tyes]" },
	{ "release", "{\"version\":\"v52\",\"description\":[1],"
	    "\"output_stream_url\":{\"a\":1}}",
	    "[- version:Tv52 description:J[1] output_stream_url:S{\"a\":1}]" },
	{ "release", "{\"user\":\"x\",\"version\":1}",
	    "[- version:N1 extra:J{\"user\":\"x\"}]" },
	/* members twice, null first, dots in names, escapes */
	{ "release", "{\"version\":1,\"version\":2,\"status\":null,"
	    "\"status\":\"x\"}",
	    "[- version:N1 status:Tx extra:J{\"version\":2}]" },
	{ "release", "{\"version\":1,\"user.email\":\"x\"}",
	    "[- version:N1 extra:J{\"user.email\":\"x\"}]" },
	{ "release", "{\"ver\\u0073ion\":1,\"a\\n\":\"<\\u0000>\"}",
	    "[- version:N1 extra:J{\"a\\u000a\":\"\\u003c\\u0000\\u003e\"}]" },
	{ "sentry_event", "{\"event_id\":\"a\",\"eventID\":\"b\"}",
	    "[- event_id:Ta extra:J{\"eventID\":\"b\"}]" },
	/* no second secret in extra */
	{ "drain", "{\"url\":\"https://a@h.example\",\"url\":\"https://b@x\"}",
	    "[- url:Shttps://a@h.example url_scheme:Thttps "
	    "url_host:Th.example]" },
	/* parts that are not what they should be */
	{ "sentry_event", "{\"event_id\":\"a\",\"exception\":7,\"tags\":\"x\","
	    "\"entries\":{},\"request\":[],\"logentry\":\"x\",\"user\":null}",
	    "[- event_id:Ta extra:J{\"exception\":7,\"tags\":\"x\","
	    "\"logentry\":\"x\"}]" },
	{ "sentry_event", "{\"event_id\":\"a\",\"exception\":{\"values\":[]},"
	    "\"entries\":[1,{\"type\":7},{\"type\":\"exception\",\"data\":7}],"
	    "\"tags\":[]}", "[- event_id:Ta tags:J{} "
	    "entries:J[1,{\"type\":7}]]" },
	{ "sentry_event", "{\"event_id\":\"a\",\"exception\":{\"type\":\"E\","
	    "\"value\":{\"v\":1},\"stacktrace\":{\"frames\":[7]}}}",
	    "[- event_id:Ta exception_type:TE exception_value:J{\"v\":1}]" },
	{ "sentry_event", "{\"event_id\":\"a\",\"exception\":{\"values\":7}}",
	    "[- event_id:Ta]" },
};

START_TEST(odd_items)
{
	const struct doc_shape *shape = doc_named(sv_str(odd[_i].table));
	struct buf b = BUF_INIT;
	struct json_value item;

	ck_assert_ptr_nonnull(shape);
	ck_assert(json_parse(sv_str(odd[_i].json), &item));
	show_all(&b, shape, &item);
	ck_sv(buf_sv(&b), sv_str(odd[_i].want));
	buf_release(&b);
}
END_TEST

START_TEST(tables_have_names_of_their_own)
{
	for (size_t i = 0; i < ndoc_shapes; i++) {
		const struct doc_shape *s = doc_shapes[i];

		ck_assert_ptr_eq(doc_named(sv_str(s->table)), s);
		ck_assert(s->doc && s->is && s->next);
	}
	ck_assert_ptr_null(doc_named(SV("")));
	ck_assert_ptr_null(doc_named(SV_NULL));
}
END_TEST

START_TEST(says_where_a_bad_time_is)
{
	sv text = SV("{\"version\":1,\"created_at\":\"x\"}");
	struct json_value item;
	struct bad_line bad;
	struct doc_row row;
	struct doc_it it;
	bool ok;

	ck_assert(json_parse(text, &item));
	doc_begin(&it, doc_named(SV("release")), &item);
	ck_assert(doc_next(&it, &arena, &row, &bad, &ok) && !ok);
	ck_sv_lit(sv_skip(text, bad.at), "\"x\"}");
}
END_TEST

/* A row may have any number of members without a column, at a cost of each
 * once; the rows of an item too. */
START_TEST(big_items_take_linear_time)
{
	struct json_value item;
	struct buf b = BUF_INIT;
	struct bad_line bad;
	struct doc_row row;
	struct doc_it it;
	size_t n = 0;
	bool ok;

	buf_lit(&b, "{\"date\":\"2026-06-12\",\"apps\":[");
	while (b.n < 2 * 1024 * 1024)
		buf_lit(&b, "{\"dynos\":1,\"other\":\"x\"},");
	buf_lit(&b, "{\"dynos\":1}]");
	while (b.n < 4 * 1024 * 1024)
		buf_printf(&b, ",\"k%zu\":\"\\n\"", b.n);
	buf_lit(&b, "}");
	ck_assert(json_parse(buf_sv(&b), &item));
	doc_begin(&it, doc_named(SV("usage")), &item);
	while (doc_next(&it, &arena, &row, &bad, &ok)) {
		ck_assert(ok && row.ts != UTC_NONE);
		n++;
	}
	ck_assert_uint_gt(n, 10000);
	buf_release(&b);
}
END_TEST

Suite *
test_doc(void)
{
	Suite *s = suite_create("doc");
	TCase *tc = tcase_create("documents");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, rows, docs);
	add_table(tc, unknown_shape, others);
	add_table(tc, odd_items, odd);
	tcase_add_test(tc, tables_have_names_of_their_own);
	tcase_add_test(tc, says_where_a_bad_time_is);
	tcase_add_test(tc, big_items_take_linear_time);
	return s;
}
