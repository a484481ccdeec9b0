/* SPDX-License-Identifier: MIT */
/*
 * The texts of the dictionary are looked at first. Then every row of a table is
 * asked for the classes of its texts, which lead to the few scans that wait for
 * them, and for what the other scans want of every row.
 */
#include "base/attr.h"
#include "base/hash.h"
#include "detect/siftpriv.h"
#include "detect/tally.h"
#include "detect/textclass.h"
#include "store/query.h"
#include "store/rowscan.h"

enum {
	ROWS_MAX = 1 << 20,     /* of one scan */
	PEER_ROWS_MAX = 1 << 22 /* of one whose peer may leave few of them */
};

/* --- rows ----------------------------------------------------------------- */

struct pass {
	struct sift *s;
	struct base *b;
	/* scans that every row is asked for, and what is asked first */
	struct every {
		struct siftfirst first;
		uint32_t scan;
	} *every;
	size_t nevery;
	size_t text[ROWSCAN_COLUMNS]; /* cells whose texts matter */
	size_t ntexts;
	struct siftclass class[ROWSCAN_COLUMNS];
	size_t nleads[ROWSCAN_COLUMNS]; /* per cell: classes there is room for */
};

/* Which scans wait for a literal that the class has, in this cell? */
static const struct leads *
find_leads(struct pass *p, size_t cell, uint32_t class)
{
	struct base *b = p->b;
	struct leads *l = &b->lead[cell][class];
	const uint64_t *bits = textclass_bits(p->s->classes, class);

	if (l->known)
		return l;
	l->known = true;
	l->scan = arena_array(&p->s->a, b->nscans + 1, sizeof(*l->scan));
	for (size_t i = 0; i < b->nscans; i++) {
		const struct siftgate *g;

		if (b->scan[i]->every)
			continue;
		g = siftcond_gate(b->scan[i]->plan->cond);
		for (size_t k = 0; k < g->n; k++)
			if ((size_t)g->need[k].cell == cell &&
			    bits[g->need[k].needle / 64] >>
			    (g->need[k].needle % 64) & 1) {
				l->scan[l->n++] = (uint32_t)i;
				break;
			}
	}
	return l;
}

/* --- request ids ---------------------------------------------------------- */

/* Equal values have equal hashes, whatever they are. */
static uint64_t
hash_cell(const struct rowcell *c)
{
	uint64_t v;

	if (c->text.n != 16)
		return hash64(c->text, 0);
	memcpy(&v, c->text.p, sizeof(v)); /* of a uuid: as good as random */
	return v * 0x9e3779b97f4a7c15;
}

/* Has it an id that a row of the peer has? If the peer is not known yet, the id
 * is kept. */
static bool
meets_peer(struct scan *scan, const struct rowcell *cell)
{
	uint64_t v;

	if (cell->kind == ROWCELL_NULL)
		return false;
	v = hash_cell(cell);
	if (scan->peer->ids.bit && !bloom_has(&scan->peer->ids, v))
		return false;
	buf_mem(&scan->hash, &v, sizeof(v));
	return true;
}

static const uint64_t *
hashes(const struct scan *scan)
{
	return (const uint64_t *)(const void *)scan->hash.p;
}

/* Once all tables were passed over: those of which the peer came later. */
static void
leave_met(struct scan *scan)
{
	int64_t *id = (int64_t *)(void *)scan->id.p;
	size_t n = siftscan_rows(scan), k = 0;

	if (scan->dropped || scan->peer->dropped)
		return;
	for (size_t i = 0; i < n; i++)
		if (bloom_has(&scan->peer->ids, hashes(scan)[i]))
			id[k++] = id[i];
	scan->id.n = k * sizeof(*id);
}

static void
drop(struct scan *scan)
{
	scan->dropped = true;
	buf_release(&scan->id);
	buf_release(&scan->hash);
}

