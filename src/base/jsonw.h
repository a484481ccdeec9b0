/* SPDX-License-Identifier: MIT */
/*
 * jsonw.h: writes JSON (RFC 8259) onto a buf, one call per token; commas are
 * put by the writer.
 */
#ifndef BASE_JSONW_H
#define BASE_JSONW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

/*
 * jsonw_text: v as a JSON string with quotes. C0 controls, DEL, C1 controls,
 * U+2028/9, bidi and zero-width controls, '<', '>' and '&' are escaped as
 * \uXXXX, so a line of output can neither drive a terminal nor break out of a
 * page. A byte that is no part of valid UTF-8 is written as the four
 * characters \xNN (that is, "\\xNN" in JSON).
 */
void jsonw_text(struct buf *b, sv v);

/* Shortest decimal text that reads back as d, which must be finite; integers
 * without ".0". */
void jsonw_double(struct buf *b, double d);

struct jsonw {
	struct buf *b;
	bool first; /* nothing written yet in the innermost object or array */
};

#define JSONW_INIT(buf) { (buf), true }

void jsonw_open(struct jsonw *w, char bracket);  /* '{' or '[' */
void jsonw_close(struct jsonw *w, char bracket); /* '}' or ']' */
/* A key of the open object; the next call writes its value. Keys are
 * constants of ours or data: always escaped. */
void jsonw_key(struct jsonw *w, sv key);
/* The same of a key as it is written, with quotes and colon: SV("\"kind\":"). */
void jsonw_name(struct jsonw *w, sv quoted);
void jsonw_sv(struct jsonw *w, sv v); /* null view -> null */
void jsonw_svs(struct jsonw *w, const sv *v, size_t n); /* an array */
void jsonw_i64(struct jsonw *w, int64_t v);
void jsonw_real(struct jsonw *w, double v); /* not finite -> null */
/* What jsonw_real writes of the number that sv_to_double reads in the text, but
 * mostly without a double. False: it is none; nothing is written. */
bool jsonw_decimal(struct jsonw *w, sv number);
void jsonw_bool(struct jsonw *w, bool v);
void jsonw_null(struct jsonw *w);
void jsonw_raw(struct jsonw *w, sv json); /* already JSON */
void jsonw_utc(struct jsonw *w, int64_t us); /* UTC_NONE -> null */

/* A literal that needs no escapes, as jsonw_name wants it. */
#define JSONW_NAME(key) SV("\"" key "\":")
/* Key and value in one call; `key` is such a literal. */
#define jsonw_put_sv(w, key, v) (jsonw_name((w), JSONW_NAME(key)), jsonw_sv((w), (v)))
#define jsonw_put_svs(w, key, v, n) (jsonw_name((w), JSONW_NAME(key)), jsonw_svs((w), (v), (n)))
#define jsonw_put_str(w, key, v) (jsonw_name((w), JSONW_NAME(key)), jsonw_sv((w), sv_str(v)))
#define jsonw_put_i64(w, key, v) (jsonw_name((w), JSONW_NAME(key)), jsonw_i64((w), (v)))
#define jsonw_put_real(w, key, v) (jsonw_name((w), JSONW_NAME(key)), jsonw_real((w), (v)))
#define jsonw_put_bool(w, key, v) (jsonw_name((w), JSONW_NAME(key)), jsonw_bool((w), (v)))
#define jsonw_put_utc(w, key, v) (jsonw_name((w), JSONW_NAME(key)), jsonw_utc((w), (v)))

#endif
