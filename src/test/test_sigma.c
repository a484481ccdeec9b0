/* SPDX-License-Identifier: MIT */
/* Rules are compiled and run over a few records; what matches is what counts. */
#include "detect/sigma.h"

#include <sqlite3.h>

#include "base/utc.h"
#include "detect/sqlfn.h"
#include "store/db.h"
#include "store/query.h"
#include "test/ck.h"

Suite *test_sigma(void);

static struct arena arena;
static struct store *st;

static const char records[] =
    "INSERT INTO source(id, digest, name, format, form, arrived, bytes, read,"
    " stored, duplicates, rejected, blank, first)"
    " VALUES (1, x'00', 'a.log', 'heroku-text', 'pull', 0, 0, 0, 0, 0, 0, 0, 0);"
    "INSERT INTO str VALUES (1, 'GET'), (2, 'POST'), (3, '/API/v2?x=1'),"
    " (4, 'api.raxx.example'), (5, 'tok1'), (6, 'tok2'), (7, ''),"
    " (8, 'a*b\\c.PHP'), (9, '%_'), (10, 'web.1'), (11, 'login.failed'),"
    " (12, 'ERROR: no such user'), (13, 'app[web.1]'), (14, '12'),"
    " (15, 'curl/8.0'), (16, 'warning'), (17, 'H12'), (18, 'https'),"
    " (19, 'web.12');"
    "INSERT INTO main.request_row(id, ts, source, line, byte, hash, nth, method, path,"
    " host, status, bytes, client, token, service_ms, request_id, flags) VALUES"
    " (1, 100, 1, 1, 0, 11, 1, 1, 3, 4, 200, 10, 3325256711, NULL, 7, NULL, 0),"
    " (2, 200, 1, 2, 0, 12, 1, 2, '/api/beta/preview/T1/screens/s01?y', 4, 404,"
    "  NULL, x'20010db800000001', 5, NULL,"
    "  x'00112233445566778899aabbccddeeff', 0),"
    " (3, 300, 1, 3, 0, 13, 1, NULL, 7, NULL, 500, 5, NULL, 6, 100, NULL, 0),"
    " (4, 400, 1, 4, 0, 14, 1, 1, 8, 9, 404, 9, 3325256712, 6, 9, 'rid', 0);"
    "UPDATE main.request_row SET path_decoded = '/q?s=<script>' WHERE id = 1;"
    "UPDATE main.request_row SET code = 17, dyno = 10, protocol = 18 WHERE id = 3;"
    "UPDATE main.request_row SET fwd = '203.0.113.9, 198.51.100.8' WHERE id = 4;"
    "INSERT INTO main.access(id, ts, source, line, byte, hash, nth, origin, method,"
    " path, user_agent, status) VALUES (1, 150, 1, 5, 0, 15, 1, 13, 1, 3, 15,"
    " 200);"
    "INSERT INTO main.app(id, ts, source, line, byte, hash, nth, origin, level,"
    " event, message, payload, token_h, client, known) VALUES"
    " (1, 110, 1, 6, 0, 16, 1, 13, 16, 11, 'ERROR: no such user', 0, 5,"
    "  3325256711, 0),"
    " (2, 120, 1, 7, 0, 17, 1, 13, NULL, NULL, 'Done 12', 0, NULL, NULL, 1);"
    "INSERT INTO main.app(id, ts, source, line, byte, hash, nth, origin, message,"
    " payload, fields) VALUES (3, 130, 1, 8, 0, 18, 1, 13, 'sql_error_code ="
    " 42601 ERROR: syntax error', 5, '{}');"
    "INSERT INTO main.platform(id, ts, source, line, byte, hash, nth, origin,"
    " event, version, message) VALUES"
    " (1, 140, 1, 9, 0, 19, 1, 13, 11, 42, 'Release v42 created');"
    "INSERT INTO main.dump_waitlist_signups(id, ts, source, line, byte, hash, nth,"
    " row_id, email, ip, confirmed_at) VALUES"
    " (1, 1780916400000000, 1, 10, 0, 20, 1, '5', 'ann@example.org',"
    "  '198.51.100.7', 1780920000000000),"
    " (2, 1781481599000000, 1, 11, 0, 21, 1, '15', 'Bob@example.org', NULL,"
    "  NULL);"
    "INSERT INTO main.dump_console_audit_events(id, ts, source, line, byte, hash,"
    " nth, seq, actor_id, resource_id, action) VALUES"
    " (1, 500, 1, 12, 0, 22, 1, 7, 'ops', 'OPS', 'role.grant'),"
    " (2, 600, 1, 13, 0, 23, 1, 8, 'ops', 'ann', 'role.revoke');"
    "INSERT INTO main.dump_customer_audit_events(id, ts, source, line, byte, hash,"
    " nth, seq, tenant_id, actor_id, action, detail) VALUES"
    " (1, 500, 1, 14, 0, 24, 1, 1, 't-beta', 'u1', 'nda.accepted', '{}');";

/* Loads `text` (one rule is expected) or fails the test. */
static struct rule *
load(const char *text, bool strict)
{
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t n = 0;
	struct rule_file f = { SV("r.yml"), sv_str(text) };

	ck_assert_msg(sigma_read(&arena, f, strict, &r, &n, &e), "%s", e.msg);
	ck_assert_uint_eq(n, 1);
	return r[0];
}

