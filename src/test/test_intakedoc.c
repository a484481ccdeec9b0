/* SPDX-License-Identifier: MIT */
/* Of record/intakedoc.c, by way of ingest_input. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utc.h"
#include "record/ingest.h"
#include "record/ndjson.h"
#include "test/ck.h"

Suite *test_intakedoc(void);

static char folder[] = "/tmp/raxx-intakedoc-XXXXXX";
static char path[120];
static struct arena a;
static struct normal normal;
static const struct site_list no_paths = { NULL, 0 };
static struct ingest g;
static struct source src;

/* A sink that keeps places and what it was given. */
static struct keeper {
	struct sink sink;
	struct buf places; /* " 3@17" of a record, " !3@17" of a reject */
	struct buf text;
	const struct source *src;
	struct buf reasons;
} keeper;

static bool
keep_begin(struct sink *s, struct source *source, struct err *e)
{
	(void)e;
	((struct keeper *)(void *)s)->src = source;
	return true;
}

static bool
keep_record(struct sink *s, const struct rec *r, bool *dup, struct err *e)
{
	struct keeper *k = (struct keeper *)(void *)s;

	(void)e;
	*dup = false;
	buf_printf(&k->places, " %d@%d", (int)r->line, (int)r->byte);
	ndjson_rec(&k->text, r, k->src);
	return true;
}

static bool
keep_reject(struct sink *s, const struct reject *j, struct err *e)
{
	struct keeper *k = (struct keeper *)(void *)s;

	(void)e;
	buf_printf(&k->places, " !%d@%d", (int)j->line, (int)j->byte);
	buf_printf(&k->reasons, "%s: %.*s\n", j->reason,
	    SV_ARG(j->detail));
	ndjson_reject(&k->text, j, k->src);
	return true;
}

static bool
keep_end(struct sink *s, struct source *source, struct err *e)
{
	(void)s;
	(void)source;
	(void)e;
	return true;
}

static void
keep_cancel(struct sink *s)
{
	(void)s;
}

static const struct sink_ops keep_ops = { keep_begin, keep_record, keep_reject,
	keep_end, NULL, keep_cancel, NULL, NULL };

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 7 };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	redact_init(&normal.redact, key, &no_paths);
	keeper.sink.ops = &keep_ops;
	g = (struct ingest){ .normal = &normal, .sink = &keeper.sink,
	    .taken = INT64_C(1781269331000000), .now = 42 };
}

static void
teardown(void)
{
	unlink(path);
	rmdir(folder);
	buf_release(&keeper.places);
	buf_release(&keeper.text);
	buf_release(&keeper.reasons);
	arena_release(&a);
}

