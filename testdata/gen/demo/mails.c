/* SPDX-License-Identifier: MIT */
/* Planted for DET-SIGNUP-002: addresses that a machine made. */
#include "demo.h"

static const struct batch {
	const char *arm, *key; /* arm NULL: a look-alike */
	const char *level, *allowed;
	const char *prefix, *domain; /* of the addresses, around the names */
	const char *name[8];
	int clients, n, metric; /* clients: 1, or as many as rows */
	const char *net; /* the client, or what stands before its number */
	int64_t start, span;
	int loose, skip; /* skip: rows before the first that counts */
	const char *note;
} batches[] = {
	{ "canonical", "joparker@gmail.com", "low", NULL, "", "@gmail.com",
	    { "jo.parker", "j.oparker", "jop.arker", "jo.park.er" }, 4, 4, 4,
	    "2001:db8:71", AT(15, 20, 30, 0), 5 * HOUR, 400, 0,
	    "one mailbox, its dots in 4 places" },
	{ "sequence", "lucky#@mailhaven.example", "low", NULL, "lucky",
	    "@mailhaven.example",
	    { "0101", "0102", "0103", "0104", "0105", "0106", "0107" }, 7, 7, 7,
	    "2001:db8:72", AT(14, 6, 0, 0), 3 * HOUR, 700, 0,
	    "7 numbered names from 7 clients" },
	{ "disposable", "all origins", "low", NULL, "", "",
	    { "marta@mailinator.com", "olga@yopmail.com", "pia@mailinator.com",
		"ruth@sharklasers.com" },
	    4, 4, 4, "2001:db8:73", AT(17, 19, 30, 0), 9 * HOUR, 600, 0,
	    "4 addresses of throw-away services" },
	{ "random", "quill.test from 198.51.100.220", "low", NULL, "",
	    "@quill.test",
	    { "xqzvkjwpf", "wzqjxvbkt", "qkxzvwjfd", "zvxqwkjgp", "jxqkzvwbh",
		"vqzxjkwft" },
	    1, 6, 6, "198.51.100.220", AT(15, 21, 0, 0), 7 * HOUR, 900, 0,
	    "6 names that nobody could say, from one client" },
	{ "weak", "fresh-inbox.test from 198.51.100.221", "low", NULL, "",
	    "@fresh-inbox.test",
	    { "ellen", "frank", "greta", "hugo", "irene", "karl", "lotte",
		"max" },
	    1, 8, 5, "198.51.100.221", AT(18, 1, 0, 0), 6 * HOUR, 60, 3,
	    "a domain nobody used before, one row every 51 minutes" },
	{ "canonical", "dev@raxx.example", NULL, "low", "dev+", "@raxx.example",
	    { "1", "2", "3", "4" }, 1, 4, 4, "192.0.2.61", AT(16, 20, 0, 0),
	    9 * MINUTE, 500, 0, "a developer of ours tests with tags" },
	{ NULL, NULL, NULL, NULL, "", "@privaterelay.appleid.com",
	    { "xk4vq2zpwj", "zq8wvkx3bt", "qx9jvzkw2f", "vzk3xqwj7g",
		"jwq6zxkv4h", "kzx2vqjw8d" },
	    1, 6, 6, "192.0.2.62", AT(13, 20, 30, 0), 90 * MINUTE, 800, 0,
	    "a relay: its names are random by design" },
	{ NULL, NULL, NULL, NULL, "", "@qq.com",
	    { "283641907", "283641908", "283641909", "283641910", "283641911" },
	    5, 5, 5, "2001:db8:74", AT(12, 20, 30, 0), 2 * HOUR, 800, 0,
	    "numbers for names where that is usual" },
	{ NULL, NULL, NULL, NULL, "", "@harbour.example",
	    { "мария.иванова", "олег.петров", "анна.смирнова", "игорь.волков",
		"елена.орлова" },
	    1, 5, 5, "192.0.2.63", AT(18, 19, 0, 0), 4 * HOUR, 800, 0,
	    "names in letters that the model does not know" },
};

static void
batch(struct world *w, struct rng *r, const struct batch *b)
{
	int64_t when[16];
	int i;

	pace(r, b->start, b->span, b->loose, b->n, when);
	for (i = 0; i < b->n; i++) {
		signup(w, r,
		    (struct signup){ .at = when[i],
			.email =
			    text(w, "%s%s%s", b->prefix, b->name[i], b->domain),
			.origin = "landing",
			.ip = b->clients > 1
			    ? text(w, "%s%x:1::9", b->net, (unsigned)i)
			    : b->net,
			.agent = "Mozilla/5.0 Chrome/136.0" },
		    201);
	}
	plant(w,
	    (struct truth){ .rule = "DET-SIGNUP-002",
		.arm = b->arm,
		.level = b->level,
		.key = b->key ? b->key : b->net,
		.start = when[b->skip],
		.end = when[b->n - 1],
		.metric = b->metric,
		.allowed = b->allowed,
		.note = b->note });
}

void
batches_of_mails(struct world *w)
{
	struct rng r = stream(w, "mails");
	size_t i;

	for (i = 0; i < countof(batches); i++)
		batch(w, &r, &batches[i]);
}
