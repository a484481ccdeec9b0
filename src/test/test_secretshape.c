/* SPDX-License-Identifier: MIT */
#include "record/secretshape.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_secretshape(void);

#define JWT "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.c2ln"

/* The secret of `text`, looked for at `at`; NULL: none. */
static const struct {
	const char *text;
	size_t at;
	const char *want;
} shapes[] = {
	{ "sk_live_0123456789 end", 0, "sk_live_0123456789" },
	{ "sk_live_0123", 0, NULL },
	{ "task_live_0123456789", 2, NULL },
	{ "\\nsk_live_0123456789", 2, "sk_live_0123456789" },
	{ "%3Dsk_live_0123456789", 3, "sk_live_0123456789" },
	{ "id AKIAABCDEFGHIJKLMNOP/2026", 3, "AKIAABCDEFGHIJKLMNOP" },
	{ "AKIAABCDEFGHIJKLMNOPQ", 0, NULL },
	{ "AKIAABCDEFGHIJKLMNO", 0, NULL },
	{ "npm_0123456789abcdefghij-x", 0, "npm_0123456789abcdefghij" },
	{ "npm_config_registry", 0, NULL },
	{ "sk-Ab3dE5fGhI7jK9lM1nO3", 0, "sk-Ab3dE5fGhI7jK9lM1nO3" },
	{ "sk-fading-circle-animation-12", 0, NULL },
	{ "hf_0123456789abcdefghijKLMN", 0, "hf_0123456789abcdefghijKLMN" },
	{ "hf_0123456789abcdefghijklmn", 0, NULL },
	{ JWT, 0, JWT },
	{ "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9", 0,
	    "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9" },
	{ "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9 x", 0, NULL },
	{ "eyJhbGciOiJub25lIn0", 0, NULL },
	{ "eyJhb ciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.c2ln", 0, NULL },
	{ "-----BEGIN RSA PRIVATE KEY-----\\nMII", 0,
	    "-----BEGIN RSA PRIVATE KEY-----\\nMII" },
	{ "-----BEGIN CERTIFICATE-----", 0, NULL },
	{ "ghp_aZ09-_.%+/=,x", 0, "ghp_aZ09-_.%+/=" },
	{ "ghp_0123456789\xff", 0, "ghp_0123456789" },
	{ "s", 0, NULL },
};

START_TEST(shape)
{
	sv text = sv_str(shapes[_i].text);
	sv got = secretshape_at(text, shapes[_i].at);

	ck_sv(got, sv_str(shapes[_i].want));
	ck_assert(got.n == 0 || got.p == text.p + shapes[_i].at);
}
END_TEST

static const struct {
	const char *text;
	size_t at;
	const char *want;
} cards[] = {
	{ "card 4111111111111111.", 5, "4111111111111111" },
	{ "4111 1111 1111 1111 12", 0, "4111 1111 1111 1111" },
	{ "5500-0000-0000-0004", 0, "5500-0000-0000-0004" },
	{ "4111+1111+1111+1111&", 0, "4111+1111+1111+1111" },
	{ "3782 822463 10005", 0, "3782 822463 10005" },
	{ "c%3D378282246310005&", 4, "378282246310005" },
	{ "30569309025904", 0, "30569309025904" },
	{ "3530111333300000", 0, "3530111333300000" },
	{ "4222222222222", 0, "4222222222222" },
	{ "4111111111111112", 0, NULL },  /* check digit */
	{ "1111111111111117", 0, NULL },  /* no network's */
	{ "41111111111111111", 0, NULL }, /* goes on */
	{ "4111111111111111a", 0, NULL },
	{ "4111111111111111_", 0, NULL },
	{ "4111111111111111-1", 0, NULL },
	{ "4111111111111111-<secret:0123456789abcdef>", 0, NULL },
	{ "4111111111111111.5", 0, NULL },
	{ "0.4111111111111111", 2, NULL },
	{ "x4111111111111111", 1, NULL },
	{ "-4111111111111111", 1, NULL },
	{ "4111-1111 1111-1111", 0, NULL },
	{ "4111 1111 1111 111", 0, NULL },
	{ "4111", 0, NULL },
	{ "", 0, NULL },
};

START_TEST(card)
{
	sv text = sv_str(cards[_i].text);
	sv got = secretshape_card(text, cards[_i].at);

	ck_sv(got, sv_str(cards[_i].want));
	ck_assert(got.n == 0 || got.p == text.p + cards[_i].at);
}
END_TEST

static const struct {
	const char *text;
	size_t at;
	const char *want;
} schemes[] = {
	{ "got bearer abcdef12 x", 4, "abcdef12" },
	{ "BEARER%20abcdef12&x", 0, "abcdef12" },
	{ "bearer+abcdef12", 0, "abcdef12" },
	{ "Bearer  \t abcdef12", 0, "abcdef12" },
	{ "Basic bWU6cHc= x", 0, "bWU6cHc=" },
	{ "basic bTpwdzEyMzQ=", 0, "bTpwdzEyMzQ=" },
	{ "bearer token missing", 0, NULL },
	{ "bearer abcdefgh", 0, NULL },   /* a word has no digits */
	{ "bearer abcde12", 0, NULL },    /* too short */
	{ "bearer:abcdef12", 0, NULL },
	{ "bearer total=5abcdef", 0, NULL },
	{ "Basic authentication", 0, NULL },
	{ "basic training12", 0, NULL },
	{ "forbearer abcdef12", 3, NULL },
	{ "be", 0, NULL },
	{ "basic", 0, NULL },
};