static struct query *
open_arm(const struct arm *arm, int64_t from, int64_t to)
{
	struct err e = ERR_INIT;
	struct query *q = query_open(st, arm->sql, NULL, &e);

	ck_assert_msg(q != NULL, "%s\n%.*s", e.msg, SV_ARG(arm->sql));
	for (size_t i = 0; i < arm->nbinds; i++) {
		const struct bind *b = &arm->bind[i];

		if (b->kind == BIND_TEXT)
			query_bind_text_at(q, (int)i + 1, b->text);
		else if (b->kind == BIND_I64)
			query_bind_i64_at(q, (int)i + 1, b->num);
		else
			query_bind_real_at(q, (int)i + 1, b->real);
	}
	ck_assert(query_bind_i64(q, "from", from));
	ck_assert(query_bind_i64(q, "to", to));
	return q;
}

/* What the columns hold, rows sorted by rec and step: "id/kind key val step". */
static void
run_arm(const struct arm *arm, int64_t from, int64_t to, struct buf *out)
{
	struct err e = ERR_INIT;
	struct query *q = open_arm(arm, from, to);
	enum query_end end;

	while ((end = query_next(q, &e)) == QUERY_MORE) {
		int64_t rec = query_i64(q, query_column(q, "rec"));
		sv key = query_text(q, query_column(q, "key"));
		sv val = query_text(q, query_column(q, "val"));

		buf_printf(out, "%s%d/%d %.*s %.*s %d", out->n ? "; " : "",
		    (int)(rec / 16), (int)(rec % 16),
		    sv_null(key) ? 1 : (int)key.n, sv_null(key) ? "-" : key.p,
		    sv_null(val) ? 1 : (int)val.n, sv_null(val) ? "-" : val.p,
		    (int)query_i64(q, query_column(q, "step")));
	}
	ck_assert_msg(end == QUERY_DONE, "%s", e.msg);
	query_close(q);
	buf_byte(out, '\0');
}

/* Ids of matching records of the rule's only arm, as "124". */
static void
matching(const char *text, struct buf *out)
{
	struct err e = ERR_INIT;
	const struct rule *r = load(text, true);
	struct query *q = open_arm(&r->arm[0], 0, INT64_MAX / 2);
	enum query_end end;

	while ((end = query_next(q, &e)) == QUERY_MORE)
		buf_byte(out, (char)('0' + query_i64(q, 0) / 16));
	ck_assert_msg(end == QUERY_DONE, "%s", e.msg);
	query_close(q);
	buf_byte(out, '\0');
}

#define WEB "title: t\nlogsource: {category: webserver}\ndetection:\n"
#define APP "title: t\nlogsource: {category: application}\ndetection:\n"
#define DB "title: t\nlogsource: {category: database}\ndetection:\n"
#define PLATFORM "title: t\nlogsource: {product: heroku, service: platform}\n" \
	"detection:\n"
#define RAXX(table) "title: t\nlogsource: {product: raxx, service: " table \
	"}\ndetection:\n"

