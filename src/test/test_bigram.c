/* SPDX-License-Identifier: MIT */
#include "detect/bigram.h"

#include "test/ck.h"

Suite *test_bigram(void);

static const char *const first[] = { "james", "mary", "robert", "patricia",
	"jennifer", "michael", "linda", "william", "barbara", "susan" };
static const char *const last[] = { "smith", "johnson", "williams", "brown",
	"garcia", "miller", "davis", "wilson", "anderson", "taylor" };

static void
learn(struct bigram *m)
{
	struct buf b = BUF_INIT;

	*m = (struct bigram){ 0 };
	for (size_t i = 0; i < countof(first) * countof(last); i++) {
		buf_clear(&b);
		buf_printf(&b, "%s.%s", first[i % countof(first)],
		    last[i / countof(first)]);
		if (i % 4 == 0)
			buf_printf(&b, "%d", (int)i);
		bigram_add(m, buf_sv(&b));
	}
	buf_release(&b);
}

static const struct {
	const char *local;
	int sign; /* of the score; 0: cannot be scored */
} rows[] = {
	{ "linda.taylor", 1 },
	{ "robertjohnson", 1 },
	{ "MaryWilson77", 1 },
	{ "sandra.milton", 1 },
	{ "xqzvkjwpgh", -1 },
	{ "q7x2k9vb4w", -1 },
	{ "zx.vq.kj.wp", -1 },
	{ "short", 0 },
	{ "1234567890", 0 },
	{ "j\u00fcrgen.smith", 0 },
	{ "a.b.c.d.e.f.g.h", 0 }, /* no two side by side */
	{ "", 0 },
};

START_TEST(scores)
{
	struct bigram m;
	double bits = 0;
	sv v = sv_str(rows[_i].local);

	learn(&m);
	ck_assert(bigram_score(&m, v, &bits) == (rows[_i].sign != 0));
	ck_assert_msg((bits > 0) - (bits < 0) == rows[_i].sign, "%f", bits);
}
END_TEST

START_TEST(carried)
{
	struct bigram m, back;
	struct buf b = BUF_INIT;

	learn(&m);
	bigram_write(&b, &m);
	ck_assert(bigram_read(buf_sv(&b), &back));
	ck_assert(memcmp(&m, &back, sizeof(m)) == 0);
	ck_assert(!bigram_read(sv_skip(buf_sv(&b), 1), &back));
	buf_release(&b);
}
END_TEST

Suite *
test_bigram(void)
{
	Suite *s = suite_create("bigram");
	TCase *t = tcase_create("bigram");

	add_table(t, scores, rows);
	tcase_add_test(t, carried);
	suite_add_tcase(s, t);
	return s;
}
