/* SPDX-License-Identifier: MIT */
/* pipe.c: load_ndjson of load.h, a store filled from a pipe of records. */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/sha256.h"
#include "base/swar.h"
#include "base/utc.h"
#include "input/feed.h"
#include "parse/json.h"
#include "record/ndjson.h"
#include "record/rec.h"
#include "record/recjson.h"
#include "store/load.h"

/* What a line holds. */
struct item {
	enum ndjson_line kind;
	struct rec rec;
	struct reject reject;
	struct source src;
	const char *why; /* it is bad; else NULL */
};

/* The input under way. Lines without one (a filtered pipe) make their own. */
struct pipe {
	struct sink *sink;
	struct load_total *total;
	struct arena perm;    /* lives as long as the input */
	struct arena scratch; /* one line: */
	struct item item;
	struct source src;
	struct sha256 sum;    /* of what its lines say: its digest when none is
	                       * given */
	int64_t min, max;
	bool open;
	struct err *e;
};

/* A copy that lives as long as the input. */
static sv
text_or(struct pipe *p, sv text, sv def)
{
	return arena_sv(&p->perm, sv_null(text) ? def : text);
}

static bool
begin(struct pipe *p, const struct source *src)
{
	struct source *s = &p->src;

	arena_release(&p->perm);
	*s = (struct source){
		.name = arena_sv(&p->perm, src->name),
		.format = text_or(p, src->format, SV("records")),
		.form = text_or(p, src->form, SV("stream")),
		.app = arena_sv(&p->perm, src->app),
		.dump = arena_sv(&p->perm, src->dump),
		.arrived = src->arrived,
	};
	sha256_init(&p->sum);
	p->min = INT64_MAX;
	p->max = INT64_MIN;
	p->open = true;
	return p->sink->ops->begin(p->sink, s, p->e);
}

static bool
end(struct pipe *p)
{
	p->open = false;
	return p->sink->ops->end(p->sink, &p->src, p->e);
}

/* No closing line: the writer was stopped, or the lines were filtered. */
static bool
end_unfinished(struct pipe *p)
{
	struct span span = { p->min, p->max, p->src.read, false };

	sha256_end(&p->sum, p->src.digest);
	p->src.damaged = SV("the stream of records ended early");
	p->src.span = &span;
	p->src.nspans = p->min <= p->max;
	if (p->src.arrived == UTC_NONE)
		p->src.arrived = p->max;
	return end(p);
}

static bool
need_input(struct pipe *p)
{
	struct source unnamed;

	if (p->open)
		return true;
	unnamed = (struct source){ .name = SV("-"), .format = SV("records"),
		.form = SV("stream"), .arrived = UTC_NONE };
	return begin(p, &unnamed);
}

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

static bool
take_record(struct pipe *p, const struct rec *r)
{
	bool dup;

	if (!p->sink->ops->record(p->sink, r, &dup, p->e))
		return false;
	p->src.read++;
	p->total->records++;
	if (dup)
		p->src.duplicates++;
	else
		p->src.stored++;
	p->min = r->ts < p->min ? r->ts : p->min;
	p->max = r->ts > p->max ? r->ts : p->max;
	return true;
}

