/* SPDX-License-Identifier: MIT */
/*
 * The texts of the dictionary are looked at first. Then every row of a table is
 * asked for the classes of its texts, which lead to the few scans that wait for
 * them, and for what the other scans want of every row.
 */
#include <pthread.h>

#include "base/attr.h"
#include "base/crew.h"
#include "base/hash.h"
#include "base/slot.h"
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

/* What the rows of a part gave a scan. */
struct found {
	struct buf id, hash; /* as those of the scan */
	bool dropped;        /* too many rows */
	uint64_t seen;       /* number of the row it was last asked for */
};

/* Is a sample of this origin and subject one of a dyno? */
struct dyno {
	int64_t origin, subject;
	bool is, known;
};
enum { DYNO_BITS = 7, DYNO_PLACES = 1 << DYNO_BITS };

/* What all parts of a table share. */
struct pass {
	struct sift *s;
	struct base *b;
	/* what every row is asked first, and the scans that it is asked for */
	struct every {
		struct siftfirst first;
		uint32_t *scan;
		size_t n;
	} *every;
	size_t nevery;
	size_t text[ROWSCAN_COLUMNS]; /* cells whose texts matter */
	size_t ntexts;
	const struct scan **joins; /* scans of which the peer's ids are known */
	size_t njoins;
};

/* A part of a table, passed over by a thread of its own. */
struct part {
	const struct pass *p;
	struct rowscan *rows;
	pthread_mutex_t *lock; /* for whoever asks the store */
	struct arena a;
	struct textclass *classes;
	struct siftclass class[ROWSCAN_COLUMNS];
	struct leads *lead[ROWSCAN_COLUMNS]; /* [cell][class] */
	size_t nleads[ROWSCAN_COLUMNS];      /* there is room for */
	struct found *found;                 /* per scan */
	struct tally *tally;
	struct dyno dyno[DYNO_PLACES][2]; /* the last two of each place */
	uint64_t nrows;
	enum query_end end;
	struct err err;
};

