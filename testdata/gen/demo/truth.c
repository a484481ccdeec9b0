/* SPDX-License-Identifier: MIT */
/*
 * truth.json: what was planted, and what a run over the whole week must say of
 * it. testdata/truth.sh compares.
 */
#include "demo.h"

static void
put_span(FILE *f, int64_t start, int64_t end)
{
	char a[64], b[64];

	fprintf(
	    f, "\"start\":\"%s\",\"end\":\"%s\"", zulu(start, a), zulu(end, b));
}

static void
put_truth(FILE *f, const struct truth *t)
{
	fprintf(f, "{\"rule\":\"%s\",", t->rule);
	if (t->arm)
		fprintf(f, "\"arm\":\"%s\",", t->arm);
	if (t->level)
		fprintf(f, "\"level\":\"%s\",", t->level);
	if (t->allowed)
		fprintf(f, "\"allowed\":\"%s\",", t->allowed);
	fprintf(f, "\"key\":\"%s\",", t->key);
	if (t->client)
		fprintf(f, "\"client\":\"%s\",", t->client);
	if (t->start) {
		put_span(f, t->start, t->end);
		putc(',', f);
	}
	if (t->start || t->metric != 0)
		fprintf(f, "\"metric\":%.10g,", t->metric);
	if (t->open)
		fputs("\"open\":true,", f);
	if (t->suppressed)
		fputs("\"suppressed\":true,", f);
	fprintf(f, "\"%s\":\"%s\"}", t->level ? "note" : "why", t->note);
}

enum kind { ATTACK, LOOKALIKE, UNSEEN };

/* Without the drain its hours are not seen. */
static enum kind
kind_of(const struct world *w, const struct truth *t)
{
	if (t->drained && w->hours_only)
		return UNSEEN;
	return t->level ? ATTACK : LOOKALIKE;
}

static void
put_truths(FILE *f, const struct world *w, const char *name, enum kind kind)
{
	const struct truth *t = w->truths.items;
	const char *sep = "";
	size_t i;

	fprintf(f, "\"%s\":[\n", name);
	for (i = 0; i < w->truths.n; i++)
		if (kind_of(w, &t[i]) == kind) {
			fputs(sep, f);
			put_truth(f, &t[i]);
			sep = ",\n";
		}
	fputs("],\n", f);
}

static void
put_holes(FILE *f, const struct world *w)
{
	const struct hole *h = w->holes.items;
	size_t i;

	fputs("\"holes_between_pulls\":[\n", f);
	for (i = 0; i < w->holes.n; i++) {
		fputs(i ? ",\n{" : "{", f);
		put_span(f, h[i].start, h[i].end);
		putc('}', f);
	}
	fputs("],\n", f);
}

void
write_truth(struct world *w)
{
	const char *path = text(w, "%s/truth.json", w->dir);
	FILE *f = create(path);

	fprintf(f, "{\"seed\":%" PRIu64 ",\n", w->seed);
	put_truths(f, w, "attacks", ATTACK);
	put_truths(f, w, "lookalikes", LOOKALIKE);
	if (w->hours_only)
		put_truths(f, w, "unseen", UNSEEN);
	put_holes(f, w);
	if (!w->hours_only) {
		fputs("\"drain\":{", f);
		put_span(f, DRAIN_START, DRAIN_END);
		fprintf(f, ",\"frames\":%zu,\"lost\":%d},\n",
		    w->drained_lines + 1, LOSS_LINES);
	}
	fprintf(f, "\"pulls\":%zu,\"pulled_lines\":%zu,\"events\":%zu}\n",
	    w->pulls, w->pulled_lines, w->events.n);
	close_file(f, path);
}
