/* SPDX-License-Identifier: MIT */
#include "store/formtree.h"

#include "base/near.h"

/* So many pieces are tried in one place. */
enum { TRIES = 32 };

void
formtree_clear(struct formtree *t)
{
	t->first = 0;
	t->npieces = 1;
	t->nbytes = 0;
}

/* A place in a text, behind a piece. */
struct border {
	size_t start, end; /* of the value there; equal at the end of the text */
};

/* Does the piece stand in the text, and then a value or the end? Then this is where
 * form_cut() would cut: no piece has a digit, and what a value has stood behind
 * does not belong to its word. */
static inline bool
fits(const struct formtree *t, const struct formtree_piece *p, sv text,
    size_t from, struct border *out)
{
	sv rest = sv_of(text.p + from, text.n - from);

	if (!near_begins(rest, t->text + p->at, p->n))
		return false;
	out->start = out->end = from + p->n;
	if (out->start == text.n)
		return true;
	if (p->below)
		out->end = form_value_end(text, out->start);
	return out->end > out->start;
}

/* The piece of a list that stands at text[from]; it is the first one then. */
static inline struct formtree_piece *
find_piece(struct formtree *t, uint16_t *list, sv text, size_t from,
    struct border *out)
{
	uint16_t *link = list;

	for (unsigned i = 0; *link && i < TRIES; i++) {
		struct formtree_piece *p = &t->piece[*link];
		uint16_t number = *link;

		if (fits(t, p, text, from, out)) {
			if (link == list)
				return p;
			*link = p->next;
			p->next = *list;
			*list = number;
			return p;
		}
		link = &p->next;
	}
	return NULL;
}

int64_t
formtree_find(struct formtree *t, sv text, struct form *f)
{
	uint16_t *list = &t->first;
	size_t from = 0;

	f->n = 0;
	for (;;) {
		struct border b;
		struct formtree_piece *p = find_piece(t, list, text, from, &b);

		if (p == NULL)
			return 0;
		if (b.start == text.n)
			return p->id;
		if (f->n == FORM_VALUES)
			return 0;
		f->value[f->n++] = sv_of(text.p + b.start, b.end - b.start);
		from = b.end;
		list = &p->below;
	}
}

/* The same piece in the list, or a new first one; NULL: no room. */
static struct formtree_piece *
add_piece(struct formtree *t, uint16_t *list, sv text)
{
	struct formtree_piece *p;

	for (uint16_t i = *list; i; i = p->next) {
		p = &t->piece[i];
		if (sv_eq(sv_of(t->text + p->at, p->n), text))
			return p;
	}
	if (t->npieces == FORMTREE_PIECES ||
	    text.n > FORMTREE_BYTES - t->nbytes)
		return NULL;
	p = &t->piece[t->npieces];
	*p = (struct formtree_piece){ .at = (uint32_t)t->nbytes,
		.n = (uint16_t)text.n, .next = *list };
	*list = (uint16_t)t->npieces++;
	if (text.n)
		memcpy(t->text + t->nbytes, text.p, text.n);
	t->nbytes += text.n;
	return p;
}

static bool
add(struct formtree *t, sv text, const struct form *f, int64_t id)
{
	uint16_t *list = &t->first;
	struct formtree_piece *p;
	size_t from = 0;

	for (size_t i = 0; i <= f->n; i++) {
		size_t end = i < f->n ? (size_t)(f->value[i].p - text.p) : text.n;

		p = add_piece(t, list, sv_of(text.p + from, end - from));
		if (p == NULL)
			return false;
		if (i == f->n)
			p->id = id;
		else
			from = end + f->value[i].n;
		list = &p->below;
	}
	return true;
}

void
formtree_add(struct formtree *t, sv text, const struct form *f, int64_t id)
{
	if (add(t, text, f, id))
		return;
	formtree_clear(t);
	add(t, text, f, id);
}
