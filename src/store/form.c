/* SPDX-License-Identifier: MIT */
#include "store/form.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"
#include "base/utc.h"
#include "record/rec.h"
#include "store/bindrec.h"
#include "store/idtext.h"

enum {
	LETTER = 1, DIGIT = 2, WORD = LETTER | DIGIT,
	JOIN = 4,  /* belongs to a word that goes on behind it */
	ODD = 8,   /* NUL and % */
	INT_DIGITS = 18,
	DATE_HOUR = sizeof("2025-03-03T00") - 1, /* a colon ends a word */
	IPV4_MIN = sizeof("1.1.1.1") - 1,
	IPV4_MAX = sizeof("255.255.255.255") - 1,
	UUID = 36, UUID_BYTES = 16, HEX_MIN = 3 /* bytes; shorter ones mean else */
};

#define L LETTER
#define D DIGIT
#define J JOIN
static const uint8_t class[256] = {
	['\0'] = ODD, ['%'] = ODD, ['-'] = J, ['.'] = J, ['_'] = J,
	['0'] = D, D, D, D, D, D, D, D, D, D,
	['A'] = L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L,
	['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L,
};
#undef L
#undef D
#undef J

static inline unsigned
class_at(sv s, size_t i)
{
	return i < s.n ? class[(unsigned char)s.p[i]] : 0;
}

/* --- cutting --- */

/* Milliseconds since 1970 of UTC_MILLIS bytes that are a time of this very form,
 * -1 when they are none. */
static attr_apart int64_t
time_at(const char *p)
{
	int64_t us;

	return utc_read_millis(p, &us) && us >= 0 ? us / 1000 : -1;
}

/* Does the word that goes on at i end there? */
static bool
ends_word(sv s, size_t i)
{
	unsigned k = class_at(s, i);

	return !(k & WORD) && (!(k & JOIN) || !(class_at(s, i + 1) & WORD));
}

/* Marks bytes of a word that goes on at the first of them. Of the last one it is
 * not known what follows. */
static inline lane_marks
word_marks(lanes x)
{
	lane_marks word = lanes_marks(lanes_alnum(x));
	lane_marks join = lanes_marks(lanes_or(lanes_within(x, '-', '.'),
	    lanes_within(x, '_', '_')));

	return word | (join & word >> LANE_BITS);
}

/* Where the word ends that has a letter or digit at i. */
static inline size_t
word_end(sv s, size_t i)
{
	for (; s.n - i >= LANES; i += LANES - 1) {
		lane_marks ends = lanes_others(word_marks(
		    lanes_load(s.p + i)));

		if (ends && lanes_first(ends) < LANES - 1)
			return i + lanes_first(ends);
	}
	if (s.n >= LANES) { /* the last bytes, without those before i */
		size_t before = LANES - (s.n - i);
		lane_marks word = word_marks(lanes_load(s.p + s.n - LANES));

		return i + lanes_first(lanes_others(word >>
		    before * LANE_BITS));
	}
	while (!ends_word(s, i))
		i++;
	return i;
}

/* Where the word begins that has a letter or digit at i, at `from` or behind. */
static size_t
word_start(sv s, size_t from, size_t i)
{
	while (i > from && (class_at(s, i - 1) & WORD || (i > from + 1 &&
	    class_at(s, i - 1) & JOIN && class_at(s, i - 2) & WORD)))
		i--;
	return i;
}

/* The next digit or odd byte from i on, or the end. */
static size_t
next_place(sv s, size_t i)
{
	for (; s.n - i >= LANES; i += LANES) {
		lanes x = lanes_load(s.p + i);
		lane_marks marks = lanes_marks(lanes_or(lanes_within(x, '0',
		    '9'), lanes_or(lanes_equal(x, '%'),
		    lanes_equal(x, '\0'))));

		if (marks)
			return i + lanes_first(marks);
	}
	while (i < s.n && !(class_at(s, i) & (DIGIT | ODD)))
		i++;
	return i;
}

/* Of "568ms" the number alone differs. */
static inline size_t
without_unit(sv word)
{
	size_t n = word.n;

	if (n == 0 || !is_lower(word.p[n - 1]))
		return n;
	while (n && word.n - n < 3 && is_lower(word.p[n - 1]))
		n--;
	for (size_t i = 0; i < n; i++)
		if (!is_digit(word.p[i]))
			return word.n;
	return n && word.n - n < 3 ? n : word.n;
}

/* Where the value that begins at i ends, of a word that ends at `end`. */
static inline size_t
value_end(sv s, size_t i, size_t end)
{
	if (end - i == DATE_HOUR && s.n - i >= UTC_MILLIS &&
	    time_at(s.p + i) >= 0)
		return i + UTC_MILLIS;
	return i + without_unit(sv_of(s.p + i, end - i));
}

static bool
add_value(struct form *f, sv text, size_t from, size_t at, size_t end)
{
	if (f->n == FORM_VALUES)
		return false;
	buf_mem(&f->text, text.p + from, at - from);
	buf_lit(&f->text, "%s");
	f->value[f->n++] = sv_of(text.p + at, end - at);
	return true;
}

bool
form_cut(struct form *f, sv text)
{
	size_t from = 0, i = 0;

	buf_clear(&f->text);
	f->n = 0;
	while ((i = next_place(text, i)) < text.n) {
		size_t start = i;

		if (is_digit(text.p[i])) {
			start = word_start(text, from, i);
			i = value_end(text, start, word_end(text, i));
			if (!add_value(f, text, from, start, i))
				return false;
			from = i;
			continue;
		}
		if (text.p[i++] == '\0')
			return false;
		buf_mem(&f->text, text.p + from, i - from);
		from = i - 1; /* it comes once more */
	}
	buf_mem(&f->text, text.p + from, i - from);
	return f->text.n <= FORM_TEXT_MAX;
}

size_t
form_value_end(sv text, size_t at)
{
	size_t end, i = at;

	if (!(class_at(text, at) & WORD))
		return at;
	end = word_end(text, at);
	while (i < end && !is_digit(text.p[i]))
		i++;
	return i < end ? value_end(text, at, end) : at;
}

/* --- values --- */

static int
hex_digit(char c)
{
	return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_hex(sv word, struct form_value *out)
{
	size_t n = word.n / 2, i = 0;

	if (word.n % 2 || n < HEX_MIN || n == UUID_BYTES ||
	    n > sizeof(out->space))
		return false;
	for (; word.n - 2 * i >= LANES; i += LANES / 2)
		if (!lanes_hex(word.p + 2 * i, out->space + i))
			return false;
	for (; i < n; i++) {
		int a = hex_digit(word.p[2 * i]), b = hex_digit(word.p[2 * i + 1]);

		if (a < 0 || b < 0)
			return false;
		out->space[i] = (uint8_t)(a << 4 | b);
	}
	out->bytes = sv_of((const char *)out->space, n);
	return true;
}

static bool
read_time(sv word, struct form_value *out)
{
	int64_t ms;

	if (word.n != UTC_MILLIS)
		return false;
	ms = time_at(word.p);
	out->real = (double)ms / 1000;
	return ms >= 0;
}

static bool
read_int(sv word, struct form_value *out)
{
	int64_t n = 0;

	if (word.n > INT_DIGITS || (word.p[0] == '0' && word.n > 1))
		return false;
	for (size_t i = 0; i < word.n; i++) {
		if (!is_digit(word.p[i]))
			return false;
		n = n * 10 + (word.p[i] - '0');
	}
	out->i = n;
	return true;
}

static bool
read_blob(sv word, const struct form_beside *b, struct form_value *out)
{
	if (word.n == UUID && rec_uuid(word, out->space))
		out->bytes = sv_eq(word, b->request_id) ? SV("") :
		    sv_of((const char *)out->space, UUID_BYTES);
	else if (b->client.family == 4 && word.n >= IPV4_MIN &&
	    word.n <= IPV4_MAX && bindrec_is_ipv4(word, b->client.addr))
		out->bytes = SV("\0");
	else
		return read_hex(word, out);
	return true;
}

void
form_value(sv word, const struct form_beside *b, struct form_value *out)
{
	if (read_time(word, out)) {
		out->kind = FORM_REAL;
	} else if (read_int(word, out)) {
		out->kind = FORM_INT;
	} else if (read_blob(word, b, out)) {
		out->kind = FORM_BLOB;
	} else {
		out->kind = FORM_TEXT;
		out->bytes = word;
	}
}

/* --- values that a reader found --- */

/* Of sixteen digits: is one no letter, and one of the others a letter, without which
 * it might be a number with a unit? */
static bool
is_hash(uint64_t hash)
{
	const uint64_t eights = UINT64_C(0x8888888888888888);
	uint64_t letters = hash & eights & (hash << 1 | hash << 2);

	return letters != eights && letters >> 8 != 0;
}

/* With the sign of its exponent it is more than a word. */
static inline bool
has_plus(sv number)
{
	size_t i = 0;

	while (i < number.n && number.p[i] != '+')
		i++;
	return i < number.n;
}

static inline bool
is_value(const struct apart_value *v)
{
	enum { LETTERS = 0xa0 }; /* from here on the first hex digit is one */

	switch (v->kind) {
	case APART_TIME:
		return v->us >= 0;
	case APART_ID: /* its version is a digit, with very few exceptions */
		return v->id[6] < LETTERS;
	case APART_V4:
		return true;
	case APART_HASH:
		return is_hash(v->hash);
	case APART_NUMBER:
		return is_digit(v->text.p[0]) && !has_plus(v->text);
	case APART_TEXT:
		break;
	}
	return v->text.n && form_value_end(v->text, 0) == v->text.n;
}

bool
form_are_values(const struct apart_value *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_value(&v[i]))
			return false;
	return true;
}

/* --- together --- */

static void
put_blob(struct buf *b, sv bytes, sv id, int64_t client)
{
	if (bytes.n == 0 && id.n == UUID_BYTES)
		idtext_put_uuid(b, id);
	else if (bytes.n == 1)
		idtext_put_ip4(b, client);
	else if (bytes.n == UUID_BYTES)
		idtext_put_uuid(b, bytes);
	else
		buf_hex(b, bytes.p, bytes.n);
}

/* A store may hold anything. */
static void
put_time(struct buf *b, double seconds)
{
	if (!(seconds >= 0 && seconds < 253402300800))
		return;
	utc_write(b, (int64_t)(seconds * 1000 + 0.5) * 1000);
	b->n -= sizeof("000Z") - 1;
	buf_byte(b, 'Z');
}

void
form_put_value(struct buf *b, const struct form_value *v, sv id,
    int64_t client)
{
	switch (v->kind) {
	case FORM_INT:
		buf_i64(b, v->i);
		break;
	case FORM_TEXT:
		buf_add(b, v->bytes);
		break;
	case FORM_REAL:
		put_time(b, v->real);
		break;
	case FORM_BLOB:
		put_blob(b, v->bytes, id, client);
		break;
	}
}

bool
form_next(struct buf *b, sv *rest)
{
	size_t i = 0;

	for (; i < rest->n; i++) {
		bool value;

		if (rest->p[i] != '%')
			continue;
		value = i + 1 < rest->n && rest->p[i + 1] == 's';
		buf_mem(b, rest->p, i + !value);
		*rest = sv_skip(*rest, i + 2 < rest->n ? i + 2 : rest->n);
		if (value)
			return true;
		i = (size_t)-1;
	}
	buf_add(b, *rest);
	*rest = SV("");
	return false;
}
