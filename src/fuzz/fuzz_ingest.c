/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/utc.h"
#include "record/ingest.h"
#include "record/ndjson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct memory {
	struct sink sink;
	struct buf text;
	const struct source *src;
};

static struct memory *
self(struct sink *s)
{
	return (struct memory *)(void *)s;
}

static bool
begin(struct sink *s, struct source *src, struct err *e)
{
	(void)e;
	self(s)->src = src;
	ndjson_begin(&self(s)->text, src);
	return true;
}

static bool
record(struct sink *s, const struct rec *r, bool *dup, struct err *e)
{
	(void)e;
	*dup = r->hash % 2;
	ndjson_rec(&self(s)->text, r, self(s)->src);
	return true;
}

static bool
reject(struct sink *s, const struct reject *j, struct err *e)
{
	(void)e;
	assert(j->reason && j->reason[0]);
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

static const struct sink_ops ops = { begin, record, reject, end, NULL, NULL };

/* Standard input becomes the text in packets: each read gives one. */
static void
feed_stdin(sv text, size_t step)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd) != 0)
		_exit(1);
	while (text.n) {
		sv part = sv_cut_n(&text, step);

		if (write(fd[1], part.p, part.n) != (ssize_t)part.n)
			_exit(1);
	}
	close(fd[1]);
	if (dup2(fd[0], STDIN_FILENO) < 0)
		_exit(1);
	close(fd[0]);
}

static bool
ingest(const struct ingest *g, sv text, size_t step, struct buf *out)
{
	struct memory m = { { &ops }, BUF_INIT, NULL };
	struct ingest in = *g;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct source src;
	bool ok;

	in.sink = &m.sink;
	feed_stdin(text, step);
	ok = ingest_input(&in, "-", &a, &src, &e) == INGEST_DONE;
	assert(ok || e.status == ST_FAIL);
	assert(!ok || source_balances(&src));
	assert(!ok || sv_starts(text, SV("\x1f\x8b")) || src.bytes == text.n);
	buf_add(out, ok ? buf_sv(&m.text) : sv_str(e.msg));
	buf_release(&m.text);
	arena_release(&a);
	return ok;
}

enum { PACKETS = 100 };

static size_t
step_of(uint8_t choice, size_t n)
{
	size_t step = 1 + choice % 17;

	return n / step < PACKETS ? step : n / PACKETS + 1;
}

/* The account balances, and pieces give what the whole gives. The first byte
 * chooses pieces and options. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };
	sv item = SV("/api/beta/preview/{token}");
	const struct site_list paths = { &item, 1 };
	sv text = sv_skip(sv_of((const char *)data, size), 1);
	struct buf whole = BUF_INIT, parts = BUF_INIT;
	struct normal n = { .ntrusted = 0 };
	struct ingest g = { .normal = &n, .taken = UTC_NONE, .now = 0 };

	if (size < 2 || size > 8192)
		return 0;
	redact_init(&n.redact, key, &paths);
	if (data[0] >= 240)
		g.format = &formats[data[0] % nformats];
	else if (data[0] >= 220)
		g.table = SV("waitlist_signups");
	ingest(&g, text, text.n, &whole);
	ingest(&g, text, step_of(data[0], text.n), &parts);
	assert(sv_eq(buf_sv(&whole), buf_sv(&parts)));
	buf_release(&whole);
	buf_release(&parts);
	return 0;
}
