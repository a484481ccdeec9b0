/* SPDX-License-Identifier: MIT */
/*
 * sqlfn.h: the SQL functions that rules may call besides SQLite's own.
 *
 *   X REGEXP pattern         regexp(pattern, X): PCRE2, see regex.h. At a
 *                            limit the statement fails and is undecided.
 *   wildcard(patterns, x)    Sigma's * and ? with \ to escape, whole text,
 *                            ASCII letters in either case; each line of
 *                            patterns is one, any may match
 *   wildcard_cased(patterns, x)
 *   text_is(x, y)            are the texts equal, ASCII letters in either case;
 *                            so too text_starts, text_ends, text_contains:
 *                            does x start with y ...
 *   text_is_cased(x, y)      the same as they are, and so on
 *   count_distinct(x)        aggregate and window function; not of NULL
 *   median(x)                the same; of an even number the mean of both
 *   join_spans(start, stop, rec, hash, nth)   aggregate: spans of time that
 *                            overlap or touch as one, as JSON, see spans.h;
 *                            NULL of none
 *   number(x)                the number x is or fully spells, else NULL
 *   span_us(x)               a duration such as 1h30m in microseconds, or NULL
 *   progression(x)           the same: how many different numbers follow each
 *                            other at one distance, at most
 *   edit_distance(a, b, max) bytes to change; max + 1 when more than max, and
 *                            max is EDIT_DISTANCE_MAX at most
 *   ua_family(x)             "Chrome", "curl" ..., "other"; NULL when empty
 *   email_canonical(x)       lower case, no +tag, gmail without dots
 *   email_domain(x)          lower case; NULL without '@'
 *   email_local(x)           what stands before '@' in email_canonical(x)
 *   email_kind(x)            of its domain: "free", "numeric", "relay",
 *                            "disposable"; NULL when it is not listed
 *   email_kinds_date()       when that list was made, "YYYY-MM-DD"
 *   email_is_mixed(x)        are alphabets mixed within a word, or does it
 *                            hold what is not seen?
 *   local_shape(x)           "ann.b12" as "a3.a102"
 *   local_stem(x)            without the digits at its end, of which there
 *   local_number(x)          must be some; that number
 *   local_is_numeric(x)      nothing but digits?
 *   bigram_model(x)          aggregate: a model of local parts, as a BLOB
 *   bigram_score(model, x)   bits per pair of letters by which x is likelier
 *                            from people than from chance; NULL when it cannot
 *                            be scored (see bigram.h)
 *   ip_rollup(x)             IPv4 as /24, IPv6 as /48; else NULL
 *   ip_key(x)                IPv4 as it is, IPv6 as /64, no port; else NULL
 *   ip_text(x)               an address column of a base table as text
 *   ip_in(x, network)        x: text or address column; NULL when no address
 *   path_stem(x)             before '?'
 *   path_query(x)            after '?'; NULL when there is none
 *   path_plain(x)            as a lenient server reads it, see pathplain.h
 *   path_segment(x, name)    the segment after "/name/"; NULL when none
 *   path_extension(x)        after the last '.' of the last segment, or NULL
 *   code_severity(x)         of an H, R or L code: info, warning, error or
 *                            critical; NULL when raxx does not know it
 *   code_meaning(x)          one sentence; NULL the same (see parse/code.h)
 *   ln(x) exp(x) sqrt(x) pow(x, y)   NULL where the result is no number
 *   lognormal_quantile(p, mean, sd, max)   an estimate, see lognormal.h
 *   lognormal_mix(p, weight, mean, sd, max)   aggregate: of the mix of the rows
 *   audit_mac(key_id, prev_mac, seq, created_at, actor_id, action, detail)
 *                            64 hexadecimal digits, see auditmac.h; NULL when
 *                            the key is not to be had or prev_mac is no MAC
 *   audit_keyring()          the keys as JSON, see chainkey.h
 */
#ifndef DETECT_SQLFN_H
#define DETECT_SQLFN_H

#include <stdbool.h>

#include "base/err.h"

struct chainkey;
struct store;

/* The audit functions have no key until sqlfn_set_keys. */
bool sqlfn_register(struct store *st, struct err *e);
/* Takes the ring, also on failure: it lives until the store is closed or has
 * another. */
bool sqlfn_set_keys(struct store *st, struct chainkey *ring, struct err *e);
/* Is it one of them? Letters in either case. */
bool sqlfn_is(sv name);

#endif
