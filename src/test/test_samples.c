/* SPDX-License-Identifier: MIT */
/* test_samples.c: a whole input of every shape, testdata/formats/. */
#include "base/io.h"
#include "base/utc.h"
#include "record/ingest.h"
#include "test/ck.h"
#include "test/keeper.h"

Suite *test_samples(void);

#define FOLDER "testdata/formats/"

/* Each row of the format table must be here. */
static const struct {
	const char *file, *format;
	uint64_t stored, rejected;
	const char *as; /* the same events as that sample, or NULL */
} samples[] = {
	{ "binary", "binary", 0, 1, NULL },
	{ "drain-frames", "drain-frames", 18, 0, NULL },
	{ "rfc5424", "rfc5424", 17, 0, NULL },
	{ "vector", "vector", 17, 0, NULL },
	{ "betterstack", "betterstack", 17, 0, "rfc5424" },
	{ "datadog", "datadog", 17, 0, "rfc5424" },
	{ "fluent", "fluent", 17, 0, "rfc5424" },
	{ "otlp", "otlp", 5, 0, NULL },
	{ "papertrail-json", "papertrail-json", 17, 0, "papertrail" },
	{ "heroku-releases", "heroku-releases", 3, 0, NULL },
	{ "heroku-ps", "heroku-ps", 3, 0, NULL },
	{ "heroku-formation", "heroku-formation", 2, 0, NULL },
	{ "heroku-drains", "heroku-drains", 2, 0, NULL },
	{ "sentry-issues", "sentry-issues", 2, 0, NULL },
	{ "sentry-events", "sentry-events", 2, 0, NULL },
	{ "heroku-usage", "heroku-usage", 6, 0, NULL },
	{ "heroku-config", "heroku-config", 4, 0, NULL },
	/* packed, for its first item is over 64 KiB */
	{ "json.gz", "json", 2, 0, NULL },
	{ "papertrail", "papertrail", 17, 0, NULL },
	{ "papertrail-csv", "papertrail-csv", 17, 0, "papertrail" },
	{ "drain-text", "drain-text", 17, 0, "rfc5424" },
	{ "bsd", "bsd", 34, 0, NULL },
	{ "heroku-text", "heroku-text", 20, 0, NULL },
	{ "heroku-text.gz", "heroku-text", 20, 0, "heroku-text" },
	{ "heroku-text.bom", "heroku-text", 20, 0, "heroku-text" },
	{ "heroku-text.crlf", "heroku-text", 20, 0, "heroku-text" },
	{ "heroku-text.utf16le", "heroku-text", 20, 0, "heroku-text" },
	{ "heroku-text.utf16be", "heroku-text", 20, 0, "heroku-text" },
	{ "config-text", "config-text", 3, 0, NULL },
	{ "pg-table", "pg-table", 2, 0, NULL },
	{ "csv", "csv", 3, 0, NULL },
	{ "unknown", "unknown", 0, 3, NULL },
};

static struct arena a;
static struct normal normal;
static struct keeper keeper;
static struct ingest g;
static struct source src;

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 7 };
	static const struct site_list none = { NULL, 0 };

	redact_init(&normal.redact, key, &none);
	keeper.sink.ops = &keeper_ops;
	g = (struct ingest){ .normal = &normal, .sink = &keeper.sink,
	    .taken = utc_days(2026, 6, 12) * UTC_DAY + 14 * UTC_HOUR };
}

static void
teardown(void)
{
	buf_release(&keeper.text);
	arena_release(&a);
}

static const char *
path_of(const char *file)
{
	struct buf b = BUF_INIT;
	const char *path;

	buf_printf(&b, "%s%s", FOLDER, file);
	path = arena_str(&a, buf_sv(&b));
	buf_release(&b);
	return path;
}

/* The records as NDJSON; lives until teardown. */
static sv
ingest(const char *path)
{
	struct err e = ERR_INIT;

	buf_clear(&keeper.text);
	ck_assert_msg(ingest_input(&g, path, &a, &src, &e) == INGEST_DONE,
	    "%s", e.msg);
	ck_assert(source_balances(&src));
	return arena_sv(&a, buf_sv(&keeper.text));
}

START_TEST(is_read_whole)
{
	ingest(path_of(samples[_i].file));
	ck_sv(src.format, sv_str(samples[_i].format));
	ck_assert_uint_eq(src.stored, samples[_i].stored);
	ck_assert_uint_eq(src.rejected, samples[_i].rejected);
	ck_assert(sv_null(src.damaged));
}
END_TEST

/* The ids of the records. */
static sv
ids_of(sv ndjson)
{
	const sv key = SV("\"id\":\"");
	struct buf b = BUF_INIT;
	sv ids;

	for (size_t at; (at = sv_find(ndjson, key)) < ndjson.n;) {
		ndjson = sv_skip(ndjson, at + key.n);
		buf_add(&b, sv_take(ndjson, sv_find_byte(ndjson, '"')));
		buf_byte(&b, '\n');
	}
	ids = arena_sv(&a, buf_sv(&b));
	buf_release(&b);
	return ids;
}

START_TEST(has_the_same_events)
{
	sv ids = ids_of(ingest(path_of(samples[_i].file)));

	if (samples[_i].as)
		ck_sv(ids, ids_of(ingest(path_of(samples[_i].as))));
}
END_TEST

/* How the bytes come does not matter. */
START_TEST(may_come_in_pieces)
{
	struct err e = ERR_INIT;
	struct arena_mark mark;
	sv text, whole;

	ck_assert_msg(io_read_file(&a, path_of(samples[_i].file), 1 << 20, &text,
	    &e), "%s", e.msg);
	keeper_feed(text, text.n, 1);
	whole = ingest("-");
	mark = arena_mark(&a);
	for (size_t step = 1; step <= 17; step++)
		for (size_t from = 0; from < text.n;
		    from += step * KEEPER_PIECES) {
			keeper_feed(text, from, step);
			ck_assert_msg(sv_eq(ingest("-"), whole),
			    "%zu bytes at a time from byte %zu", step, from);
			arena_rewind(&a, mark);
		}
}
END_TEST

START_TEST(every_format_has_a_sample)
{
	for (size_t i = 0; i < nformats; i++) {
		size_t s = 0;

		while (s < countof(samples) && !sv_is(sv_str(samples[s].format),
		    formats[i].name))
			s++;
		ck_assert_msg(s < countof(samples), "%s: no sample in " FOLDER,
		    formats[i].name);
	}
}
END_TEST

Suite *
test_samples(void)
{
	Suite *s = suite_create("samples");
	TCase *tc = tcase_create("samples");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	add_table(tc, is_read_whole, samples);
	add_table(tc, has_the_same_events, samples);
	add_table(tc, may_come_in_pieces, samples);
	tcase_add_test(tc, every_format_has_a_sample);
	suite_add_tcase(s, tc);
	return s;
}
