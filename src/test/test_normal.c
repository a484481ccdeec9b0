/* SPDX-License-Identifier: MIT */
#include "record/normal.h"
#include "record/site.h"

#include "base/buf.h"
#include "parse/json.h"
#include "record/ndjson.h"
#include "test/ck.h"

Suite *test_normal(void);

static struct arena a;
static struct normal normal;
static sv path_item = { "/api/beta/preview/{token}", 25 };
static const struct site_list paths = { &path_item, 1 };
static struct rec rec;

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 7 };

	redact_init(&normal.redact, key, &paths);
}

static void
teardown(void)
{
	arena_release(&a);
}

#define TIME "2026-06-12T13:02:11.123456+00:00 "

static void
normalise(sv line)
{
	struct envelope env;
	struct bad_line bad;

	ck_assert_msg(envelope_cli(line, &env, &bad), "%s", bad.detail);
	memset(&rec, 0xa5, sizeof(rec));
	normal_line(&normal, &env, &a, &rec);
	ck_assert(rec.ts == env.ts && rec.kind != REC_NONE);
}

/* kind, then its fields as NDJSON. */
static sv
shown(sv line)
{
	const struct source src = { .name = SV("f") };
	struct buf b = BUF_INIT, out = BUF_INIT;
	size_t end;
	sv text;

	normalise(line);
	rec.line = rec.byte = 0;
	ndjson_rec(&b, &rec, &src);
	end = sv_find(buf_sv(&b), SV("\"byte\":0}"));
	buf_add(&out, rec_kinds[rec.kind].name);
	buf_add(&out, sv_skip(buf_sv(&b), end + 9));
	text = arena_sv(&a, buf_sv(&out));
	text.n -= 2;
	buf_release(&b);
	buf_release(&out);
	return text;
}

#define ROUTER(path, rest) TIME "heroku[router]: at=info method=GET path=\"" \
    path "\" host=h.example request_id=00112233-4455-6677-8899-aabbccddeeff " \
    rest " dyno=web.1 connect=1ms service=18ms status=200 bytes=5 " \
    "protocol=https"

