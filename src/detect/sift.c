/* SPDX-License-Identifier: MIT */
/*
 * The texts of the dictionary are looked at first: what literals each has is its
 * class, and nearly all have none. Then every row of a table is asked for the
 * classes of its texts, which lead to the few scans that wait for them, and for
 * what the other scans want of every row.
 */
#include "detect/sift.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/oom.h"
#include "detect/given.h"
#include "detect/hits.h"
#include "detect/siftplan.h"
#include "detect/tally.h"
#include "store/query.h"
#include "store/rowscan.h"
#include "store/subset.h"

enum {
	BASES = 8,
	ROWS_MAX = 1 << 20,   /* of one scan */
	JOINED_MAX = 1 << 16, /* of one that is joined: they are copied */
	PEER_ROWS_MAX = 1 << 22, /* of one whose peer may leave few of them */
	FEW = 4096,           /* so many are worth it however small a table */
	DICTIONARY_MAX = 1 << 26 /* its largest number */
};

/* Which hashes may be in a set. */
enum { BLOOM_BITS = 4 }; /* of each, of 16 or more that are there for it */
struct bloom {
	uint64_t *bit;
	uint64_t mask; /* bits there are, less one; a power of two */
};

struct scan {
	const struct siftscan *plan;
	struct buf id;   /* of int64_t */
	bool every;      /* every row is asked for it */
	bool dropped;    /* too many rows */
	uint64_t seen;   /* number of the row it was last asked for */
	struct scan *peer; /* whose rows have the request ids of its own */
	struct buf hash; /* uint64_t per row: of its request id; of peers */
	struct bloom ids; /* of these, once its table was passed over */
	char name[32];   /* of the view, once it is made */
};

/* A statement. */
struct ask {
	sv sql, out; /* out: null, it stays as it is */
	const struct hits_env *env; /* of a rule's own statement; else NULL */
	const struct rule *rule;
	const struct arm *arm;
	struct siftplan plan;
	struct scan *scan; /* as in the plan */
	bool empty;
};

/* Scans that a literal in the text of one cell leads to. */
struct leads {
	uint32_t *scan;
	size_t n;
	bool known;
};

struct base {
	const char *table;
	struct siftcells cells;
	struct scan **scan; /* those that are asked for, of all statements */
	size_t nscans;
	struct leads **lead; /* [cell][class] */
	uint64_t rows;
	int ts, source, origin, subject; /* cells; the last two of metrics */
	bool request, metric;
};

/* Is a sample of this origin and subject one of a dyno? */
struct dyno {
	int64_t origin, subject;
	bool is, known;
};
enum { DYNOS = 256 };

struct classes {
	uint32_t *of;       /* per number of the dictionary */
	size_t nof;
	struct buf bits;    /* of uint64_t, `words` per class; class 0: none */
	size_t n, words;
	uint32_t *slot;     /* hash of bits: class, 0 free */
	size_t cap;
};

struct sift {
	struct arena a;
	struct store *st;
	struct needles *needles;
	struct ask *ask;
	size_t nasks, cap;
	struct base base[BASES];
	size_t nbases;
	struct classes classes;
	struct tally *tally;
	struct dyno dyno[DYNOS];
	struct ask *asking; /* whose plan is made */
	int64_t version, inputs; /* of the store at the pass */
	size_t nviews;
	bool minutes;       /* their table is made */
	bool done;
};

/* --- statements ----------------------------------------------------------- */

struct sift *
sift_open(struct store *st)
{
	struct sift *s = calloc(1, sizeof(*s));

	if (s == NULL)
		oom();
	s->st = st;
	s->needles = needles_open();
	s->tally = tally_open();
	return s;
}

/* Those of rules are told by where their text is: two may have the same text,
 * with other values for what is bound. */
static const struct ask *
find_ask(const struct sift *s, sv sql)
{
	for (size_t i = 0; i < s->nasks; i++)
		if (s->ask[i].sql.n == sql.n && (s->ask[i].sql.p == sql.p ||
		    (!s->ask[i].arm && !s->ask[i].rule && sv_eq(s->ask[i].sql, sql))))
			return &s->ask[i];
	return NULL;
}