static const struct {
	const char *text, *want;
} matches[] = {
	/* maps, lists, lists of maps */
	{ WEB " s: {sc-status: 404}\n condition: s", "24" },
	{ WEB " s: {sc-status: [200, 500]}\n condition: s", "13" },
	{ WEB " s: {sc-status: '404', cs-method: get}\n condition: s", "4" },
	{ WEB " s: [{sc-status: 500}, {cs-method: POST}]\n condition: s", "23" },
	{ WEB " s: {cs-host: Api.Raxx.Example}\n condition: s", "12" },
	/* a field that a record lacks: false, so not of it is true */
	{ WEB " s: {cs-method: GET}\n condition: not s", "23" },
	{ WEB " s: {sc-status|gt: 1}\n f: {cs-host: x}\n"
	    " condition: s and not f", "1234" },
	{ WEB " s: {cs-method|neq: GET}\n condition: s", "23" },
	{ WEB " s: {cs-method|neq: [GET, POST]}\n condition: s", "3" },
	/* '' is not null */
	{ WEB " s: {path: ''}\n condition: s", "3" },
	{ WEB " s: {path: null}\n condition: s", "" },
	{ WEB " s: {cs-method: null}\n condition: s", "3" },
	{ WEB " s:\n  cs-method:\n condition: not s", "124" },
	{ WEB " s: {cs-host: ''}\n condition: s", "" },
	{ WEB " s: {c-ip: null}\n condition: s", "3" },
	{ WEB " s: {token|exists: true}\n condition: s", "234" },
	{ WEB " s: {token|exists: false}\n condition: s", "1" },
	/* either form of a path */
	{ WEB " s: {cs-uri-query|contains: '<script>'}\n condition: s", "1" },
	{ WEB " s: {cs-uri-query|contains: 'x=1'}\n condition: s", "1" },
	{ WEB " s: {c-uri-query|contains: 's='}\n condition: s", "1" },
	{ WEB " s: {cs-uri-stem: '/q'}\n condition: not s", "234" },
	{ WEB " s:\n  - <script>\n condition: s", "1" },
	/* wildcards and escapes */
	{ WEB " s: {path: 'a*'}\n condition: s", "4" },
	{ WEB " s: {path: '/api/*'}\n condition: s", "12" },
	{ WEB " s: {path: 'a\\*b*'}\n condition: s", "4" },
	{ WEB " s: {path: 'a?b\\c.php'}\n condition: s", "4" },
	{ WEB " s: {path: 'a\\?b*'}\n condition: s", "" },
	{ WEB " s: {path|contains: 'b\\c'}\n condition: s", "4" },
	{ WEB " s: {path|contains: 'b\\\\c'}\n condition: s", "4" },
	{ WEB " s: {path|contains: '\\\\*.php'}\n condition: s", "4" },
	{ WEB " s: {cs-host: '%_'}\n condition: s", "4" },
	{ WEB " s: {cs-host|contains: '%'}\n condition: s", "4" },
	/* modifiers */
	{ WEB " s: {path|startswith: /api/}\n condition: s", "12" },
	{ WEB " s: {path|startswith|cased: /api/}\n condition: s", "2" },
	{ WEB " s: {path|endswith: [.php, 'x=1']}\n condition: s", "14" },
	{ WEB " s: {path|contains|all: [api, v2]}\n condition: s", "1" },
	{ WEB " s: {path|re: '^/api/'}\n condition: s", "2" },
	{ WEB " s: {path|re|i: '^/api/'}\n condition: s", "12" },
	{ WEB " s: {sc-status|gte: 404, sc-status|lt: 500}\n condition: s",
	    "24" },
	{ WEB " s: {sc-bytes|lte: 9}\n condition: s", "34" },
	{ WEB " s: {sc-status|startswith: 4}\n condition: s", "24" },
	{ WEB " s: {sc-status: '4*'}\n condition: s", "24" },
	{ WEB " s: {c-ip: 198.51.100.7}\n condition: s", "1" },
	{ WEB " s: {c-ip: '198.51.100.*'}\n condition: s", "14" },
	{ WEB " s: {c-ip|cidr: [198.51.100.8/31, '2001:db8::/32']}\n"
	    " condition: s", "24" },
	{ WEB " s: {c-ip: '2001:db8:0:1::99'}\n condition: s", "2" },
	/* derived fields */
	{ WEB " s: {cs-uri-stem: /api/v2}\n condition: s", "1" },
	{ WEB " s: {c-uri-extension: php}\n condition: s", "4" },
	{ WEB " s: {screen: s01}\n condition: s", "2" },
	{ WEB " s: {screen: null}\n condition: s", "134" },
	{ WEB " s: {c-uri-query: x=1}\n condition: s", "1" },
	{ WEB " s: {request_id: 00112233-4455-6677-8899-AABBCCDDEEFF}\n"
	    " condition: s", "2" },
	{ WEB " s: {time-taken|gt: 8}\n condition: s", "34" },
	{ WEB " s: {r-dns: api.raxx.example}\n condition: s", "12" },
	{ WEB " s: {fwd|contains: '203.0.113.9'}\n condition: s", "4" },
	/* a fwd that is the client alone is not stored */
	{ WEB " s: {fwd: 198.51.100.7}\n condition: s", "1" },
	{ WEB " s: {fwd|startswith: '198.'}\n condition: s", "1" },
	{ WEB " s: {fwd|re: '^(198|203)'}\n condition: s", "14" },
	{ WEB " s: {fwd|cidr: 198.51.100.0/24}\n condition: s", "1" },
	{ WEB " s: {fwd|neq: 198.51.100.7}\n condition: s", "234" },
	{ WEB " s: {fwd|fieldref: c-ip}\n condition: s", "1" },
	{ WEB " s: {fwd: null}\n condition: s", "23" },
	{ WEB " s: {fwd|exists: true}\n condition: s", "14" },
	/* numbers in text: 12 is more than 9, words are not */
	{ APP " s: {message|gt: 9}\n condition: s", "" },
	{ APP " s: {known: false}\n condition: s", "1" },
	{ APP " s: {known: 1}\n condition: s", "2" },
	{ APP " s: {event: login.*}\n condition: s", "1" },
	{ APP " s: {ip: 198.51.100.7}\n condition: s", "1" },
	/* keywords */
	{ APP " s: [NO SUCH, other]\n condition: s", "1" },
	{ APP " s: ['er*user']\n condition: s", "1" },
	{ APP " s: {'|all': [done, '12']}\n condition: s", "2" },
	{ APP " s: {'|all': [done, '13']}\n condition: s", "" },
	{ APP " s: {'|re': ['^D.n']}\n condition: s", "2" },
	{ APP " s: done\n condition: not s", "13" },
	{ APP " s: [12]\n condition: s", "2" },
	{ APP " s: [{event: x}, done]\n condition: s", "2" },
	{ WEB " s: [raxx.example]\n condition: s", "12" },
	{ WEB " s: {'|all': [post, screens]}\n condition: s", "2" },
	{ WEB " s: {'|all': [get, screens]}\n condition: s", "" },
	{ WEB " s: [404]\n condition: s", "24" },
	{ WEB " s: [H12, nope]\n condition: s", "3" },
	{ WEB " s: ['code=H12']\n condition: s", "3" },
	{ WEB " s: ['status=404', 'status=500']\n condition: s", "234" },
	{ WEB " s: ['get*status=200']\n condition: s", "1" },
	{ WEB " s: ['status=200*get']\n condition: s", "" },
	{ WEB " s: ['ra?x.example']\n condition: s", "12" },
	{ WEB " s: {'|all': [POST, 404, 'dyno=']}\n condition: s", "" },
	{ WEB " s: {'|all': [POST, 404, 'host=api']}\n condition: s", "2" },
	{ WEB " s: ['203.0.113.9']\n condition: s", "4" },
	{ WEB " s: ['198.51.100.7']\n condition: s", "1" },
	{ WEB " s: ['fwd=\"198.51.100.7\"']\n condition: s", "1" },
	{ WEB " s: ['00112233-4455']\n condition: s", "2" },
	{ WEB " s: ['web.1 service=100ms st']\n condition: s", "3" },
	{ WEB " s: ['\"/q?s=<script>']\n condition: s", "" },
	{ WEB " s: [status, fwd]\n condition: s", "" },
	{ WEB " s: ['service=7ms', '9ms st']\n condition: s", "14" },
	{ WEB " s: [7m]\n condition: s", "1" },
	{ WEB " s: ['=POST path=*404']\n condition: s", "2" },
	{ WEB " s: ['host=* * =']\n condition: s", "" },
	{ WEB " s: [0011223]\n condition: s", "" },
	{ WEB " s: ['request_id=00']\n condition: s", "2" },
	{ WEB " s: ['ms status=']\n condition: s", "134" },
	{ WEB " s: {'|re': ['status=(404|500)']}\n condition: s", "234" },
	{ WEB " s: {'|neq': [404, GET]}\n condition: s", "3" },
	{ WEB " s: {'|cased': [get, HTTPS]}\n condition: s", "" },
	/* Postgres lines are app lines, and a log source of their own */
	{ APP " s: [syntax error]\n condition: s", "3" },
	{ DB " s: [error]\n condition: s", "3" },
	{ DB " s: {message|endswith: error}\n condition: s", "3" },
	{ PLATFORM " s: {event: login.failed, version: 42}\n condition: s",
	    "1" },
	{ PLATFORM " s: [release v42]\n condition: s", "1" },
	/* dumps: plain text, so that 5 is no number of the dictionary */
	{ RAXX("waitlist_signups") " s: {id: 5}\n condition: s", "1" },
	{ RAXX("waitlist_signups") " s: {id: '?5'}\n condition: s", "2" },
	{ RAXX("waitlist_signups") " s: {email|startswith: bob}\n"
	    " condition: s", "2" },
	{ RAXX("waitlist_signups") " s: [EXAMPLE.org, x]\n condition: s",
	    "12" },
	{ RAXX("waitlist_signups") " s: ['5,ann']\n condition: s", "1" },
	{ RAXX("waitlist_signups") " s: {ip|cidr: 198.51.100.0/24}\n"
	    " condition: not s", "2" },
	{ RAXX("waitlist_signups") " s: {confirmed_at: null}\n"
	    " condition: s", "2" },
	{ RAXX("console_audit_events") " s: {seq|gt: 7}\n condition: s", "2" },
	{ RAXX("customer_audit_events") " s: {action: nda.*, id: null}\n"
	    " condition: s", "1" },
	/* times, UTC */
	{ RAXX("waitlist_signups") " s: {created_at|hour: 11}\n"
	    " condition: s", "1" },
	{ RAXX("waitlist_signups") " s: {created_at|hour|gte: 12}\n"
	    " condition: s", "2" },
	{ RAXX("waitlist_signups") " s: {timestamp|minute: [0, 59]}\n"
	    " condition: s", "12" },
	{ RAXX("waitlist_signups") " s: {ts|day: [8, 14], ts|week: 24, "
	    "ts|month: 6, ts|year: 2026}\n condition: s", "12" },
	{ RAXX("waitlist_signups") " s: {ts|week|neq: 24}\n condition: s",
	    "" },
	{ RAXX("waitlist_signups") " s: {ts|year|neq: 2026}\n condition: s",
	    "" },
	{ RAXX("waitlist_signups") " s: {confirmed_at|hour|lt: 23}\n"
	    " condition: not s", "2" },
	{ RAXX("waitlist_signups") " s: {date: 2026-06-14, time|endswith: "
	    "':59'}\n condition: s", "2" },
	{ RAXX("waitlist_signups") " s: {created_at: "
	    "'2026-06-08T11:00:00.000000Z'}\n condition: s", "1" },
	/* one field and another */
	{ RAXX("console_audit_events") " s: {actor_id|fieldref: resource_id}\n"
	    " condition: s", "1" },
	{ RAXX("console_audit_events") " s: {actor_id|fieldref|cased: "
	    "resource_id}\n condition: s", "" },
	{ RAXX("console_audit_events") " s: {actor_id|fieldref|neq: "
	    "resource_id}\n condition: s", "2" },
	{ RAXX("console_audit_events") " s: {action|fieldref|contains: "
	    "actor_role}\n condition: s", "" },
	{ WEB " s: {cs-uri-query|fieldref|endswith: c-uri-query}\n"
	    " condition: s", "12" },
	{ WEB " s: {cs-uri-query|fieldref|startswith: cs-uri-stem}\n"
	    " condition: s", "1234" },
	{ WEB " s: {cs-uri-query|fieldref: [cs-uri-stem, cs-method]}\n"
	    " condition: s", "34" },
	{ WEB " s: {cs-uri-query|fieldref|all: [cs-uri, path]}\n"
	    " condition: s", "1234" },
	/* patterns with ends */
	{ WEB " s: {path|re|startswith: /api}\n condition: s", "2" },
	{ WEB " s: {path|re|startswith|i: /api}\n condition: s", "12" },
	{ WEB " s: {path|re|endswith: 'c\\.PHP'}\n condition: s", "4" },
	{ WEB " s: {path|re|endswith: 'beta'}\n condition: s", "" },
	{ WEB " s: {path|re|contains: 'beta|PHP'}\n condition: s", "24" },
	{ WEB " s: {path|re|ignorecase|all: [API, V2]}\n condition: s", "1" },
	{ WEB " s: {path|re|neq: '^/'}\n condition: s", "34" },
	{ WEB " s: {path|startswith|endswith: 'v2?x'}\n condition: s", "1" },
	/* what encodings make of a text */
	{ WEB " s: {cs-host|base64|contains: x}\n condition: s", "" },
	{ WEB " s: {path|contains|windash: '-y'}\n condition: s", "" },
	{ WEB " s: {path|endswith|windash: '-T1/screens/s01?y'}\n"
	    " condition: s", "2" },
	/* conditions */
	{ WEB " not_x: {sc-status: 200}\n condition: not_x", "1" },
	{ WEB " not_x: {sc-status: 200}\n _x: {sc-status: 404}\n"
	    " condition: not_x or _x", "124" },
	{ WEB " nothing: {sc-status: 200}\n hing: {sc-status: 404}\n"
	    " condition: nothing", "1" },
	{ WEB " a: {sc-status: 200}\n b: {sc-status: 404}\n"
	    " c: {cs-method: GET}\n condition: a or b and c", "14" },
	{ WEB " a: {sc-status: 200}\n b: {sc-status: 404}\n"
	    " c: {cs-method: POST}\n condition: (a or b) and c", "2" },
	{ WEB " a: {sc-status: 200}\n condition: not (not a)", "1" },
	{ WEB " a: {sc-status: 200}\n condition: not not a", "1" },
	{ WEB " s_1: {sc-status: 404}\n s_2: {cs-method: GET}\n"
	    " condition: all of s_*", "4" },
	{ WEB " s_1: {sc-status: 500}\n s_2: {cs-method: GET}\n"
	    " condition: 1 of s_*", "134" },
	{ WEB " s_1: {sc-status: 500}\n s_2: {cs-method: GET}\n"
	    " condition: any of them and not 1 of *2", "3" },
	{ WEB " _x: {sc-status: 500}\n y: {cs-method: POST}\n"
	    " condition: 1 of them", "2" },
	{ WEB " _x: {sc-status: 500}\n y: {cs-method: POST}\n"
	    " condition: 1 of _*", "3" },
	{ WEB " s_a1: {sc-status: 500}\n s_b1: {sc-status: 200}\n"
	    " s_b2: {sc-status: 404}\n condition: 1 of s_*1", "13" },
	{ WEB " and_x: {sc-status: 500}\n or_x: {sc-status: 200}\n"
	    " condition: and_x or or_x", "13" },
	{ WEB " f.conf: {sc-status: 500}\n condition: f.conf", "3" },
	{ WEB " 'a|b': {sc-status: 500}\n condition: 1 of a*", "3" },
	{ WEB " a: {sc-status: 500}\n b: {sc-status: 200}\n"
	    " condition: [a, b]", "13" },
	/* the access line has what the router line lacks */
	{ WEB " s: {cs-user-agent|contains: curl}\n condition: s", "1" },
	{ "title: t\nlogsource: {product: heroku, service: router}\n"
	    "detection: {s: {code: H12}, condition: not s}\n", "124" },
};

