/* SPDX-License-Identifier: MIT */
#include "output/account.h"

#include "output/escape.h"

static void
put_program(struct buf *b)
{
	buf_lit(b, "raxx-parse: ");
}

/* The counter of a reason; NULL when the table is full. */
static uint64_t *
counter(struct account *a, const char *reason)
{
	for (size_t i = 0; i < a->nreasons; i++)
		if (sv_is(sv_str(reason), a->by_reason[i].reason))
			return &a->by_reason[i].n;
	if (a->nreasons == ACCOUNT_REASONS)
		return NULL;
	a->by_reason[a->nreasons].reason = reason;
	a->by_reason[a->nreasons].n = 0;
	return &a->by_reason[a->nreasons++].n;
}

/* What stood where reading stopped. */
static void
put_got(struct buf *b, const struct reject *j)
{
	enum { SHOWN = 40 };
	sv got = sv_skip(j->bytes, (size_t)j->at);

	if (got.n == 0 || sv_has(j->detail, SV("got ")))
		return;
	buf_lit(b, ", got '");
	escape_text(b, sv_trim_right(sv_take(got, SHOWN)));
	buf_str(b, got.n > SHOWN ? "...'" : "'");
}

void
account_reject(struct account *a, struct buf *b, const struct source *src,
    const struct reject *j)
{
	uint64_t *n = counter(a, j->reason);

	if (n == NULL)
		a->more++;
	if (n == NULL || ++*n > ACCOUNT_SHOWN)
		return;
	escape_text(b, src->name);
	buf_printf(b, ":%llu@%llu: %s: ", (unsigned long long)j->line,
	    (unsigned long long)j->byte, j->reason);
	escape_text(b, j->detail);
	put_got(b, j);
	buf_byte(b, '\n');
}

void
account_rest(const struct account *a, struct buf *b, const struct source *src)
{
	for (size_t i = 0; i < a->nreasons; i++) {
		if (a->by_reason[i].n <= ACCOUNT_SHOWN)
			continue;
		put_program(b);
		escape_text(b, src->name);
		buf_printf(b, ": %s: %llu in all, %d shown\n",
		    a->by_reason[i].reason,
		    (unsigned long long)a->by_reason[i].n, ACCOUNT_SHOWN);
	}
	if (a->more) {
		put_program(b);
		escape_text(b, src->name);
		buf_printf(b, ": %llu more rejects for other reasons\n",
		    (unsigned long long)a->more);
	}
}

void
account_format(struct buf *b, const struct source *src)
{
	escape_text(b, src->name);
	buf_lit(b, ": ");
	escape_text(b, src->format);
	if (!sv_null(src->dump)) {
		buf_lit(b, ", table ");
		escape_text(b, src->dump);
	}
	if (!sv_null(src->app)) {
		buf_lit(b, ", app ");
		escape_text(b, src->app);
	}
	buf_printf(b, ": %s\n", src->why);
}

void
account_source(struct buf *b, sv name, const struct source *src)
{
	escape_text(b, name);
	buf_printf(b, ": read %llu = stored %llu + duplicates %llu + "
	    "rejected %llu + blank %llu (%llu bytes)\n",
	    (unsigned long long)src->read, (unsigned long long)src->stored,
	    (unsigned long long)src->duplicates,
	    (unsigned long long)src->rejected, (unsigned long long)src->blank,
	    (unsigned long long)src->bytes);
}

void
account_notes(struct buf *b, sv name, const struct source *src, bool all)
{
	const char *between = ": noticed ";
	size_t start = b->n;

	escape_text(b, name);
	for (int i = 0; i < NOTE_N; i++) {
		if (src->note[i] == 0 || (!all && !note_def[i].loud))
			continue;
		buf_str(b, between);
		buf_add(b, note_def[i].name);
		buf_printf(b, " %llu", (unsigned long long)src->note[i]);
		between = ", ";
	}
	if (between[0] == ':')
		b->n = start;
	else
		buf_byte(b, '\n');
}

/* "parser-drift: 61.2 % of the lines understood, 99.8 % of the inputs before" */
static void
put_drift(struct buf *b, const struct source *src)
{
	put_program(b);
	escape_text(b, src->name);
	buf_printf(b, ": parser-drift: %.1f %% of the lines understood, %.1f %% "
	    "of the inputs before: see --explain\n", src->share,
	    src->share_before);
}

static void
put_about(struct buf *b, const struct source *src, sv what)
{
	put_program(b);
	escape_text(b, src->name);
	buf_lit(b, ": ");
	escape_text(b, what);
	buf_byte(b, '\n');
}

static void
put_notes(struct buf *b, sv name, const struct source *src, bool all)
{
	size_t start = b->n, head;

	put_program(b);
	head = b->n;
	account_notes(b, name, src, all);
	if (b->n == head)
		b->n = start;
}

static void
put_known(struct buf *b, const struct source *src)
{
	put_program(b);
	escape_text(b, src->name);
	buf_lit(b, ": already-ingested ");
	buf_hex(b, src->digest, sizeof(src->digest));
	buf_lit(b, ": nothing new\n");
}

void
account_resumed(struct buf *b, sv store)
{
	put_program(b);
	buf_lit(b, "resumed ");
	escape_text(b, store);
	buf_lit(b, " @0: the input of a run that did not end was undone\n");
}

void
account_input(const struct account *a, struct buf *b, const struct source *src,
    bool verbose, bool quiet)
{
	account_rest(a, b, src);
	if (src->read == 0)
		put_about(b, src, SV("empty-input: nothing to read"));
	if (!sv_null(src->damaged))
		put_about(b, src, src->damaged);
	if (src->drift)
		put_drift(b, src);
	if (src->known && !quiet)
		put_known(b, src);
	if (verbose) {
		put_program(b);
		account_source(b, src->name, src);
		put_notes(b, src->name, src, true);
	}
}

void
account_add(struct source *total, const struct source *src)
{
	total->bytes += src->bytes;
	total->read += src->read;
	total->stored += src->stored;
	total->duplicates += src->duplicates;
	total->rejected += src->rejected;
	total->blank += src->blank;
	for (int i = 0; i < NOTE_N; i++)
		total->note[i] += src->note[i];
}

void
account_total(struct buf *b, const struct source *total, unsigned inputs,
    bool verbose)
{
	put_program(b);
	buf_printf(b, "%u input%s", inputs, inputs == 1 ? "" : "s");
	account_source(b, SV(""), total);
	put_notes(b, SV("all inputs"), total, verbose);
}

void
account_progress(struct account_pace *p, struct buf *b,
    const struct source *src, double now, uint64_t done, uint64_t size)
{
	double seconds = now - p->start, rate;

	if (seconds < 1 || now - p->shown < 0.2)
		return;
	p->shown = now;
	rate = (double)done / seconds;
	buf_str(b, ACCOUNT_CLEAR);
	escape_text(b, src->name);
	buf_printf(b, ": %.1f MB", (double)done / 1e6);
	if (size)
		buf_printf(b, " of %.1f MB", (double)size / 1e6);
	buf_printf(b, ", %.1f MB/s", rate / 1e6);
	if (size > done && rate > 0)
		buf_printf(b, ", %.0f s left", (double)(size - done) / rate);
}
