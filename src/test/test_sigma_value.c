/* SPDX-License-Identifier: MIT */
#include "detect/sigma_value.h"

#include "base/buf.h"
#include "record/site.h"
#include "test/ck.h"

Suite *test_sigma_value(void);

static struct arena arena;

static const char site_text[] = "host: api.raxx.example\n"
    "invalid_token_status: [401, 404]\n"
    "monitor_clients: ['203.0.113.0/24', 'a*b']\n"
    "apps: [{name: raxx-api-prod}]\n"
    "trusted_proxies: ['192.0.2.0/24']\n";

/* Forms, one a line; what cannot be shown is \NN in octal already. */
static void
forms(const char *mods, sv value, bool regex, struct buf *out)
{
	struct err e = ERR_INIT;
	struct site site;
	struct sigma_mods m;
	struct sigma_forms f;
	char why[SIGMA_WHY];
	sv name;

	ck_assert_msg(site_read(&arena, SV("site.yml"), SV(site_text), &site,
	    &e), "%s", e.msg);
	ck_assert_int_eq(sigma_mods_read(mods[0] ? sv_str(mods) : SV_NULL, &m,
	    &name), MODS_OK);
	if ((regex ? sigma_regex : sigma_value)(&arena, &site, value, &m, &f,
	    why) != VALUE_OK) {
		buf_str(out, why);
	} else {
		for (size_t i = 0; i < f.n; i++) {
			if (i)
				buf_byte(out, ' ');
			buf_add(out, f.v[i]);
		}
	}
	buf_byte(out, '\0');
}

static const struct {
	const char *mods, *value, *want;
} values[] = {
	/* the escaping rules of the specification */
	{ "", "a\\b", "a\\\\b" },      /* \ before a plain byte: itself */
	{ "", "a\\\\b", "a\\\\b" },    /* \\ is the same */
	{ "", "\\*", "\\*" },          /* \* is a star */
	{ "", "\\?", "\\?" },
	{ "", "\\\\*", "\\\\*" },      /* \\* is a backslash, any run */
	{ "", "\\\\\\*", "\\\\\\*" },  /* \\\* is a backslash, a star */
	{ "", "\\\\\\x", "\\\\\\\\x" }, /* three or four: two */
	{ "", "\\\\\\\\", "\\\\\\\\" },
	{ "", "a\\", "a\\\\" },
	{ "", "a*b?c", "a*b?c" },
	{ "", "a\nb", "a\\\nb" },
	{ "", "%_[", "%_[" },
	{ "", "", "" },
	{ "contains", "a", "*a*" },
	{ "startswith", "a*", "a**" },
	{ "endswith", "a", "*a" },
	{ "startswith|endswith", "a", "*a*" },
	/* windash: n options have 5^n forms */
	{ "windash", "-a", "-a /a \xe2\x80\x93" "a \xe2\x80\x94" "a "
	    "\xe2\x80\x95" "a" },
	{ "windash", "a-b", "a-b" },
	{ "windash", "a -", "a -" },
	{ "windash|contains", "/\xc3\xa9", "*-\xc3\xa9* */\xc3\xa9* "
	    "*\xe2\x80\x93\xc3\xa9* *\xe2\x80\x94\xc3\xa9* "
	    "*\xe2\x80\x95\xc3\xa9*" },
	{ "windash", "*-x", "*-x */x *\xe2\x80\x93x *\xe2\x80\x94x "
	    "*\xe2\x80\x95x" },
	{ "windash", "\xc3\xa9-x", "\xc3\xa9-x" },
	{ "windash", "\xe2\x80\x93-x", "\xe2\x80\x93-x \xe2\x80\x93/x "
	    "\xe2\x80\x93\xe2\x80\x93x \xe2\x80\x93\xe2\x80\x94x "
	    "\xe2\x80\x93\xe2\x80\x95x" },
	/* base64 */
	{ "base64", "foobar", "Zm9vYmFy" },
	{ "base64", "fooba", "Zm9vYmE=" },
	{ "base64", "foob", "Zm9vYg==" },
	{ "base64", "a\\*b", "YSpi" },
	{ "base64", "a*", "base64 takes no wildcards: 'a*'" },
	{ "base64|contains", "foo", "*Zm9v*" },
	{ "base64offset|contains", "foobar", "*Zm9vYmFy* *Zvb2Jhc* *mb29iYX*" },
	{ "base64offset", "x", "e 4" },
	{ "wide|base64", "ab", "YQBiAA==" },
	{ "utf16le|base64", "\xf0\x9f\x98\x80", "PdgA3g==" },
	{ "utf16be|base64", "ab", "AGEAYg==" },
	{ "utf16|base64", "a", "//5hAA==" },
	{ "base64|base64", "a", "WVE9PQ==" },
	/* as records write what they cannot hold */
	{ "wide", "a?b*", "a\\\\x00?b\\\\x00*" },
	{ "utf16le", "\xc3\xa9", "\\\\xe9\\\\x00" },
	/* placeholders */
	{ "expand", "%host%", "api.raxx.example" },
	{ "expand", "x-%invalid_token_status%-y", "x-401-y x-404-y" },
	{ "expand", "%invalid_token_status%.%invalid_token_status%",
	    "401.401 401.404 404.401 404.404" },
	{ "expand|contains", "%monitor_clients%",
	    "*203.0.113.0/24* *a*b*" },
	{ "expand", "%apps%", "raxx-api-prod" },
	{ "expand", "%trusted_proxies%", "192.0.2.0/24" },
	{ "expand", "%monitor_tokens%", "" }, /* exceptions may be absent */
	{ "expand", "\\%plain%host%", "%plainapi.raxx.example" },
	{ "expand", "100%", "100%" },
	{ "expand", "%%", "%%" },
	{ "expand", "%a*b%", "%a*b%" },
	{ "expand", "%nope%", "site.yml has no list for placeholder 'nope'" },
	{ "", "%host%", "%host%" },
};

