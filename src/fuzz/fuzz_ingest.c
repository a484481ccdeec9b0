/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "record/ingest.h"
#include "record/ndjson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define VALUE "Zq7Marker9xV"

/* What every record of a kind has. */
static const struct {
	enum rec_kind kind;
	int field;
} required[] = {
	{ REC_REQUEST, REQUEST_flags },
	{ REC_ACCESS, ACCESS_origin }, { REC_ACCESS, ACCESS_path },
	{ REC_APP, APP_origin }, { REC_APP, APP_message },
	{ REC_APP, APP_payload },
	{ REC_PLATFORM, PLATFORM_origin }, { REC_PLATFORM, PLATFORM_message },
	{ REC_METRIC, METRIC_origin }, { REC_METRIC, METRIC_samples },
	{ REC_LOSS, LOSS_origin }, { REC_LOSS, LOSS_code },
	{ REC_LOSS, LOSS_message },
	{ REC_ROW, ROW_dump }, { REC_ROW, ROW_fields },
	{ REC_PART, PART_origin }, { REC_PART, PART_head },
	{ REC_PART, PART_joined }, { REC_PART, PART_place },
};

enum state { BEFORE, OPEN, ENDED };

/* Keeps what comes as NDJSON. */
struct memory {
	struct sink sink;
	struct buf text;
	const struct source *src;
	enum state state;
	uint64_t records, rejects;
};

static struct memory *
self(struct sink *s)
{
	return (struct memory *)(void *)s;
}

/* What was written from text.p[from] on is one line that reads back. */
static void
check_line(struct memory *m, size_t from, enum ndjson_line want)
{
	sv line = sv_skip(buf_sv(&m->text), from);
	struct source src = *m->src;
	struct arena a = ARENA_INIT;
	struct reject j;
	const char *why;
	struct rec r;

	assert(sv_find_byte(line, '\n') == line.n - 1);
	assert(ndjson_read(&a, line, &r, &j, &src, &why) == want);
	arena_release(&a);
}

static void
check_record(const struct rec *r)
{
	assert(r->kind > REC_NONE && r->kind < REC_KIND_N);
	assert(r->set >> rec_kinds[r->kind].nfields == 0);
	assert(r->line > 0 && r->ts != UTC_NONE && r->reader);
	for (size_t i = 0; i < countof(required); i++)
		assert(required[i].kind != r->kind ||
		    rec_has(r, required[i].field));
}

static bool
begin(struct sink *s, struct source *src, struct err *e)
{
	struct memory *m = self(s);

	(void)e;
	assert(m->state == BEFORE && src->why && src->form.n);
	m->state = OPEN;
	m->src = src;
	ndjson_begin(&m->text, src);
	check_line(m, 0, NDJSON_BEGIN);
	return true;
}

static bool
record(struct sink *s, const struct rec *r, bool *dup, struct err *e)
{
	struct memory *m = self(s);
	size_t from = m->text.n;

	(void)e;
	assert(m->state == OPEN);
	check_record(r);
	*dup = r->hash % 2;
	m->records++;
	ndjson_rec(&m->text, r, m->src);
	check_line(m, from, NDJSON_RECORD);
	return true;
}

static bool
reject(struct sink *s, const struct reject *j, struct err *e)
{
	struct memory *m = self(s);
	size_t from = m->text.n;

	(void)e;
	assert(m->state == OPEN && j->reason && j->reason[0] && j->line > 0);
	m->rejects++;
	ndjson_reject(&m->text, j, m->src);
	check_line(m, from, NDJSON_REJECT);
	return true;
}

static bool
end(struct sink *s, struct source *src, struct err *e)
{
	struct memory *m = self(s);
	size_t from = m->text.n;

	(void)e;
	assert(m->state == OPEN);
	m->state = ENDED;
	assert(m->records == src->stored + src->duplicates);
	assert(m->rejects == src->rejected);
	ndjson_end(&m->text, src);
	check_line(m, from, NDJSON_INPUT_END);
	return true;
}

static const struct sink_ops ops = { begin, record, reject, end, NULL, NULL, NULL,
	NULL };

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

