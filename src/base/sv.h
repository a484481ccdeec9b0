/* SPDX-License-Identifier: MIT */
/*
 * sv.h: borrowed text. A view is a pointer and a length, passed by value. It
 * owns nothing, is not NUL-terminated and may hold any byte. An empty view
 * may have a null pointer; sv_null() tells "no value" from "empty value".
 */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
	const char *p;
	size_t n;
} sv;

#define SV(lit) ((sv){ (lit), sizeof(lit) - 1 })
#define SV_NULL ((sv){ NULL, 0 })
/* For printf: printf("%.*s", SV_ARG(v)). Never for untrusted bytes on a
 * terminal: use the escapers of output/. */
#define SV_ARG(v) (int)(v).n, (v).p ? (v).p : ""

static inline sv
sv_of(const char *p, size_t n)
{
	return (sv){ p, n };
}

static inline sv
sv_str(const char *s)
{
	return s ? (sv){ s, strlen(s) } : SV_NULL;
}

static inline bool
sv_null(sv v)
{
	return v.p == NULL;
}

static inline bool
sv_eq(sv a, sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
sv_is(sv a, const char *lit)
{
	return sv_eq(a, sv_str(lit));
}

static inline bool
sv_starts(sv v, sv prefix)
{
	return v.n >= prefix.n &&
	    (prefix.n == 0 || memcmp(v.p, prefix.p, prefix.n) == 0);
}

static inline bool
sv_ends(sv v, sv suffix)
{
	return v.n >= suffix.n && (suffix.n == 0 ||
	    memcmp(v.p + (v.n - suffix.n), suffix.p, suffix.n) == 0);
}

/* A view that was written just before, by halves. A processor hands what it writes on
 * to who reads it, but not two writes to one read: that one waits until the cache has
 * both. So this reads the halves one by one. */
static inline sv
sv_by_halves(const sv *v)
{
	const char *p = *(const char *const volatile *)&v->p;

	return sv_of(p, *(const volatile size_t *)&v->n);
}

/* First n bytes, or all. */
static inline sv
sv_take(sv v, size_t n)
{
	return sv_of(v.p, n < v.n ? n : v.n);
}

/* Without the first n bytes; empty (never null) when v is shorter. */
static inline sv
sv_skip(sv v, size_t n)
{
	n = n < v.n ? n : v.n;
	return v.p ? sv_of(v.p + n, v.n - n) : v;
}

/* The first n bytes cut off the front of *v. */
static inline sv
sv_cut_n(sv *v, size_t n)
{
	sv head = sv_take(*v, n);

	*v = sv_skip(*v, n);
	return head;
}

/* Does *v start with lit? If so it is cut off. */
static inline bool
sv_skip_lit(sv *v, sv lit)
{
	if (!sv_starts(*v, lit))
		return false;
	*v = sv_skip(*v, lit.n);
	return true;
}

/* Compares as memcmp; a prefix sorts first. */
int sv_cmp(sv a, sv b);
/* ASCII letters compare equal in either case. */
bool sv_starts_nocase(sv v, sv prefix);
static inline bool
sv_eq_nocase(sv a, sv b)
{
	return a.n == b.n && sv_starts_nocase(a, b);
}

/* Index of the first byte c (first occurrence of needle), or v.n. */
size_t sv_find_byte(sv v, char c);
size_t sv_find(sv v, sv needle);
/* How often the byte c stands in v. */
size_t sv_count_byte(sv v, char c);
/* Number of lines: of newlines, and one more when bytes follow the last. */
size_t sv_count_lines(sv v);
/* Index of the last occurrence of needle, or v.n. */
size_t sv_rfind(sv v, sv needle);
bool sv_has(sv v, sv needle);

/*
 * sv_cut: takes the part of *rest before the separator and moves *rest behind
 * it. Without a separator it takes everything and *rest becomes SV_NULL, so
 * `while (!sv_null(rest)) { part = sv_cut(&rest, ','); ... }` visits each part.
 */
sv sv_cut(sv *rest, char sep);

/* Without leading and trailing is_space() bytes; see sv_trim. */
sv sv_trim_both(sv v);
sv sv_trim_right(sv v);
sv sv_trim_left(sv v);
/* Of most texts both ends are no space, and no space is above a blank. */
static inline sv
sv_trim(sv v)
{
	return v.n && (unsigned char)v.p[0] > ' ' &&
	    (unsigned char)v.p[v.n - 1] > ' ' ? v : sv_trim_both(v);
}
/* Next run of non-blank bytes of *rest, after leading blanks; empty at end. */
sv sv_word(sv *rest);

/* One or more hexadecimal digits of either case, and nothing else. */
bool sv_is_hex(sv v);
/* 8-4-4-4-12 hexadecimal digits. */
bool sv_is_uuid(sv v);

/* The whole view as a decimal number; false on empty, sign only, other bytes
 * or overflow, *out then unchanged. sv_to_i64 takes a leading '-'. */
bool sv_to_i64(sv v, int64_t *out);
bool sv_to_u64(sv v, uint64_t *out);
/* Decimal with optional fraction and exponent ("0.05", "-3", "1e-3"); false on
 * anything else (no hex, no inf, no nan) or when it does not fit. */
bool sv_to_double(sv v, double *out);

#endif
