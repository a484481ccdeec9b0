/* SPDX-License-Identifier: MIT */
#include "record/cleantext.h"

#include "record/redact.h"
#include "test/ck.h"

Suite *test_cleantext(void);

START_TEST(byte_by_byte)
{
	sv one = SV("12345678 one 12345678"), two = SV("12345678 two 12345678");

	ck_assert(!cleantext_has(1, one));
	cleantext_add(1, one);
	ck_assert(cleantext_has(1, one));
	ck_assert(!cleantext_has(2, one));
	ck_assert(!cleantext_has(1, two));
	cleantext_add(1, two); /* in its place */
	ck_assert(cleantext_has(1, two));
	ck_assert(!cleantext_has(1, one));
}
END_TEST

START_TEST(only_some)
{
	static char long_text[CLEANTEXT_MAX + 1];

	memset(long_text, 'x', sizeof(long_text));
	cleantext_add(1, SV("short"));
	cleantext_add(1, SV_NULL);
	cleantext_add(1, sv_of(long_text, sizeof(long_text)));
	ck_assert(!cleantext_has(1, SV("short")));
	ck_assert(!cleantext_has(1, SV_NULL));
	ck_assert(!cleantext_has(1, sv_of(long_text, sizeof(long_text))));
}
END_TEST

/* What is clean for one search is not for one with other paths. */
START_TEST(other_paths)
{
	static const uint8_t key[REDACT_KEY_LEN];
	static sv item[] = { { "/api/beta/preview/{token}", 25 } };
	static const struct site_list none = { item, 0 }, some = { item, 1 };
	sv text = SV("GET /api/beta/preview/T0k3n took long");
	struct arena a = ARENA_INIT;
	struct redact r;

	redact_init(&r, key, &none);
	for (int i = 0; i < 2; i++)
		ck_assert_ptr_eq(redact_text(&r, text, &a).p, text.p);
	redact_init(&r, key, &some);
	ck_assert(!sv_has(redact_text(&r, text, &a), SV("T0k3n")));
	arena_release(&a);
}
END_TEST

Suite *
test_cleantext(void)
{
	Suite *s = suite_create("cleantext");
	TCase *tc = tcase_create("cleantext");

	tcase_add_test(tc, byte_by_byte);
	tcase_add_test(tc, only_some);
	tcase_add_test(tc, other_paths);
	suite_add_tcase(s, tc);
	return s;
}
