/* SPDX-License-Identifier: MIT */
/* Random patterns over few letters, against a reference that tries all. */
#include "detect/wildcard.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "test/ck.h"

Suite *test_wildcard(void);

enum { CASES = 300 };

static uint64_t
rnd(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static bool
refer(sv p, sv t, bool cased)
{
	size_t skip = p.n && p.p[0] == '\\' && p.n > 1;

	if (p.n == 0)
		return t.n == 0;
	if (p.p[0] == '*')
		return refer(sv_skip(p, 1), t, cased) ||
		    (t.n && refer(p, sv_skip(t, 1), cased));
	if (t.n == 0)
		return false;
	if (p.p[0] == '?')
		return refer(sv_skip(p, 1), sv_skip(t, 1), cased);
	if (p.p[skip] != t.p[0] &&
	    (cased || to_lower(p.p[skip]) != to_lower(t.p[0])))
		return false;
	return refer(sv_skip(p, skip + 1), sv_skip(t, 1), cased);
}

static void
letters(uint64_t *s, const char *of, size_t max, struct buf *b)
{
	for (size_t n = rnd(s) % (max + 1); n > 0; n--)
		buf_byte(b, of[rnd(s) % strlen(of)]);
}

START_TEST(against_reference)
{
	uint64_t s = (uint64_t)_i * 2654435761u + 1;
	struct buf list = BUF_INIT, text = BUF_INIT;
	bool cased = _i % 2;
	struct wildset *w;

	/* a first pattern that never matches, so that all are one list */
	buf_str(&list, "zz");
	for (size_t k = 0; k < 5; k++) {
		buf_byte(&list, '\n');
		letters(&s, "abB*?\\", 6, &list);
		if (list.p[list.n - 1] == '\\')
			buf_byte(&list, 'a'); /* else it hides the newline */
	}
	w = wildset_open(buf_sv(&list), cased);
	for (size_t k = 0; k < 40; k++) {
		sv rest = buf_sv(&list);
		bool want = false;

		buf_clear(&text);
		letters(&s, "aAbB*\\", 7, &text);
		while (!sv_null(rest)) {
			sv p = sv_cut(&rest, '\n');
			bool hit = refer(p, buf_sv(&text), cased);

			ck_assert_msg(hit == wildcard_match(p, buf_sv(&text),
			    cased), "'%.*s' of '%.*s'", SV_ARG(p),
			    (int)text.n, text.p);
			want = want || hit;
		}
		ck_assert_msg(wildset_match(w, buf_sv(&text)) == want,
		    "'%.*s' of '%.*s'", (int)list.n, list.p, (int)text.n,
		    text.p);
	}
	wildset_close(w);
	buf_release(&list);
	buf_release(&text);
}
END_TEST

static const struct {
	sv patterns, text;
	bool want;
} sets[] = {
	{ { "", 0 }, { "", 0 }, true },
	{ { NULL, 0 }, { "", 0 }, true },
	{ { "", 0 }, { "a", 1 }, false },
	{ { "a\n", 2 }, { "", 0 }, true },
	{ { "*\nb", 3 }, { "xyz", 3 }, true },
	{ { "a\\\nb", 4 }, { "a\nb", 3 }, true },
	{ { "a\\\nb", 4 }, { "b", 1 }, false },
	{ { "a\\\\\nb", 5 }, { "b", 1 }, true },
	{ { "*\\**", 4 }, { "a*b", 3 }, true },
	{ { "*\\**", 4 }, { "ab", 2 }, false },
	{ { "*a\\*", 4 }, { "ba*", 3 }, true },
	{ { "*a\\*", 4 }, { "bac", 3 }, false },
	{ { "*\0x*", 4 }, { "a\0X", 3 }, true },
	{ { "?", 1 }, { "\xc3\xa9", 2 }, true },
	{ { "*?*", 3 }, { "", 0 }, false },
	{ { "a\\", 2 }, { "a\\", 2 }, true },
	{ { "*abc", 4 }, { "ababc", 5 }, true },
	{ { "abc*", 4 }, { "xabc", 4 }, false },
};

START_TEST(set)
{
	struct wildset *w = wildset_open(sets[_i].patterns, false);

	ck_assert(wildset_match(w, sets[_i].text) == sets[_i].want);
	ck_assert(wildset_match(w, sets[_i].text) == sets[_i].want);
	wildset_close(w);
	wildset_close(NULL);
}
END_TEST

Suite *
test_wildcard(void)
{
	Suite *s = suite_create("wildcard");
	TCase *t = tcase_create("wildcard");

	tcase_add_loop_test(t, against_reference, 0, CASES);
	add_table(t, set, sets);
	suite_add_tcase(s, t);
	return s;
}