static void
ingest(const char *name, sv bytes)
{
	struct err err = ERR_INIT;
	int fd;

	unlink(path); /* of the last input */
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert(fd >= 0);
	ck_assert_int_eq(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
	close(fd);
	buf_clear(&keeper.places);
	buf_clear(&keeper.text);
	buf_clear(&keeper.reasons);
	ck_assert_msg(ingest_input(&g, path, &a, &src, &err) == INGEST_DONE,
	    "%s", err.msg);
	ck_assert(source_balances(&src));
}

#define FORM "{\"type\":\"web\",\"quantity\":1,\"size\":\"s\"," \
	"\"command\":\"cccccc\"}"
#define DRAIN "{\"token\":\"d.1\",\"url\":\"https://h.example/\",\"addon\":null}"
#define RELEASE(time) "{\"version\":1,\"description\":\"d\",\"user\":null," \
	"\"created_at\":" time "}"

_Static_assert(sizeof(FORM) - 1 == 57, "counted below");

/* Places of items: the line and byte where each begins. */
static const struct {
	const char *text, *places;
} places[] = {
	{ "[" FORM "]", " 1@1" },
	{ "[" FORM "," FORM "]\n", " 1@1 1@59" },
	{ "[\n" FORM ",\n" FORM "\n]\n", " 2@2 3@61" },
	{ "[\n  {\n    \"type\": \"web\",\n    \"quantity\": 1,\n"
	    "    \"size\": \"s\",\n    \"command\": null\n  },\n  " FORM "\n]\n",
	    " 2@4 8@88" },
	{ FORM "\n" FORM "\n", " 1@0 2@58" },
	{ FORM "\r\n\r\n" FORM, " 1@0 3@61" },
	{ FORM FORM, " 1@0 1@57" },
	{ "\n\n" FORM "\n", " 3@2" },
	{ "[" FORM "]\n[" FORM "]\n", " 1@1 2@61" },
	/* a bad one keeps its place, and those behind it theirs */
	{ FORM "\n{bad\n" FORM "\n", " 1@0 !2@58 3@63" },
	{ "[" FORM ",\n{\"type\":},\n" FORM "]", " 1@1 !2@60 3@71" },
};

START_TEST(place)
{
	ingest("x.json", sv_str(places[_i].text));
	ck_sv(buf_sv(&keeper.places), sv_str(places[_i].places));
	ck_sv_lit(src.dump, "formation");
	ck_assert(sv_null(src.damaged));
}
END_TEST

/* What a file holds: table, counts of read, stored, rejected, and reasons. */
static const struct {
	const char *name, *text, *table;
	int read, stored, rejected;
	const char *reasons;
} files[] = {
	/* the first item tells the shape */
	{ "x.json", FORM "\n" DRAIN "\n" FORM "\n", "formation", 3, 2, 1,
	    "unknown-item: an item of another shape than the first\n" },
	{ "x.json", "[" DRAIN "," FORM "]", "drain", 2, 1, 1,
	    "unknown-item: an item of another shape than the first\n" },
	{ "x.json", FORM "\n{\"a\":1}\n7\n", "formation", 3, 1, 2,
	    "unknown-item: an item of none of the known shapes\n"
	    "unknown-item: an item of none of the known shapes\n" },
	/* a name tells it when no item does */
	{ "api.drains.json", "[]", "drain", 0, 0, 0, "" },
	{ "api.releases.json", "[]\n", "release", 0, 0, 0, "" },
	{ "sentry-events.json", "[]", "sentry_event", 0, 0, 0, "" },
	{ "api.config.json", "{}", "config_var", 0, 0, 0, "" },
	{ "api.config.json", "{}\n{\"A\":\"x\"}{}", "config_var", 1, 1, 0, "" },
	/* names of any case, values of any kind where vars are expected */
	{ "api.config.json", "{\"lower\":\"x\",\"a b\":[1],\"c\":{\"d\":1}}",
	    "config_var", 3, 3, 0, "" },
	{ "x.json", "{\n\"A\":\"x\",\"b\":\"y\"\n}{\"c\":7}7",
	    "config_var", 4, 3, 1,
	    "unknown-item: an item of none of the known shapes\n" },
	{ "api.config.json", "{\"\":\"x\",\"B\":\"y\"}", "config_var",
	    2, 1, 1, "bad-item: a value without a name\n" },
	{ "api.drains.json", "{}", "drain", 1, 0, 1,
	    "unknown-item: an item of none of the known shapes\n" },
	{ "api.ps.json", "[7]", "dyno", 1, 0, 1,
	    "unknown-item: an item of none of the known shapes\n" },
	/* an item decides against the name */
	{ "api.drains.json", "[" FORM "]", "formation", 1, 1, 0, "" },
	/* what is expected of a time */
	{ "x.json", "[" RELEASE("\"soon\"") "," RELEASE("\"2026-06-12\"") "]",
	    "release", 2, 1, 1, "bad-time: created_at: expected a time\n" },
	{ "x.json", "[" RELEASE("true") "]", "release", 1, 0, 1,
	    "bad-time: created_at: expected a time\n" },
	{ "x.json", "[" RELEASE("null") "]", "release", 1, 1, 0, "" },
	/* a quote that is open */
	{ "x.env", "A='b\nB='c d'\nC=\"e\nf\"\n", "config_var", 3, 2, 1,
	    "config-open-quote: the quote of this value is never closed\n" },
	{ "x.json", "{\"dynos\":1,\"addons\":1,\"partner\":1,\"date\":\"x\"}",
	    "usage", 1, 0, 1, "bad-time: date: expected a time\n" },
};

START_TEST(file)
{
	ingest(files[_i].name, sv_str(files[_i].text));
	ck_sv(src.dump, sv_str(files[_i].table));
	ck_assert_int_eq((int)src.read, files[_i].read);
	ck_assert_int_eq((int)src.stored, files[_i].stored);
	ck_assert_int_eq((int)src.rejected, files[_i].rejected);
	ck_sv(buf_sv(&keeper.reasons), sv_str(files[_i].reasons));
	ck_assert(sv_null(src.damaged));
}
END_TEST

/* An array that is cut: what was whole is kept, and the damage told. */
static const struct {
	const char *text;
	int stored, rejected;
} cuts[] = {
	{ "[" FORM, 1, 0 },
	{ "[" FORM ",", 1, 0 },
	{ "[\n" FORM ",\n" FORM "\n", 2, 0 },
	{ "[" FORM ",{\"type\":\"w", 1, 1 },
};

START_TEST(cut_array)
{
	ingest("x.json", sv_str(cuts[_i].text));
	ck_assert_int_eq((int)src.stored, cuts[_i].stored);
	ck_assert_int_eq((int)src.rejected, cuts[_i].rejected);
	ck_sv_lit(src.damaged, "json-open: the array is never closed");
}
END_TEST

/* No byte of a config is shown, whatever is wrong with it. */
static const struct {
	const char *name, *text;
} configs[] = {
	{ "x.json", "{\"A_KEY\":\"m4rker\",\"B_URL\":\"m4rker\"}" },
	{ "x.json", "{\"A_KEY\":\"m4rker\"}\n{\"B\":\"m4rker\n" },
	{ "x.json", "{\"A_KEY\":\"m4rker\"}\nm4rker\n" },
	{ "x.json", "{\"A_KEY\":\"m4rker\"}\n[\"m4rker\",{\"a\":\"m4rker\"}]" },
	{ "x.json", "{\"A_KEY\":\"m4rker\"}\n" FORM "\n{\"a\":\"m4rker\"}" },
	{ "api.config.json", "{\"A_KEY\":\"m4rker\"" },
	{ "api.config.json", "{\"A_KEY\":m4rker}" },
	{ "api.config.json", "{\"A_KEY\":{\"B\":\"m4rker\"}}" },
	{ "api.config.json", "{\"a\":\"m4rker\"} m4rker" },
	{ "x.json", "{\"A\":\"m4rker\",\"lower\":\"m4rker\"}" },
	{ "x.json", "{\n\"A\":\"m4rker\",\n\"b.c\":\"m4rker\"\n}\n" },
	{ "x.json", "{\n\"a\":\"m4rker\"\n}\n{\"b\":\"m4rker\"}" },
	{ "api.config.json", "{\"b\":\"m4rker\",\"c\":[\"m4rker\"]}" },
	{ "x.env", "lower=m4rker\nother='m4rker'\n" },
	{ "x.env", "A_KEY='m4rker\nB='x'\n" },
	{ "x.env", "A_KEY=m4rker\nB_KEY='m4rker\nc d m4rker\n" },
};

START_TEST(config_shows_nothing)
{
	ingest(configs[_i].name, sv_str(configs[_i].text));
	ck_assert_msg(!sv_has(buf_sv(&keeper.text), SV("m4rker")), "%.*s",
	    SV_ARG(buf_sv(&keeper.text)));
	ck_assert(!sv_has(buf_sv(&keeper.reasons), SV("m4rker")));
	ck_assert_uint_gt(src.read, 0);
}
END_TEST

/* What is refused hides what would be replaced: secret URLs too, also when the
 * item is cut in them. */
static const char *const refused[] = {
	"[" DRAIN ",{\"addon\":null,\"url\":\"https://h.example/m4rker",
	"[" DRAIN ",{\"created_at\":\"bad\",\"token\":\"d.1\","
	    "\"addon\":null,\"url\":\"https://k@h.example/m4rker\"}]",
	"[{\"created_at\":\"bad\",\"token\":\"d.1\",\"addon\":null,"
	    "\"url\":\"https://h.example/m4rker\"}]",
	"[" FORM ",{\"token\":\"d.1\",\"addon\":null,"
	    "\"url\":\"https://h.example/m4rker\"}]",
	"[" RELEASE("null") ",{\"version\":1,\"output_stream_url\":"
	    "\"https://release-output.heroku.com/streams/m4rker?hmac=m4rker",
	"[{\"version\":1,\"description\":\"d\",\"user\":null,"
	    "\"created_at\":\"bad\", \"output_stream_url\" : "
	    "\"https:\\/\\/h.example\\/m4rker\"}]",
	"[{\"state\":\"up\",\"type\":\"web\",\"command\":\"x\","
	    "\"attach_url\":\"rendezvous://h.example:5000/m4rker\","
	    "\"created_at\":\"bad\"}]",
	"[" FORM ",\n{\"attach_url\": \"rendezvous://h.example:5000/m4rker",
	"what is this?\n{\n  \"attach_url\": \"rendezvous://h/m4rker\",\n",
};

START_TEST(reject_hides_urls)
{
	ingest("x.json", sv_str(refused[_i]));
	ck_assert_uint_gt(src.rejected, 0);
	ck_assert_msg(!sv_has(buf_sv(&keeper.text), SV("m4rker")), "%.*s",
	    SV_ARG(buf_sv(&keeper.text)));
	ck_assert(!sv_has(buf_sv(&keeper.reasons), SV("m4rker")));
}
END_TEST

/* The vars of one object are equal to those of lines of text. */
START_TEST(config_forms_agree)
{
	sv ids[2];

	for (int i = 0; i < 2; i++) {
		sv text;

		ingest(i ? "x.env" : "x.json", i ? SV("A_KEY=v\n") :
		    SV("{\"A_KEY\":\"v\"}"));
		text = buf_sv(&keeper.text);
		text = sv_skip(text, sv_find(text, SV("\"id\":")));
		ids[i] = arena_sv(&a, sv_take(text, 23));
		ck_assert_uint_eq(src.stored, 1);
	}
	ck_sv(ids[0], ids[1]);
}
END_TEST

START_TEST(config_lines)
{
	ingest("x.env", SV("# m4rker\n\nA_KEY='a\nb'\nB_KEY=2\n"));
	ck_sv_lit(buf_sv(&keeper.places), " 3@10 5@22");
	ck_assert(src.read == 4 && src.blank == 2);
}
END_TEST

/* A list of the present is of the time of the export. */
START_TEST(time_of_the_export)
{
	ingest("x.json", SV("[" FORM "]"));
	ck_assert(sv_has(buf_sv(&keeper.text),
	    SV("\"ts\":\"2026-06-12T13:02:11.000000Z\"")));
}
END_TEST

Suite *
test_intakedoc(void)
{
	Suite *s = suite_create("intakedoc");
	TCase *tc = tcase_create("intakedoc");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, place, places);
	add_table(tc, file, files);
	add_table(tc, cut_array, cuts);
	add_table(tc, config_shows_nothing, configs);
	add_table(tc, reject_hides_urls, refused);
	tcase_add_test(tc, config_forms_agree);
	tcase_add_test(tc, config_lines);
	tcase_add_test(tc, time_of_the_export);
	suite_add_tcase(s, tc);
	return s;
}
