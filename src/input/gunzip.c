/* SPDX-License-Identifier: MIT */
#include "input/gunzip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/oom.h"
#include "input/igz.h"

enum {
	TRAILING_MAX = 256,
	WHY_MAX = 96,
	MEMBER_HEAD = 4, /* bytes, for igz.h */
	AGAIN_MAX = 16 * 1024, /* bytes that are decoded anew at once */
	ISIZE_LEN = 4 /* the length behind a member's checksum */
};

struct gunzip {
	struct rawin *in;
	bool ended;        /* no more decoded bytes */
	struct igz *igz;   /* decodes until something is wrong; NULL: zlib does */
	uint64_t member;   /* where the member under way begins, for zlib */
	uint64_t member_plain; /* what was given of it */
	uint64_t again;    /* so much of it zlib decodes that was given */
	z_stream z;
	char cut[WHY_MAX];   /* why it ended early */
	char doubt[WHY_MAX]; /* the first member that fails its check */
	char trailing[TRAILING_MAX]; /* first bytes behind the last member */
	size_t ntrailing;
	bool trails;        /* there are such, from trailing_at on */
	uint64_t trailing_at;
};

bool
gunzip_magic(const struct rawin *in)
{
	return rawin_unread(in) >= 2 && in->buf[in->at] == 0x1f &&
	    in->buf[in->at + 1] == 0x8b;
}

static bool
begin_member(struct gunzip *g, struct err *e)
{
	if (g->igz)
		igz_reset(g->igz);
	else
		inflateReset(&g->z);
	g->member = rawin_place(g->in);
	g->member_plain = 0;
	return g->igz == NULL || rawin_upto(g->in, MEMBER_HEAD, e);
}

struct gunzip *
gunzip_open(struct rawin *in, bool zlib_only, struct err *e)
{
	struct gunzip *g = calloc(1, sizeof(*g));

	if (g == NULL || inflateInit2(&g->z, 15 + 16) != Z_OK)
		oom();
	g->in = in;
	if (!zlib_only && rawin_may_go_back(in))
		g->igz = igz_open();
	if (begin_member(g, e))
		return g;
	gunzip_close(g);
	return NULL;
}

void
gunzip_close(struct gunzip *g)
{
	if (g == NULL)
		return;
	inflateEnd(&g->z);
	igz_close(g->igz);
	free(g);
}

/* --- ends and damages --- */

static void
put_why(const struct gunzip *g, char why[WHY_MAX], const char *what)
{
	snprintf(why, WHY_MAX, "%s at byte %llu", what,
	    (unsigned long long)rawin_place(g->in));
}

static void
damaged(struct gunzip *g, const char *what)
{
	put_why(g, g->cut, what);
	g->ended = true;
}

/* Behind a member: another one, zero padding, or garbage. */
static bool
next_member(struct gunzip *g, struct err *e)
{
	struct rawin *in = g->in;

	if (!rawin_upto(in, 2, e))
		return false;
	g->again = 0;
	if (gunzip_magic(in))
		return begin_member(g, e);
	while (rawin_unread(in) && *rawin_next(in) == 0) {
		in->at++;
		if (rawin_unread(in) == 0 && !in->eof && !rawin_fill(in, e))
			return false;
	}
	g->ended = true;
	if (rawin_unread(in) == 1 && in->eof && *rawin_next(in) == 0x1f) {
		damaged(g, "gzip-truncated"); /* in the mark of a member */
		return true;
	}
	g->trails = rawin_unread(in) > 0;
	g->trailing_at = rawin_place(in);
	return true;
}

/* A member was decoded to its end and fails its check. Its text is given all
 * the same, and those behind it are read when they lie where they should. */
static bool
doubt_member(struct gunzip *g, const char *what, size_t left, struct err *e)
{
	struct rawin *in = g->in;

	if (g->doubt[0] == '\0')
		put_why(g, g->doubt, what);
	if (!rawin_upto(in, left, e))
		return false;
	if (rawin_unread(in) < left) {
		in->at = in->n;
		damaged(g, "gzip-truncated");
		return true;
	}
	in->at += left;
	if (!next_member(g, e))
		return false;
	if (g->trails) /* its end was none */
		damaged(g, "gzip-data: damaged");
	return true;
}

static bool
gzip_failed(struct gunzip *g, struct err *e)
{
	sv msg = sv_str(g->z.msg);

	if (sv_is(msg, "incorrect data check"))
		return doubt_member(g, "gzip-crc: wrong checksum", ISIZE_LEN, e);
	if (sv_is(msg, "incorrect length check"))
		return doubt_member(g, "gzip-length: wrong length", 0, e);
	damaged(g, "gzip-data: damaged");
	return true;
}

