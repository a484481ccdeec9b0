/* SPDX-License-Identifier: MIT */
#include "detect/trialload.h"

#include "base/buf.h"
#include "record/ingest.h"
#include "record/site.h"
#include "store/load.h"

struct watch {
	struct arena *a;
	struct trial_rejects *out;
};

static void
set_normal(const struct site *site, struct normal *n)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };

	normal_init(n, key, site);
}

static void
add_reject(struct watch *w, sv first)
{
	if (w->out->n++ == 0)
		w->out->first = arena_sv(w->a, first);
}

static void
on_reject(void *ctx, const struct source *src, const struct reject *j)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%.*s:%llu: %s: %.*s", SV_ARG(src->name),
	    (unsigned long long)j->line, j->reason, SV_ARG(j->detail));
	add_reject(ctx, buf_sv(&b));
	buf_release(&b);
}

static bool
load_one(struct ingest *g, struct watch *w, const struct trial_input *in,
    struct err *e)
{
	const char *name = arena_str(w->a, in->name);
	struct err bad = ERR_INIT;
	struct source src;

	g->taken = in->taken;
	switch (ingest_bytes(g, name, in->bytes, w->a, &src, &bad)) {
	case INGEST_DONE:
		return true;
	case INGEST_BAD_INPUT:
		add_reject(w, sv_str(bad.msg));
		return true;
	case INGEST_BAD_SINK:
		break;
	}
	*e = bad;
	return false;
}

bool
trialload_inputs(struct arena *a, const struct trial_inputs *in,
    const struct site *site, int64_t now, struct store *st,
    struct trial_rejects *out, struct err *e)
{
	struct loader *l = loader_open(st, e);
	struct watch w = { a, out };
	struct normal normal;
	struct ingest g = { .normal = &normal, .now = now,
		.on_reject = on_reject, .ctx = &w };
	bool ok = l != NULL;

	*out = (struct trial_rejects){ 0, SV_NULL };
	set_normal(site, &normal);
	g.sink = ok ? loader_sink(l) : NULL;
	for (size_t i = 0; ok && i < in->n; i++)
		ok = load_one(&g, &w, &in->v[i], e);
	loader_close(l);
	return ok;
}

sv
trialload_token(struct arena *a, const struct site *site, sv path)
{
	struct token tok = { .hash = SV_NULL };
	struct normal normal;

	set_normal(site, &normal);
	redact_path(&normal.redact, path, a, &tok);
	return tok.hash;
}
