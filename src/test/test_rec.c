/* SPDX-License-Identifier: MIT */
#include "record/rec.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_rec(void);

/* A hole in the table would be an empty name. */
START_TEST(kinds_are_complete)
{
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++) {
		const struct kind *kind = &rec_kinds[k];

		ck_assert_int_gt((int)kind->name.n, 0);
		ck_assert(kind->table && kind->table[0]);
		ck_assert_int_eq((int)rec_kind_find(kind->name), k);
		ck_assert(kind->nfields > 0 && kind->nfields <= REC_FIELDS_MAX);
		for (int i = 0; i < kind->nfields; i++) {
			ck_assert(kind->field[i].name.n && kind->field[i].doc[0]);
			ck_assert(kind->field[i].type < FIELD_TYPE_N);
			for (int j = 0; j < i; j++)
				ck_assert(!sv_eq(kind->field[i].name,
				    kind->field[j].name));
		}
	}
	ck_assert_int_eq(rec_kind_find(SV("")), REC_NONE);
	ck_assert_int_eq(rec_kind_find(SV("requests")), REC_NONE);
}
END_TEST

START_TEST(enums_are_the_table)
{
	ck_sv_lit(rec_kinds[REC_REQUEST].field[REQUEST_at].name, "at");
	ck_sv_lit(rec_kinds[REC_REQUEST].field[REQUEST_token_parts].name,
	    "token_parts");
	ck_sv_lit(rec_kinds[REC_APP].field[APP_origin].name, "origin");
	ck_sv_lit(rec_kinds[REC_PGSS].field[PGSS_extra].name, "extra");
	ck_assert_int_eq(rec_kinds[REC_PGSS].nfields, PGSS_extra + 1);
}
END_TEST

START_TEST(fields_are_put)
{
	struct ip none = { 0 }, v6;
	struct rec r;

	rec_init(&r, REC_APP);
	rec_put_sv(&r, APP_level, SV_NULL);
	ck_assert(!rec_has(&r, APP_level) && sv_null(rec_text(&r, APP_level)));
	rec_put_sv(&r, APP_level, SV(""));
	ck_assert(rec_has(&r, APP_level) && !sv_null(rec_text(&r, APP_level)));
	rec_put_ip(&r, APP_client, none);
	ck_assert(!rec_has(&r, APP_client));
	ck_assert(ip_parse(SV("2001:db8:1:2:3:4:5:6"), false, &v6));
	rec_put_ip(&r, APP_client, v6);
	ck_assert(r.v[APP_client].u.ip.addr[7] == 2);
	rec_put_i64(&r, APP_ok, 1);
	ck_assert(rec_has(&r, APP_ok) && r.v[APP_ok].u.num == 1);
	rec_init(&r, REC_REQUEST);
	ck_assert(r.set == 0);
}
END_TEST

/* Every line of a log can be joined with others. */
START_TEST(lines_are_the_last_field)
{
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++) {
		const struct kind *kind = &rec_kinds[k];
		struct rec r;

		if (!kind->log)
			continue;
		ck_sv_lit(kind->field[rec_lines_field((enum rec_kind)k)].name,
		    "lines");
		if (k != REC_PART)
			ck_sv_lit(kind->field[kind->nfields - 2].name, "joined");
		rec_init(&r, (enum rec_kind)k);
		ck_assert_int_eq(rec_lines(&r), 1);
		rec_put_i64(&r, kind->nfields - 1, 7);
		ck_assert_int_eq(rec_lines(&r), 7);
	}
}
END_TEST

START_TEST(which_records_are_single)
{
	static const enum rec_kind kinds[] = { REC_REQUEST, REC_APP, REC_ACCESS };
	static const int field[] = { REQUEST_request_id, APP_request_id, 0 };
	struct rec r;

	for (size_t i = 0; i < countof(kinds); i++) {
		rec_init(&r, kinds[i]);
		r.ts = 1;
		ck_assert(!rec_is_single(&r));
		rec_put_sv(&r, field[i], SV("x"));
		r.ts = 1000000;
		ck_assert(!rec_is_single(&r));
		r.ts = 1000001;
		ck_assert_int_eq(rec_is_single(&r), kinds[i] != REC_ACCESS);
	}
}
END_TEST

