/* SPDX-License-Identifier: MIT */
#include "detect/uafamily.h"

#include "test/ck.h"

Suite *test_uafamily(void);

static const struct {
	const char *agent, *want; /* NULL: null */
} rows[] = {
	{ "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like "
	  "Gecko) Chrome/137.0.0.0 Safari/537.36", "Chrome" },
	{ "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/137.0.0.0 "
	  "Safari/537.36 Edg/137.0.0.0", "Edge" },
	{ "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 OPR/106",
	  "Opera" },
	{ "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/17 Mobile "
	  "Safari/604.1", "Safari" },
	{ "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 CriOS/137 Mobile "
	  "Safari/604.1", "Chrome" },
	{ "Mozilla/5.0 (iPhone) FxiOS/139.0 Mobile Safari/605.1.15",
	  "Firefox" },
	{ "Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/139.0", "Firefox" },
	{ "Mozilla/5.0 (X11) HeadlessChrome/137.0 Safari/537.36", "headless" },
	{ "python-requests/2.32", "python" },
	{ "curl/8.5.0", "curl" },
	{ "Mozilla/5.0 (compatible; Examplebot/2.1)", "bot" },
	{ "Mozilla/5.0 (iPhone) Mobile", "other" },
	{ "  ", NULL },
	{ "-", NULL },
	{ "", NULL },
	{ NULL, NULL },
};

START_TEST(families)
{
	sv got = ua_family(sv_str(rows[_i].agent));

	if (rows[_i].want)
		ck_sv(got, sv_str(rows[_i].want));
	else
		ck_assert(sv_null(got));
}
END_TEST

Suite *
test_uafamily(void)
{
	Suite *s = suite_create("uafamily");
	TCase *t = tcase_create("uafamily");

	add_table(t, families, rows);
	suite_add_tcase(s, t);
	return s;
}
