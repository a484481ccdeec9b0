/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "record/ndjson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What one line may hold. */
struct read {
	enum ndjson_line kind;
	struct rec rec;
	struct reject reject;
	struct source src;
	const char *why;
};

static void
read_line(struct arena *a, sv line, struct read *r)
{
	r->src = (struct source){ .name = SV("x") };
	r->kind = ndjson_read(a, line, &r->rec, &r->reject, &r->src, &r->why);
}

static void
write_line(struct buf *b, const struct read *r)
{
	switch (r->kind) {
	case NDJSON_BEGIN:
		ndjson_begin(b, &r->src);
		break;
	case NDJSON_RECORD:
		ndjson_rec(b, &r->rec, &r->src);
		break;
	case NDJSON_REJECT:
		ndjson_reject(b, &r->reject, &r->src);
		break;
	case NDJSON_INPUT_END:
		ndjson_end(b, &r->src);
		break;
	case NDJSON_BLANK:
		assert(false);
		break;
	case NDJSON_BAD:
		assert(r->why && r->why[0]);
		break;
	}
}

static void
check_text(const struct rec *r, struct arena *a)
{
	const struct kind *k = &rec_kinds[r->kind];

	for (int i = 0; i < k->nfields; i++) {
		enum field_type t = k->field[i].type;

		if (rec_has(r, i) && (t <= F_JSON || t == F_RID))
			assert(utf8_clean(r->v[i].text, a).p == r->v[i].text.p);
	}
}

/* Any line is read or refused; what was read is written as one line that reads
 * back as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), line = sv_cut(&text, '\n');
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct arena a = ARENA_INIT;
	struct read first, second;

	read_line(&a, line, &first);
	write_line(&one, &first);
	if (first.kind == NDJSON_RECORD)
		check_text(&first.rec, &a);
	if (first.kind != NDJSON_BAD) {
		assert(sv_find_byte(buf_sv(&one), '\n') == one.n - 1);
		read_line(&a, buf_sv(&one), &second);
		assert(second.kind == first.kind);
		write_line(&two, &second);
		assert(sv_eq(buf_sv(&one), buf_sv(&two)));
	}
	buf_release(&one);
	buf_release(&two);
	arena_release(&a);
	return 0;
}