static void
ask_scan(struct pass *p, uint32_t i, int64_t id, const struct rowcell *cell)
{
	struct scan *scan = p->b->scan[i];

	if (scan->dropped || scan->seen == p->b->rows)
		return;
	scan->seen = p->b->rows;
	if (scan->plan->cond &&
	    !siftcond_holds(scan->plan->cond, cell, p->class))
		return;
	if (scan->peer && !meets_peer(scan, &cell[scan->plan->id_cell]))
		return;
	buf_mem(&scan->id, &id, sizeof(id));
	if (scan->id.n > (scan->peer ? PEER_ROWS_MAX : ROWS_MAX) * sizeof(id))
		drop(scan);
}

static uint32_t
class_of_cell(struct pass *p, const struct rowcell *c)
{
	if (c->kind == ROWCELL_INT)
		return textclass_of_number(p->s->classes, c->i);
	return c->kind == ROWCELL_TEXT
	    ? textclass_of_text(p->s->classes, c->text) : TEXTCLASS_NONE;
}

/* Room for the leads of classes that texts of rows have made. */
static void
grow_leads(struct pass *p, size_t cell, uint32_t class)
{
	size_t *have = &p->nleads[cell];
	size_t n = 2 * (size_t)class + 64;
	struct leads *l;

	if (class < *have)
		return;
	l = arena_array(&p->s->a, n, sizeof(*l));
	if (*have)
		memcpy(l, p->b->lead[cell], *have * sizeof(*l));
	p->b->lead[cell] = l;
	*have = n;
}

/* What classes the texts of the row are; only then their bits stay in place. */
static void
set_classes(struct pass *p, const struct rowcell *cell)
{
	for (size_t i = 0; i < p->ntexts; i++)
		p->class[p->text[i]].class = class_of_cell(p,
		    &cell[p->text[i]]);
	for (size_t i = 0; i < p->ntexts; i++) {
		struct siftclass *c = &p->class[p->text[i]];

		c->bits = textclass_bits(p->s->classes, c->class);
	}
}

static void
take_row(struct pass *p, int64_t id, const struct rowcell *cell)
{
	p->b->rows++;
	set_classes(p, cell);
	for (size_t i = 0; i < p->nevery; i++)
		if (siftfirst_holds(&p->every[i].first, cell))
			ask_scan(p, p->every[i].scan, id, cell);
	for (size_t i = 0; i < p->ntexts; i++) {
		size_t at = p->text[i];
		const struct leads *l;

		if (p->class[at].class == TEXTCLASS_NONE)
			continue;
		grow_leads(p, at, p->class[at].class);
		l = find_leads(p, at, p->class[at].class);
		for (size_t k = 0; k < l->n; k++)
			ask_scan(p, l->scan[k], id, cell);
	}
}

/* --- when there were lines ------------------------------------------------ */

/* Tables of the log, and whether a row of theirs shows that a dyno runs. */
static const struct {
	const char *table;
	bool request, metric;
} log_table[] = {
	{ "app", false, false }, { "access", false, false },
	{ "platform", false, false }, { "metric", false, true },
	{ "loss", false, false }, { "part", false, false },
	{ "request", true, false },
};

void
siftpass_tables(struct sift *s)
{
	for (size_t i = 0; i < countof(log_table); i++) {
		struct base *b = sift_base(s, log_table[i].table);

		b->ts = siftcells_add(&b->cells, "ts");
		b->source = siftcells_add(&b->cells, "source");
		b->request = log_table[i].request;
		b->metric = log_table[i].metric;
		if (!b->metric)
			continue;
		b->origin = siftcells_add(&b->cells, "origin");
		b->subject = siftcells_add(&b->cells, "subject");
	}
}