static void
add(struct sift *s, struct ask ask)
{
	if (find_ask(s, ask.sql) && !ask.arm)
		return;
	if (s->nasks == s->cap) {
		struct ask *old = s->ask;

		s->cap = s->cap ? 2 * s->cap : 64;
		s->ask = arena_array(&s->a, s->cap, sizeof(*s->ask));
		if (old)
			memcpy(s->ask, old, s->nasks * sizeof(*old));
	}
	s->ask[s->nasks++] = ask;
}

void
sift_add(struct sift *s, sv sql)
{
	add(s, (struct ask){ .sql = sql });
}

/* Lines come with a row of their input; a run that is recorded has none. */
static int64_t
inputs_of(struct store *st)
{
	return query_one_i64(st, "SELECT count(*) + sum(id * 1000003 + stored "
	    "+ duplicates) FROM source", 0);
}

static void
add_arm(struct sift *s, const struct arm *arm)
{
	for (size_t i = 0; i < arm->nlinks; i++)
		add_arm(s, &arm->link[i]);
	if (arm->sql.n)
		add(s, (struct ask){ .sql = arm->sql, .arm = arm });
}

void
sift_add_rule(struct sift *s, const struct hits_env *env, const struct rule *r)
{
	if (r->sql.n)
		add(s, (struct ask){ .sql = r->sql, .env = env, .rule = r });
	for (size_t i = 0; i < r->narms; i++)
		add_arm(s, &r->arm[i]);
}

/* --- plans ---------------------------------------------------------------- */

static struct base *
base_of(struct sift *s, const char *table)
{
	for (size_t i = 0; i < s->nbases; i++)
		if (strcmp(s->base[i].table, table) == 0)
			return &s->base[i];
	assert(s->nbases < BASES);
	s->base[s->nbases].table = table;
	return &s->base[s->nbases++];
}

static struct siftcells *
cells_of(void *ctx, const struct sifttable *t)
{
	return &base_of(ctx, sifttable_base(t))->cells;
}

/* "?3", or a name: what differs between windows is not known. */
static bool
param(void *ctx, sv name, struct bind *out)
{
	const struct ask *ask = ((struct sift *)ctx)->asking;
	uint64_t i;

	if (sv_skip_lit(&name, SV("?"))) {
		if (!ask->arm || !sv_to_u64(name, &i) || i == 0 ||
		    i > ask->arm->nbinds)
			return false;
		*out = ask->arm->bind[i - 1];
		return true;
	}
	return ask->rule && !given_is(name) && given_find(ask->env, ask->rule,
	    0, 0, name, out) == GIVEN_OK;
}

/* Is anything known of its rows? */
static bool
is_asked(const struct scan *scan)
{
	return scan->plan->cond || scan->peer;
}

static void
plan_all(struct sift *s)
{
	const struct siftasker asker = { s->needles, cells_of, param, s };

	for (size_t i = 0; i < s->nasks; i++) {
		struct ask *ask = &s->ask[i];

		s->asking = ask;
		siftplan_make(&s->a, ask->sql, &asker, &ask->plan);
		ask->scan = arena_array(&s->a, ask->plan.n + 1,
		    sizeof(*ask->scan));
		for (size_t k = 0; k < ask->plan.n; k++) {
			struct scan *scan = &ask->scan[k];

			scan->plan = &ask->plan.scan[k];
			if (scan->plan->peer >= 0)
				scan->peer = &ask->scan[scan->plan->peer];
			if (!is_asked(scan))
				continue;
			scan->every = !scan->plan->cond ||
			    siftcond_gate(scan->plan->cond)->every;
			base_of(s, sifttable_base(scan->plan->table))->nscans++;
		}
	}
}

static void
list_scans(struct sift *s)
{
	for (size_t i = 0; i < s->nbases; i++) {
		s->base[i].scan = arena_array(&s->a, s->base[i].nscans + 1,
		    sizeof(struct scan *));
		s->base[i].nscans = 0;
	}
	for (size_t i = 0; i < s->nasks; i++)
		for (size_t k = 0; k < s->ask[i].plan.n; k++) {
			struct scan *scan = &s->ask[i].scan[k];
			struct base *b;

			if (!is_asked(scan))
				continue;
			b = base_of(s, sifttable_base(scan->plan->table));
			b->scan[b->nscans++] = scan;
		}
}

/* --- classes of texts ----------------------------------------------------- */

static const uint64_t *
bits_of(const struct classes *c, uint32_t class)
{
	return class ? (const uint64_t *)(const void *)c->bits.p +
	    class * c->words : NULL;
}