static const struct {
	int64_t ts;
	const char *origin, *message;
	uint64_t seed;
	bool same;
} contents[] = {
	{ 5, "app[web.1]", "hello world", 0, true },
	{ 5, "app[web.1]", " hello world\t", 0, true },
	{ 6, "app[web.1]", "hello world", 0, false },
	{ 5, "app[web.2]", "hello world", 0, false },
	{ 5, "app[web.1]", "hello  world", 0, false },
	{ 5, "app[web.1]", "hello world", 1, false },
	{ 5, "app[web.1]h", "ello world", 0, false },
	{ 5, "", "app[web.1]hello world", 0, false },
};

START_TEST(hash_names_content)
{
	uint64_t first = rec_hash(5, SV("app[web.1]"), SV("hello world"), 0);

	ck_assert_int_eq(rec_hash(contents[_i].ts, sv_str(contents[_i].origin),
	    sv_str(contents[_i].message), contents[_i].seed) == first,
	    contents[_i].same);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
} uuids[] = {
	{ "00112233-4455-6677-8899-aabbccddeeff", true },
	{ "00112233-4455-6677-8899-aabbccddeefF", false },
	{ "00112233-4455-6677-8899-AABBCCDDEEFF", false },
	{ "00112233-4455-6677-8899-aabbccddeef", false },
	{ "00112233-4455-6677-8899-aabbccddeeff0", false },
	{ "001122334-455-6677-8899-aabbccddeeff", false },
	{ "00112233-4455-6677-8899-aabbccddeegf", false },
	{ "00112233445566778899aabbccddeeff", false },
	{ "", false },
};

START_TEST(uuid)
{
	static const uint8_t want[16] = { 0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66,
	    0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff };
	uint8_t out[16];

	ck_assert_int_eq(rec_uuid(sv_str(uuids[_i].text), out), uuids[_i].ok);
	if (uuids[_i].ok)
		ck_assert_mem_eq(out, want, sizeof(want));
}
END_TEST

static const struct {
	const char *in, *out;
} addresses[] = {
	{ "203.0.113.7", "203.0.113.7" },
	{ "2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64" },
	{ "::1", "0:0:0:0::/64" },
	{ "fe80::1", "fe80:0:0:0::/64" },
	{ "::ffff:203.0.113.7", "203.0.113.7" },
};

START_TEST(address)
{
	struct buf b = BUF_INIT;
	struct ip ip, again, kept;
	struct rec r;

	rec_init(&r, REC_APP);
	ck_assert(ip_parse(sv_str(addresses[_i].in), false, &ip));
	rec_put_ip(&r, APP_client, ip);
	kept = rec_ip_whole(&r.v[APP_client].u.ip);
	rec_ip_write(&b, &kept);
	ck_sv(buf_sv(&b), sv_str(addresses[_i].out));
	ck_assert(rec_ip_read(buf_sv(&b), &again));
	ck_assert_mem_eq(&again, &kept, sizeof(again));
	ck_assert(!rec_ip_read(SV("1.2.3"), &again));
	buf_release(&b);
}
END_TEST

Suite *
test_rec(void)
{
	Suite *s = suite_create("rec");
	TCase *tc = tcase_create("rec");

	tcase_add_test(tc, kinds_are_complete);
	tcase_add_test(tc, enums_are_the_table);
	tcase_add_test(tc, fields_are_put);
	tcase_add_test(tc, lines_are_the_last_field);
	tcase_add_test(tc, which_records_are_single);
	add_table(tc, hash_names_content, contents);
	add_table(tc, uuid, uuids);
	add_table(tc, address, addresses);
	suite_add_tcase(s, tc);
	return s;
}