/* --- zlib --- */

static int
inflate_some(struct gunzip *g, char *dst, size_t cap, size_t *n)
{
	struct rawin *in = g->in;
	int rc;

	g->z.next_in = rawin_next(in);
	g->z.avail_in = (uInt)rawin_unread(in);
	g->z.next_out = (Bytef *)dst;
	g->z.avail_out = cap > UINT32_MAX ? UINT32_MAX : (uInt)cap;
	rc = inflate(&g->z, Z_NO_FLUSH);
	*n = (size_t)((char *)g->z.next_out - dst);
	in->at = in->n - g->z.avail_in;
	return rc;
}

/* What follows from the code of inflate, after its output was taken: what was
 * decoded before a damage is good. */
static bool
after_inflate(struct gunzip *g, int rc, bool idle, struct err *e)
{
	if (rc == Z_STREAM_END)
		return next_member(g, e);
	if (rc == Z_MEM_ERROR)
		oom();
	if (rc != Z_OK && rc != Z_BUF_ERROR)
		return gzip_failed(g, e);
	if (!idle)
		return true;
	if (!g->in->eof)
		return rawin_fill(g->in, e);
	damaged(g, "gzip-truncated");
	return true;
}

/* Bytes that were given are decoded, and dropped. */
static int
inflate_again(struct gunzip *g, size_t *n)
{
	char room[AGAIN_MAX];
	int rc = inflate_some(g, room, g->again < sizeof(room) ?
	    (size_t)g->again : sizeof(room), n);

	g->again -= *n;
	return rc;
}

static bool
by_zlib(struct gunzip *g, char *dst, size_t cap, size_t *n, struct err *e)
{
	bool empty = rawin_unread(g->in) == 0;
	size_t got;
	int rc;

	if (g->again) {
		rc = inflate_again(g, &got);
	} else {
		rc = inflate_some(g, dst, cap, n);
		got = *n;
	}
	return after_inflate(g, rc, empty && got == 0, e);
}

/* --- isa-l --- */

/* Something is wrong with the member: from now on by zlib. */
static bool
leave_igz(struct gunzip *g, struct err *e)
{
	igz_close(g->igz);
	g->igz = NULL;
	g->again = g->member_plain;
	return rawin_go_back(g->in, g->member, e);
}

static bool
by_igz(struct gunzip *g, char *dst, size_t cap, size_t *n, struct err *e)
{
	struct rawin *in = g->in;
	size_t left = rawin_unread(in);
	bool idle = left == 0;
	enum igz_end end = igz_some(g->igz, rawin_next(in), &left, dst, cap, n);

	in->at = in->n - left;
	g->member_plain += *n;
	idle = idle && *n == 0;
	if (end == IGZ_MEMBER)
		return next_member(g, e);
	if (end == IGZ_DAMAGED || (idle && in->eof))
		return leave_igz(g, e);
	return !idle || rawin_fill(in, e);
}

/* --- reading --- */

/* Keeps the first bytes behind the last member. */
static bool
keep_trailing(struct gunzip *g, struct err *e)
{
	if (!g->trails)
		return true;
	if (!rawin_upto(g->in, TRAILING_MAX, e))
		return false;
	g->ntrailing = rawin_unread(g->in) < TRAILING_MAX ?
	    rawin_unread(g->in) : TRAILING_MAX;
	memcpy(g->trailing, rawin_next(g->in), g->ntrailing);
	return true;
}

/* The decoder is asked before more is read: it may hold back output for which
 * the last call had no room. */
bool
gunzip_read(struct gunzip *g, char *dst, size_t cap, size_t *n, struct err *e)
{
	for (*n = 0; *n == 0 && !g->ended;)
		if (!(g->igz ? by_igz : by_zlib)(g, dst, cap, n, e))
			return false;
	return !g->ended || (keep_trailing(g, e) && rawin_drain(g->in, e));
}

bool
gunzip_ended(const struct gunzip *g)
{
	return g->ended;
}

const char *
gunzip_cut(const struct gunzip *g)
{
	return g->cut[0] ? g->cut : NULL;
}

const char *
gunzip_doubt(const struct gunzip *g)
{
	return g->doubt[0] ? g->doubt : NULL;
}

uint64_t
gunzip_trailing(const struct gunzip *g, sv *head)
{
	*head = sv_of(g->trailing, g->ntrailing);
	return g->ntrailing ? g->in->pos - g->trailing_at : 0;
}
