/* SPDX-License-Identifier: MIT */
/* loadform.c: messages of the app apart, see form.h. */
#include <stdlib.h>

#include "base/attr.h"
#include "base/oom.h"
#include "base/slot.h"
#include "base/table.h"
#include "record/rectext.h"
#include "store/loadpriv.h"
#include "store/query.h"

/* A form is kept from the second message on that has it, and no more of them
 * than this: whoever writes what the app logs must not fill the store. */
enum { FORMS_MAX = 4096, SEEN = 1 << 16, APART_BITS = 10 };

void
loadform_release(struct loader *l)
{
	dict_release(&l->forms);
	free(l->form_seen);
	free(l->form_apart);
	free(l->form_pairs);
	free(l->formtree);
	l->form_seen = NULL;
	l->form_apart = NULL;
	l->form_pairs = NULL;
	l->formtree = NULL;
}

bool
loadform_begin(struct loader *l, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	loadform_release(l);
	dict_init(&l->forms);
	l->form_seen = table_new(SEEN, sizeof(*l->form_seen));
	l->form_apart = table_new(1 << APART_BITS, sizeof(*l->form_apart));
	l->form_pairs = table_new(FORMS_MAX, sizeof(*l->form_pairs));
	l->formtree = malloc(sizeof(*l->formtree));
	if (l->formtree == NULL)
		oom();
	formtree_clear(l->formtree);
	s = db_prepare(l->st, "SELECT id, s FROM form");
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		dict_load(&l->forms, db_column_sv(s, 1),
		    sqlite3_column_int64(s, 0));
	sqlite3_finalize(s);
	bulk_begin(&l->bulk, BULK_FORM, l->forms.next - 1);
	return rc == SQLITE_DONE || db_err(l->st, e, "forms");
}

static bool
add_form(struct loader *l, sv text, uint64_t hash, int64_t *id, struct err *e)
{
	sv kept;

	*id = dict_add(&l->forms, text, hash, &kept);
	bulkrow_clear(&l->text);
	bulkrow_text(&l->text, text);
	return bulk_add(&l->bulk, BULK_FORM, *id, &l->text, e);
}

/* *id: 0 when it is none of those that are kept. */
static bool
number_of(struct loader *l, sv text, int64_t *id, struct err *e)
{
	uint64_t hash = hash_text(text), *seen = &l->form_seen[hash % SEEN];
	sv kept;

	*id = dict_find(&l->forms, text, hash, &kept);
	if (*id || l->forms.used >= FORMS_MAX)
		return true;
	if (*seen == hash)
		return add_form(l, text, hash, id, e);
	*seen = hash;
	return true;
}

static bool
same_values(const struct form *a, const struct form *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!sv_eq(a->value[i], b->value[i]))
			return false;
	return true;
}

/* Takes a text apart, if it has the values of `like` or that is NULL; *id is 0 when
 * its form is none of those that are kept. */
static bool
split(struct loader *l, sv text, const struct form *like, struct form *f,
    int64_t *id, struct err *e)
{
	bool known;

	*id = formtree_find(l->formtree, text, f);
	known = *id != 0;
	if ((!known && !form_cut(f, text)) || (like && !same_values(like, f))) {
		*id = 0;
		return true;
	}
	if (known)
		return true;
	if (!number_of(l, buf_sv(&f->text), id, e))
		return false;
	if (*id)
		formtree_add(l->formtree, text, f, *id);
	return true;
}

/* The values of a message have no byte that means anything in logfmt or JSON: where
 * they stand among its pairs, and what is between them, is the same in all messages
 * of a form. So is the form of its fields, if these are the pairs. */
static bool
split_fields(struct loader *l, const struct rec *r, struct err *e)
{
	bool pairs = r->pairs && l->form_id < FORMS_MAX;

	l->fields_id = pairs ? l->form_pairs[l->form_id] : 0;
	if (l->fields_id)
		return true;
	if (!split(l, rectext_get(r, APP_fields, l->made), &l->form, &l->fields,
	    &l->fields_id, e))
		return false;
	if (pairs && sv_find_byte(r->v[APP_message].text, '\\') ==
	    r->v[APP_message].text.n)
		l->form_pairs[l->form_id] = l->fields_id;
	return true;
}

