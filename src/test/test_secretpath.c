/* SPDX-License-Identifier: MIT */
#include "record/secretpath.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_secretpath(void);

#define PREVIEW "/api/beta/preview/{token}"

/* The segments of a path that is the template's from its start. */
static const struct {
	const char *template, *path, *first, *second;
} paths[] = {
	{ PREVIEW, "/api/beta/preview/Ab12", "Ab12", NULL },
	{ PREVIEW, "/api/beta/preview/Ab12/dash?x=1", "Ab12", NULL },
	{ PREVIEW, "/api/beta/preview/Ab12?x", "Ab12", NULL },
	{ PREVIEW, "/api/beta/preview/Ab12%2Fdash", "Ab12", NULL },
	{ PREVIEW, "/api/beta/preview/Ab12%3fx", "Ab12%3fx", NULL },
	{ PREVIEW, "/api/beta/preview/%22Ab12%22?x", "%22Ab12%22", NULL },
	{ PREVIEW, "/api/beta/preview/%20Ab%2512/x", "%20Ab%2512", NULL },
	{ PREVIEW, "/api/beta/preview/\"Ab 12\"#x", "\"Ab 12\"#x", NULL },
	{ PREVIEW, "/api/beta/preview/%2FAb12", "Ab12", NULL },
	{ PREVIEW, "/api/beta/preview/a,b)c", "a,b)c", NULL },
	{ PREVIEW, "/%61pi/beta%2Fpreview/Ab12", "Ab12", NULL },
	{ PREVIEW, "/%2561pi%252Fbeta/preview/Ab12", "Ab12", NULL },
	{ PREVIEW, "//api/./beta///preview/Ab12", "Ab12", NULL },
	{ PREVIEW, "\\/api\\/beta\\/preview\\/Ab12", "Ab12", NULL },
	{ PREVIEW, "/api/beta/preview/<token:0123456789abcdef>/x",
	    "<token:0123456789abcdef>", NULL },
	{ PREVIEW, "/api/beta/preview/", NULL, NULL },
	{ PREVIEW, "/api/beta/preview", NULL, NULL },
	{ PREVIEW, "/api/beta/previews/Ab12", NULL, NULL },
	{ PREVIEW, "/API/beta/Preview/Ab12", "Ab12", NULL },
	{ PREVIEW, "/%41PI/bet%41/preview/Ab12", "Ab12", NULL },
	{ PREVIEW, "x/api/beta/preview/Ab12", NULL, NULL },
	{ PREVIEW, "", NULL, NULL },
	{ "/t/{a}/x/{b}", "/t/one/x/two/y", "one", "two" },
	{ "/t/{a}/x/{b}", "/t/one/y/two", "one", NULL },
	{ "/t/{a}/x/{b}", "/t//x/two", "x", NULL },
	{ "/dl/{file}.pdf", "/dl/abc.pdf", "abc", NULL },
	{ "/dl/{file}.pdf", "/dl/abc.png", "abc.png", NULL },
	{ "/dl/{file}.pdf", "/dl/.pdf", ".pdf", NULL },
	{ "/no/secret", "/no/secret", NULL, NULL },
};

START_TEST(path)
{
	sv segment = SV_NULL;
	struct secretpath m;

	secretpath_init(&m, sv_str(paths[_i].template), sv_str(paths[_i].path),
	    0, false);
	ck_assert_int_eq(secretpath_next(&m, &segment),
	    paths[_i].first != NULL);
	if (paths[_i].first == NULL)
		return;
	ck_sv(segment, sv_str(paths[_i].first));
	ck_assert_int_eq(secretpath_next(&m, &segment),
	    paths[_i].second != NULL);
	if (paths[_i].second)
		ck_sv(segment, sv_str(paths[_i].second));
	ck_assert(!secretpath_next(&m, &segment));
}
END_TEST

/* The first that is mentioned in a text. */
static const struct {
	const char *text, *want;
} mentions[] = {
	{ "see https://h.example/api/beta/preview/Ab12 now", "Ab12" },
	{ "\"/api/beta/preview/Ab12\",", "Ab12" },
	{ "('GET', '/api/beta/preview/Ab12', 200)", "Ab12" },
	{ "(/api/beta/preview/Ab12)", "Ab12" },
	{ "{\"u\":\"https:\\/\\/h\\/api\\/beta\\/preview\\/Ab12\"}", "Ab12" },
	{ "/login?next=%2fapi%2Fbeta%2Fpreview%2FAb12%3Fx", "Ab12" },
	{ "?n=%252Fapi%252fbeta/preview%252FAb12%2526x", "Ab12" },
	{ "/api /api/beta /api/beta/preview/Ab12", "Ab12" },
	{ "GET /api/beta/preview/%22Ab%2012%22 404", "%22Ab%2012%22" },
	{ "/login?next=%2fapi%2Fbeta%2Fpreview%2F%2522Ab12%22x", "%2522Ab12" },
	{ "/api/beta/preview/Ab%2612&x", "Ab%2612" },
	{ "/api/beta/preview/ and /api/beta/preview", NULL },
	{ "/apix/beta/preview/Ab12", NULL },
	{ "no slash", NULL },
	{ "", NULL },
};

