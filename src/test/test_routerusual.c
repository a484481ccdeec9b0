/* SPDX-License-Identifier: MIT */
#include "parse/routerusual.h"

#include <stdlib.h>

#include "parse/routerstrict.h"
#include "test/ck.h"

Suite *test_routerusual(void);

#define HEAD "at=info method=GET path="
#define MIDDLE " host=h.example request_id=0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define TIMES " dyno=web.1 connect=0ms service=1234567ms status=200 bytes=3"
#define END " protocol=https tls=true tls_version=tls1.3"
#define LINE(path, fwd, rest) \
	HEAD "\"" path "\"" MIDDLE " fwd=\"" fwd "\"" rest

static const struct {
	const char *text;
	bool is;
} lines[] = {
	{ LINE("/", "192.0.2.1", TIMES END), true },
	{ LINE("", "", TIMES END), true },
	{ LINE("/a?b=c&d=%20", "a, b, 192.0.2.1", TIMES END), true },
	{ LINE("/0123456789012345678901234567890123456789", "::1", TIMES END),
	    true },
	{ LINE("/", "1", " dyno=web.1 connect=1ms service=1ms status=100 "
	    "bytes=1234567" END), true },
	/* what others read */
	{ "", false },
	{ END, false },
	{ HEAD END, false },
	{ HEAD "\"" END, false },
	{ HEAD "\"/" END, false },
	{ LINE("/", "1", TIMES), false },
	{ LINE("/", "1", TIMES " protocol=https"), false },
	{ LINE("/", "1", END), false },
	{ LINE("/", "1", TIMES END " "), false },
	{ LINE("/", "1", TIMES END END), false },
	{ LINE("/", "1", TIMES " new=1" END), false },
	{ LINE("/", "1", TIMES) " protocol=https tls=true tls_version=tls1.x",
	    false },
	{ LINE("/a b", "1", TIMES END), false },
	{ LINE("/a\" b", "1", TIMES END), false },
	{ LINE("/", "a,  b", TIMES END), false },
	{ LINE("/", " a", TIMES END), true },
	{ LINE("/", "a ", TIMES END), true },
	{ LINE("/", "  ", TIMES END), false },
	{ HEAD "\"/\"" MIDDLE " fwd=\"1" END, false },
	{ HEAD "\"/\"" MIDDLE " fwd=\"1, 2" END, false },
	{ LINE("/", "1", " dyno= connect=1ms service=1ms status=200 bytes=1"
	    END), true },
	{ LINE("/", "1", " dyno=a/b connect=1ms service=1ms status=200 bytes=1"
	    END), false },
	{ LINE("/", "1", " dyno=web.1 connect=ms service=1ms status=200 bytes=1"
	    END), false },
	{ LINE("/", "1", " dyno=web.1 connect=1 service=1ms status=200 bytes=1"
	    END), false },
	{ LINE("/", "1", " dyno=web.1 connect=1ms service=12345678ms status=200 "
	    "bytes=1" END), false },
	{ LINE("/", "1", " dyno=web.1 connect=1ms service=1ms status=099 bytes=1"
	    END), false },
	{ LINE("/", "1", " dyno=web.1 connect=1ms service=1ms status=20 bytes=1"
	    END), false },
	{ LINE("/", "1", " dyno=web.1 connect=1ms service=1ms status=2000 "
	    "bytes=1" END), false },
	{ LINE("/", "1", " dyno=web.1 connect=1ms service=1ms status= bytes=1"
	    END), false },
	{ LINE("/", "1", " dyno=web.1 connect=1ms service=1ms status=200 bytes="
	    END), false },
};

/* In memory of its own length, for the sanitizers. */
START_TEST(usual)
{
	size_t n = strlen(lines[_i].text);
	char *copy = malloc(n + 1);
	sv line = sv_of(copy, n);
	struct router r = { 0 }, s = { 0 };

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, lines[_i].text, n);
	copy = realloc(copy, n ? n : 1);
	ck_assert_ptr_nonnull(copy);
	line.p = copy;
	ck_assert(routerusual_is(line) == lines[_i].is);
	ck_assert(routerusual_parse(line, &r) == lines[_i].is);
	if (lines[_i].is) {
		ck_assert(routerstrict_parse(line, &s));
		ck_assert(sv_eq(r.path, s.path) && sv_eq(r.fwd, s.fwd));
		ck_assert(sv_eq(r.dyno, s.dyno));
		ck_assert(sv_eq(r.tls_version, s.tls_version));
		ck_assert_int_eq(r.connect_ms, s.connect_ms);
		ck_assert_int_eq(r.service_ms, s.service_ms);
		ck_assert_int_eq(r.status_number, s.status_number);
		ck_assert_int_eq(r.bytes_number, s.bytes_number);
	}
	free(copy);
}
END_TEST

#define TIME "2026-06-12T13:02:11.123456"
#define SOURCE " heroku[router]: "
#define MESSAGE LINE("/", "1", TIMES END)

static const struct {
	const char *text;
	bool is;
} logs[] = {
	{ TIME "+00:00" SOURCE MESSAGE, true },
	{ "2026-06-12 13:02:11.123456+00:00" SOURCE MESSAGE, true },
	{ "2026-02-30T13:02:11.123456+00:00" SOURCE MESSAGE, false },
	{ TIME "+01:00" SOURCE MESSAGE, false },
	{ TIME "Z" SOURCE MESSAGE, false },
	{ TIME "+00:00 heroku[web.1]: " MESSAGE, false },
	{ TIME "+00:00" SOURCE " " MESSAGE, false },
	{ TIME "+00:00" SOURCE, false },
	{ TIME, false },
	{ "", false },
};

START_TEST(whole_lines)
{
	int64_t ts = 0;

	ck_assert(routerusual_line(sv_str(logs[_i].text), &ts) ==
	    logs[_i].is);
	if (logs[_i].is)
		ck_assert_int_eq(ts, 1781269331123456);
}
END_TEST

Suite *
test_routerusual(void)
{
	Suite *s = suite_create("routerusual");
	TCase *tc = tcase_create("routerusual");

	add_table(tc, usual, lines);
	add_table(tc, whole_lines, logs);
	suite_add_tcase(s, tc);
	return s;
}