/* Which scans wait for a literal that the class has, in this cell? */
static const struct leads *
find_leads(struct part *t, size_t cell, uint32_t class)
{
	const struct base *b = t->p->b;
	struct leads *l = &t->lead[cell][class];
	const uint64_t *bits = textclass_bits(t->classes, class);

	if (l->known)
		return l;
	l->known = true;
	l->scan = arena_array(&t->a, b->nscans + 1, sizeof(*l->scan));
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

/* Has it an id that a row of the peer can have, as far as the peer is known yet?
 * *v is its hash. */
static bool
meets_peer(const struct scan *scan, const struct rowcell *cell, uint64_t *v)
{
	if (cell->kind == ROWCELL_NULL)
		return false;
	*v = hash_cell(cell);
	return !scan->peer->ids.bit || bloom_has(&scan->peer->ids, *v);
}

/* What meets_peer will look at lies all over memory: its place is fetched while
 * other things are asked of the row. */
static void
prefetch_peers(const struct pass *p, const struct rowcell *cell)
{
	for (size_t i = 0; i < p->njoins; i++) {
		const struct scan *scan = p->joins[i];
		const struct rowcell *c = &cell[scan->plan->id_cell];

		if (c->kind != ROWCELL_NULL)
			bloom_prefetch(&scan->peer->ids, hash_cell(c));
	}
}

/* Those of its rows, for whoever joins it. */
static void
note_ids(struct scan *scan)
{
	bloom_release(&scan->ids);
	if (!scan->dropped)
		bloom_make(&scan->ids, (const uint64_t *)(const void *)
		    scan->hash.p, siftscan_rows(scan));
}

/* Once all tables were passed over: those of which the peer came later, or has
 * fewer rows by now. */
static void
leave_met(struct scan *scan)
{
	int64_t *id = (int64_t *)(void *)scan->id.p;
	uint64_t *hash = (uint64_t *)(void *)scan->hash.p;
	size_t n = siftscan_rows(scan), k = 0;

	if (scan->dropped || scan->peer->dropped)
		return;
	for (size_t i = 0; i < n; i++)
		if (bloom_has(&scan->peer->ids, hash[i])) {
			id[k] = id[i];
			hash[k++] = hash[i];
		}
	scan->id.n = k * sizeof(*id);
	scan->hash.n = k * sizeof(*hash);
}

/* Few rows are left of most: then their ids leave out of the peer, whose turn
 * comes, nearly all that it has by chance. */
static void
leave_peers(struct base *b)
{
	for (size_t i = 0; i < b->nscans; i++)
		if (b->scan[i]->peer)
			leave_met(b->scan[i]);
	for (size_t i = 0; i < b->nscans; i++)
		if (b->scan[i]->peer)
			note_ids(b->scan[i]);
}

static size_t
rows_max(const struct scan *scan)
{
	return (scan->peer ? PEER_ROWS_MAX : ROWS_MAX) * sizeof(int64_t);
}

static void
drop(struct found *f)
{
	f->dropped = true;
	buf_release(&f->id);
	buf_release(&f->hash);
}

static void
ask_scan(struct part *t, uint32_t i, int64_t id, const struct rowcell *cell)
{
	const struct scan *scan = t->p->b->scan[i];
	struct found *f = &t->found[i];
	uint64_t v = 0;

	if (f->dropped || f->seen == t->nrows)
		return;
	f->seen = t->nrows;
	/* few ids do, and that is sooner known */
	if (scan->peer && !meets_peer(scan, &cell[scan->plan->id_cell], &v))
		return;
	if (scan->plan->cond &&
	    !siftcond_holds(scan->plan->cond, cell, t->class))
		return;
	if (scan->peer)
		buf_mem(&f->hash, &v, sizeof(v));
	buf_mem(&f->id, &id, sizeof(id));
	if (f->id.n > rows_max(scan))
		drop(f);
}

static uint32_t
class_of_cell(struct part *t, const struct rowcell *c)
{
	if (c->kind == ROWCELL_INT)
		return textclass_of_number(t->classes, c->i);
	return c->kind == ROWCELL_TEXT
	    ? textclass_of_text(t->classes, c->text) : TEXTCLASS_NONE;
}

/* Room for the leads of classes that texts of rows have made. */
static void
grow_leads(struct part *t, size_t cell, uint32_t class)
{
	size_t *have = &t->nleads[cell];
	size_t n = 2 * (size_t)class + 64;
	struct leads *l;

	if (class < *have)
		return;
	l = arena_array(&t->a, n, sizeof(*l));
	if (*have)
		memcpy(l, t->lead[cell], *have * sizeof(*l));
	t->lead[cell] = l;
	*have = n;
}

/* What classes the texts of the row are; only then their bits stay in place. */
static void
set_classes(struct part *t, const struct rowcell *cell)
{
	const struct pass *p = t->p;

	for (size_t i = 0; i < p->ntexts; i++)
		t->class[p->text[i]].class = class_of_cell(t,
		    &cell[p->text[i]]);
	for (size_t i = 0; i < p->ntexts; i++) {
		struct siftclass *c = &t->class[p->text[i]];

		c->bits = textclass_bits(t->classes, c->class);
	}
}

static void
take_row(struct part *t, int64_t id, const struct rowcell *cell)
{
	const struct pass *p = t->p;

	set_classes(t, cell);
	for (const struct every *x = p->every; x < p->every + p->nevery; x++)
		for (size_t i = 0; i < x->n && (i > 0 ||
		    siftfirst_holds(&x->first, cell, t->class)); i++)
			ask_scan(t, x->scan[i], id, cell);
	for (size_t i = 0; i < p->ntexts; i++) {
		size_t at = p->text[i];
		const struct leads *l;

		if (t->class[at].class == TEXTCLASS_NONE)
			continue;
		grow_leads(t, at, t->class[at].class);
		l = find_leads(t, at, t->class[at].class);
		for (size_t k = 0; k < l->n; k++)
			ask_scan(t, l->scan[k], id, cell);
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
is_dyno(struct part *t, const struct rowcell *origin,
    const struct rowcell *subject)
{
	struct dyno *d;

	if (origin->kind != ROWCELL_INT || subject->kind != ROWCELL_INT)
		return false;
	d = t->dyno[slot_by_two((uint64_t)origin->i, (uint64_t)subject->i,
	    DYNO_BITS)];
	for (int i = 0; i < 2; i++)
		if (d[i].known && d[i].origin == origin->i &&
		    d[i].subject == subject->i)
			return d[i].is;
	d[1] = d[0];
	pthread_mutex_lock(t->lock);
	d[0] = (struct dyno){ origin->i, subject->i,
		ask_dyno(t->p->s, origin->i, subject->i), true };
	pthread_mutex_unlock(t->lock);
	return d[0].is;
}

static void
tally_row(struct part *t, const struct rowcell *cell)
{
	const struct base *b = t->p->b;
	int64_t ts = cell[b->ts].i;
	struct tally_minute *m = tally_at(t->tally, cell[b->source].i, ts);
	bool dyno = b->metric && is_dyno(t, &cell[b->origin],
	    &cell[b->subject]);

	tally_add(m, TALLY_LINE, ts);
	if (b->request || dyno)
		tally_add(m, TALLY_BEAT, ts);
	if (dyno)
		tally_add(m, TALLY_DYNO, ts);
	m->requests += b->request;
}

/* --- a table -------------------------------------------------------------- */

static struct siftfirst
first_of(const struct scan *scan)
{
	return scan->plan->cond ? siftcond_first(scan->plan->cond)
	    : (struct siftfirst){ .n = 0 };
}

static void
pass_over(void *ctx, size_t i)
{
	struct part *t = (struct part *)ctx + i;
	const struct rowcell *cell;
	int64_t id;

	while ((t->end = rowscan_next(t->rows, &id, &cell, &t->err)) ==
	    QUERY_MORE) {
		prefetch_peers(t->p, cell);
		tally_row(t, cell);
		t->nrows++;
		if (t->p->b->nscans)
			take_row(t, id, cell);
	}
}

/* The rows of a part stand behind those of the parts before. */
static void
join_found(struct scan *scan, struct found *f)
{
	scan->dropped = scan->dropped || f->dropped ||
	    scan->id.n + f->id.n > rows_max(scan);
	if (scan->dropped) {
		buf_release(&scan->id);
		buf_release(&scan->hash);
	} else {
		buf_add(&scan->id, buf_sv(&f->id));
		buf_add(&scan->hash, buf_sv(&f->hash));
	}
	buf_release(&f->id);
	buf_release(&f->hash);
}

static void
open_part(const struct pass *p, struct part *t, struct rowscan *rows,
    pthread_mutex_t *lock)
{
	*t = (struct part){ .p = p, .rows = rows, .lock = lock };
	t->classes = textclass_share(p->s->classes);
	t->found = arena_array(&t->a, p->b->nscans + 1, sizeof(*t->found));
	t->tally = tally_open();
}

static void
join_part(const struct pass *p, struct part *t, struct err *e)
{
	for (size_t i = 0; i < p->b->nscans; i++)
		join_found(p->b->scan[i], &t->found[i]);
	tally_join(p->s->tally, t->tally);
	p->b->rows += t->nrows;
	tally_close(t->tally);
	textclass_close(t->classes);
	rowscan_close(t->rows);
	arena_release(&t->a);
	if (t->end != QUERY_DONE && e->status == ST_OK)
		err_set(e, t->err.status, "%s", t->err.msg);
}

static void
add_every(struct pass *p, uint32_t scan)
{
	struct siftfirst first = first_of(p->b->scan[scan]);
	struct every *x = p->every;

	while (x < p->every + p->nevery && !siftfirst_equal(&x->first, &first))
		x++;
	if (x == p->every + p->nevery) {
		p->nevery++;
		x->first = first;
		x->scan = arena_array(&p->s->a, p->b->nscans,
		    sizeof(*x->scan));
	}
	x->scan[x->n++] = scan;
}

/* What is asked of every row of the table. */
static void
list_questions(struct pass *p)
{
	const struct base *b = p->b;

	p->every = arena_array(&p->s->a, b->nscans + 1, sizeof(*p->every));
	p->joins = arena_array(&p->s->a, b->nscans + 1, sizeof(*p->joins));
	for (size_t i = 0; i < b->nscans; i++) {
		const struct scan *scan = b->scan[i];

		if (scan->every)
			add_every(p, (uint32_t)i);
		if (scan->peer && scan->peer->ids.bit)
			p->joins[p->njoins++] = scan;
	}
	for (size_t i = 0; i < b->cells.n; i++)
		if (b->cells.text[i])
			p->text[p->ntexts++] = i;
}

static bool
pass_table(struct sift *s, struct base *b, struct err *e)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct pass p = { .s = s, .b = b };
	struct rowscan *rows[CREW_MAX];
	struct part *part;
	size_t n = rowscan_open_parts(s->st, b->table, b->cells.name,
	    b->cells.n, rows, s->threads, e);

	part = arena_array(&s->a, n + 1, sizeof(*part));
	list_questions(&p);
	for (size_t i = 0; i < n; i++)
		open_part(&p, &part[i], rows[i], &lock);
	crew_run(n, pass_over, part);
	for (size_t i = 0; i < n; i++)
		join_part(&p, &part[i], e);
	pthread_mutex_destroy(&lock);
	for (size_t i = 0; i < b->nscans; i++)
		if (b->scan[i]->peer)
			note_ids(b->scan[i]);
	return e->status == ST_OK;
}

bool
siftpass_run(struct sift *s, struct err *e)
{
	bool usable;

	s->classes = textclass_open(s->needles);
	if (!textclass_load(s->classes, s->st, s->threads, &usable, e) ||
	    !usable)
		return e->status == ST_OK;
	for (size_t i = 0; i < s->nbases; i++)
		if (!pass_table(s, &s->base[i], e))
			return false;
	for (size_t i = 0; i < s->nbases; i++)
		leave_peers(&s->base[i]);
	s->done = true;
	return true;
}