/* --- messages that their reader took apart --- */

static struct form_apart *
apart_place(struct loader *l, const struct apart *a)
{
	return &l->form_apart[slot_by(a->rest, APART_BITS)];
}

/* Is the form known of messages with this rest? */
static bool
find_apart(struct loader *l, const struct apart *a)
{
	const struct form_apart *p = apart_place(l, a);

	if (p->rest != a->rest || !form_are_values(a->value, a->n))
		return false;
	l->form_id = p->id;
	l->apart = a;
	return true;
}

/* All its values have been cut: if there are no others, then so it is in all
 * messages with this rest. */
static void
learn_apart(struct loader *l, const struct apart *a)
{
	if (l->form.n == a->n && form_are_values(a->value, a->n))
		*apart_place(l, a) = (struct form_apart){ a->rest, l->form_id };
}

/* --- */

bool
loadform_split(struct loader *l, const struct rec *r, struct err *e)
{
	const struct apart *apart = r->apart;

	l->form_id = l->fields_id = 0;
	l->apart = NULL;
	if (r->kind != REC_APP || !rec_has(r, APP_message) ||
	    r->v[APP_message].text.n == 0) /* format('') of SQL is NULL */
		return true;
	if (apart && !rec_has(r, APP_fields) && find_apart(l, apart))
		return true;
	if (!split(l, r->v[APP_message].text, NULL, &l->form, &l->form_id, e))
		return false;
	if (l->form_id && apart)
		learn_apart(l, apart);
	return l->form_id == 0 || !rec_has(r, APP_fields) ||
	    split_fields(l, r, e);
}

/* --- values into the row --- */

_Static_assert((int)APART_VALUES == (int)FORM_VALUES, "columns for all");

static struct form_beside
beside_of(const struct rec *r)
{
	struct form_beside b = { .request_id = rec_text(r, APP_request_id) };

	if (rec_has(r, APP_client))
		b.client = rec_ip_whole(&r->v[APP_client].u.ip);
	return b;
}

static void
put_word(struct bulkrow *row, sv word, const struct form_beside *b)
{
	attr_unset struct form_value v;

	form_value(word, b, &v);
	switch (v.kind) {
	case FORM_INT:
		bulkrow_int(row, v.i);
		break;
	case FORM_REAL:
		bulkrow_real(row, v.real);
		break;
	case FORM_TEXT:
		bulkrow_text(row, v.bytes);
		break;
	case FORM_BLOB:
		bulkrow_blob(row, v.bytes);
		break;
	}
}

static bool
is_client(const struct apart_value *v, const struct form_beside *b)
{
	return b->client.family == 4 &&
	    memcmp(v->addr, b->client.addr, sizeof(v->addr)) == 0;
}

/* The same as put_word() of its text, of which more is known. */
static inline void
put_apart(struct bulkrow *row, const struct apart_value *v,
    const struct form_beside *b)
{
	switch (v->kind) {
	case APART_TIME:
		bulkrow_real(row, (double)(v->us / 1000) / 1000);
		break;
	case APART_ID:
		if (v->text.p == b->request_id.p ||
		    sv_eq(v->text, b->request_id))
			bulkrow_blob(row, SV(""));
		else
			bulkrow_id(row, v->id);
		break;
	case APART_V4:
		if (is_client(v, b))
			bulkrow_blob(row, SV("\0"));
		else
			bulkrow_text(row, v->text);
		break;
	case APART_HASH:
		bulkrow_word(row, v->hash);
		break;
	case APART_NUMBER:
	case APART_TEXT:
		put_word(row, v->text, b);
		break;
	}
}

size_t
loadform_put_values(struct loader *l, const struct rec *r)
{
	const struct apart *apart = l->apart;
	struct form_beside b;

	if (l->form_id == 0)
		return 0;
	b = beside_of(r);
	for (size_t i = 0; apart && i < apart->n; i++)
		put_apart(&l->row, &apart->value[i], &b);
	if (apart)
		return apart->n;
	for (size_t i = 0; i < l->form.n; i++)
		put_word(&l->row, l->form.value[i], &b);
	return l->form.n;
}
