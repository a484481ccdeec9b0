/* SPDX-License-Identifier: MIT */
/*
 * The reader of the usual form believes nothing that the reader of any form does
 * not: what it takes, that one takes too and finds the same in it.
 */
#include <assert.h>
#include <stdint.h>

#include "parse/json.h"
#include "record/ndjson.h"
#include "record/recjson.h"
#include "record/recread.h"
#include "store/sampletext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A list of lists, as no reader need look for again; apart as a store parts it. */
static void
check_samples(const struct rec *r)
{
	struct buf names = BUF_INIT, values = BUF_INIT;
	struct json_value list, item;
	bool ok;
	sv it;

	if (r->kind != REC_METRIC || !rec_has(r, METRIC_samples))
		return;
	ok = json_parse(r->v[METRIC_samples].text, &list);
	assert(ok && list.kind == JSON_ARRAY);
	(void)ok;
	for (it = json_begin(&list); json_item(&it, &item);)
		assert(item.kind == JSON_ARRAY);
	ok = sampletext_split(r->v[METRIC_samples].text, &names, &values);
	assert(ok && sv_eq(r->samples.names, buf_sv(&names)) &&
	    sv_eq(r->samples.values, buf_sv(&values)));
	buf_release(&names);
	buf_release(&values);
}

/* Appends what the reader of any form finds in it, as one writes it. */
static void
read_any(struct arena *a, sv line, struct buf *b)
{
	struct source src = { .name = SV("") };
	struct reject j;
	struct rec r;
	const char *why;
	enum ndjson_line kind = ndjson_read(a, line, &r, &j, &src, &why);

	assert(kind == NDJSON_RECORD);
	(void)kind;
	recjson_write(b, &r, src.name, SV_NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv rest = sv_of((const char *)data, size), text = rest, line;
	struct buf usual = BUF_INIT, any = BUF_INIT, again = BUF_INIT;
	struct arena a = ARENA_INIT;
	struct rec r;
	sv source;

	line = sv_cut(&text, '\n');
	if (recread_next(&a, &rest, &r, &source)) {
		assert(rest.n == text.n);
		recjson_write(&usual, &r, source, SV_NULL);
		check_samples(&r);
		read_any(&a, line, &any);
		assert(sv_eq(buf_sv(&usual), buf_sv(&any)));
		read_any(&a, sv_take(buf_sv(&usual), usual.n - 1), &again);
		assert(sv_eq(buf_sv(&usual), buf_sv(&again)));
	}
	buf_release(&usual);
	buf_release(&any);
	buf_release(&again);
	arena_release(&a);
	return 0;
}
