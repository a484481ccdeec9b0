/* SPDX-License-Identifier: MIT */
#include "parse/urlhost.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_urlhost(void);

static const struct {
	const char *url, *scheme, *host, *port;
} urls[] = {
	{ "https://console.raxx.example", "https", "console.raxx.example", NULL },
	{ "https://console.raxx.example/a?b=c#d", "https",
	    "console.raxx.example", NULL },
	{ "HTTPS://A.Example/", "HTTPS", "A.Example", NULL },
	{ "postgres://u1:p1@db.example.com:5432/d", "postgres",
	    "db.example.com", "5432" },
	{ "redis://:pw@db.example.com:6379", "redis", "db.example.com", "6379" },
	{ "rediss://u:p@w@db.example.com", "rediss", "db.example.com", NULL },
	{ "syslog+tls://logs.example.com:12345", "syslog+tls",
	    "logs.example.com", "12345" },
	{ "http://192.0.2.1:80", "http", "192.0.2.1", "80" },
	{ "http://[2001:db8::1]:80/", "http", "[2001:db8::1]", "80" },
	{ "http://[2001:db8::1]", "http", "[2001:db8::1]", NULL },
	{ "amqp://h", "amqp", "h", NULL },
	{ "http://h?x", "http", "h", NULL },
};

START_TEST(parts)
{
	struct urlhost u;

	ck_assert(urlhost_read(sv_str(urls[_i].url), &u));
	ck_sv(u.scheme, sv_str(urls[_i].scheme));
	ck_sv(u.host, sv_str(urls[_i].host));
	ck_sv(u.port, sv_str(urls[_i].port));
	ck_assert(sv_null(u.port) == !urls[_i].port);
}
END_TEST

static const char *const others[] = {
	"", "://", "http://", "http:///x", "http:/h", "h.example.com", "1://h",
	"a b://h", "http://h:", "http://h:x", "http://h:123456", "http://:80",
	"http://a b", "http://h\n", "http://\xff", "http://[::1", "http://[]",
	"http://[g]", "mailto:a@h.example",
	/* the user info may go on behind the slash */
	"postgres://user:pa/ss@db.example.com/d", "http://tok/en@h",
	"http://u:12/3@h", "http://u:p@ss/w@h", "http://tok?en@h",
	"https://h.example/path@2", "http://t#k@h",
	"abcdefghijabcdefghijabcdefghijabc://h",
};

START_TEST(no_host)
{
	struct urlhost u;

	ck_assert(!urlhost_read(sv_str(others[_i]), &u));
	ck_assert(sv_null(u.scheme) && sv_null(u.host) && sv_null(u.port));
}
END_TEST

START_TEST(odd_bytes)
{
	struct buf b = BUF_INIT;
	struct urlhost u;

	ck_assert(!urlhost_read(SV_NULL, &u));
	ck_assert(!urlhost_read(SV("http://a\0b"), &u));
	buf_lit(&b, "http://");
	while (b.n < 100000)
		buf_byte(&b, 'a');
	ck_assert(!urlhost_read(buf_sv(&b), &u));
	buf_release(&b);
}
END_TEST

Suite *
test_urlhost(void)
{
	Suite *s = suite_create("urlhost");
	TCase *tc = tcase_create("urls");

	suite_add_tcase(s, tc);
	add_table(tc, parts, urls);
	add_table(tc, no_host, others);
	tcase_add_test(tc, odd_bytes);
	return s;
}
