/* SPDX-License-Identifier: MIT */
#include "detect/exhibit.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/utc.h"
#include "detect/eval.h"
#include "detect/members.h"
#include "detect/rule.h"
#include "detect/trace.h"
#include "parse/ansi.h"
#include "record/dump.h"
#include "record/rawfile.h"
#include "record/rawfind.h"
#include "record/secretmark.h"

/* What a source's name stands for now. */
struct file {
	const char *path; /* NULL: there is none */
	sv looked;        /* where it was looked for, until it was found */
	bool pipe;        /* it never was a file */
	bool read;        /* it was looked into: */
	bool same;        /* the bytes are those that were read */
	bool unread;      /* it could not be read after all */
	sv header;
};

/* One line of a record, until it is found. */
struct piece {
	struct evidence_line *line;
	const struct trace_line *from;
	size_t at;        /* which of its places is in question */
	bool done;
};

struct work {
	struct arena *a;
	const struct exhibit *x;
	struct trace trace;
	struct file *file;       /* per source */
	struct trace_record *record;
	size_t nrecords;
	struct piece *piece;
	size_t npieces;
	struct err *e;
};

/* --- which records -------------------------------------------------------- */

/* A rule may tell of another time than a record's own: then it is looked for
 * everywhere. */
static bool
take_one(struct work *w, sv name, const struct docket *d,
    struct trace_record *out)
{
	if (!trace_named(w->a, w->x->st, &w->trace, name, d->first, d->last,
	    out, w->e))
		return false;
	return out->known || trace_named(w->a, w->x->st, &w->trace, name,
	    INT64_MIN, INT64_MAX, out, w->e);
}

static bool
take_named(struct work *w, const struct docket *d)
{
	w->record = arena_array(w->a, d->nevidence, sizeof(*w->record));
	for (size_t i = 0; i < d->nevidence; i++)
		if (!take_one(w, d->evidence[i], d,
		    &w->record[w->nrecords++]))
			return false;
	return true;
}

/*
 * The rule looks at the window of the run again, and as far before it as it
 * takes until nothing is missing: the run too followed what began earlier back.
 */
static bool
find_members(struct work *w, const struct docket *d, struct members_of *of,
    struct members *m)
{
	int64_t start = d->from != UTC_NONE && d->from < d->first ? d->from
	    : d->first;
	struct run_options opt = { .from = start, .to = d->to == UTC_NONE ||
		d->to < d->last ? UTC_NONE : d->to, .now = d->now,
		.rule_seconds = 60 };
	struct eval ev;

	if (!eval_open(w->a, w->x->st, w->x->site, &opt, &ev, w->e))
		return false;
	of->from = start;
	of->to = ev.window.to > d->last ? ev.window.to : d->last;
	for (int64_t back = UTC_HOUR;; back *= 2) {
		members_load(w->a, &ev.env, of, m);
		if (m->end != HITS_DONE || m->n >= (uint64_t)d->total ||
		    of->from <= ev.first)
			return true;
		of->from = start - back > ev.first ? start - back : ev.first;
	}
}

static bool
take_members(struct work *w, const struct docket *d, sv *note)
{
	const struct rule *r = catalog_find(w->x->catalog, d->rule);
	int arm = r ? rule_arm(r, d->arm) : -1;
	struct members_of of = { r, NULL, d->key, d->first, d->last, d->first,
		d->last };
	struct members m;

	if (arm < 0)
		return err_set(w->e, ST_USAGE, "--all: the catalog has no arm "
		    "'%.*s' of a rule '%.*s'", SV_ARG(d->arm), SV_ARG(d->rule));
	if (!sv_eq(r->digest, d->rule_digest))
		*note = SV("the rule was changed since the finding was made");
	of.arm = &r->arm[arm];
	if (!find_members(w, d, &of, &m))
		return false;
	if (m.end != HITS_DONE)
		return err_set(w->e, ST_FAIL, "--all: %.*s: %.*s",
		    SV_ARG(d->rule), SV_ARG(m.why));
	w->record = arena_array(w->a, m.n, sizeof(*w->record));
	for (size_t i = 0; i < m.n; i++)
		if (!trace_numbered(w->a, w->x->st, &w->trace, m.v[i].rec,
		    &w->record[w->nrecords++], w->e))
			return false;
	return true;
}

/* --- which files ---------------------------------------------------------- */

static bool
is_file(const char *path)
{
	struct stat sb;

	return stat(path, &sb) == 0 && S_ISREG(sb.st_mode);
}

