/* SPDX-License-Identifier: MIT */
#include "output/escape.h"

#include "base/ascii.h"
#include "base/utf8.h"

struct range {
	uint32_t from, to;
};

/*
 * Characters that are not seen but act on what is: C1 controls, separators of
 * lines, U+FFF9-B, and what Unicode calls Default_Ignorable_Code_Point (marks
 * of direction, zero-width characters, fillers, variation selectors, tags).
 */
static const struct range unseen[] = {
	{ 0x80, 0x9f },
	{ 0xad, 0xad },
	{ 0x34f, 0x34f },
	{ 0x61c, 0x61c },
	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0x3164, 0x3164 },
	{ 0xfdd0, 0xfdef },
	{ 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

/* Two columns wide on a terminal (East Asian, emoji), roughly. */
static const struct range wide[] = {
	{ 0x1100, 0x115e },
	{ 0x2e80, 0x303e },
	{ 0x3041, 0xa4cf },
	{ 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },
	{ 0xfe30, 0xfe6f },
	{ 0xff01, 0xff60 },
	{ 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1faff },
	{ 0x20000, 0x3fffd },
};

static bool
in_ranges(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c <= r[i].to)
			return c >= r[i].from;
	return false;
}

static bool
is_seen(uint32_t c)
{
	return c >= 0x20 && c != 0x7f && (c & 0xfffe) != 0xfffe &&
	    !in_ranges(unseen, countof(unseen), c);
}

size_t
escape_char(sv v)
{
	uint32_t c;
	size_t len = utf8_decode(v, &c);

	return len || v.n == 0 ? len : 1;
}

size_t
escape_width(sv v)
{
	size_t columns = 0;

	while (v.n) {
		uint32_t c = 0;
		size_t len = utf8_decode(v, &c);

		if (c < 0x300 || c > 0x36f)
			columns += in_ranges(wide, countof(wide), c) ? 2 : 1;
		v = sv_skip(v, len ? len : 1);
	}
	return columns;
}

/* What stands for one character; the longest is \u{10ffff}. */
struct shown {
	char p[12];
	size_t n;
};