START_TEST(match)
{
	struct buf b = BUF_INIT;

	matching(matches[_i].text, &b);
	ck_assert_msg(strcmp(b.p, matches[_i].want) == 0, "got '%s', want "
	    "'%s' of\n%s", b.p, matches[_i].want, matches[_i].text);
	buf_release(&b);
}
END_TEST

static const struct {
	const char *text, *want;
} errors[] = {
	{ "a: [", "r.yml:2:1: did not find expected node content (while parsing "
	    "a flow node)" },
	{ "", "r.yml:1:1: no document" },
	{ "- a", "r.yml:1:1: a Sigma document must be a map" },
	{ "a: b", "r.yml:1:1: 'title' is missing" },
	{ "title: t", "r.yml:1:1: either 'detection', 'correlation' or "
	    "'filter' is expected" },
	{ "title: t\ndetection: {s: x, condition: s}",
	    "r.yml:1:1: 'logsource' is missing" },
	{ "title: t\nfilter: {}\n", "r.yml:1:1: 'logsource' is missing" },
	{ "action: global\ntitle: t\n", "r.yml:1:1: gone from Sigma 2, write "
	    "every document in full: 'action'" },
	{ WEB " s: {path|fieldref: nope}\n condition: s",
	    "r.yml:4:21: field nope unavailable" },
	{ WEB " s: {path|fieldref: 'a*'}\n condition: s",
	    "r.yml:4:21: 'a*' is no field name" },
	{ WEB " s: {path|hour: 1}\n condition: s",
	    "r.yml:4:6: field path is no time" },
	{ WEB " s: {ts|hour: 24}\n condition: s",
	    "r.yml:4:15: '24' is no hour: 0 to 23" },
	{ WEB " s: {ts|month: 0}\n condition: s",
	    "r.yml:4:16: '0' is no month: 1 to 12" },
	{ WEB " s: {path|base64: 'a*'}\n condition: s",
	    "r.yml:4:19: base64 takes no wildcards: 'a*'" },
	{ WEB " s: {path|contains|base64: a}\n condition: s", "r.yml:4:20: "
	    "cannot follow the modifiers before it: 'base64'" },
	{ WEB " s: {path|windash: '-a -b -c -d -e -f'}\n condition: s",
	    "r.yml:4:20: too many forms of '-a -b -c -d -e -f'" },
	{ WEB " s: {path|expand: '%apps%'}\n condition: s",
	    "r.yml:4:19: site.yml has no list for placeholder 'apps'" },
	{ WEB " s: {path|exists|neq: true}\n condition: s", "r.yml:4:18: "
	    "cannot follow the modifiers before it: 'neq'" },
	{ WEB " s: {path|all|exists: true}\n condition: s", "r.yml:4:15: "
	    "it must be the first modifier: 'exists'" },
	{ WEB " s: {path|contains: null}\n condition: s",
	    "r.yml:4:21: null takes no modifier" },
	{ WEB " s: {'|startswith': [a]}\n condition: s", "r.yml:4:6: keywords "
	    "do not take these modifiers: '|startswith'" },
	{ WEB " s: {path: x}\n condition: s near s", "r.yml:5:15: 'near' is "
	    "gone from Sigma 2: write a temporal correlation" },
	{ WEB " s: {path|contians: x}\n condition: s",
	    "r.yml:4:11: unknown modifier 'contians'" },
	{ WEB " s: {path|contains|re: x}\n condition: s",
	    "r.yml:4:20: it must be the first modifier: 're'" },
	{ WEB " s: {path|contains|gt: 1}\n condition: s",
	    "r.yml:4:20: cannot follow the modifiers before it: 'gt'" },
	{ WEB " s: {path|i: x}\n condition: s",
	    "r.yml:4:11: cannot follow the modifiers before it: 'i'" },
	{ WEB " s: {path|re: '('}\n condition: s",
	    "r.yml:4:17: pattern, byte 1: missing closing parenthesis" },
	{ WEB " s: {sc-status|gt: x}\n condition: s",
	    "r.yml:4:20: 'x' is no number" },
	{ WEB " s: {c-ip|cidr: 10.1.2.0/22}\n condition: s",
	    "r.yml:4:17: '10.1.2.0/22' is no network" },
	{ WEB " s: {path|exists: x}\n condition: s",
	    "r.yml:4:19: 'exists' takes true or false" },
	{ WEB " s: {path: [a, null]}\n condition: s",
	    "r.yml:4:16: null may not stand in a list" },
	{ WEB " s: {path: []}\n condition: s", "r.yml:4:12: the list is empty" },
	{ WEB " s: {path: {a: b}}\n condition: s",
	    "r.yml:4:12: a value or a list of values is expected" },
	{ WEB " s: {}\n condition: s", "r.yml:4:5: the selection is empty" },
	{ WEB " s: {path: x}\n", "r.yml:4:2: 'condition' is missing" },
	{ WEB " s: {path: x}\n condition: t",
	    "r.yml:5:13: no selection is called 't'" },
	{ WEB " s: {path: x}\n condition: s AND s",
	    "r.yml:5:15: write in lower case: 'AND'" },
	{ WEB " s: {path: x}\n condition: s and",
	    "r.yml:5:18: the condition ends too early" },
	{ WEB " s: {path: x}\n condition: s s",
	    "r.yml:5:15: 'and' or 'or' is missing before 's'" },
	{ WEB " s: {path: x}\n condition: (s",
	    "r.yml:5:15: ')' is missing" },
	{ WEB " s: {path: x}\n condition: s)", "r.yml:5:14: no '(' for ')'" },
	{ WEB " s: {path: x}\n condition: or s",
	    "r.yml:5:13: misplaced word 'or'" },
	{ WEB " s: {path: x}\n condition: 2 of s*", "r.yml:5:13: only '1 of', "
	    "'any of' and 'all of' are known, not '2'" },
	{ WEB " s: {path: x}\n condition: s and 1 of filter_*",
	    "r.yml:5:24: no selection fits 'filter_*'" },
	{ WEB " s: {path: x}\n condition: s | count() by path > 5",
	    "r.yml:5:15: the pipe form of conditions is gone from Sigma 2: "
	    "write a correlation" },
	{ WEB " s: {path: x}\n timeframe: 5m\n condition: s",
	    "r.yml:5:2: gone from Sigma 2, write a correlation: 'timeframe'" },
	{ WEB " s: {cs-cookie: x}\n condition: s",
	    "r.yml:4:6: field cs-cookie unavailable" },
	{ "title: t\nlogsource: {category: dns}\n"
	    "detection: {s: {a: b}, condition: s}\n",
	    "r.yml:2:12: no source for log source category 'dns', "
	    "product ''" },
	{ WEB " s: {path: x}\n condition: s\nlevel: hihg\n",
	    "r.yml:6:8: unknown level 'hihg'" },
	{ WEB " s: {path: x}\n condition: s\nraxx: {id: A, rout: x}\n",
	    "r.yml:6:15: unknown key 'rout'" },
	{ WEB " s: {path: x}\n condition: s\nraxx: {id: A, route: x}\n",
	    "r.yml:6:22: 'x' is no route: immediate, same-day or digest" },
	{ WEB " s: {path: x}\n condition: s\nraxx: {id: A, sources: [x]}\n",
	    "r.yml:6:25: 'x' is no source" },
	{ WEB " s: {path: x}\n condition: s\nraxx: {id: A, suppress: 1y}\n",
	    "r.yml:6:25: '1y' is no duration such as 60m" },
};

