/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"

#define D ASCII_DIGIT
#define U ASCII_UPPER
#define L ASCII_LOWER
#define J ASCII_JOIN
#define S ASCII_SPACE

const unsigned char ascii_class[256] = {
	['\t'] = S, S, S, S, S, [' '] = S,
	['-'] = J, ['.'] = J, ['_'] = J,
	['0'] = D, D, D, D, D, D, D, D, D, D,
	['A'] = U, U, U, U, U, U, U, U, U, U, U, U, U,
	U, U, U, U, U, U, U, U, U, U, U, U, U,
	['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L,
};