static void
look_at(struct work *w, struct file *f, sv dir, sv name)
{
	struct buf b = BUF_INIT;

	if (f->path)
		return;
	if (f->looked.n) {
		buf_add(&b, f->looked);
		buf_lit(&b, ", ");
	}
	if (dir.n) {
		buf_add(&b, dir);
		buf_byte(&b, '/');
	}
	buf_add(&b, name);
	f->looked = arena_sv(w->a, buf_sv(&b));
	buf_clear(&b);
	buf_add(&b, dir);
	buf_str(&b, dir.n ? "/" : "");
	buf_add(&b, name);
	f->path = arena_str(w->a, buf_sv(&b));
	if (!is_file(f->path))
		f->path = NULL;
	buf_release(&b);
}

/* "-", and what a shell makes of <(command). */
static bool
is_pipe(sv name)
{
	return sv_is(name, "-") || sv_starts(name, SV("/dev/"));
}

static void
find_file(struct work *w, size_t i)
{
	sv name = w->trace.source[i].name;
	size_t slash = sv_rfind(name, SV("/"));
	struct file *f = &w->file[i];

	f->pipe = is_pipe(name);
	if (f->pipe)
		return;
	if (w->x->logs)
		look_at(w, f, sv_str(w->x->logs), slash == name.n ? name
		    : sv_skip(name, slash + 1));
	look_at(w, f, SV_NULL, name);
}

/* --- lines of files that are as they were --------------------------------- */

static const struct trace_place *
place_of(const struct piece *p)
{
	return &p->from->place[p->at];
}

static int
piece_cmp(const void *pa, const void *pb)
{
	const struct piece *a = *(struct piece *const *)pa;
	const struct piece *b = *(struct piece *const *)pb;

	return (place_of(a)->byte > place_of(b)->byte) -
	    (place_of(a)->byte < place_of(b)->byte);
}

static bool
is_asked(const struct piece *p, size_t source)
{
	return !p->done && place_of(p)->source == source;
}

/* The pieces in question of one source, by their offset. */
static struct piece **
pieces_of(struct work *w, size_t source, size_t *n)
{
	struct piece **v;
	size_t max = 0;

	for (size_t i = 0; i < w->npieces; i++)
		max += is_asked(&w->piece[i], source);
	v = arena_array(w->a, max, sizeof(struct piece *));
	*n = 0;
	for (size_t i = 0; i < w->npieces; i++)
		if (is_asked(&w->piece[i], source))
			v[(*n)++] = &w->piece[i];
	if (*n)
		qsort(v, *n, sizeof(struct piece *), piece_cmp);
	return v;
}

static void
accept(struct work *w, struct piece *p, sv bytes)
{
	const struct trace_place *at = place_of(p);

	*p->line = (struct evidence_line){ EVIDENCE_VERIFIED,
		sv_str(w->file[at->source].path), SV_NULL, at->line, at->byte,
		bytes, at->source };
	p->done = true;
}

static const struct format *
format_of(const struct trace_source *s)
{
	const struct format *f = format_find(s->format);

	return f ? f : format_find(SV("unknown"));
}

static void
read_source(struct work *w, size_t source)
{
	const struct trace_source *s = &w->trace.source[source];
	struct file *f = &w->file[source];
	struct err why = ERR_INIT;
	struct rawfile raw;
	struct raw_want *want;
	struct piece **p;
	size_t n;

	if (!f->path || (f->read && !f->same))
		return;
	p = pieces_of(w, source, &n);
	if (n == 0)
		return;
	f->read = true;
	want = arena_array(w->a, n, sizeof(*want));
	for (size_t i = 0; i < n; i++)
		want[i].byte = (uint64_t)place_of(p[i])->byte;
	f->unread = !rawfile_read(w->a, f->path, format_of(s), want, n, &raw,
	    &why);
	f->same = !f->unread &&
	    memcmp(raw.digest, s->digest, BLAKE3_LEN) == 0;
	f->header = f->unread ? SV_NULL : raw.header;
	for (size_t i = 0; f->same && i < n; i++)
		if (!sv_null(want[i].bytes))
			accept(w, p[i], want[i].bytes);
}

/* Each line is looked for in the inputs that hold it, its home first. */
static void
read_verified(struct work *w)
{
	bool more = true;

	for (size_t round = 0; more; round++) {
		more = false;
		for (size_t i = 0; i < w->trace.nsources; i++)
			read_source(w, i);
		for (size_t i = 0; i < w->npieces; i++) {
			struct piece *p = &w->piece[i];

			if (p->done || round + 1 >= p->from->nplaces)
				continue;
			p->at = round + 1;
			more = true;
		}
	}
	for (size_t i = 0; i < w->npieces; i++)
		if (!w->piece[i].done)
			w->piece[i].at = 0;
}

/* --- files that changed --------------------------------------------------- */