static bool
take_reject(struct pipe *p, const struct reject *j)
{
	p->total->rejected++;
	if (!p->sink->ops->reject(p->sink, j, p->e))
		return false;
	p->src.read++;
	p->src.rejected++;
	return true;
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

static void
set_digest(struct pipe *p, const struct source *in)
{
	static const uint8_t none[sizeof(in->digest)];
	struct source *s = &p->src;

	if (memcmp(in->digest, none, sizeof(none)) == 0)
		sha256_end(&p->sum, s->digest);
	else
		memcpy(s->digest, in->digest, sizeof(s->digest));
}

/* The pipe's own account of the input; what was stored is counted here. */
static bool
take_end(struct pipe *p, const struct source *in)
{
	struct source *s = &p->src;

	s->bytes = in->bytes;
	s->blank = in->blank;
	s->rejected = in->rejected > s->rejected ? in->rejected : s->rejected;
	s->read = s->stored + s->duplicates + s->rejected + s->blank;
	s->form = text_or(p, in->form, s->form);
	s->dump = text_or(p, in->dump, s->dump);
	s->damaged = arena_sv(&p->perm, in->damaged);
	memcpy(s->note, in->note, sizeof(s->note));
	s->arrived = in->arrived;
	set_digest(p, in);
	s->span = in->span;
	s->nspans = in->nspans;
	return end(p);
}

static bool
take_bad(struct pipe *p, sv line, uint64_t at, const char *why)
{
	struct load_total *t = p->total;
	struct reject j = { t->lines, at, line.n, "bad-record", sv_str(why),
	    line, 0 };

	if (t->bad++ == 0)
		snprintf(t->first_bad, sizeof(t->first_bad), "line %llu: %s",
		    (unsigned long long)t->lines, why);
	return take_reject(p, &j);
}

static const char *
read_any(struct pipe *p, sv line, struct item *it)
{
	const char *why = NULL, *wrong = NULL;

	it->src = (struct source){ .arrived = UTC_NONE };
	it->kind = ndjson_read(&p->scratch, line, &it->rec, &it->reject,
	    &it->src, &why);
	if (it->kind == NDJSON_BAD)
		wrong = why;
	else if (it->kind == NDJSON_INPUT_END && !is_sane(&it->src))
		wrong = "counts or spans that cannot be";
	else if (it->kind == NDJSON_RECORD)
		wrong = wrong_record(&it->rec);
	if (it->kind == NDJSON_RECORD && wrong == NULL && !has_samples(&it->rec))
		wrong = "samples are no list of lists";
	return wrong;
}

static void
read_item(struct pipe *p, sv line, struct item *it)
{
	sv source;

	if (recjson_read(&p->scratch, line, &it->rec, &source)) {
		it->kind = NDJSON_RECORD;
		it->why = wrong_record(&it->rec);
	} else {
		it->why = read_any(p, line, it);
	}
	if (it->why)
		it->kind = NDJSON_BAD;
}

/* A record's name stands for all of it. */
static void
add_item(struct sha256 *sum, const struct item *it, sv line)
{
	char bytes[32];

	if (it->kind != NDJSON_RECORD) {
		sha256_add(sum, line.p, line.n);
		return;
	}
	swar_store(bytes, it->rec.hash);
	swar_store(bytes + 8, (uint64_t)it->rec.ts);
	swar_store(bytes + 16, it->rec.line);
	swar_store(bytes + 24, it->rec.byte);
	sha256_add(sum, bytes, sizeof(bytes));
}

static bool
take_item(struct pipe *p, const struct item *it, sv line, uint64_t at)
{
	switch (it->kind) {
	case NDJSON_RECORD:
		return take_record(p, &it->rec);
	case NDJSON_REJECT:
		return take_reject(p, &it->reject);
	case NDJSON_INPUT_END:
		return take_end(p, &it->src);
	case NDJSON_BEGIN:
	case NDJSON_BAD:
		break;
	}
	return take_bad(p, line, at, it->why);
}

static bool
take_line(struct pipe *p, sv line, uint64_t at)
{
	struct item *it = &p->item;

	p->total->lines++;
	read_item(p, line, it);
	if (it->kind == NDJSON_BEGIN)
		return (!p->open || end_unfinished(p)) && begin(p, &it->src);
	if (!need_input(p))
		return false;
	add_item(&p->sum, it, line);
	return take_item(p, it, line, at);
}

static bool
take_long(struct pipe *p, struct feed *f, sv head, uint64_t at)
{
	struct feed_skipped rest;

	return need_input(p) && take_bad(p, head, at, "longer than 16 MiB") &&
	    feed_skip_line(f, &rest, p->e) != FEED_FAILED;
}

static bool
read_pipe(struct pipe *p, struct feed *f)
{
	for (;;) {
		struct arena_mark mark = arena_mark(&p->scratch);
		uint64_t at, length;
		bool ok = true;
		sv line;

		switch (feed_line(f, &line, &at, &length, p->e)) {
		case FEED_OK:
			ok = sv_trim(line).n == 0 || take_line(p, line, at);
			break;
		case FEED_LONG:
			ok = take_long(p, f, line, at);
			break;
		case FEED_WAIT:
			break;
		case FEED_END:
			return !p->open || end_unfinished(p);
		case FEED_FAILED:
			return false;
		}
		arena_rewind(&p->scratch, mark);
		if (!ok)
			return false;
	}
}

static bool
load_stream(struct stream *in, struct store *st, struct load_total *total,
    struct err *e)
{
	struct loader *l = loader_open(st, e);
	struct pipe p = { .total = total, .e = e };
	struct feed f;
	bool ok;

	if (l == NULL)
		return false;
	p.sink = loader_sink(l);
	feed_open(&f, in);
	ok = read_pipe(&p, &f);
	feed_close(&f);
	arena_release(&p.perm);
	arena_release(&p.scratch);
	loader_close(l);
	return ok;
}

bool
load_ndjson(int fd, struct store *st, struct load_total *total, struct err *e)
{
	struct stream *in = stream_open_fd(fd, "standard input", e);
	bool ok;

	*total = (struct load_total){ 0 };
	if (in)
		stream_undigested(in); /* inputs have theirs */
	ok = in != NULL && load_stream(in, st, total, e);
	stream_close(in);
	return ok;
}
