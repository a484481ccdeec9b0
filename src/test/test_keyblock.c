/* SPDX-License-Identifier: MIT */
#include "record/keyblock.h"

#include "test/ck.h"

Suite *test_keyblock(void);

#define BEGIN "-----BEGIN RSA PRIVATE KEY-----"
#define END "-----END RSA PRIVATE KEY-----"

/* Lines "ORIGIN message", of the bare ones the origin is '='; and which of them
 * are hidden. */
static const struct {
	const char *lines[6], *want;
} blocks[] = {
	{ { "a x", "a abc", "= abc" }, "..." },
	{ { "a " BEGIN, "a MIIE", "a Ab+/9==", "a " END, "a abc" }, ".##.." },
	{ { "a k: " BEGIN, "b MIIE", "a MIIE", "a text here", "a MIIE" },
	    "..#.." },
	{ { "a " BEGIN, "= MIIE", "= " END, "= abc" }, ".#.." },
	{ { "= " BEGIN, "= MIIE", "a abc", "= MIIE" }, ".#.#" },
	{ { "a " BEGIN, "a Proc-Type: 4,ENCRYPTED", "a DEK-Info: x", "a ",
	    "a MIIE" }, ".##.#" },
	{ { "a " BEGIN, "a " BEGIN, "a MIIE" }, "..#" },
	{ { "a -----BEGIN PUBLIC KEY-----", "a MIIE" }, ".." },
	{ { "a " BEGIN " x", "a MIIE" }, ".." },
	{ { "a " BEGIN, "a 0123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789",
	    "a 01234567890123456789012345678901234567890"
	    "0123456789012345678901234567890123456789", "a MIIE" }, ".#.." },
};

START_TEST(lines)
{
	struct keyblock k = { 0 };
	sv want = sv_str(blocks[_i].want);

	for (size_t i = 0; i < want.n; i++) {
		sv message = sv_str(blocks[_i].lines[i]);
		sv origin = sv_cut(&message, ' ');

		if (sv_is(origin, "="))
			origin = SV_NULL;
		ck_assert_msg(keyblock_holds(&k, origin, message) ==
		    (want.p[i] == '#'), "line %zu", i + 1);
	}
}
END_TEST

Suite *
test_keyblock(void)
{
	Suite *s = suite_create("keyblock");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, lines, blocks);
	return s;
}