static void
grow_slots(struct classes *c)
{
	free(c->slot);
	c->cap = c->cap ? 4 * c->cap : 1024;
	c->slot = calloc(c->cap, sizeof(*c->slot));
	if (c->slot == NULL)
		oom();
	for (uint32_t i = 1; i < c->n; i++) {
		size_t at = (size_t)hash64(sv_of((const char *)bits_of(c, i),
		    c->words * sizeof(uint64_t)), 0) & (c->cap - 1);

		while (c->slot[at])
			at = (at + 1) & (c->cap - 1);
		c->slot[at] = i;
	}
}

/* The class of these bits, made if it is new. */
static uint32_t
class_of(struct classes *c, const uint64_t *bits)
{
	sv key = sv_of((const char *)bits, c->words * sizeof(*bits));
	size_t at;

	if (2 * c->n >= c->cap)
		grow_slots(c);
	at = (size_t)hash64(key, 0) & (c->cap - 1);
	while (c->slot[at]) {
		if (memcmp(bits_of(c, c->slot[at]), bits, key.n) == 0)
			return c->slot[at];
		at = (at + 1) & (c->cap - 1);
	}
	buf_add(&c->bits, key);
	c->slot[at] = (uint32_t)c->n;
	return (uint32_t)c->n++;
}

static uint32_t
class_of_text(struct sift *s, sv text, uint64_t *bits)
{
	return needles_find(s->needles, text, bits)
	    ? class_of(&s->classes, bits) : 0;
}

static void
set_class(struct classes *c, int64_t id, uint32_t class)
{
	size_t i = (size_t)id;

	if (id < 0 || id >= DICTIONARY_MAX)
		return;
	if (i >= c->nof) {
		size_t n = c->nof ? 2 * c->nof : 1 << 16;

		while (n <= i)
			n *= 2;
		c->of = realloc(c->of, n * sizeof(*c->of));
		if (c->of == NULL)
			oom();
		memset(c->of + c->nof, 0, (n - c->nof) * sizeof(*c->of));
		c->nof = n;
	}
	c->of[i] = class;
}

/* False when the store fails, or has numbers that are too large. */
static bool
class_dictionary(struct sift *s, bool *usable, struct err *e)
{
	static const char *const column[] = { "s" };
	struct classes *c = &s->classes;
	const struct rowcell *cell;
	struct rowscan *r;
	enum query_end end;
	uint64_t *bits;
	int64_t id;

	*usable = true;
	c->words = (needles_count(s->needles) + 63) / 64;
	c->n = 1; /* none */
	bits = arena_array(&s->a, c->words + 1, sizeof(*bits));
	buf_mem(&c->bits, bits, c->words * sizeof(*bits));
	if (c->words == 0)
		return true;
	r = rowscan_open(s->st, "str", column, 1, e);
	if (!r)
		return false;
	while ((end = rowscan_next(r, &id, &cell, e)) == QUERY_MORE) {
		uint32_t class = class_of_text(s, cell[0].text, bits);

		*usable = *usable && id >= 0 && id < DICTIONARY_MAX;
		if (class)
			set_class(c, id, class);
	}
	rowscan_close(r);
	return end == QUERY_DONE;
}

/* --- rows ----------------------------------------------------------------- */

struct pass {
	struct sift *s;
	struct base *b;
	uint32_t *every;   /* scans that every row is asked for */
	size_t nevery;
	size_t text[ROWSCAN_COLUMNS]; /* cells whose texts matter */
	size_t ntexts;
	struct siftclass class[ROWSCAN_COLUMNS];
	uint64_t *bits;    /* scratch */
};