static const struct {
	const char *line, *want;
} lines[] = {
	{ ROUTER("/a?b=1", "fwd=\"10.9.9.9, 203.0.113.7\""),
	    "request,\"at\":\"info\",\"method\":\"GET\",\"path\":\"/a?b=1\","
	    "\"host\":\"h.example\",\"request_id\":"
	    "\"00112233-4455-6677-8899-aabbccddeeff\",\"client\":\"203.0.113.7\","
	    "\"fwd\":\"10.9.9.9, 203.0.113.7\",\"dyno\":\"web.1\","
	    "\"connect_ms\":1,\"service_ms\":18,\"status\":200,\"bytes\":5,"
	    "\"protocol\":\"https\",\"flags\":2" },
	{ TIME "app[web.1]: hello", "app,\"origin\":\"app[web.1]\","
	    "\"message\":\"hello\",\"payload\":0" },
	{ TIME "app[web.1]:", "app,\"origin\":\"app[web.1]\",\"message\":\"\","
	    "\"payload\":0" },
	{ TIME "app[web.1]: {\"evt\":\"login\",\"level\":\"WARN\",\"ip\":"
	    "\"203.0.113.7\",\"ok\":false,\"known\":1,\"screen\":5}",
	    "app,\"origin\":\"app[web.1]\",\"level\":\"warning\",\"event\":"
	    "\"login\",\"message\":\"{\\\"evt\\\":\\\"login\\\",\\\"level\\\":"
	    "\\\"WARN\\\",\\\"ip\\\":\\\"203.0.113.7\\\",\\\"ok\\\":false,"
	    "\\\"known\\\":1,\\\"screen\\\":5}\",\"payload\":1,\"client\":"
	    "\"203.0.113.7\",\"ok\":false" },
	{ TIME "app[web.1]: evt=x event=y rid=\"r 1\"",
	    "app,\"origin\":\"app[web.1]\",\"event\":\"x\",\"message\":"
	    "\"evt=x event=y rid=\\\"r 1\\\"\",\"payload\":2,\"fields\":{"
	    "\"evt\":\"x\",\"event\":\"y\",\"rid\":\"r 1\"},"
	    "\"request_id\":\"r 1\"" },
	{ TIME "app[web.1]: {\"evt\":\"x\"", "app,\"origin\":\"app[web.1]\","
	    "\"message\":\"{\\\"evt\\\":\\\"x\\\"\",\"payload\":0" },
	{ TIME "heroku[web.1]: State changed from up to down",
	    "platform,\"origin\":\"heroku[web.1]\",\"event\":\"state\","
	    "\"from_state\":\"up\",\"to_state\":\"down\",\"message\":"
	    "\"State changed from up to down\"" },
	{ TIME "heroku[router]: never seen before",
	    "platform,\"origin\":\"heroku[router]\",\"event\":\"other\","
	    "\"message\":\"never seen before\"" },
	{ TIME "heroku[web.1]: source=web.1 dyno=heroku.1.x "
	    "sample#load_avg_1m=0.25", "metric,\"origin\":\"heroku[web.1]\","
	    "\"subject\":\"web.1\",\"instance\":\"heroku.1.x\","
	    "\"samples\":[[\"load_avg_1m\",0.25,\"\"]]" },
	{ TIME "heroku[logplex]: Error L10 (output buffer overflow): "
	    "drain 'd.0' dropped 7 messages since 2026-06-12T13:00:00+00:00.",
	    "loss,\"origin\":\"heroku[logplex]\",\"code\":\"L10\",\"lost\":7,"
	    "\"since\":\"2026-06-12T13:00:00.000000Z\",\"scope\":\"drain\","
	    "\"drain\":\"d.0\",\"message\":\"Error L10 (output buffer overflow): "
	    "drain 'd.0' dropped 7 messages since 2026-06-12T13:00:00+00:00.\"" },
	{ TIME "app[web.1]: INFO:     203.0.113.7:0 - \"GET /x HTTP/1.1\" 200 OK",
	    "access,\"origin\":\"app[web.1]\",\"method\":\"GET\",\"path\":\"/x\","
	    "\"peer\":\"203.0.113.7\",\"peer_port\":0,\"status\":200,"
	    "\"protocol\":\"HTTP/1.1\"" },
	/* an app cannot say what the platform says */
	{ TIME "app[web.1]: State changed from up to down",
	    "app,\"origin\":\"app[web.1]\",\"message\":"
	    "\"State changed from up to down\",\"payload\":0" },
	{ TIME "app[web.1]: a\xff" "b\xed\xa0\x80" "c\xc0\xaf",
	    "app,\"origin\":\"app[web.1]\",\"message\":"
	    "\"a\\\\xffb\\\\xed\\\\xa0\\\\x80c\\\\xc0\\\\xaf\",\"payload\":0" },
	{ TIME "app[web.1]: {\"level\":\"A\\u0000\",\"evt\":\"\\u0000b\"}",
	    "app,\"origin\":\"app[web.1]\",\"level\":\"a\\\\x00\",\"event\":"
	    "\"\\\\x00b\",\"message\":\"{\\\"level\\\":\\\"A\\\\u0000\\\","
	    "\\\"evt\\\":\\\"\\\\u0000b\\\"}\",\"payload\":1" },
};

START_TEST(line_becomes_record)
{
	ck_sv(shown(sv_str(lines[_i].line)), sv_str(lines[_i].want));
}
END_TEST

START_TEST(nul_does_not_hide_the_rest)
{
	normalise(SV(TIME "app[web.1]: a\0b"));
	ck_sv_lit(rec_text(&rec, APP_message), "a\\x00b");
}
END_TEST

/* Names of a drain frame may be any bytes. */
START_TEST(origin_is_text)
{
	struct envelope env = { .source = SV("app"), .dyno = SV("w\xff"),
		.origin = SV("app[w\xff\0]"), .message = SV("m") };

	normal_line(&normal, &env, &a, &rec);
	ck_sv_lit(rec_text(&rec, APP_origin), "app[w\\xff\\x00]");
}
END_TEST

