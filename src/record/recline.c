/* SPDX-License-Identifier: MIT */
#include "record/recline.h"

#include "base/utc.h"
#include "input/feed.h"
#include "parse/json.h"
#include "record/recread.h"

#define BIT(field) UINT64_C(1) << (field)

/* What the store's tables do not take as NULL; raxx-parse always writes it. */
static const uint64_t required[REC_KIND_N] = {
	[REC_REQUEST] = BIT(REQUEST_flags),
	[REC_ACCESS] = BIT(ACCESS_origin),
	[REC_APP] = BIT(APP_origin) | BIT(APP_message) | BIT(APP_payload),
	[REC_PLATFORM] = BIT(PLATFORM_origin) | BIT(PLATFORM_event) |
	    BIT(PLATFORM_message),
	[REC_METRIC] = BIT(METRIC_origin) | BIT(METRIC_samples),
	[REC_LOSS] = BIT(LOSS_origin) | BIT(LOSS_code) | BIT(LOSS_scope) |
	    BIT(LOSS_message),
	[REC_ROW] = BIT(ROW_dump) | BIT(ROW_fields),
	[REC_PART] = BIT(PART_origin) | BIT(PART_head) | BIT(PART_joined) |
	    BIT(PART_place) | BIT(PART_lines),
};

/* [[name, value, unit], ...], as the view of metrics takes it apart. */
static bool
has_samples(const struct rec *r)
{
	struct json_value list, item;
	sv it;

	if (r->kind != REC_METRIC)
		return true;
	if (!json_parse(rec_text(r, METRIC_samples), &list) ||
	    list.kind != JSON_ARRAY)
		return false;
	for (it = json_begin(&list); json_item(&it, &item);)
		if (item.kind != JSON_ARRAY)
			return false;
	return true;
}

/* What makes it no record that raxx-parse could have written, or NULL. */
static const char *
wrong_record(const struct rec *r)
{
	if (r->ts == UTC_NONE)
		return "a record without ts";
	if (r->hash == 0)
		return "a record without id";
	if (required[r->kind] & ~r->set)
		return "a field that this kind must have is missing";
	return NULL;
}

/* Counts and spans that no input has would break sums later. */
static bool
is_sane(const struct source *s)
{
	enum { MAX_EXPONENT = 60 };
	const uint64_t max = UINT64_C(1) << MAX_EXPONENT;

	for (size_t i = 0; i < s->nspans; i++)
		if (s->span[i].start == UTC_NONE || s->span[i].lines > max ||
		    s->span[i].start > s->span[i].stop)
			return false;
	return s->bytes <= max && s->blank <= max && s->rejected <= max;
}

/* What makes it no line that raxx-parse could have written, or NULL. */
static const char *
read_any(struct arena *a, sv line, struct recline *out)
{
	struct reject *reject = arena_new(a, struct reject);
	struct source *src = arena_new(a, struct source);
	const char *why = NULL, *wrong = NULL;

	*src = (struct source){ .arrived = UTC_NONE };
	out->reject = reject;
	out->src = src;
	out->kind = ndjson_read(a, line, &out->rec, reject, src, &why);
	if (out->kind == NDJSON_BAD)
		wrong = why;
	else if (out->kind == NDJSON_INPUT_END && !is_sane(src))
		wrong = "counts or spans that cannot be";
	else if (out->kind == NDJSON_RECORD)
		wrong = wrong_record(&out->rec);
	if (out->kind == NDJSON_RECORD && wrong == NULL &&
	    !has_samples(&out->rec))
		wrong = "samples are no list of lists";
	return wrong;
}

/* The record that was read. */
static void
take_record(struct recline *out)
{
	out->why = wrong_record(&out->rec);
	out->kind = out->why ? NDJSON_BAD : NDJSON_RECORD;
}

/* Of a line that recread_next does not take. */
static void
take_any(struct arena *a, struct recline *out)
{
	if (sv_trim(out->text).n == 0) {
		out->kind = NDJSON_BLANK;
		return;
	}
	out->why = read_any(a, out->text, out);
	if (out->why)
		out->kind = NDJSON_BAD;
}

void
recline_read(struct arena *a, sv line, uint64_t at, struct recline *out)
{
	sv rest = line, source;

	out->text = line;
	out->at = at;
	if (recread_next(a, &rest, &out->rec, &source) && rest.n == 0)
		take_record(out);
	else
		take_any(a, out);
}

/* Most lines are of one form, whose reader finds where they end. */
void
recline_next(struct arena *a, sv *rest, uint64_t at, struct recline *out)
{
	sv line = *rest, source;
	bool record = recread_next(a, rest, &out->rec, &source);

	if (!record)
		*rest = sv_skip(line, sv_find_byte(line, '\n') + 1);
	line.n -= rest->n;
	line.n -= sv_ends(line, SV("\n"));
	out->text = feed_without_cr(line);
	out->at = at;
	if (record)
		take_record(out);
	else
		take_any(a, out);
}
