/* SPDX-License-Identifier: MIT */
/* Keys, and the facts of the week that pipelines/site.yml does not have. */
#define _POSIX_C_SOURCE 200809L
#include "demo.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/sha256.h"

/* Under which raxx is to hash tokens, so that truth.json can name them. */
static void
raxx_key(uint8_t out[SHA256_LEN])
{
	memset(out, 0, SHA256_LEN);
	out[SHA256_LEN - 1] = 7;
}

void
audit_key(const struct world *w, const char *id, uint8_t out[AUDIT_KEY_LEN])
{
	struct sha256 s;

	sha256_init(&s);
	sha256_add(&s, &w->seed, sizeof w->seed);
	sha256_add(&s, id, strlen(id));
	sha256_end(&s, out);
}

const char *
hex(struct world *w, const uint8_t *bytes, size_t n)
{
	char s[2 * SHA256_LEN + 1] = "";
	size_t i;

	for (i = 0; i < n; i++)
		snprintf(s + 2 * i, 3, "%02x", bytes[i]);
	return text(w, "%s", s);
}

/* How findings name a token. */
const char *
token_key(struct world *w, const char *token)
{
	uint8_t key[SHA256_LEN], mac[SHA256_LEN];
	struct hmac h;

	raxx_key(key);
	hmac_init(&h, key, sizeof key);
	hmac_add(&h, token, strlen(token));
	hmac_end(&h, mac);
	return hex(w, mac, 8);
}

/* A key that others can read is none. */
static void
write_key(struct world *w, const char *name, const uint8_t key[SHA256_LEN])
{
	const char *path = text(w, "%s/keys/%s.hex", w->dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f)
		die("cannot write", path);
	fprintf(f, "%s\n", hex(w, key, SHA256_LEN));
	close_file(f, path);
}

void
write_keys(struct world *w)
{
	uint8_t key[SHA256_LEN];

	raxx_key(key);
	write_key(w, "raxx", key);
	audit_key(w, "k1", key);
	write_key(w, "k1", key);
	audit_key(w, "k2", key);
	write_key(w, "k2", key);
}

/* Lines for the end of a site.yml that has none of these keys. */
void
write_facts(struct world *w)
{
	const char *path = text(w, "%s/facts.yml", w->dir);
	FILE *f = create(path);

	fprintf(f,
	    "\n# Facts of this made-up week.\n"
	    "audit_chain: {format: raxx-audit-v1,"
	    " keys: {k1: keys/k1.hex, k2: keys/k2.hex}}\n"
	    "service_accounts: ['%s', '16411']\n"
	    "monitor_tokens: ['%s']\n"
	    "allow:\n"
	    "  - {rule: DET-BETA-002, client: " SCREENSHOT_JOB
	    ", owner: ops@raxx.example,\n"
	    "     reason: screenshot job of the release check,"
	    " expires: 2026-07-01}\n",
	    account(w, SERVICE_ACCOUNT " 0"),
	    token_key(w, guest(w, MONITOR_TOKEN)));
	close_file(f, path);
}