START_TEST(mention)
{
	sv text = sv_str(mentions[_i].text), segment = SV_NULL;
	struct secretpath m;

	secretpath_init(&m, SV(PREVIEW), text, 0, true);
	ck_assert_int_eq(secretpath_find(&m, true, &segment),
	    mentions[_i].want != NULL);
	ck_sv(segment, sv_str(mentions[_i].want));
	if (sv_find_byte(text, '%') < text.n)
		return;
	segment = SV_NULL;
	secretpath_init(&m, SV(PREVIEW), text, 0, true);
	secretpath_find(&m, false, &segment);
	ck_sv(segment, sv_str(mentions[_i].want));
}
END_TEST

static const struct {
	const char *text;
	int want;
	size_t width;
	unsigned depth;
} bytes[] = {
	{ "a", 'a', 1, 0 }, { "%41", 'A', 3, 1 }, { "%2f", '/', 3, 1 },
	{ "%2541", 'A', 5, 2 }, { "%252541", 'A', 7, 3 },
	{ "%25", '%', 3, 1 }, { "%252", '%', 3, 1 },
	{ "%ff", 0xff, 3, 1 }, { "%00", 0, 3, 1 }, { "\xff", 0xff, 1, 0 },
	{ "%", '%', 1, 0 }, { "%4", '%', 1, 0 }, { "%4g", '%', 1, 0 },
};

START_TEST(byte)
{
	size_t width;
	unsigned depth;

	ck_assert_int_eq(secretpath_byte(sv_str(bytes[_i].text), 0, &width,
	    &depth), bytes[_i].want);
	ck_assert_uint_eq(width, bytes[_i].width);
	ck_assert_uint_eq(depth, bytes[_i].depth);
}
END_TEST

static const struct {
	const char *text;
	size_t end; /* 0: not there */
} literals[] = {
	{ "/a.b/c", 5 }, { "/a%2Eb/c", 7 }, { "%2Fa.b%252F", 11 },
	{ "//a.b//", 7 }, { "/./a.b/./c", 9 }, { "\\/a.b\\/c", 7 },
	{ "/a.b", 0 }, { "/axb/", 0 }, { "", 0 }, { "/", 0 }, { "/%", 0 },
};

START_TEST(literal)
{
	ck_assert_uint_eq(secretpath_literal(sv_str(literals[_i].text), 0,
	    SV("/a.b/"), false), literals[_i].end);
}
END_TEST

/* With "x/../" undone, of a path and of a text that begins with it. */
static const struct {
	const char *path, *want;
} dotted[] = {
	{ "/api/beta/preview/../preview/Ab12", "Ab12" },
	{ "/api/beta/preview/..%2Fpreview/Ab12", "Ab12" },
	{ "/api/beta/preview/%2e%2E/preview/Ab12", "Ab12" },
	{ "/api/x/y/./../../beta//preview/Ab12", "Ab12" },
	{ "\\/api\\/..\\/api\\/beta\\/preview\\/Ab12", "Ab12" },
	{ "/x/../api/beta/preview/Ab12/y", "Ab12" },
	{ "/../../api/beta/preview/Ab12", "Ab12" },
	{ "/api/beta/preview/a/../Ab12", "Ab12" },
	{ "/api/beta/preview/a/../../preview/Ab12", "Ab12" },
	{ "/api/beta/preview/Ab12", "Ab12" },
	{ "/api/beta/preview/a/../../b", NULL },
	{ "/api/beta/preview/..", NULL },
	{ "/api/beta/x../preview/Ab12", NULL },
	{ "/api/beta/.../preview/Ab12", NULL },
	{ "/api/beta/x y/../preview/Ab12", NULL },
};

START_TEST(dots)
{
	sv text = sv_str(dotted[_i].path);
	struct secretpath m;

	for (int inside = 0; inside < 2; inside++) {
		sv segment = SV_NULL;
		bool got;

		secretpath_init(&m, SV(PREVIEW), text, 0, inside);
		m.dots = true;
		got = inside ? secretpath_find(&m, true, &segment) :
		    secretpath_next(&m, &segment);
		ck_assert_int_eq(got, dotted[_i].want != NULL);
		ck_sv(segment, sv_str(dotted[_i].want));
	}
	ck_assert(dotted[_i].want == NULL || secretpath_has_dots(text, true) ==
	    !sv_is(text, "/api/beta/preview/Ab12"));
}
END_TEST

/* Each of these has many places where a path may begin. */
static const char *const repeated[] = {
	"/", "/./", "//", "%25", "%2525", "%2f", "\\", "\\/", "/%61pi",
	"/api/beta/preview", "/api/beta/preview/", "/../", "/x/../", "/x",
	"/x/y/../", "/%2e%2e",
};

START_TEST(long_text)
{
	struct buf b = BUF_INIT;
	struct secretpath m;
	sv segment;

	while (b.n < 300000)
		buf_str(&b, repeated[_i]);
	secretpath_init(&m, SV(PREVIEW), buf_sv(&b), 0, true);
	while (secretpath_find(&m, true, &segment))
		secretpath_init(&m, SV(PREVIEW), buf_sv(&b), m.at, true);
	for (size_t at = 0; at < b.n; at = m.at) {
		secretpath_init(&m, SV(PREVIEW), buf_sv(&b), at, true);
		m.dots = true;
		if (!secretpath_find(&m, true, &segment))
			break;
	}
	buf_release(&b);
}
END_TEST

Suite *
test_secretpath(void)
{
	Suite *s = suite_create("secretpath");
	TCase *tc = tcase_create("paths");

	add_table(tc, path, paths);
	add_table(tc, mention, mentions);
	add_table(tc, byte, bytes);
	add_table(tc, literal, literals);
	add_table(tc, dots, dotted);
	add_table(tc, long_text, repeated);
	suite_add_tcase(s, tc);
	return s;
}
