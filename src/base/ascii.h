/* SPDX-License-Identifier: MIT */
/*
 * ascii.h: byte classes without a locale. Every argument is a byte given as
 * char or int; bytes above 0x7f belong to no class.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

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
	return is_upper(c) || is_lower(c);
}

static inline bool
is_alnum(int c)
{
	return is_alpha(c) || is_digit(c);
}

/* Blank, tab, CR, LF, VT or FF. */
static inline bool
is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
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

#endif