static const struct {
	const char *line;
	int token; /* field, -1: the kind has none */
} tokens[] = {
	{ ROUTER("/api/beta/preview/m4rker", "fwd=\"203.0.113.7\""),
	    REQUEST_token },
	{ ROUTER("/%61pi/beta/preview/m4rker/x?y", "fwd=\"203.0.113.7\""),
	    REQUEST_token },
	{ TIME "app[web.1]: 203.0.113.7 - - [12/Jun/2026:13:02:11 +0000] "
	    "\"GET /api/beta/preview/m4rker HTTP/1.1\" 200 5 "
	    "\"https://h/api/beta/preview/m4rker\" \"curl\"", ACCESS_token },
	{ TIME "app[web.1]: 203.0.113.7 - - [12/Jun/2026:13:02:11 +0000] "
	    "\"GET / HTTP/1.1\" 200 5 \"https://h/api/beta/preview/m4rker\" "
	    "\"curl\"", -1 },
	{ TIME "app[web.1]: opened /api/beta/preview/m4rker twice", -1 },
	{ TIME "app[web.1]: {\"path\":\"/api/beta/preview/m4rker\"}", -1 },
	{ TIME "app[web.1]: evt=open path=/api/beta/preview/m4rker", -1 },
	{ TIME "heroku[api]: Set x config vars by user token=m4rker", -1 },
	{ TIME "heroku[run.1]: Starting process with command "
	    "`x --password=m4rker`", -1 },
};

START_TEST(tokens_are_replaced)
{
	sv mark = redact_value(&normal.redact, SV("m4rker"), &a);
	sv hash = sv_take(sv_skip(mark, sizeof("<secret:") - 1), 16);
	sv text = shown(sv_str(tokens[_i].line));

	ck_assert(!sv_has(text, SV("m4rker")));
	ck_assert(sv_has(text, hash));
	if (tokens[_i].token >= 0)
		ck_sv(rec_text(&rec, tokens[_i].token), hash);
	if (rec.kind != REC_REQUEST)
		return;
	ck_sv_lit(rec_text(&rec, REQUEST_token_shape), "6:a0:");
	ck_assert_uint_eq(rec_text(&rec, REQUEST_token_parts).n, 44);
}
END_TEST

START_TEST(hashes_of_the_app_stay)
{
	normalise(SV(TIME "app[web.1]: {\"evt\":\"x\",\"token_h\":\"abcdef01\","
	    "\"id_h\":\"0a\",\"user_h\":\"0b\",\"password_h\":\"0c0c\"}"));
	ck_sv_lit(rec_text(&rec, APP_token_h), "abcdef01");
	ck_sv_lit(rec_text(&rec, APP_id_h), "0a");
	ck_sv_lit(rec_text(&rec, APP_user_h), "0b");
	ck_assert(sv_has(rec_text(&rec, APP_message), SV("0c0c")));
}
END_TEST

/* Numbers that are secret do not break the payload. */
START_TEST(json_stays_json)
{
	struct json_value v;

	normalise(SV(TIME "app[web.1]: {\"evt\":\"x\",\"otp\":123456,"
	    "\"password\":\"a\\\"b\",\"tokens_seen\":[\"k\"],\"n\":5}"));
	ck_assert_int_eq(rec.v[APP_payload].u.num, 1);
	ck_sv_lit(rec_text(&rec, APP_event), "x");
	ck_assert(json_parse(rec_text(&rec, APP_message), &v));
	ck_assert(!sv_has(rec_text(&rec, APP_message), SV("123456")));
}
END_TEST

/* One event in a drain frame and in the CLI's text has one hash. */
static const struct {
	const char *cli, *frame;
	bool same;
} events[] = {
	{ TIME "app[web.1]: hello", "<190>1 " TIME "host app web.1 - hello\n",
	    true },
	{ TIME "app[web.1]: hello", "<190>1 " TIME "host app web.1 -   hello  ",
	    true },
	{ TIME "heroku[router]: at=info method=GET path=\"/\" host=h "
	    "request_id=x fwd=\"203.0.113.7\" dyno=web.1 connect=0ms "
	    "service=1ms status=200 bytes=1",
	    "<158>1 " TIME "host heroku router - at=info method=GET path=\"/\" "
	    "host=h  request_id=x fwd=\"203.0.113.7\"  dyno=web.1   connect=0ms "
	    "service=1ms status=200 bytes=1\n", true },
	{ TIME "app[web.1]: token=m4rker", "<190>1 " TIME
	    "host app web.1 - token=m4rker", true },
	{ TIME "app[web.1]: hello", "<190>1 " TIME "host app web.2 - hello",
	    false },
	{ TIME "app[web.1]: a b", "<190>1 " TIME "host app web.1 - a  b", false },
	/* what begins alike is not the same: the rest would be lost */
	{ TIME "app[web.1]: a", "<190>1 " TIME "host app web.1 - a\nb", false },
};

