/* SPDX-License-Identifier: MIT */
/*
 * idtext.h: texts of request ids and IPv4 clients for the readable views of a
 * connection. The store's own views make them of SQLite's functions, so that the
 * sqlite3 shell can read them, which costs ten times as much.
 */
#ifndef STORE_IDTEXT_H
#define STORE_IDTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"

struct store;

/* The 16 bytes in hexadecimal, with '-' behind the 8th, 12th, 16th and 20th digit;
 * of others as many digits as there are. */
void idtext_put_uuid(struct buf *b, sv bytes);
/* The lowest 32 bits as a dotted quad. */
void idtext_put_ip4(struct buf *b, int64_t ip);

/* Makes the functions, which rules may then call. */
bool idtext_install(struct store *st, struct err *e);

/* Of SQL that gives the text of a view of the store: SQL that gives it with calls
 * of the functions. */
#define IDTEXT_SHORT(text) \
	"replace(replace(" text ", " IDTEXT_UUID ", 'uuid_text(r.request_id)'), " \
	IDTEXT_IP4 ", 'ip4_text(r.client)')"

/* As they stand in schemas/store.sql; a unit test looks. */
#define IDTEXT_UUID \
	"'lower(substr(hex(r.request_id), 1, 8) || ''-'' || " \
	"substr(hex(r.request_id), 9, 4) || ''-'' || " \
	"substr(hex(r.request_id), 13, 4)\n         || ''-'' || " \
	"substr(hex(r.request_id), 17, 4) || ''-'' || " \
	"substr(hex(r.request_id), 21))'"
#define IDTEXT_IP4 \
	"'(r.client >> 24 & 255) || ''.'' || (r.client >> 16 & 255) || ''.'' || " \
	"(r.client >> 8 & 255) || ''.'' || (r.client & 255)'"

#endif
