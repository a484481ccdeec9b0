/* SPDX-License-Identifier: MIT */
#include "output/evidence.h"

#include "base/attr.h"
#include "base/utc.h"
#include "output/escape.h"

static const char *const state_words[] = {
	[EVIDENCE_VERIFIED] = "verified",
	[EVIDENCE_MATCHED] = "file changed; found in it by content",
	[EVIDENCE_CHANGED] = "file changed; not found in it",
	[EVIDENCE_MISSING] = "file missing or not readable",
	[EVIDENCE_NO_FILE] = "no file: it was read from a pipe",
};
_Static_assert(countof(state_words) == EVIDENCE_STATE_N, "words per state");

/* What came from logs. */
static void
put(struct buf *b, sv v, const struct evidence_look *look)
{
	struct buf masked = BUF_INIT;

	if (look->personal) {
		escape_text(b, v);
		return;
	}
	mask_email(&masked, v);
	escape_text(b, buf_sv(&masked));
	buf_release(&masked);
}

static void
put_head(struct buf *b, const struct evidence_page *p,
    const struct evidence_look *look)
{
	buf_lit(b, "finding ");
	put(b, p->id, look);
	buf_lit(b, ": ");
	put(b, p->rule, look);
	buf_byte(b, ' ');
	put(b, p->title, look);
	buf_lit(b, " (");
	put(b, p->arm, look);
	buf_lit(b, "), ");
	put(b, p->level, look);
	buf_byte(b, '\n');
	if (p->key_name.n) {
		put(b, p->key_name, look);
		buf_byte(b, ' ');
	}
	put(b, p->key, look);
	buf_lit(b, ", ");
	utc_write_short(b, p->first);
	buf_lit(b, " to ");
	utc_write_short(b, p->last);
	buf_byte(b, '\n');
	if (p->note.n) {
		put(b, p->note, look);
		buf_byte(b, '\n');
	}
}

/* A row of CSV, or an item of JSON, can have several lines. */
static void
put_bytes(struct buf *b, const struct evidence_line *l,
    const struct evidence_look *look)
{
	struct buf masked = BUF_INIT;
	sv rest = l->bytes;
	size_t n;

	if (!look->personal) {
		mask_email(&masked, rest);
		rest = buf_sv(&masked);
	}
	n = b->n;
	buf_printf(b, "  %lld: ", (long long)l->line);
	n = b->n - n;
	do {
		sv line = sv_cut(&rest, '\n');

		escape_text(b, line);
		buf_byte(b, '\n');
		for (size_t i = 0; i < n && !sv_null(rest); i++)
			buf_byte(b, ' ');
	} while (!sv_null(rest));
	buf_release(&masked);
}

static bool
same_place(const struct evidence_line *a, const struct evidence_line *b)
{
	return a->state == b->state && sv_eq(a->file, b->file);
}

static void
put_place(struct buf *b, const struct evidence_line *l,
    const struct evidence_look *look)
{
	put(b, l->file, look);
	buf_printf(b, ":%lld (byte %lld): %s", (long long)l->line,
	    (long long)l->byte, state_words[l->state]);
	if (l->looked.n) {
		buf_lit(b, "; looked for ");
		put(b, l->looked, look);
	}
	buf_byte(b, '\n');
}

static void
put_lines(struct buf *b, const struct evidence_item *it,
    const struct evidence_look *look)
{
	bool shown = false;

	for (size_t i = 0; i < it->nlines; i++) {
		const struct evidence_line *l = &it->line[i];

		if (i == 0 || !same_place(l, l - 1) || look->raw) {
			buf_lit(b, "  ");
			put_place(b, l, look);
		}
		if (sv_null(l->bytes) || look->raw || it->hidden)
			continue;
		put_bytes(b, l, look);
		shown = true;
	}
	if (it->hidden && !look->raw)
		buf_lit(b, "  not shown: it holds a secret that is not "
		    "recognised in the line itself; --raw shows it\n");
	if (shown || !it->summary.n || look->raw)
		return;
	buf_lit(b, "  stored: ");
	put(b, it->summary, look);
	buf_byte(b, '\n');
}

static void
put_item(struct buf *b, const struct evidence_page *p, size_t i,
    const struct evidence_look *look)
{
	const struct evidence_item *it = &p->item[i];

	buf_printf(b, "\n%zu of %zu, record ", i + 1, p->n);
	put(b, it->record, look);
	if (it->known) {
		buf_lit(b, ", ");
		utc_write_short(b, it->ts);
	}
	if (it->request_id.n) {
		buf_lit(b, ", request ");
		put(b, it->request_id, look);
	}
	buf_byte(b, '\n');
	if (!it->known)
		buf_lit(b, "  not in this store\n");
	put_lines(b, it, look);
}

/* The worst of its lines. */
static enum evidence_state
state_of(const struct evidence_item *it)
{
	enum evidence_state worst = EVIDENCE_VERIFIED;

	for (size_t i = 0; i < it->nlines; i++)
		if (it->line[i].state > worst)
			worst = it->line[i].state;
	return worst;
}

static size_t
count(const struct evidence_page *p, enum evidence_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->item[i].known && state_of(&p->item[i]) == state;
	return n;
}

static void
put_sum(struct buf *b, const struct evidence_page *p)
{
	size_t unknown = p->n;

	buf_printf(b, "\n%zu of %lld records", p->n, (long long)p->total);
	for (int s = 0; s < EVIDENCE_STATE_N; s++) {
		size_t n = count(p, (enum evidence_state)s);

		unknown -= n;
		if (n)
			buf_printf(b, "; %zu %s", n, state_words[s]);
	}
	if (unknown)
		buf_printf(b, "; %zu not in this store", unknown);
	buf_byte(b, '\n');
}

void
evidence_write(struct buf *b, const struct evidence_page *p,
    const struct evidence_look *look)
{
	put_head(b, p, look);
	for (size_t i = 0; i < p->n; i++)
		put_item(b, p, i, look);
	put_sum(b, p);
}

void
evidence_write_raw(struct buf *b, const struct evidence_page *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct evidence_item *it = &p->item[i];

		for (size_t k = 0; k < it->nlines; k++) {
			if (sv_null(it->line[k].bytes))
				continue;
			buf_add(b, it->line[k].bytes);
			buf_byte(b, '\n');
		}
	}
}

bool
evidence_is_whole(const struct evidence_page *p)
{
	return count(p, EVIDENCE_VERIFIED) == p->n;
}