START_TEST(scheme)
{
	ck_sv(secretshape_scheme(sv_str(schemes[_i].text), schemes[_i].at),
	    sv_str(schemes[_i].want));
}
END_TEST

static const struct {
	const char *text;
	bool want;
} bodies[] = {
	{ "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
	    true },
	{ "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cK",
	    false },
	{ "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cK.",
	    false },
	{ "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	    false },
	{ "", false },
};

START_TEST(body)
{
	ck_assert_int_eq(secretshape_is_body(sv_str(bodies[_i].text)),
	    bodies[_i].want);
}
END_TEST

/* Every start has two bytes to be looked for by, in order, and begins no word. */
START_TEST(starts)
{
	sv start, before = SV("");
	size_t i;

	for (i = 0; secretshape_start(i, &start); i++) {
		ck_assert_uint_ge(start.n, 2);
		ck_assert_int_le(sv_cmp(sv_take(before, 2),
		    sv_take(start, 2)), 0);
		before = start;
		ck_sv(secretshape_at(start, 0), SV(""));
	}
	ck_assert_uint_gt(i, 30);
}
END_TEST

/* None is shorter than that. */
START_TEST(shortest)
{
	struct buf b = BUF_INIT;
	sv start;

	for (size_t i = 0; secretshape_start(i, &start); i++) {
		buf_clear(&b);
		buf_add(&b, start);
		buf_lit(&b, "A1.A1.A1.A1A1A1");
		ck_assert_uint_eq(secretshape_at(sv_take(buf_sv(&b),
		    SECRETSHAPE_MIN - 1), 0).n, 0);
	}
	buf_release(&b);
}
END_TEST

/* All places of a text at once, as each by itself. */
START_TEST(all_cards)
{
	uint64_t next = 1;

	for (int round = 0; round < 20000; round++) {
		char text[64];
		size_t n = 1 + (size_t)round % sizeof(text);
		uint64_t digits = 0, want = 0;

		for (size_t i = 0; i < n; i++) {
			next = next * UINT64_C(6364136223846793005) + 1;
			text[i] = next >> 60 ? '7' : '-';
			digits |= (uint64_t)is_digit(text[i]) << i;
		}
		for (size_t i = 0; i < n; i++)
			want |= (uint64_t)secretshape_may_be_card(
			    sv_of(text + i + 1, n - i - 1)) << i;
		ck_assert_uint_eq(secretshape_cards(digits, n), want);
	}
}
END_TEST

/* A long token is taken whole; of many beginnings that are none each is cheap:
 * with the rest read for all of them this would take minutes. */
START_TEST(long_text)
{
	struct buf b = BUF_INIT;

	while (b.n < 300000)
		buf_lit(&b, "ghp_");
	ck_assert_uint_eq(secretshape_at(buf_sv(&b), 0).n, b.n);
	buf_clear(&b);
	while (b.n < 300000)
		buf_lit(&b, "eyJ-sk-");
	for (size_t i = 0; i < b.n; i++)
		ck_assert_uint_eq(secretshape_at(buf_sv(&b), i).n, 0);
	buf_release(&b);
}
END_TEST

/* One byte after the other. */
static bool
are_quads(const char *p, size_t n)
{
	size_t run = 0;

	for (size_t i = 0; i < n; i++) {
		run = p[i] >= '0' && p[i] <= '9' ? run + 1 : 0;
		if (run > 3 || (run == 0 && p[i] != '.' && p[i] != ','))
			return false;
	}
	return true;
}

/* Of all lengths: what is mostly one, and what has another byte at any place. */
START_TEST(quads)
{
	static const char from[] = "123.456,78.90,1.2.3.4.", other[] = "5a-/:9 ";
	size_t found = 0;

	for (size_t n = 0; n <= 90; n++)
		for (size_t at = 0; at <= n; at++) {
			char text[90];

			for (size_t i = 0; i < n; i++)
				text[i] = from[(i + (size_t)_i) %
				    (sizeof(from) - 1)];
			if (at < n)
				text[at] = other[(at + n) % (sizeof(other) - 1)];
			ck_assert(secretshape_is_quads(sv_of(text, n)) ==
			    are_quads(text, n));
			found += are_quads(text, n);
		}
	ck_assert_uint_gt(found, 90);
}
END_TEST

Suite *
test_secretshape(void)
{
	Suite *s = suite_create("secretshape");
	TCase *tc = tcase_create("shapes");

	add_table(tc, shape, shapes);
	add_table(tc, card, cards);
	add_table(tc, scheme, schemes);
	add_table(tc, body, bodies);
	tcase_add_test(tc, starts);
	tcase_add_test(tc, shortest);
	tcase_add_test(tc, all_cards);
	tcase_add_test(tc, long_text);
	tcase_add_loop_test(tc, quads, 0, 22);
	suite_add_tcase(s, tc);
	return s;
}
