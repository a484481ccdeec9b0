/* SPDX-License-Identifier: MIT */
/*
 * mangle.h: what mail programs do to the token at the end of a link. They take
 * the full stop, bracket or quote behind a link for a part of it, write '=' as
 * "=3D" or break the line with "=" (quoted-printable, RFC 2045 6.7), and glue
 * the next word to it. The reader of such mail opens a link that is not valid
 * and guesses nothing: rules must tell the two apart.
 */
#ifndef RECORD_MANGLE_H
#define RECORD_MANGLE_H

#include "base/arena.h"
#include "base/sv.h"

/*
 * The token without what is glued to it or put into it: from its first letter,
 * digit, '-', '_' or '~' to the last one before what ends a link, without
 * "=3D", "=" at the end of a line, and "=". The core of a core is itself. A view
 * into the token or a copy in the arena; the token itself if nothing is left.
 */
sv mangle_core(sv token, struct arena *a);

#endif
