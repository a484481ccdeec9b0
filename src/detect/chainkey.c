/* SPDX-License-Identifier: MIT */
#include "detect/chainkey.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/err.h"
#include "base/io.h"
#include "base/jsonw.h"
#include "base/oom.h"
#include "base/sha256.h"
#include "base/wipe.h"
#include "detect/auditmac.h"
#include "record/sitechain.h"

enum { TEXT_MOST = 4 * CHAINKEY_MOST };

struct slot {
	sv id;
	sv fault;   /* null: the key is there */
	bool loose; /* others than its owner can read the file */
	struct hmac_key key;
};

struct chainkey {
	struct arena a; /* texts */
	sv format;
	bool known;
	struct slot *slot;
	size_t n;
};

/* The file's text, into memory that the caller overwrites. */
static bool
read_text(const char *path, char out[TEXT_MOST], sv *text, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return err_sys(e, ST_USAGE, "%s", path);
	*text = sv_of(out, io_read_upto(fd, out, TEXT_MOST));
	close(fd);
	return true;
}

/* Bytes of the key; 0 with a reason in *e. */
static size_t
read_hex(const char *path, sv text, uint8_t out[CHAINKEY_MOST], struct err *e)
{
	text = sv_trim(text);
	if (!sv_is_hex(text) || text.n % 2 || text.n < 2 * CHAINKEY_LEAST ||
	    text.n > 2 * CHAINKEY_MOST) {
		err_set(e, ST_USAGE, "%s: expected %d to %d pairs of "
		    "hexadecimal digits", path, CHAINKEY_LEAST, CHAINKEY_MOST);
		return 0;
	}
	for (size_t i = 0; i < text.n / 2; i++)
		out[i] = (uint8_t)(hex_value(text.p[2 * i]) << 4 |
		    hex_value(text.p[2 * i + 1]));
	return text.n / 2;
}

static bool
is_loose(const char *path)
{
	struct stat sb;

	return stat(path, &sb) == 0 && S_ISREG(sb.st_mode) &&
	    (sb.st_mode & 077) != 0;
}

static void
load(struct chainkey *ring, struct slot *s, const struct site_chain_key *k)
{
	const char *path = arena_str(&ring->a, k->file);
	uint8_t raw[CHAINKEY_MOST];
	struct err e = ERR_INIT;
	char hex[TEXT_MOST];
	size_t n = 0;
	sv text = SV_NULL;

	s->id = arena_sv(&ring->a, k->id);
	s->loose = is_loose(path);
	if (read_text(path, hex, &text, &e))
		n = read_hex(path, text, raw, &e);
	if (n)
		hmac_key_init(&s->key, raw, n);
	else
		s->fault = arena_sv(&ring->a, sv_str(e.msg));
	wipe(raw, sizeof(raw));
	wipe(hex, sizeof(hex));
}

struct chainkey *
chainkey_open(const struct site_chain *c)
{
	struct chainkey *ring = calloc(1, sizeof(*ring));

	if (!ring)
		oom();
	ring->format = arena_sv(&ring->a, c->format);
	ring->known = sv_is(c->format, AUDITMAC_FORMAT);
	ring->slot = arena_array(&ring->a, c->nkeys, sizeof(*ring->slot));
	for (; ring->n < c->nkeys; ring->n++)
		load(ring, &ring->slot[ring->n], &c->key[ring->n]);
	return ring;
}

void
chainkey_close(struct chainkey *ring)
{
	if (!ring)
		return;
	wipe(ring->slot, ring->n * sizeof(*ring->slot));
	arena_release(&ring->a);
	free(ring);
}

size_t
chainkey_usable(const struct chainkey *ring)
{
	size_t n = 0;

	for (size_t i = 0; ring->known && i < ring->n; i++)
		n += sv_null(ring->slot[i].fault);
	return n;
}

const struct hmac_key *
chainkey_find(const struct chainkey *ring, sv id)
{
	for (size_t i = 0; ring->known && i < ring->n; i++)
		if (sv_eq(ring->slot[i].id, id))
			return sv_null(ring->slot[i].fault)
			    ? &ring->slot[i].key : NULL;
	return NULL;
}

void
chainkey_json(struct buf *b, const struct chainkey *ring)
{
	struct jsonw w = JSONW_INIT(b);

	if (sv_null(ring->format)) {
		jsonw_null(&w);
		return;
	}
	jsonw_open(&w, '{');
	jsonw_put_sv(&w, "format", ring->format);
	jsonw_put_bool(&w, "known", ring->known);
	jsonw_key(&w, SV("keys"));
	jsonw_open(&w, '{');
	for (size_t i = 0; i < ring->n; i++) {
		jsonw_key(&w, ring->slot[i].id);
		jsonw_open(&w, '{');
		jsonw_put_sv(&w, "fault", ring->slot[i].fault);
		jsonw_put_bool(&w, "loose", ring->slot[i].loose);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
}