/* Is it a sample of a dyno? As liveness.c asks the store. */
static bool
ask_dyno(struct sift *s, int64_t origin, int64_t subject)
{
	static const char sql[] = "SELECT (SELECT s FROM str WHERE id = ?1) "
	    "GLOB 'heroku[[]*' AND (SELECT s FROM str WHERE id = ?2) "
	    "GLOB '*.[0-9]*'";
	struct err e = ERR_INIT;
	struct query *q = query_open(s->st, SV(sql), NULL, &e);
	bool is;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, origin);
	query_bind_i64_at(q, 2, subject);
	is = query_next(q, &e) == QUERY_MORE && query_i64(q, 0) != 0;
	query_close(q);
	return is;
}

static bool
is_dyno(struct sift *s, const struct rowcell *origin,
    const struct rowcell *subject)
{
	struct dyno *d;

	if (origin->kind != ROWCELL_INT || subject->kind != ROWCELL_INT)
		return false;
	d = &s->dyno[(uint64_t)(origin->i * 31 + subject->i) % DYNOS];
	if (d->known && d->origin == origin->i && d->subject == subject->i)
		return d->is;
	*d = (struct dyno){ origin->i, subject->i,
		ask_dyno(s, origin->i, subject->i), true };
	return d->is;
}

static void
tally_row(struct sift *s, const struct base *b, const struct rowcell *cell)
{
	int64_t ts = cell[b->ts].i;
	struct tally_minute *m = tally_at(s->tally, cell[b->source].i, ts);
	bool dyno = b->metric && is_dyno(s, &cell[b->origin],
	    &cell[b->subject]);

	tally_add(m, TALLY_LINE, ts);
	if (b->request || dyno)
		tally_add(m, TALLY_BEAT, ts);
	if (dyno)
		tally_add(m, TALLY_DYNO, ts);
	m->requests += b->request;
}

static struct siftfirst
first_of(const struct scan *scan)
{
	return scan->plan->cond ? siftcond_first(scan->plan->cond)
	    : (struct siftfirst){ SIFT_FIRST_ANY, 0, 0, 0 };
}

static bool
pass_over(struct sift *s, struct base *b, struct err *e)
{
	struct pass p = { .s = s, .b = b };
	const struct rowcell *cell;
	struct rowscan *r;
	enum query_end end;
	int64_t id;

	p.every = arena_array(&s->a, b->nscans + 1, sizeof(*p.every));
	b->lead = arena_array(&s->a, b->cells.n + 1, sizeof(*b->lead));
	for (size_t i = 0; i < b->nscans; i++)
		if (b->scan[i]->every)
			p.every[p.nevery++] = (struct every){
				first_of(b->scan[i]), (uint32_t)i };
	for (size_t i = 0; i < b->cells.n; i++)
		if (b->cells.text[i])
			p.text[p.ntexts++] = i;
	r = rowscan_open(s->st, b->table, b->cells.name, b->cells.n, e);
	if (!r)
		return false;
	while ((end = rowscan_next(r, &id, &cell, e)) == QUERY_MORE) {
		tally_row(s, b, cell);
		if (b->nscans)
			take_row(&p, id, cell);
	}
	rowscan_close(r);
	for (size_t i = 0; i < b->nscans; i++)
		if (b->scan[i]->peer && !b->scan[i]->dropped)
			bloom_make(&b->scan[i]->ids, hashes(b->scan[i]),
			    siftscan_rows(b->scan[i]));
	return end == QUERY_DONE;
}

bool
siftpass_run(struct sift *s, struct err *e)
{
	bool usable;

	s->classes = textclass_open(s->needles);
	if (!textclass_load(s->classes, s->st, &usable, e) || !usable)
		return e->status == ST_OK;
	for (size_t i = 0; i < s->nbases; i++)
		if (!pass_over(s, &s->base[i], e))
			return false;
	for (size_t i = 0; i < s->nbases; i++)
		for (size_t k = 0; k < s->base[i].nscans; k++)
			if (s->base[i].scan[k]->peer)
				leave_met(s->base[i].scan[k]);
	s->done = true;
	return true;
}