START_TEST(secret_of_a_metric)
{
	normalise(SV(TIME "heroku[web.1]: source=web.1 sample#a=1 "
	    "tag#t=postgres://u:h4Rd2gUess@h/d password=h4Rd2gUess9"));
	ck_assert(rec.kind == REC_METRIC);
	ck_assert(!sv_has(rec_text(&rec, METRIC_samples), SV("h4Rd2")));
	ck_assert(!sv_has(rec_text(&rec, METRIC_extra), SV("h4Rd2")));
	ck_assert(rec.notes & NOTE_BIT(NOTE_REDACTED));
}
END_TEST

START_TEST(hash_of_an_event)
{
	struct envelope env = { .named = false };
	struct bad_line bad;
	uint64_t hash;

	normalise(sv_str(events[_i].cli));
	hash = rec.hash;
	ck_assert_msg(envelope_syslog(sv_str(events[_i].frame), &a, &env, &bad),
	    "%s", bad.detail);
	normal_line(&normal, &env, &a, &rec);
	ck_assert_int_eq(rec.hash == hash, events[_i].same);
}
END_TEST

/* Without the key nobody can look for a secret by its record's hash. */
START_TEST(hash_of_a_secret_is_keyed)
{
	static const uint8_t other[REDACT_KEY_LEN] = { 8 };
	static const char *const line[] = { TIME "app[web.1]: token=m4rker",
		TIME "app[web.1]: harmless" };
	uint64_t hash[2];

	for (size_t i = 0; i < 2; i++) {
		normalise(sv_str(line[i]));
		hash[i] = rec.hash;
	}
	redact_init(&normal.redact, other, &paths);
	for (size_t i = 0; i < 2; i++) {
		normalise(sv_str(line[i]));
		ck_assert_int_eq(rec.hash == hash[i], i == 1);
	}
}
END_TEST

START_TEST(trusted_proxies)
{
	struct ip_net net;
	struct ip client;

	ck_assert(ip_net_parse(SV("203.0.113.0/24"), &net));
	normal.trusted = &net;
	normal.ntrusted = 1;
	normalise(SV(ROUTER("/", "fwd=\"198.51.100.9, 203.0.113.7\"")));
	client = rec_ip_whole(&rec.v[REQUEST_client].u.ip);
	ck_assert(ip_v4(&client) == 0xc6336409);
	normal.ntrusted = 0;
}
END_TEST

/* Messages of several lines. */

static struct envelope
envelope_of(const char *line)
{
	struct envelope env;
	struct bad_line bad;

	ck_assert_msg(envelope_cli(sv_str(line), &env, &bad), "%s", bad.detail);
	return env;
}

static const struct {
	const char *line, *text, *how;
	enum rec_kind kind;
} heads[] = {
	{ TIME "app[web.1]: {\"evt\":\"x\",", "{\"evt\":\"x\",\"ok\":true}",
	    "split", REC_APP },
	{ TIME "app[web.1]: Traceback (most recent call last):",
	    "Traceback (most recent call last):\nKeyError: token=m4rker",
	    "traceback", REC_APP },
	{ TIME "app[web.1]: token=m4rker", "token=m4rker\nmore", "continued",
	    REC_APP },
	{ TIME "heroku[run.1]: Starting process with command `a",
	    "Starting process with command `a\nb`", "command", REC_PLATFORM },
	/* what the CLI broke, with no newline between */
	{ ROUTER("/", "fwd=\"203.0.113.7\""), "at=info method=GET path=\"/\" "
	    "host=h.example fwd=\"203.0.113.7\" status=200\nx", "continued",
	    REC_REQUEST },
};

