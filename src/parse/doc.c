/* SPDX-License-Identifier: MIT */
#include "parse/doc.h"

#include "base/attr.h"
#include "parse/configvar.h"
#include "parse/drainlist.h"
#include "parse/dynolist.h"
#include "parse/formation.h"
#include "parse/release.h"
#include "parse/sentryevent.h"
#include "parse/sentryissue.h"
#include "parse/usage.h"

/* Config vars are told by the form of their names alone: last. */
const struct doc_shape *const doc_shapes[] = {
	&release_shape, &dynolist_shape, &formation_shape, &drainlist_shape,
	&sentryissue_shape, &sentryevent_shape, &usage_shape, &configvar_shape,
};
const size_t ndoc_shapes = countof(doc_shapes);

const struct doc_shape *
doc_find(const struct json_value *item)
{
	if (item->kind != JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < ndoc_shapes; i++)
		if (doc_shapes[i]->is(item))
			return doc_shapes[i];
	return NULL;
}

const struct doc_shape *
doc_named(sv table)
{
	for (size_t i = 0; i < ndoc_shapes; i++)
		if (sv_is(table, doc_shapes[i]->table))
			return doc_shapes[i];
	return NULL;
}

void
doc_begin(struct doc_it *it, const struct doc_shape *shape,
    const struct json_value *item)
{
	*it = (struct doc_it){ .shape = shape, .item = item };
}

bool
doc_next_flat(struct doc_it *it, struct arena *a, struct doc_row *out,
    struct bad_line *bad, bool *ok)
{
	if (it->n++)
		return false;
	*ok = docrow_read(it->shape->layout, it->item, a, out, bad);
	return true;
}

bool
doc_next(struct doc_it *it, struct arena *a, struct doc_row *out,
    struct bad_line *bad, bool *ok)
{
	return it->shape->next(it, a, out, bad, ok);
}