/* Do the decoded bytes differ from those that were read? */
static bool
is_decoded(sv text)
{
	return sv_starts(text, SV("\x1f\x8b")) ||
	    sv_starts(text, SV("\xff\xfe")) || sv_starts(text, SV("\xfe\xff"));
}

static bool
ingest(const struct ingest *g, sv text, size_t step, struct buf *out)
{
	struct memory m = { .sink = { &ops }, .text = BUF_INIT };
	struct ingest in = *g;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct source src;
	bool ok;

	in.sink = &m.sink;
	feed_stdin(text, step);
	ok = ingest_input(&in, "-", &a, &src, &e) == INGEST_DONE;
	assert(ok || e.status == ST_FAIL);
	assert(ok == (m.state == ENDED));
	assert(!ok || source_balances(&src));
	assert(!ok || is_decoded(text) || src.bytes == text.n);
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

/* Pieces give what the whole gives. */
static void
check_pieces(const struct ingest *g, sv text, uint8_t choice)
{
	struct buf whole = BUF_INIT, parts = BUF_INIT;

	ingest(g, text, text.n, &whole);
	ingest(g, text, step_of(choice, text.n), &parts);
	assert(sv_eq(buf_sv(&whole), buf_sv(&parts)));
	buf_release(&whole);
	buf_release(&parts);
}

static void
check_hidden(struct ingest g, const char *format, sv text)
{
	struct buf out = BUF_INIT;

	g.format = format_find(sv_str(format));
	assert(g.format != NULL);
	ingest(&g, text, text.n, &out);
	assert(!sv_has(buf_sv(&out), SV(VALUE)));
	buf_release(&out);
}

/* The value of a variable never comes out, whatever stands round it: not when
 * it is read, nor when it is refused. */
static void
check_config(const struct ingest *g, sv text)
{
	struct buf b = BUF_INIT;
	size_t half = text.n / 2;

	if (sv_has(text, SV("Zq7")))
		return;
	buf_add(&b, sv_take(text, half));
	buf_lit(&b, "\nSHADE=" VALUE "\nTONE: " VALUE "\n");
	buf_add(&b, sv_skip(text, half));
	check_hidden(*g, "config-text", buf_sv(&b));
	buf_clear(&b);
	buf_lit(&b, "{\"COLOUR\":");
	jsonw_text(&b, sv_take(text, half));
	buf_lit(&b, ",\"SHADE\":\"" VALUE "\",\"TONE\":\"" VALUE "\"");
	buf_str(&b, text.n % 2 ? "}" : "");
	buf_add(&b, sv_skip(text, half));
	check_hidden(*g, "heroku-config", buf_sv(&b));
	buf_release(&b);
}

/* The first byte chooses options: a shape by its place in the table, the
 * cells of a table, or nothing; and whether the year is known. */
static void
choose(struct ingest *g, uint8_t choice)
{
	enum { TABLE = 60, CELLS };
	unsigned low = choice & 63;

	assert(nformats < TABLE);
	g->year = choice & 64 ? 2026 : 0;
	if (low < nformats)
		g->format = &formats[low];
	if (low == TABLE)
		g->table = SV("waitlist_signups");
	if (low == CELLS) {
		g->delim = ';';
		g->null_text = SV("\\N");
	}
}

/* The account balances, and pieces give what the whole gives; or no value of a
 * config var is shown. The first byte chooses which and options, the second
 * pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };
	sv item = SV("/api/beta/preview/{token}");
	const struct site_list paths = { &item, 1 };
	sv text = sv_skip(sv_of((const char *)data, size), 2);
	struct normal n = { .ntrusted = 0 };
	struct ingest g = { .normal = &n, .taken = UTC_NONE, .now = 0 };

	if (size < 3 || size > 8192)
		return 0;
	redact_init(&n.redact, key, &paths);
	if (data[0] & 128) {
		check_config(&g, text);
		return 0;
	}
	choose(&g, data[0]);
	check_pieces(&g, text, data[1]);
	return 0;
}
