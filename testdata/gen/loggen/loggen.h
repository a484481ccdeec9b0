/* SPDX-License-Identifier: MIT */
/* loggen.h: what the parts of raxx-loggen share. */
#ifndef LOGGEN_H
#define LOGGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define START_S INT64_C(1740960000) /* 2025-03-03T00:00:00Z */
#define WEEK_S (7 * 86400.0)

enum {
	CLIENTS = 100000,
	BUCKETS = 4096, /* of the search for a client */
	SESSIONS = 200000,
	STATUSES = 600,
	ATTACKS = 14
};

enum page { STATIC, PRODUCT, PREVIEW, ORDER, PROFILE, SEARCH, SESSION };

/* An error of the router, as its line tells it. */
struct trouble {
	const char *code, *description;
	unsigned status;
};

struct request {
	int64_t at;
	uint32_t client, proxy; /* proxy 0: none */
	enum page page;
	uint64_t id; /* which of those pages */
	uint32_t session;
	const char *method, *host;
	const struct trouble *trouble; /* NULL: none */
	unsigned dyno, connect_ms, service_ms, status, bytes;
};

enum attack_kind { ENUMERATION, SCRAPING, VELOCITY, BRUTEFORCE };

/* n requests, evenly spread over the seconds. */
struct attack {
	enum attack_kind kind;
	uint32_t client, session;
	int64_t start;
	double seconds;
	uint64_t n, done;
};

struct gen {
	uint64_t rng[4];
	float reach[CLIENTS]; /* share of the traffic up to each client */
	uint32_t bucket[BUCKETS + 1]; /* where the search for one begins */
	uint32_t client[CLIENTS];
	struct attack attack[ATTACKS];
	int nattacks;
	struct buf out;
	uint64_t seed, lines, bytes;
	uint64_t router, app, metrics, other, attacked, status_4xx, preview_4xx;
	uint64_t by_status[STATUSES];
};

/* chance.c */
/* From its seed: numbers and clients. */
void seed(struct gen *g);
uint32_t draw_client(struct gen *g);
uint64_t mix_next(uint64_t *state);
uint64_t mix(uint64_t v);
uint64_t draw(struct gen *g);
uint32_t below(struct gen *g, uint32_t n);
/* 0 to 1, but never 1. */
double fraction(struct gen *g);

/* What is drawn is below the bound of the row chosen and of none before; the
 * last bound is that of the draw. */
struct choice {
	uint32_t bound;
	unsigned value;
};
unsigned choose(struct gen *g, const struct choice *table, size_t n);
#define CHOOSE(g, table) choose((g), (table), countof(table))

/* piece.c */
void put_padded(struct buf *b, uint64_t v, unsigned width);
void put_hex(struct buf *b, uint64_t v, unsigned digits);
void put_uuid(struct buf *b, uint64_t v, uint64_t w);
void put_random_uuid(struct gen *g);
void put_token(struct buf *b, uint64_t seed, int digits);
void put_session(struct buf *b, uint32_t session);
void put_ip(struct buf *b, uint32_t ip);
/* "2025-03-03T00:00:00.123456", without the zone. */
void put_time(struct buf *b, int64_t us);
void put_path(struct buf *b, enum page page, uint64_t id, uint32_t session);

/* request.c, template.c */
void draw_request(struct gen *g, int64_t at, struct request *r);
void request_line(struct gen *g, const struct request *r);
void app_line(struct gen *g, int64_t at);
void metric_line(struct gen *g, int64_t at);
void other_line(struct gen *g, int64_t at);

/* attack.c */
struct err;
void plan_attacks(struct gen *g);
/* When its next request comes; INT64_MAX: none comes. */
int64_t next_at(const struct attack *a);
/* NULL: none comes. */
struct attack *next_attack(struct gen *g);
void attack_line(struct gen *g, struct attack *a);
bool write_truth(const struct gen *g, const char *file, struct err *e);

#endif