START_TEST(error)
{
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t n = 0;
	struct rule_file f = { SV("r.yml"), sv_str(errors[_i].text) };

	ck_assert(!sigma_read(&arena, f, true, &r, &n, &e));
	ck_assert_str_eq(e.msg, errors[_i].want);
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

#define BASE "\n---\ntitle: b\nname: b\nlogsource: {category: webserver}\n" \
	"detection: {s: {sc-status|gte: 400}, condition: s}\n"
#define BASE2 "---\ntitle: c\nid: c\nlogsource: {category: webserver}\n" \
	"detection: {s: {token: tok2}, condition: s}\n"

static const struct {
	const char *text;
	enum arm_kind kind;
	const char *want;
} correlations[] = {
	{ "title: t\ncorrelation: {type: event_count, rules: [b], group-by: "
	    "[c-ip], timespan: 10m, condition: {gte: 2}}" BASE,
	    ARM_EVENT_COUNT,
	    "2/1 2001:db8:0:1::/64 - 0; 3/1 - - 0; 4/1 198.51.100.8 - 0" },
	{ "title: t\ncorrelation: {type: value_count, rules: b, "
	    "timespan: 1h, condition: {gt: 2, lte: 9, field: token}}" BASE,
	    ARM_VALUE_COUNT, "2/1  tok1 0; 3/1  tok2 0; 4/1  tok2 0" },
	{ "title: t\ncorrelation: {type: value_count, rules: b, group-by: "
	    "[sc-status, token], timespan: 1h, condition: {gt: 2, field: "
	    "[cs-method, path]}}" BASE, ARM_VALUE_COUNT,
	    "2/1 404, tok1 POST, /api/beta/preview/T1/screens/s01?y 0; "
	    "3/1 500, tok2 - 0; 4/1 404, tok2 GET, a*b\\\\c.PHP 0" },
	/* a record that fits both base rules counts once */
	{ "title: t\ncorrelation: {type: event_count, rules: [b, c], "
	    "timespan: 10m, condition: {gte: 2}}" BASE BASE2,
	    ARM_EVENT_COUNT, "2/1  - 0; 3/1  - 0; 4/1  - 0" },
	{ "title: t\ncorrelation: {type: temporal, rules: [b, c], "
	    "timespan: 10m}" BASE BASE2, ARM_TEMPORAL,
	    "2/1  - 0; 3/1  - 0; 4/1  - 0; 3/1  - 1; 4/1  - 1" },
	{ "title: t\ncorrelation: {type: temporal_ordered, rules: [c, b], "
	    "timespan: 10m}" BASE BASE2, ARM_TEMPORAL_ORDERED,
	    "3/1  - 0; 4/1  - 0; 2/1  - 1; 3/1  - 1; 4/1  - 1" },
};

START_TEST(correlation)
{
	struct buf b = BUF_INIT;
	const struct rule *r = load(correlations[_i].text, true);

	ck_assert_uint_eq(r->narms, 1);
	ck_sv_lit(r->arm[0].name, "main");
	ck_assert_int_eq(r->arm[0].kind, correlations[_i].kind);
	run_arm(&r->arm[0], 0, 1000, &b);
	ck_assert_str_eq(b.p, correlations[_i].want);
	buf_release(&b);
}
END_TEST

#define CORR "title: t\ncorrelation: "

static const struct {
	const char *text, *want;
} corr_errors[] = {
	{ CORR "{type: x, rules: [b], timespan: 1m, condition: {gte: 1}}" BASE,
	    "r.yml:2:21: correlation type 'x' is not supported" },
	{ CORR "{type: value_sum, rules: [b], timespan: 1m, condition: "
	    "{gte: 1}}" BASE, "r.yml:2:69: 'field' is missing" },
	{ CORR "{type: event_count, rules: [x], timespan: 1m}" BASE,
	    "r.yml:2:42: no rule 'x' in this file or beside it" },
	{ CORR "{type: event_count, timespan: 1m}" BASE,
	    "r.yml:2:14: 'rules' must name rules" },
	{ CORR "{type: event_count, rules: [b], timespan: 1x, condition: "
	    "{gte: 1}}" BASE, "r.yml:2:56: 'timespan' must be a number with "
	    "s, m, h, d, w, M or y" },
	{ CORR "{type: event_count, rules: [b], timespan: 1m}" BASE,
	    "r.yml:2:14: 'condition' must be a map" },
	{ CORR "{type: event_count, rules: [b], timespan: 1m, condition: {}}"
	    BASE, "r.yml:2:71: a bound is missing: gte, gt, lte, lt, eq or neq" },
	{ CORR "{type: event_count, rules: [b], timespan: 1m, condition: "
	    "{gte: 1, field: token}}" BASE,
	    "r.yml:2:80: only values have a 'field'" },
	{ CORR "{type: value_count, rules: [b], timespan: 1m, condition: "
	    "{gte: 1}}" BASE, "r.yml:2:71: 'field' is missing" },
	{ CORR "{type: event_count, rules: [b], timespan: 1m, condition: "
	    "{get: 1}}" BASE, "r.yml:2:72: unknown key 'get'" },
	{ CORR "{type: event_count, rules: [b], timespan: 1m, condition: "
	    "{gte: 1, gt: 2, lt: 3}}" BASE, "r.yml:2:71: more than two bounds" },
	{ CORR "{type: event_count, rules: [b], group-by: [nope], timespan: 1m, "
	    "condition: {gte: 1}}" BASE, "r.yml:2:57: field nope unavailable" },
};

START_TEST(correlation_error)
{
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t n = 0;
	struct rule_file f = { SV("r.yml"), sv_str(corr_errors[_i].text) };

	ck_assert(!sigma_read(&arena, f, true, &r, &n, &e));
	ck_assert_str_eq(e.msg, corr_errors[_i].want);
}
END_TEST

START_TEST(one_rule_with_arms)
{
	const struct rule *r = load("title: T\nlevel: low\nauthor: me\n"
	    "license: MIT\ndescription: d\n"
	    "raxx: {id: DET-X, sources: [heroku_router, heroku_app], "
	    "fallback: heroku_platform, next_step: look, suppress: 2h, "
	    "arm: fast, metric: 'distinct tokens', key: client}\n"
	    "correlation: {type: value_count, rules: [b], group-by: [c-ip], "
	    "timespan: 10m, condition: {gte: 8, field: token}}\n"
	    "---\ntitle: T2\nraxx: {arm: slow, level: high, on: any, "
	    "needs: [heroku_router.client, waitlist_signups]}\n"
	    "correlation: {type: event_count, rules: [b], group-by: [c-ip], "
	    "timespan: 24h, condition: {gt: 15, lt: 99}}" BASE BASE2, false);

	ck_sv_lit(r->id, "DET-X");
	ck_sv_lit(r->title, "T");
	ck_sv_lit(r->route, "digest");
	ck_assert_uint_eq(r->nsources, 2);
	ck_assert_uint_eq(r->nfallbacks, 1);
	ck_assert(r->suppress == 2 * UTC_HOUR && r->lookback == UTC_DAY);
	ck_assert_uint_eq(r->narms, 3);
	ck_assert_int_eq(r->arm[1].on, ARM_ON_ANY);
	ck_assert_uint_eq(r->arm[1].nneeds, 2);
	ck_sv_lit(r->arm[1].need[1], "waitlist_signups");
	ck_sv_lit(r->arm[0].name, "fast");
	ck_sv_lit(r->arm[0].metric, "distinct tokens");
	ck_sv_lit(r->arm[0].key_name, "client");
	ck_assert_int_eq(r->arm[0].level, -1);
	ck_assert_int_eq(r->arm[1].level, LEVEL_HIGH);
	ck_sv_lit(r->arm[1].metric, "events");
	ck_sv_lit(r->arm[1].key_name, "c-ip");
	ck_assert_uint_eq(r->arm[1].ncond, 2);
	ck_assert_int_eq(r->arm[2].kind, ARM_EVENT);
	ck_assert_uint_eq(r->nparams, 3);
	ck_sv_lit(r->param[0].name, "fast");
	ck_assert(r->param[0].value == 8 && r->arm[0].threshold == 0);
	ck_sv_lit(r->param[2].name, "slow.max");
	ck_assert_uint_eq(r->digest.n, 64);
}
END_TEST

START_TEST(public_files)
{
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t n = 0;
	static const char text[] = CORR "{type: event_count, rules: [b], "
	    "timespan: 1m, condition: {gte: 1}, generate: true}" BASE
	    "---\ntitle: u\nid: u1\nlogsource: {category: proxy}\n"
	    "detection: {s: {cs-cookie: x}, condition: s}\n---\n";
	struct rule_file f = { SV("r.yml"), SV(text) };

	ck_assert_msg(sigma_read(&arena, f, false, &r, &n, &e), "%s", e.msg);
	ck_assert_uint_eq(n, 3);
	ck_sv_lit(r[0]->id, "t");
	ck_sv_lit(r[1]->id, "b");
	ck_sv_lit(r[2]->id, "u1");
	ck_assert_uint_eq(r[0]->nsources, 1);
	ck_sv_lit(r[0]->source[0], "heroku_router");
	ck_assert_int_eq(r[0]->status, RULE_ACTIVE);
	ck_assert_int_eq(r[2]->status, RULE_UNSERVED);
	ck_sv_lit(r[2]->reason, "field cs-cookie unavailable");
	ck_assert_uint_eq(r[2]->narms, 0);
}
END_TEST

START_TEST(time_is_bounded)
{
	struct buf b = BUF_INIT;
	const struct rule *r = load(WEB " s: {cs-host: nope}\n condition: not s",
	    true);

	run_arm(&r->arm[0], 200, 300, &b);
	ck_assert_str_eq(b.p, "2/1 2001:db8:0:1::/64 - 0; 3/1  - 0");
	buf_release(&b);
}
END_TEST

/* A list longer than SQLite's expression depth still compiles and runs. */
START_TEST(long_lists)
{
	struct buf text = BUF_INIT, b = BUF_INIT;

	buf_str(&text, WEB " k: [a0");
	for (int i = 1; i < 3000; i++)
		buf_printf(&text, ", z%d", i);
	buf_str(&text, ", screens]\n s: {sc-status: [1");
	for (int i = 2; i < 3000; i++)
		buf_printf(&text, ", %d", i);
	buf_str(&text, "]}\n condition: k and s\n");
	buf_byte(&text, '\0');
	matching(text.p, &b);
	ck_assert_str_eq(b.p, "2");
	buf_release(&text);
	buf_release(&b);
}
END_TEST

static void
setup(void)
{
	struct err e = ERR_INIT;

	arena_init(&arena);
	st = store_open(":memory:", STORE_MEMORY, &e);
	ck_assert_msg(st != NULL, "%s", e.msg);
	ck_assert_msg(sqlfn_register(st, &e), "%s", e.msg);
	ck_assert_msg(sqlite3_exec(store_handle(st), records, NULL, NULL,
	    NULL) == SQLITE_OK, "%s", sqlite3_errmsg(store_handle(st)));
}

static void
teardown(void)
{
	store_close(st);
	arena_release(&arena);
}

Suite *
test_sigma(void)
{
	Suite *s = suite_create("sigma");
	TCase *t = tcase_create("sigma");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, match, matches);
	add_table(t, error, errors);
	add_table(t, correlation, correlations);
	add_table(t, correlation_error, corr_errors);
	tcase_add_test(t, one_rule_with_arms);
	tcase_add_test(t, public_files);
	tcase_add_test(t, time_is_bounded);
	tcase_add_test(t, long_lists);
	suite_add_tcase(s, t);
	return s;
}