START_TEST(value)
{
	struct buf b = BUF_INIT;

	forms(values[_i].mods, sv_str(values[_i].value), false, &b);
	ck_assert_str_eq(b.p, values[_i].want);
	buf_release(&b);
}
END_TEST

static const struct {
	const char *mods, *value, *want;
} regexes[] = {
	{ "re", "a\\.b*", "a\\.b*" },
	{ "re|i", "a", "(?i)a" },
	{ "re|s|m|ignorecase", "a", "(?ims)a" },
	{ "re|startswith", "a|b", "\\A(?:a|b)" },
	{ "re|endswith|i", "a|b", "(?i)(?:a|b)\\z" },
	{ "re|startswith|endswith", "a", "a" },
	{ "re|contains", "^a", "^a" },
	{ "re|expand", "^%host%$", "^api\\.raxx\\.example$" },
	{ "re|expand", "a\\%b", "a%b" },
};

START_TEST(regex)
{
	struct buf b = BUF_INIT;

	forms(regexes[_i].mods, sv_str(regexes[_i].value), true, &b);
	ck_assert_str_eq(b.p, regexes[_i].want);
	buf_release(&b);
}
END_TEST

/* 5^5 forms are too many; a value of so many dashes that are none is not. */
START_TEST(limit)
{
	struct buf b = BUF_INIT;

	forms("windash", SV("-a -b -c -d -e"), false, &b);
	ck_assert_uint_eq(sv_count_byte(buf_sv(&b), ' '), 3125 * 5 - 1);
	buf_clear(&b);
	forms("windash", SV("-a -b -c -d -e -f"), false, &b);
	ck_assert_str_eq(b.p, "too many forms of '-a -b -c -d -e -f'");
	buf_clear(&b);
	forms("windash", SV("a-b-c-d-e-f-g"), false, &b);
	ck_assert_str_eq(b.p, "a-b-c-d-e-f-g");
	buf_release(&b);
}
END_TEST

static const struct {
	const char *text;
	enum sigma_mods_end end;
	const char *name;
} modifiers[] = {
	{ "contains|all|cased|neq", MODS_OK, "neq" },
	{ "all|contains", MODS_OK, "contains" },
	{ "utf16le|base64offset|contains|windash", MODS_OK, "windash" },
	{ "re|i|multiline|dotall|all|neq", MODS_OK, "neq" },
	{ "cidr|all", MODS_OK, "all" },
	{ "expand|cidr", MODS_OK, "cidr" },
	{ "hour|gte", MODS_OK, "gte" },
	{ "fieldref|contains|neq|all", MODS_OK, "all" },
	{ "contians", MODS_UNKNOWN, "contians" },
	{ "", MODS_UNKNOWN, "" },
	{ "contains|", MODS_UNKNOWN, "" },
	{ "Contains", MODS_UNKNOWN, "Contains" },
	{ "contains|re", MODS_LATE, "re" },
	{ "all|exists", MODS_LATE, "exists" },
	{ "exists|all", MODS_CLASH, "all" },
	{ "exists|cased", MODS_CLASH, "cased" },
	{ "i", MODS_CLASH, "i" },
	{ "re|cased", MODS_CLASH, "cased" },
	{ "re|wide", MODS_CLASH, "wide" },
	{ "contains|base64", MODS_CLASH, "base64" },
	{ "contains|cidr", MODS_CLASH, "cidr" },
	{ "gt|lt", MODS_CLASH, "lt" },
	{ "gte|hour", MODS_CLASH, "hour" },
	{ "contains|contains", MODS_CLASH, "contains" },
	{ "contains|fieldref", MODS_CLASH, "fieldref" },
	{ "wide|fieldref", MODS_CLASH, "fieldref" },
	{ "wide|wide|wide|wide|wide|wide|wide|wide|wide", MODS_CLASH, "wide" },
};

START_TEST(modifier)
{
	struct sigma_mods m;
	sv name = SV_NULL;

	ck_assert_int_eq(sigma_mods_read(sv_str(modifiers[_i].text), &m,
	    &name), modifiers[_i].end);
	ck_sv(name, sv_str(modifiers[_i].name));
}
END_TEST

static void
setup(void)
{
	arena_init(&arena);
}

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_sigma_value(void)
{
	Suite *s = suite_create("sigma_value");
	TCase *t = tcase_create("sigma_value");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, value, values);
	add_table(t, regex, regexes);
	add_table(t, modifier, modifiers);
	tcase_add_test(t, limit);
	suite_add_tcase(s, t);
	return s;
}
