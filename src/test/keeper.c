/* SPDX-License-Identifier: MIT */
#include "test/keeper.h"

#include <sys/socket.h>
#include <unistd.h>

#include "record/ndjson.h"
#include "record/rec.h"
#include "test/ck.h"

static struct keeper *
self(struct sink *s)
{
	return (struct keeper *)(void *)s;
}

static bool
begin(struct sink *s, struct source *src, struct err *e)
{
	(void)e;
	self(s)->src = src;
	return true;
}

static bool
record(struct sink *s, const struct rec *r, bool *dup, struct err *e)
{
	struct keeper *k = self(s);

	*dup = k->dup_each && r->line % k->dup_each == 0;
	ndjson_rec(&k->text, r, k->src);
	return k->fail_at == 0 || --k->fail_at > 0 ||
	    err_set(e, ST_FAIL, "the sink is full");
}

static bool
reject(struct sink *s, const struct reject *j, struct err *e)
{
	(void)e;
	ndjson_reject(&self(s)->text, j, self(s)->src);
	return true;
}

static bool
end(struct sink *s, struct source *src, struct err *e)
{
	(void)e;
	ndjson_end(&self(s)->text, src);
	return true;
}

static void
cancel(struct sink *s)
{
	self(s)->cancelled = true;
}

const struct sink_ops keeper_ops = { begin, record, reject, end, NULL, cancel, NULL,
	NULL };

static void
put(int fd, sv piece)
{
	if (piece.n)
		ck_assert_int_eq(send(fd, piece.p, piece.n, MSG_DONTWAIT),
		    (ssize_t)piece.n);
}

void
keeper_feed(sv text, size_t from, size_t step)
{
	int fd[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	put(fd[1], sv_cut_n(&text, from));
	for (int i = 0; i < KEEPER_PIECES; i++)
		put(fd[1], sv_cut_n(&text, step));
	put(fd[1], text);
	close(fd[1]);
	ck_assert_int_eq(dup2(fd[0], STDIN_FILENO), STDIN_FILENO);
	close(fd[0]);
}