/* Which scans wait for a literal that the class has, in this cell? */
static const struct leads *
find_leads(struct pass *p, size_t cell, uint32_t class)
{
	struct base *b = p->b;
	struct leads *l = &b->lead[cell][class];
	const uint64_t *bits = bits_of(&p->s->classes, class);

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

static void
bloom_make(struct bloom *b, const struct buf *hashes)
{
	size_t n = hashes->n / sizeof(uint64_t);
	uint64_t bits = 1024, v;

	while (bits < 16 * n)
		bits *= 2;
	b->mask = bits - 1;
	b->bit = calloc(bits / 64, sizeof(*b->bit));
	if (b->bit == NULL)
		oom();
	for (size_t i = 0; i < n; i++) {
		memcpy(&v, hashes->p + i * sizeof(v), sizeof(v));
		for (int k = 0; k < BLOOM_BITS; k++, v = v >> 16 | v << 48)
			b->bit[(v & b->mask) / 64] |= (uint64_t)1 << (v % 64);
	}
}

static bool
bloom_has(const struct bloom *b, uint64_t v)
{
	for (int k = 0; k < BLOOM_BITS; k++, v = v >> 16 | v << 48)
		if (!(b->bit[(v & b->mask) / 64] >> (v % 64) & 1))
			return false;
	return true;
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

/* Once all tables were passed over: those of which the peer came later. */
static void
leave_met(struct scan *scan)
{
	int64_t *id = (int64_t *)(void *)scan->id.p;
	size_t n = scan->id.n / sizeof(*id), k = 0;
	uint64_t v;

	if (scan->dropped || scan->peer->dropped)
		return;
	for (size_t i = 0; i < n; i++) {
		memcpy(&v, scan->hash.p + i * sizeof(v), sizeof(v));
		if (bloom_has(&scan->peer->ids, v))
			id[k++] = id[i];
	}
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
	const struct classes *k = &p->s->classes;

	if (c->kind == ROWCELL_INT)
		return c->i >= 0 && (uint64_t)c->i < k->nof ? k->of[c->i] : 0;
	return c->kind == ROWCELL_TEXT ? class_of_text(p->s, c->text, p->bits)
	    : 0;
}

/* Room for the leads of classes that texts of rows have made. */
static void
grow_leads(struct pass *p, size_t cell, uint32_t class, size_t *have)
{
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

static void
take_row(struct pass *p, int64_t id, const struct rowcell *cell, size_t *have)
{
	p->b->rows++;
	for (size_t i = 0; i < p->ntexts; i++)
		p->class[p->text[i]].bits = NULL;
	for (size_t i = 0; i < p->ntexts; i++) {
		uint32_t class = class_of_cell(p, &cell[p->text[i]]);

		p->class[p->text[i]].class = class;
	}
	for (size_t i = 0; i < p->ntexts; i++) {
		size_t at = p->text[i];

		if (p->class[at].class)
			p->class[at].bits = bits_of(&p->s->classes,
			    p->class[at].class);
	}
	for (size_t i = 0; i < p->nevery; i++)
		ask_scan(p, p->every[i], id, cell);
	for (size_t i = 0; i < p->ntexts; i++) {
		size_t at = p->text[i];
		const struct leads *l;

		if (!p->class[at].class)
			continue;
		grow_leads(p, at, p->class[at].class, &have[at]);
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

static void
add_log_tables(struct sift *s)
{
	for (size_t i = 0; i < countof(log_table); i++) {
		struct base *b = base_of(s, log_table[i].table);

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

static bool
pass_over(struct sift *s, struct base *b, struct err *e)
{
	size_t have[ROWSCAN_COLUMNS] = { 0 };
	struct pass p = { .s = s, .b = b };
	const struct rowcell *cell;
	struct rowscan *r;
	enum query_end end;
	int64_t id;

	p.bits = arena_array(&s->a, s->classes.words + 1, sizeof(*p.bits));
	p.every = arena_array(&s->a, b->nscans + 1, sizeof(*p.every));
	b->lead = arena_array(&s->a, b->cells.n + 1, sizeof(*b->lead));
	for (size_t i = 0; i < b->nscans; i++)
		if (b->scan[i]->every)
			p.every[p.nevery++] = (uint32_t)i;
	for (size_t i = 0; i < b->cells.n; i++)
		if (b->cells.text[i])
			p.text[p.ntexts++] = i;
	r = rowscan_open(s->st, b->table, b->cells.name, b->cells.n, e);
	if (!r)
		return false;
	while ((end = rowscan_next(r, &id, &cell, e)) == QUERY_MORE) {
		tally_row(s, b, cell);
		if (b->nscans)
			take_row(&p, id, cell, have);
	}
	rowscan_close(r);
	for (size_t i = 0; i < b->nscans; i++)
		if (b->scan[i]->peer && !b->scan[i]->dropped)
			bloom_make(&b->scan[i]->ids, &b->scan[i]->hash);
	return end == QUERY_DONE;
}

/* --- what comes of it ----------------------------------------------------- */

static size_t
rows_of(const struct scan *scan)
{
	return scan->id.n / sizeof(int64_t);
}

static bool
is_used(struct sift *s, const struct scan *scan)
{
	const struct base *b;

	if (!scan->plan->table)
		return s->minutes;
	if (!is_asked(scan) || scan->dropped)
		return false;
	b = base_of(s, sifttable_base(scan->plan->table));
	if (scan->plan->joined && rows_of(scan) > JOINED_MAX)
		return false;
	return rows_of(scan) <= FEW || rows_of(scan) <= b->rows / 4;
}

/* All places where no row matters share a view. */
static bool
make_view(struct sift *s, struct scan *scan, struct err *e)
{
	const char *base = sifttable_base(scan->plan->table);
	struct buf of = BUF_INIT;
	bool ok;

	buf_printf(&of, "%.*s%c", SV_ARG(scan->plan->name), '\0');
	snprintf(scan->name, sizeof(scan->name), "sift_%zu", s->nviews++);
	ok = subset_make(s->st, scan->name, of.p, base,
	    (const int64_t *)(const void *)scan->id.p, rows_of(scan),
	    scan->plan->joined || rows_of(scan) <= FEW, e);
	buf_release(&of);
	return ok;
}

static bool
view_of(struct sift *s, struct scan *scan, struct scan **none, size_t *nnone,
    struct err *e)
{
	if (!scan->plan->table) {
		snprintf(scan->name, sizeof(scan->name), "sift_minute");
		return true;
	}
	if (rows_of(scan) > 0)
		return make_view(s, scan, e);
	for (size_t i = 0; i < *nnone; i++)
		if (none[i]->plan->table == scan->plan->table) {
			memcpy(scan->name, none[i]->name, sizeof(scan->name));
			return true;
		}
	none[(*nnone)++] = scan;
	return make_view(s, scan, e);
}

/* Is all that a Sigma rule reads sifted? Its tables of texts then need only
 * those that the rows have. */
static bool
has_own_texts(const struct ask *ask)
{
	bool own = ask->arm && ask->plan.whole && ask->plan.nstrs > 0;

	for (size_t i = 0; i < ask->plan.n; i++)
		own = own && ask->scan[i].plan->table && ask->scan[i].name[0];
	return own;
}

static bool
make_texts(struct sift *s, const struct ask *ask, char name[32],
    struct err *e)
{
	struct buf b = BUF_INIT;
	const char *column;
	bool ok;

	snprintf(name, 32, "sift_%zu", s->nviews++);
	buf_lit(&b, "SELECT id, s FROM str WHERE id IN (SELECT 0");
	for (size_t i = 0; i < ask->plan.n; i++)
		for (size_t k = 0; (column = sifttable_text(
		    ask->scan[i].plan->table, k)) != NULL; k++)
			buf_printf(&b, " UNION SELECT \"%s\" FROM %s", column,
			    ask->scan[i].name);
	buf_printf(&b, ")%c", '\0');
	ok = subset_select(s->st, name, b.p, e);
	buf_release(&b);
	return ok;
}

/* Places of a text and what to put there, in the order of the text. */
static void
put_until(struct buf *b, const struct ask *ask, size_t *from, size_t to)
{
	buf_add(b, sv_of(ask->sql.p + *from, to - *from));
	*from = to;
}

/* The tables of texts stand in the WITH, before all that reads a table. */
static bool
rewrite_texts(struct sift *s, struct ask *ask, struct buf *b, size_t *at,
    struct err *e)
{
	char name[32];

	if (!has_own_texts(ask))
		return true;
	if (!make_texts(s, ask, name, e))
		return false;
	for (size_t i = 0; i < ask->plan.nstrs; i++) {
		put_until(b, ask, at, ask->plan.str[i]);
		buf_str(b, name);
		*at += sizeof("str") - 1;
	}
	return true;
}

static bool
is_empty(const struct ask *ask)
{
	bool empty = ask->arm && ask->plan.whole;

	for (size_t i = 0; i < ask->plan.n; i++)
		empty = empty && ask->scan[i].name[0] &&
		    rows_of(&ask->scan[i]) == 0;
	return empty;
}

static bool
rewrite(struct sift *s, struct ask *ask, struct err *e)
{
	struct buf b = BUF_INIT;
	size_t at = 0;

	ask->empty = is_empty(ask);
	if (ask->empty)
		return true;
	if (!rewrite_texts(s, ask, &b, &at, e)) {
		buf_release(&b);
		return false;
	}

	for (size_t i = 0; i < ask->plan.n; i++) {
		const struct scan *scan = &ask->scan[i];

		if (!scan->name[0])
			continue;
		put_until(&b, ask, &at, scan->plan->at);
		buf_str(&b, scan->plan->table ? scan->name
		    : "SELECT source, minute, n FROM sift_minute");
		if (!scan->plan->named)
			buf_printf(&b, " AS %.*s", SV_ARG(scan->plan->name));
		at = scan->plan->at + scan->plan->name.n;
	}
	if (at) {
		buf_add(&b, sv_skip(ask->sql, at));
		ask->out = arena_sv(&s->a, buf_sv(&b));
	}
	buf_release(&b);
	return true;
}

static bool
wants_minutes(const struct sift *s)
{
	for (size_t i = 0; i < s->nasks; i++)
		for (size_t k = 0; k < s->ask[i].plan.n; k++)
			if (!s->ask[i].plan.scan[k].table)
				return true;
	return false;
}

/* The requests of each minute as a table. */
static bool
make_minutes(struct sift *s, struct err *e)
{
	const struct tally_minute *m;
	size_t n, rows = 0;
	int64_t *v;

	m = wants_minutes(s) ? tally_sorted(s->tally, &n) : NULL;
	if (!m)
		return true;
	v = arena_array(&s->a, 3 * n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		if (m[i].requests == 0)
			continue;
		v[3 * rows] = m[i].source;
		v[3 * rows + 1] = m[i].minute;
		v[3 * rows++ + 2] = m[i].requests;
	}
	s->minutes = true;
	return subset_numbers(s->st, "sift_minute", "source, minute, n", v, 3,
	    rows, e);
}

static bool
make_views(struct sift *s, struct err *e)
{
	struct scan *none[2 * BASES];
	size_t nnone = 0;

	if (!make_minutes(s, e))
		return false;

	for (size_t i = 0; i < s->nasks; i++) {
		struct ask *ask = &s->ask[i];

		for (size_t k = 0; k < ask->plan.n; k++)
			if (is_used(s, &ask->scan[k]) && !view_of(s,
			    &ask->scan[k], none, &nnone, e))
				return false;
		if (!rewrite(s, ask, e))
			return false;
	}
	return true;
}

static bool
run(struct sift *s, struct err *e)
{
	bool usable;

	if (!class_dictionary(s, &usable, e) || !usable)
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

bool
sift_is_current(const struct sift *s)
{
	return s->done && (subset_version(s->st) == s->version ||
	    inputs_of(s->st) == s->inputs);
}

static sv
replace(const void *ctx, sv sql)
{
	const struct ask *ask = find_ask(ctx, sql);

	return ask && !sv_null(ask->out) && sift_is_current(ctx) ? ask->out
	    : sql;
}

struct tally *
sift_tally(const struct sift *s)
{
	return s && sift_is_current(s) ? s->tally : NULL;
}

bool
sift_is_empty(const struct sift *s, sv sql)
{
	const struct ask *ask = s ? find_ask(s, sql) : NULL;

	return ask && ask->empty && sift_is_current(s);
}

bool
sift_run(struct sift *s, struct err *e)
{
	bool ok;

	add_log_tables(s);
	plan_all(s);
	list_scans(s);
	s->version = subset_version(s->st);
	s->inputs = inputs_of(s->st);
	if (!rowscan_begin(s->st, e))
		return false;
	ok = run(s, e);
	rowscan_end(s->st);
	if (!ok || !s->done || !make_views(s, e))
		return ok;
	query_replace(s->st, replace, s);
	return true;
}

static void
release(struct scan *scan)
{
	buf_release(&scan->id);
	buf_release(&scan->hash);
	free(scan->ids.bit);
}

void
sift_close(struct sift *s)
{
	char name[32];

	if (s == NULL)
		return;
	for (size_t i = 0; i < s->nasks; i++)
		for (size_t k = 0; k < s->ask[i].plan.n; k++)
			release(&s->ask[i].scan[k]);
	for (size_t i = 0; i < s->nviews; i++) {
		snprintf(name, sizeof(name), "sift_%zu", i);
		subset_drop(s->st, name);
	}
	if (s->minutes)
		subset_drop(s->st, "sift_minute");
	query_replace(s->st, NULL, NULL);
	tally_close(s->tally);
	needles_close(s->needles);
	buf_release(&s->classes.bits);
	free(s->classes.of);
	free(s->classes.slot);
	arena_release(&s->a);
	free(s);
}