/* Records whose first line is still in question and was read from there. */
static size_t
lost_of(struct work *w, size_t source, struct raw_find *want, size_t *record)
{
	struct piece *p = w->piece;
	size_t n = 0;

	for (size_t i = 0; i < w->nrecords; p += w->record[i++].nlines) {
		const struct trace_record *r = &w->record[i];

		if (r->nlines == 0 || p->done || place_of(p)->source != source)
			continue;
		want[n] = (struct raw_find){ .hash = r->hash,
			.nth = (uint64_t)r->nth };
		record[n++] = i;
	}
	return n;
}

static int
want_cmp(const void *pa, const void *pb)
{
	const struct raw_want *a = pa, *b = pb;

	return (a->byte > b->byte) - (a->byte < b->byte);
}

/* Bytes of all places that were found, by offset. */
static bool
read_found(struct work *w, size_t source, const struct raw_find *found,
    size_t n, struct raw_want **out, size_t *nwants)
{
	struct err why = ERR_INIT;
	struct rawfile raw;

	*nwants = 0;
	for (size_t i = 0; i < n; i++)
		for (struct raw_place *p = found[i].place; p; p = p->next)
			++*nwants;
	*out = arena_array(w->a, *nwants, sizeof(**out));
	*nwants = 0;
	for (size_t i = 0; i < n; i++)
		for (struct raw_place *p = found[i].place; p; p = p->next)
			(*out)[(*nwants)++].byte = p->byte;
	qsort(*out, *nwants, sizeof(**out), want_cmp);
	return rawfile_read(w->a, w->file[source].path,
	    format_of(&w->trace.source[source]), *out, *nwants, &raw, &why);
}

static sv
bytes_at(struct raw_want *want, size_t n, uint64_t byte)
{
	const struct raw_want key = { byte, SV_NULL };
	const struct raw_want *at = n ? bsearch(&key, want, n, sizeof(*want),
	    want_cmp) : NULL;

	return at ? at->bytes : SV_NULL;
}

/* The record has as many lines now as the file holds of it. */
static void
take_found(struct work *w, struct evidence_item *it, size_t source,
    const struct raw_find *found, struct raw_want *want, size_t n)
{
	sv file = sv_str(w->file[source].path);
	size_t k = 0;

	for (struct raw_place *p = found->place; p; p = p->next)
		k++;
	it->line = arena_array(w->a, k, sizeof(*it->line));
	it->nlines = 0;
	for (struct raw_place *p = found->place; p; p = p->next)
		it->line[it->nlines++] = (struct evidence_line){
			EVIDENCE_MATCHED, file, SV_NULL, (int64_t)p->line,
			(int64_t)p->byte, bytes_at(want, n, p->byte),
			source };
}

static void
search_source(struct work *w, size_t source, struct evidence_item *item)
{
	const struct trace_source *s = &w->trace.source[source];
	const struct raw_as as = { w->x->normal, format_of(s), s->table, s->app,
		s->arrived };
	struct raw_find *want = arena_array(w->a, w->nrecords, sizeof(*want));
	size_t *record = arena_array(w->a, w->nrecords, sizeof(*record));
	const struct file *f = &w->file[source];
	struct err why = ERR_INIT;
	struct raw_want *bytes;
	size_t nbytes, n;

	if (!f->path || f->same || f->unread)
		return;
	n = lost_of(w, source, want, record);
	if (n == 0 || !rawfind_read(w->a, f->path, &as, want, n, &why) ||
	    !read_found(w, source, want, n, &bytes, &nbytes))
		return;
	for (size_t i = 0; i < n; i++)
		if (want[i].place)
			take_found(w, &item[record[i]], source, &want[i], bytes,
			    nbytes);
}

/* --- secrets -------------------------------------------------------------- */

static sv
hide_row(struct work *w, const struct trace_source *s, sv header, sv bytes)
{
	struct csv_row row;
	struct err why = ERR_INIT;
	struct dump d;
	sv rest = header;

	if (csv_next(&rest, csv_delim(header), true, w->a, &row) != CSV_ROW ||
	    !dump_open(&d, w->a, s->table, &row, &w->x->normal->redact, &why))
		return SV_NULL;
	return dump_reject(&d, bytes, w->a);
}

/* Null: it cannot be told what in it is secret. */
static sv
hide_secrets(struct work *w, size_t source, sv bytes)
{
	const struct trace_source *s = &w->trace.source[source];

	switch (format_of(s)->unit) {
	case UNIT_LINES:
	case UNIT_FRAMES:
	case UNIT_CSVLOG:
		return redact_text(&w->x->normal->redact,
		    ansi_strip(bytes, w->a), w->a);
	case UNIT_ROWS:
		return hide_row(w, s, w->file[source].header, bytes);
	case UNIT_DOCS:
		return sv_is(s->table, "config_var") || sv_is(s->table, "drain")
		    ? SV_NULL
		    : redact_text(&w->x->normal->redact, bytes, w->a);
	case UNIT_TABLE:
	case UNIT_CONFIG:
	case UNIT_NONE:
		break;
	}
	return SV_NULL;
}

