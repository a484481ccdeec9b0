/* SPDX-License-Identifier: MIT */
/*
 * ascii.h: byte classes without a locale. Every argument is a byte given as
 * char or int; bytes above 0x7f belong to no class.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

enum {
	ASCII_DIGIT = 1,
	ASCII_UPPER = 2,
	ASCII_LOWER = 4,
	ASCII_JOIN = 8, /* '_', '-', '.' */
	ASCII_SPACE = 16
};

/* The class of every byte. */
extern const unsigned char ascii_class[256];

static inline bool
ascii_is(int c, unsigned classes)
{
	return ascii_class[(unsigned char)c] & classes;
}

static inline bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_upper(int c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool
is_lower(int c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool
is_alpha(int c)
{
	return ascii_is(c, ASCII_UPPER | ASCII_LOWER);
}

static inline bool
is_alnum(int c)
{
	return ascii_is(c, ASCII_DIGIT | ASCII_UPPER | ASCII_LOWER);
}

/* What names of dynos, loggers, keys and hosts are made of. */
static inline bool
is_name_byte(int c)
{
	return ascii_is(c, ASCII_DIGIT | ASCII_UPPER | ASCII_LOWER |
	    ASCII_JOIN);
}

/* Blank, tab, CR, LF, VT or FF. */
static inline bool
is_space(int c)
{
	return ascii_is(c, ASCII_SPACE);
}

static inline int
to_lower(int c)
{
	return is_upper(c) ? c + ('a' - 'A') : c;
}

/* C0 or DEL. */
static inline bool
is_control(int c)
{
	return (c >= 0 && c < ' ') || c == 0x7f;
}

/* Value of a hexadecimal digit, -1 when c is none. */
static inline int
hex_value(int c)
{
	if (is_digit(c))
		return c - '0';
	c = to_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Does it stand in a JSON string as it is, and is ASCII? */
static inline bool
is_json_plain(int c)
{
	return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

#endif
