/* SPDX-License-Identifier: MIT */
/* Planted attacks, and the file that tells of them. */
#include "loggen.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static const char *const attack_name[] = { "token_enumeration", "scraping",
	"session_velocity", "login_bruteforce" };

/* `at` is a share of the week. */
static void
plan(struct gen *g, enum attack_kind kind, uint32_t client, double at,
    double seconds, uint64_t n)
{
	struct attack *a = &g->attack[g->nattacks++];

	*a = (struct attack){ kind, client, 777000 + (uint32_t)g->nattacks,
		(int64_t)(((double)START_S + at * WEEK_S) * 1e6), seconds, n,
		0 };
}

/* None, if they would be half of the file or more. */
void
plan_attacks(struct gen *g)
{
	uint64_t unit = g->lines < 200000 ? 40 : g->lines / 5000, n = 0;

	for (uint32_t i = 0; i < 6; i++)
		plan(g, ENUMERATION, UINT32_C(0xc633640a) + i, 0.05 + 0.14 * i,
		    240 + 30 * i, unit * (i + 1) / 3 + 30);
	for (uint32_t i = 0; i < 3; i++)
		plan(g, SCRAPING, UINT32_C(0xcb007114) + i, 0.11 + 0.27 * i,
		    1800, unit * 3);
	for (uint32_t i = 0; i < 3; i++)
		plan(g, VELOCITY, UINT32_C(0xc0000201) + (i << 16),
		    0.2 + 0.21 * i, 120, 60 + unit / 20);
	for (uint32_t i = 0; i < 2; i++)
		plan(g, BRUTEFORCE, UINT32_C(0xc6336528) + i, 0.33 + 0.4 * i,
		    300, unit / 4 + 50);
	for (int i = 0; i < g->nattacks; i++)
		n += g->attack[i].n;
	if (n > g->lines / 2)
		g->nattacks = 0;
}

int64_t
next_at(const struct attack *a)
{
	if (a->done >= a->n)
		return INT64_MAX;
	return a->start +
	    (int64_t)((double)a->done * a->seconds * 1e6 / (double)a->n) +
	    (int64_t)(mix(a->done * 31 + a->client) % 900);
}

struct attack *
next_attack(struct gen *g)
{
	struct attack *next = NULL;

	for (int i = 0; i < g->nattacks; i++) {
		struct attack *a = &g->attack[i];

		if (next_at(a) < (next ? next_at(next) : INT64_MAX))
			next = a;
	}
	return next;
}

void
attack_line(struct gen *g, struct attack *a)
{
	struct request r;

	draw_request(g, next_at(a), &r);
	r.client = a->client;
	r.proxy = 0;
	r.method = "GET";
	r.trouble = NULL;
	r.status = 200;
	switch (a->kind) {
	case ENUMERATION:
		r.page = PREVIEW;
		r.id = mix(UINT64_C(0xa77ac) * a->client + a->done);
		r.status = a->done % 97 == 96 ? 200 : 404;
		break;
	case SCRAPING:
		r.page = PRODUCT;
		r.id = a->done;
		break;
	case VELOCITY:
		r.page = SESSION;
		r.session = a->session;
		r.client += (uint32_t)(mix(a->done) % 40) << 8;
		break;
	case BRUTEFORCE:
		r.page = STATIC;
		r.id = 1;
		r.method = "POST";
		r.status = 401;
	}
	a->done++;
	g->attacked++;
	request_line(g, &r);
}

static void
put_attack(struct buf *b, const struct attack *a)
{
	buf_printf(b, "\n  {\"kind\":\"%s\",\"ip\":\"", attack_name[a->kind]);
	put_ip(b, a->client);
	buf_printf(b,
	    "\",\"start_us\":%" PRId64
	    ",\"seconds\":%.0f,\"requests\":%" PRIu64,
	    a->start, a->seconds, a->n);
	if (a->kind == VELOCITY) {
		buf_lit(b, ",\"session\":\"");
		put_session(b, a->session);
		buf_lit(b, "\",\"addresses\":40");
	}
	buf_byte(b, '}');
}

static void
put_truth(const struct gen *g, struct buf *b)
{
	const char *comma = "";

	buf_printf(b,
	    "{\"seed\":%" PRIu64 ",\"lines\":%" PRIu64 ",\"bytes\":%" PRIu64
	    ",\"router\":%" PRIu64 ",\"app\":%" PRIu64 ",\"metrics\":%" PRIu64
	    ",\"other\":%" PRIu64 ",\"attack_lines\":%" PRIu64
	    ",\"router_4xx\":%" PRIu64 ",\"router_4xx_preview\":%" PRIu64
	    ",\n \"status\":{",
	    g->seed, g->lines, g->bytes, g->router, g->app, g->metrics,
	    g->other, g->attacked, g->status_4xx, g->preview_4xx);
	for (int i = 0; i < STATUSES; i++) {
		if (g->by_status[i] == 0)
			continue;
		buf_printf(b, "%s\"%d\":%" PRIu64, comma, i, g->by_status[i]);
		comma = ",";
	}
	buf_lit(b, "},\n \"attacks\":[");
	for (int i = 0; i < g->nattacks; i++) {
		if (i > 0)
			buf_byte(b, ',');
		put_attack(b, &g->attack[i]);
	}
	buf_lit(b, "\n ]}\n");
}

bool
write_truth(const struct gen *g, const char *file, struct err *e)
{
	struct buf b = BUF_INIT;
	FILE *f = fopen(file, "w");
	bool ok;

	put_truth(g, &b);
	ok = f && fwrite(b.p, 1, b.n, f) == b.n;
	if (f && fclose(f) != 0)
		ok = false;
	buf_release(&b);
	return ok || err_set(e, ST_FAIL, "%s: %s", file, strerror(errno));
}
