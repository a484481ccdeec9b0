/* SPDX-License-Identifier: MIT */
/*
 * escape.h: one function per place where untrusted bytes may end up. Each
 * takes any bytes and appends text that shows them and does nothing else: no
 * control byte, no newline, no invisible character, always valid UTF-8.
 * Escaped, never stripped: stripping can make a sequence that was not there.
 * NDJSON has its own writer, base/jsonw.h.
 */
#ifndef OUTPUT_ESCAPE_H
#define OUTPUT_ESCAPE_H

#include "base/buf.h"
#include "base/sv.h"

/*
 * A terminal or a plain text file. Printable ASCII and visible UTF-8 stay, a
 * tab is two blanks, a backslash is doubled; other bytes become \xNN, other
 * characters \u{N}.
 */
void escape_text(struct buf *b, sv v);

/* A Markdown table cell, heading, list item or paragraph (GitHub's dialect):
 * as escape_text, and nothing in it is markup, an autolink or a new cell. */
void escape_md(struct buf *b, sv v);

/* The same as a code span with its fence. In a table cell a '|' is escaped,
 * elsewhere it must not be. */
void escape_md_code(struct buf *b, sv v, bool in_table);

/*
 * Copies v with the local part of every e-mail address cut to its ends:
 * "jane.roe4@example.com" becomes "j***4@example.com". The '@' may be written
 * in a URL's, JSON's or HTML's way. An address has a domain with a dot and
 * letters behind it, or bytes that are no ASCII, or an address in brackets;
 * "root@localhost", "web@1:Standard-2X" and "api@v87" stay. Of what RFC 5322
 * lets a local part hold, & / = ? ` { | } separate it from what is before it,
 * as in URLs, JSON and logs, except where v is one address and nothing else.
 * Applied twice it changes nothing more.
 * The result is not escaped.
 */
void mask_email(struct buf *b, sv v);

/* Columns that text takes on a terminal. Bytes that are no UTF-8 count 1. */
size_t escape_width(sv v);
/* Bytes of the first character of v: 1 to 4, 0 when v is empty. */
size_t escape_char(sv v);

#endif
