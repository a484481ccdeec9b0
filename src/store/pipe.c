/* SPDX-License-Identifier: MIT */
/* pipe.c: load_ndjson of load.h, a store filled from a pipe of records. */
#include <stdio.h>
#include <string.h>

#include "base/blake3.h"
#include "base/prefetch.h"
#include "base/swar.h"
#include "base/utc.h"
#include "input/feed.h"
#include "record/recahead.h"
#include "store/load.h"

/* The input under way. Lines without one (a filtered pipe) make their own. */
struct pipe {
	struct sink *sink;
	struct load_total *total;
	struct arena perm;    /* lives as long as the input */
	struct source src;
	struct blake3 sum;    /* of what its lines say: its digest when none is
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
	blake3_init(&p->sum);
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

	blake3_end(&p->sum, p->src.digest);
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

static void
set_digest(struct pipe *p, const struct source *in)
{
	static const uint8_t none[sizeof(in->digest)];
	struct source *s = &p->src;

	if (memcmp(in->digest, none, sizeof(none)) == 0)
		blake3_end(&p->sum, s->digest);
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

/* A record's name stands for all of it. */
static void
add_line(struct blake3 *sum, const struct recline *l)
{
	char bytes[32];

	if (l->kind != NDJSON_RECORD) {
		blake3_add(sum, l->text.p, l->text.n);
		return;
	}
	swar_store(bytes, l->rec.hash);
	swar_store(bytes + 8, (uint64_t)l->rec.ts);
	swar_store(bytes + 16, l->rec.line);
	swar_store(bytes + 24, l->rec.byte);
	blake3_add(sum, bytes, sizeof(bytes));
}

static bool
take_known(struct pipe *p, const struct recline *l)
{
	switch (l->kind) {
	case NDJSON_RECORD:
		return take_record(p, &l->rec);
	case NDJSON_REJECT:
		return take_reject(p, l->reject);
	case NDJSON_INPUT_END:
		return take_end(p, l->src);
	case NDJSON_BEGIN:
	case NDJSON_BLANK:
	case NDJSON_BAD:
		break;
	}
	return take_bad(p, l->text, l->at, l->why);
}

static bool
take_line(struct pipe *p, const struct recline *l)
{
	p->total->lines++;
	if (l->kind == NDJSON_BLANK)
		return true;
	if (l->kind == NDJSON_BEGIN)
		return (!p->open || end_unfinished(p)) && begin(p, l->src);
	if (!need_input(p))
		return false;
	add_line(&p->sum, l);
	return take_known(p, l);
}

static bool
take_long(struct pipe *p, struct feed *f, sv head, uint64_t at)
{
	struct feed_skipped rest;

	p->total->lines++;
	if (!need_input(p) || !take_bad(p, head, at, "longer than 16 MiB") ||
	    feed_skip_line(f, &rest, p->e) == FEED_FAILED)
		return false;
	blake3_add(&p->sum, rest.digest, sizeof(rest.digest));
	return true;
}

static bool
read_line(struct pipe *p, sv text, uint64_t at)
{
	struct arena a = ARENA_INIT;
	struct recline l;
	bool ok;

	recline_read(&a, text, at, &l);
	ok = take_line(p, &l);
	arena_release(&a);
	return ok;
}

/* The line that no block takes, and of UTF-16 every one. */
static bool
read_lines(struct pipe *p, struct feed *f)
{
	uint64_t at, length;
	sv line;

	for (;;)
		switch (feed_line(f, &line, &at, &length, p->e)) {
		case FEED_OK:
			if (!read_line(p, line, at))
				return false;
			break;
		case FEED_LONG:
			if (!take_long(p, f, line, at))
				return false;
			if (!f->wide)
				return true;
			break;
		case FEED_WAIT:
			break;
		case FEED_END:
			return true;
		case FEED_FAILED:
			return false;
		}
}

/* Line i of the block will come, if it has one. */
static inline void
announce(struct pipe *p, const struct recahead_block *b, size_t i)
{
	if (i < b->n && b->line[i].kind == NDJSON_RECORD)
		p->sink->ops->soon(p->sink, &b->line[i].rec);
}

static bool
take_block(struct pipe *p, const struct recahead_block *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (i + 2 * SINK_SOON < b->n)
			prefetch_all(&b->line[i + 2 * SINK_SOON],
			    sizeof(*b->line));
		announce(p, b, i + SINK_SOON);
		if (!take_line(p, &b->line[i]))
			return false;
	}
	return true;
}

/* Until the end, or to a line that is too long. */
static enum feed_end
read_blocks(struct pipe *p, struct feed *f, unsigned threads)
{
	struct recahead *a = recahead_open(f, threads);
	const struct recahead_block *b;
	enum feed_end end;

	while ((end = recahead_next(a, &b, p->e)) == FEED_OK &&
	    take_block(p, b))
		;
	recahead_close(a);
	return end == FEED_OK ? FEED_FAILED : end;
}

static bool
read_pipe(struct pipe *p, struct feed *f, unsigned threads)
{
	enum feed_end end;

	do
		end = feed_more(f, p->e);
	while (end == FEED_WAIT);
	if (end == FEED_FAILED)
		return false;
	if (f->wide)
		return read_lines(p, f);
	while ((end = read_blocks(p, f, threads)) == FEED_LONG)
		if (!read_lines(p, f))
			return false;
	return end == FEED_END;
}

static bool
load_stream(struct stream *in, struct store *st, unsigned threads,
    struct load_total *total, struct err *e)
{
	struct loader *l = loader_open(st, e);
	struct pipe p = { .total = total, .e = e };
	struct feed f;
	bool ok;

	if (l == NULL)
		return false;
	p.sink = loader_sink(l);
	feed_open(&f, in);
	ok = read_pipe(&p, &f, threads) && (!p.open || end_unfinished(&p));
	feed_close(&f);
	arena_release(&p.perm);
	loader_close(l);
	return ok;
}

bool
load_ndjson(int fd, unsigned threads, struct store *st,
    struct load_total *total, struct err *e)
{
	struct stream *in = stream_open_fd(fd, "standard input", e);
	bool ok;

	*total = (struct load_total){ 0 };
	if (in)
		stream_undigested(in); /* inputs have theirs */
	ok = in != NULL && load_stream(in, st, threads, total, e);
	stream_close(in);
	return ok;
}