START_TEST(head_has_the_hash_of_its_line)
{
	struct envelope env = envelope_of(heads[_i].line);
	struct normal_join join = { sv_str(heads[_i].text), heads[_i].how, 3, 1 };
	bool app = heads[_i].kind == REC_APP;
	uint64_t hash;
	struct rec head;

	normalise(sv_str(heads[_i].line));
	hash = rec.hash;
	memset(&head, 0xa5, sizeof(head));
	normal_head(&normal, &env, &join, &a, &head);
	ck_assert(head.kind == heads[_i].kind && head.ts == env.ts);
	ck_assert(head.hash == hash);
	ck_assert_int_eq(rec_lines(&head), 3);
	if (head.kind == REC_REQUEST)
		return;
	ck_sv(rec_text(&head, app ? APP_joined : PLATFORM_joined),
	    sv_str(heads[_i].how));
	ck_assert(!sv_has(rec_text(&head, app ? APP_message :
	    PLATFORM_message), SV("m4rker")));
	ck_assert(rec_text(&head, app ? APP_message :
	    PLATFORM_message).n >= join.text.n);
}
END_TEST

/* All of it is read, not the first line. */
START_TEST(head_is_read_whole)
{
	struct envelope env = envelope_of(heads[0].line);
	struct normal_join join = { sv_str(heads[0].text), "split", 2, 1 };

	normal_head(&normal, &env, &join, &a, &rec);
	ck_sv_lit(rec_text(&rec, APP_event), "x");
	ck_assert_int_eq((int)rec.v[APP_ok].u.num, 1);
	ck_assert(rec.notes == 0);
}
END_TEST

/* A part names its head by the id that the head's record has, and its own hash
 * is that of the lone line. */
START_TEST(part_names_its_head)
{
	struct envelope env = envelope_of(TIME "app[web.1]: token=m4rker");
	struct normal_join join = { SV_NULL, heads[_i].how, 3, 2 };
	struct buf id = BUF_INIT;
	struct rec part;
	uint64_t head;

	normalise(sv_str(heads[_i].line));
	head = rec.hash;
	buf_hex64(&id, head);
	normalise(SV(TIME "app[web.1]: token=m4rker"));
	memset(&part, 0xa5, sizeof(part));
	normal_part(&normal, &env, head, &join, &a, &part);
	ck_assert(part.kind == REC_PART && part.ts == env.ts);
	ck_assert(part.hash == rec.hash && part.notes == 0);
	ck_sv(rec_text(&part, PART_head), buf_sv(&id));
	ck_sv_lit(rec_text(&part, PART_origin), "app[web.1]");
	ck_sv(rec_text(&part, PART_joined), sv_str(heads[_i].how));
	ck_assert_int_eq((int)part.v[PART_place].u.num, 2);
	buf_release(&id);
}
END_TEST

/* Whatever was in its memory. */
START_TEST(records_are_seen_at_first)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 7 };
	struct normal n;
	struct site s;

	memset(&n, 0xa5, sizeof(n));
	site_default(&a, &s);
	normal_init(&n, key, &s);
	ck_assert(!n.unseen);
	ck_assert_uint_eq(n.ntrusted, s.ntrusted);
}
END_TEST

Suite *
test_normal(void)
{
	Suite *s = suite_create("normal");
	TCase *tc = tcase_create("normal");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, line_becomes_record, lines);
	tcase_add_test(tc, records_are_seen_at_first);
	tcase_add_test(tc, nul_does_not_hide_the_rest);
	tcase_add_test(tc, origin_is_text);
	add_table(tc, tokens_are_replaced, tokens);
	tcase_add_test(tc, hashes_of_the_app_stay);
	tcase_add_test(tc, json_stays_json);
	add_table(tc, hash_of_an_event, events);
	tcase_add_test(tc, secret_of_a_metric);
	tcase_add_test(tc, hash_of_a_secret_is_keyed);
	tcase_add_test(tc, trusted_proxies);
	add_table(tc, head_has_the_hash_of_its_line, heads);
	tcase_add_test(tc, head_is_read_whole);
	add_table(tc, part_names_its_head, heads);
	suite_add_tcase(s, tc);
	return s;
}