/* The next mark of a secret in *rest. */
static bool
next_mark(sv *rest, sv *mark)
{
	for (; rest->n; *rest = sv_skip(*rest, 1)) {
		size_t n = secretmark_length(*rest);

		if (n) {
			*mark = sv_cut_n(rest, n);
			return true;
		}
	}
	return false;
}

static bool
shows(const struct evidence_item *it, sv mark)
{
	for (size_t i = 0; i < it->nlines; i++)
		if (sv_has(it->line[i].bytes, mark))
			return true;
	return false;
}

/* Was every secret that intake replaced in the record replaced in its lines
 * too? It knew more than a line says: keys that span lines, columns. */
static bool
all_replaced(const struct trace_record *r, const struct evidence_item *it)
{
	sv rest = r->stored, mark;

	while (next_mark(&rest, &mark))
		if (!shows(it, mark))
			return false;
	return true;
}

static void
hide_item(struct work *w, const struct trace_record *r,
    struct evidence_item *it)
{
	for (size_t i = 0; i < it->nlines; i++) {
		struct evidence_line *l = &it->line[i];

		if (sv_null(l->bytes))
			continue;
		l->bytes = hide_secrets(w, l->input, l->bytes);
		it->hidden = it->hidden || sv_null(l->bytes);
	}
	it->hidden = it->hidden || !all_replaced(r, it);
}

/* --- the page ------------------------------------------------------------- */

/* What stays so when nothing is found. */
static void
set_lost(struct work *w, struct piece *p)
{
	const struct trace_place *at = place_of(p);
	const struct file *f = &w->file[at->source];

	enum evidence_state state = f->pipe ? EVIDENCE_NO_FILE
	    : f->path && !f->unread ? EVIDENCE_CHANGED : EVIDENCE_MISSING;

	*p->line = (struct evidence_line){ state,
		state == EVIDENCE_CHANGED ? sv_str(f->path)
		    : w->trace.source[at->source].name,
		state == EVIDENCE_MISSING ? f->looked : SV_NULL, at->line,
		at->byte, SV_NULL, at->source };
}

static bool
set_item(struct work *w, const struct trace_record *r,
    struct evidence_item *it, struct piece *p)
{
	struct evidence ev = { .rec = r->rec };

	*it = (struct evidence_item){ .record = r->name, .ts = r->ts,
		.known = r->known };
	if (!r->known)
		return true;
	if (!finding_locate_one(w->a, w->x->st, &ev, w->e))
		return false;
	it->summary = ev.summary;
	it->request_id = ev.request_id;
	it->nlines = r->nlines;
	it->line = arena_array(w->a, r->nlines, sizeof(*it->line));
	for (size_t i = 0; i < r->nlines; i++)
		p[i] = (struct piece){ &it->line[i], &r->line[i], 0, false };
	return true;
}

static bool
set_items(struct work *w, struct evidence_page *out)
{
	out->n = w->nrecords;
	out->item = arena_array(w->a, out->n, sizeof(*out->item));
	for (size_t i = 0; i < w->nrecords; i++)
		w->npieces += w->record[i].nlines;
	w->piece = arena_array(w->a, w->npieces, sizeof(*w->piece));
	w->npieces = 0;
	for (size_t i = 0; i < w->nrecords; i++) {
		if (!set_item(w, &w->record[i], &out->item[i],
		    &w->piece[w->npieces]))
			return false;
		w->npieces += w->record[i].nlines;
	}
	return true;
}

static void
fill(struct work *w, struct evidence_page *out)
{
	w->file = arena_array(w->a, w->trace.nsources, sizeof(*w->file));
	for (size_t i = 0; i < w->trace.nsources; i++)
		find_file(w, i);
	read_verified(w);
	for (size_t i = 0; i < w->npieces; i++)
		if (!w->piece[i].done)
			set_lost(w, &w->piece[i]);
	for (size_t i = 0; i < w->trace.nsources; i++)
		search_source(w, i, out->item);
	for (size_t i = 0; !w->x->raw && i < w->nrecords; i++)
		hide_item(w, &w->record[i], &out->item[i]);
}

bool
exhibit_make(struct arena *a, const struct exhibit *x, const struct docket *d,
    struct evidence_page *out, struct err *e)
{
	struct work w = { .a = a, .x = x, .e = e };

	*out = (struct evidence_page){ d->id, d->rule, d->title, d->arm,
		d->level, d->key_name, d->key, d->first, d->last, d->total,
		SV_NULL, NULL, 0 };
	if (!trace_open(a, x->st, &w.trace, e) ||
	    !(x->all ? take_members(&w, d, &out->note) : take_named(&w, d)) ||
	    !set_items(&w, out))
		return false;
	fill(&w, out);
	return true;
}
