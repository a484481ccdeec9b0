/* SPDX-License-Identifier: MIT */
/* pipe.c: load_ndjson of load.h, a store filled from a pipe of records. */
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "base/utc.h"
#include "input/feed.h"
#include "record/ndjson.h"
#include "record/rec.h"
#include "store/load.h"

/* The input under way. Lines without one (a filtered pipe) make their own. */
struct pipe {
	struct sink *sink;
	struct load_total *total;
	struct arena perm;    /* lives as long as the input */
	struct arena scratch; /* one line */
	struct source src;
	struct sha256 sum;    /* of its lines: its digest when none is given */
	int64_t min, max;
	bool open;
	struct err *e;
};

static bool
begin(struct pipe *p, const struct source *src)
{
	struct source *s = &p->src;

	arena_release(&p->perm);
	*s = (struct source){
		.name = arena_sv(&p->perm, src->name),
		.format = arena_sv(&p->perm, src->format),
		.form = arena_sv(&p->perm, src->form),
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
	const struct source unnamed = { .name = SV("-"), .format = SV("records"),
	    .form = SV("stream"), .arrived = UTC_NONE };

	return p->open || begin(p, &unnamed);
}

static bool
take_record(struct pipe *p, const struct rec *r)
{
	bool dup;

	if (!need_input(p) || !p->sink->ops->record(p->sink, r, &dup, p->e))
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
	if (!need_input(p) || !p->sink->ops->reject(p->sink, j, p->e))
		return false;
	p->src.read++;
	p->src.rejected++;
	return true;
}

/* The pipe's own account of the input; what was stored is counted here. */
static bool
take_end(struct pipe *p, const struct source *in)
{
	struct source *s = &p->src;

	if (!need_input(p))
		return false;
	s->bytes = in->bytes;
	s->blank = in->blank;
	s->rejected = in->rejected > s->rejected ? in->rejected : s->rejected;
	s->read = s->stored + s->duplicates + s->rejected + s->blank;
	s->form = arena_sv(&p->perm, in->form);
	s->dump = arena_sv(&p->perm, in->dump);
	s->damaged = arena_sv(&p->perm, in->damaged);
	s->arrived = in->arrived;
	memcpy(s->digest, in->digest, sizeof(s->digest));
	s->span = in->span;
	s->nspans = in->nspans;
	return end(p);
}

static bool
take_bad(struct pipe *p, sv line, uint64_t at, const char *why)
{
	struct load_total *t = p->total;
	struct reject j = { t->lines, at, line.n, "bad-record", sv_str(why),
	    line };

	if (t->bad++ == 0)
		snprintf(t->first_bad, sizeof(t->first_bad), "line %llu: %s",
		    (unsigned long long)t->lines, why);
	return take_reject(p, &j);
}

static bool
take_line(struct pipe *p, sv line, uint64_t at)
{
	struct source src = { .arrived = UTC_NONE };
	struct reject j;
	struct rec r;
	const char *why;

	p->total->lines++;
	if (p->open)
		sha256_add(&p->sum, line.p, line.n);
	switch (ndjson_read(&p->scratch, line, &r, &j, &src, &why)) {
	case NDJSON_BEGIN:
		return (!p->open || end_unfinished(p)) && begin(p, &src);
	case NDJSON_RECORD:
		if (r.ts == UTC_NONE)
			return take_bad(p, line, at, "a record without ts");
		return take_record(p, &r);
	case NDJSON_REJECT:
		return take_reject(p, &j);
	case NDJSON_INPUT_END:
		return take_end(p, &src);
	case NDJSON_BAD:
		break;
	}
	return take_bad(p, line, at, why);
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
			ok = take_bad(p, line, at, "longer than 16 MiB") &&
			    feed_skip_line(f, &length, p->e) != FEED_FAILED;
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
	ok = in != NULL && load_stream(in, st, total, e);
	stream_close(in);
	return ok;
}