static void
shown_hex(struct shown *s, uint32_t v)
{
	static const char digit[] = "0123456789abcdef";
	int shift = 20;

	while (shift > 0 && v >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		s->p[s->n++] = digit[v >> shift & 15];
}

static struct shown
shown_byte(unsigned char c)
{
	struct shown s = { "\\x", 2 };

	if (c < 0x10)
		s.p[s.n++] = '0';
	shown_hex(&s, c);
	return s;
}

static struct shown
shown_char(uint32_t c)
{
	struct shown s = { "\\u{", 3 };

	shown_hex(&s, c);
	s.p[s.n++] = '}';
	return s;
}

/* Cuts one character off *rest and says how to show it. */
static struct shown
next_shown(sv *rest)
{
	struct shown s = { "", 0 };
	uint32_t c = 0;
	size_t len = utf8_decode(*rest, &c);
	sv ch = sv_cut_n(rest, len ? len : 1);

	if (len == 0 || (c < 0x20 && c != '\t') || c == 0x7f)
		return shown_byte((unsigned char)ch.p[0]);
	if (c == '\t')
		return (struct shown){ "  ", 2 };
	if (c == '\\')
		return (struct shown){ "\\\\", 2 };
	if (!is_seen(c))
		return shown_char(c);
	memcpy(s.p, ch.p, len);
	s.n = len;
	return s;
}

void
escape_text(struct buf *b, sv v)
{
	while (v.n) {
		struct shown s = next_shown(&v);

		buf_mem(b, s.p, s.n);
	}
}

static void
md_entity(struct buf *b, char c)
{
	buf_lit(b, "&#");
	buf_u64(b, (unsigned char)c);
	buf_byte(b, ';');
}

/* Does GitHub's autolinker start here? `rest` is what follows c. */
static bool
starts_link(char c, sv rest)
{
	if (c == '@')
		return true;
	if (c == ':')
		return sv_starts(rest, SV("//"));
	return (c == 'w' || c == 'W') && sv_starts_nocase(rest, SV("ww."));
}

static void
md_byte(struct buf *b, char c, sv rest)
{
	if (starts_link(c, rest) || c == '<' || c == '>' || c == '&')
		md_entity(b, c);
	else if (memchr("|\\`*_[]()!#~$", c, 13))
		buf_mem(b, (const char[]){ '\\', c }, 2);
	else
		buf_byte(b, c);
}

/* Is a bullet or a list number's dot at v one? A blank or nothing follows. */
static bool
ends_marker(sv v)
{
	return v.n == 1 || v.p[1] == ' ' || v.p[1] == '\t';
}

/* What would make a list, a rule, a heading, a column line or a code block of
 * a line: a blank, a bullet, an underline, or a number with a dot. */
static void
md_line_start(struct buf *b, sv *rest)
{
	size_t digits = 0;
	char c = rest->n ? rest->p[0] : 'x';

	if (c == ' ' || c == '\t' || c == '=' || c == ':' || c == '-' ||
	    (c == '+' && ends_marker(*rest))) {
		md_entity(b, c == '\t' ? ' ' : c);
		*rest = sv_skip(*rest, 1);
		return;
	}
	while (digits < rest->n && is_digit(rest->p[digits]))
		digits++;
	if (digits && digits < rest->n && rest->p[digits] == '.' &&
	    ends_marker(sv_skip(*rest, digits))) {
		buf_add(b, sv_cut_n(rest, digits));
		md_entity(b, '.');
		*rest = sv_skip(*rest, 1);
	}
}

void
escape_md(struct buf *b, sv v)
{
	md_line_start(b, &v);
	while (v.n) {
		struct shown s = next_shown(&v);

		for (size_t i = 0; i < s.n; i++)
			md_byte(b, s.p[i], v);
	}
}

static size_t
longest_backticks(sv v)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < v.n; i++) {
		run = v.p[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void
put_fence(struct buf *b, size_t n, bool blank_before, bool blank_after)
{
	if (blank_before)
		buf_byte(b, ' ');
	while (n--)
		buf_byte(b, '`');
	if (blank_after)
		buf_byte(b, ' ');
}

void
escape_md_code(struct buf *b, sv v, bool in_table)
{
	size_t fence = longest_backticks(v) + 1;
	/* One blank on both sides is taken off again by the reader. */
	bool pad = v.n == 0 || memchr("` \t", v.p[0], 3) ||
	    memchr("` \t", v.p[v.n - 1], 3);

	put_fence(b, fence, false, pad);
	while (v.n) {
		struct shown s = next_shown(&v);

		for (size_t i = 0; i < s.n; i++) {
			if (in_table && s.p[i] == '|')
				buf_byte(b, '\\');
			buf_byte(b, s.p[i]);
		}
	}
	put_fence(b, fence, pad, false);
}

/* The ways in which logs write '@'. */
static const char *const at_sign[] = {
	"@", "%40", "%2540", "\\u0040", "&#64;", "&#x40;", "\xef\xbc\xa0",
};

/* And '.'. */
static const char *const dot_sign[] = {
	".", "%2e", "%252e", "\\u002e", "&#46;", "&#x2e;",
};

static size_t
sign_len(const char *const *sign, size_t n, sv v)
{
	for (size_t i = 0; i < n; i++)
		if (sv_starts_nocase(v, sv_str(sign[i])))
			return strlen(sign[i]);
	return 0;
}

/* Length of the '@' that v starts with, 0 if none. */
static size_t
at_len(sv v)
{
	return sign_len(at_sign, countof(at_sign), v);
}

static bool
is_local(char c)
{
	return is_alnum(c) || (unsigned char)c >= 0x80 ||
	    (c && strchr(".%+-_'*!#$^~", c));
}

/* May stand in a local part, and separate what does not belong to one in URLs,
 * JSON and logs. */
static bool
is_between(char c)
{
	return c && strchr("&/=?`{|}", c);
}

/* Is all of v up to `end` a local part? A path is none. */
static bool
is_all_local(sv v, size_t end)
{
	if (end == 0 || v.p[0] == '/')
		return false;
	for (size_t i = 0; i < end; i++)
		if (!is_local(v.p[i]) && !is_between(v.p[i]))
			return false;
	return true;
}

/* Where the local part that ends at `end` starts; not before `from`. */
static size_t
local_start(sv v, size_t from, size_t end)
{
	size_t at = end;

	if (end > from + 1 && v.p[end - 1] == '"') {
		sv quoted = sv_of(v.p + from, end - 1 - from);
		size_t open = sv_rfind(quoted, SV("\""));

		return open < quoted.n ? from + open : end;
	}
	/* Behind the name nothing is separated from anything. */
	while (at > from && is_between(v.p[at - 1]))
		at--;
	while (at > from && is_local(v.p[at - 1]))
		at--;
	/* Punctuation before the name is not worth hiding. */
	while (at < end && (unsigned char)v.p[at] < 0x80 && !is_alnum(v.p[at]))
		at++;
	return at;
}

/* Bytes of the last character of v. */
static size_t
last_char(sv v)
{
	for (size_t n = 2; n <= 4 && n <= v.n; n++)
		if (escape_char(sv_skip(v, v.n - n)) == n)
			return n;
	return v.n ? 1 : 0;
}

static size_t
count_chars(sv v)
{
	size_t n = 0;

	for (; v.n; n++)
		v = sv_skip(v, escape_char(v));
	return n;
}

static bool
is_masked(sv local)
{
	sv head = sv_skip(local, escape_char(local));

	return sv_is(local, "***") || sv_is(head, "***") ||
	    (local.n && sv_is(sv_take(local, local.n - last_char(local)),
	    "***")) ||
	    (head.n && sv_is(sv_take(head, head.n - last_char(head)), "***"));
}

static void
put_local(struct buf *b, sv local)
{
	size_t n = count_chars(local);

	if (is_masked(local)) {
		buf_add(b, local);
	} else if (local.p[0] == '"') {
		buf_lit(b, "\"***\"");
	} else {
		if (n > 1)
			buf_add(b, sv_take(local, escape_char(local)));
		buf_lit(b, "***");
		if (n > 3)
			buf_add(b, sv_skip(local, local.n - last_char(local)));
	}
}

static bool
is_label(char c)
{
	return is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* Can a domain end in this label, a top-level one? */
static bool
is_top(sv label)
{
	size_t letters = 0;

	while (letters < label.n && is_alpha(label.p[letters]))
		letters++;
	return (letters == label.n && letters >= 2) ||
	    sv_starts_nocase(label, SV("xn--"));
}

/* The labels at the start of v: is there a dot with letters behind it, or what
 * is no ASCII, of which the dot may be? */
static bool
starts_name(sv v)
{
	for (bool first = true;; first = false) {
		size_t n = 0, dot;

		while (n < v.n && is_label(v.p[n])) {
			if ((unsigned char)v.p[n] >= 0x80)
				return true;
			n++;
		}
		if (n == 0 || (!first && is_top(sv_take(v, n))))
			return n > 0;
		v = sv_skip(v, n);
		dot = sign_len(dot_sign, countof(dot_sign), v);
		if (dot == 0)
			return false;
		v = sv_skip(v, dot);
	}
}

/* The first '@' in v that only what may be a local part stands before; its
 * length is in *len, 0: there is none. */
static size_t
next_at(sv v, size_t *len)
{
	size_t i = 0;

	while ((*len = at_len(sv_skip(v, i))) == 0 && i < v.n &&
	    (is_local(v.p[i]) || is_between(v.p[i])))
		i++;
	return i;
}

/* What is before an address with an '@' between is hidden too; after some of
 * them, whatever follows. */
static bool
starts_domain(sv v)
{
	for (int i = 0; i < 4; i++) {
		size_t len, at;

		if ((v.n && v.p[0] == '[') || starts_name(v))
			return true;
		at = next_at(v, &len);
		if (len == 0)
			return false;
		v = sv_skip(v, at + len);
	}
	return true;
}

/* As local_start, for the only '@' of a text that is one address too. */
static size_t
part_start(sv v, size_t from, size_t at, size_t len)
{
	sv rest = sv_skip(v, at + len);

	while (rest.n && (is_label(rest.p[0]) || rest.p[0] == '.'))
		rest = sv_skip(rest, 1);
	return from == 0 && rest.n == 0 && is_all_local(v, at) ?
	    0 : local_start(v, from, at);
}

void
mask_email(struct buf *b, sv v)
{
	size_t done = 0; /* bytes of v that were copied */
	size_t from = 0; /* behind the '@' before */
	size_t i = 0, at;

	while (i < v.n) {
		at = at_len(sv_skip(v, i));
		if (at && starts_domain(sv_skip(v, i + at))) {
			size_t local = part_start(v, from, i, at);

			buf_mem(b, v.p + done, local - done);
			if (local < i)
				put_local(b, sv_of(v.p + local, i - local));
			buf_mem(b, v.p + i, at);
			done = i + at;
		}
		i += at ? at : 1;
		from = at ? i : from;
	}
	buf_add(b, sv_skip(v, done));
}
