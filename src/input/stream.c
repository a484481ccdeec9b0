/* SPDX-License-Identifier: MIT */
#include "input/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/oom.h"
#include "base/stop.h"
#include "input/igz.h"

enum {
	IN_SIZE = 256 * 1024,
	DIRECT = 64 * 1024, /* reads of so much do not go through the buffer */
	TRAILING_MAX = 256,
	WHY_MAX = 96,
	MEMBER_HEAD = 4, /* bytes, for igz.h */
	AGAIN_MAX = 16 * 1024, /* bytes that are decoded anew at once */
	ISIZE_LEN = 4 /* the length behind a member's checksum */
};

struct stream {
	const char *path;
	int fd;            /* -1: */
	sv memory, bytes;  /* bytes in memory: all, what is unread */
	bool own;          /* fd is closed with the stream */
	struct stat st;
	struct sha256 sum;
	bool undigested;   /* nobody will ask for it */
	struct mark mark;  /* without a key nobody will ask for it */
	uint64_t raw;      /* bytes read from fd */
	uint64_t seen;     /* ... before it was read anew from an earlier place */
	uint64_t plain, max; /* decoded bytes: so far, at most */
	uint8_t in[IN_SIZE];
	size_t in_at, in_n; /* unread part of in: [in_at, in_n) */
	bool eof;          /* fd has nothing more */
	bool started;      /* the first bytes were looked at */
	bool gzip;
	bool ended;        /* no more decoded bytes */
	bool zlib_only;
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

static struct stream *
new_stream(int fd, const char *path)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (s == NULL)
		oom();
	s->path = path;
	s->fd = fd;
	s->max = UINT64_MAX;
	sha256_init(&s->sum);
	return s;
}

struct stream *
stream_open_bytes(sv bytes, const char *name)
{
	struct stream *s = new_stream(-1, name);

	s->memory = s->bytes = bytes;
	return s;
}

static struct stream *
start_stream(int fd, bool own, const char *path, struct err *e)
{
	struct stream *s = new_stream(fd, path);

	s->own = own;
	if (fd < 0 || fstat(fd, &s->st) != 0) {
		err_sys(e, ST_FAIL, "%s", path);
	} else if (S_ISDIR(s->st.st_mode)) {
		err_set(e, ST_FAIL, "%s: is a directory, expected a file", path);
	} else {
		return s;
	}
	stream_close(s);
	return NULL;
}

struct stream *
stream_open_fd(int fd, const char *name, struct err *e)
{
	return start_stream(fd, false, name, e);
}

struct stream *
stream_open(const char *path, struct err *e)
{
	if (sv_is(sv_str(path), "-"))
		return stream_open_fd(STDIN_FILENO, "standard input", e);
	return start_stream(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), true,
	    path, e);
}

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	if (s->gzip)
		inflateEnd(&s->z);
	igz_close(s->igz);
	if (s->own && s->fd >= 0)
		close(s->fd);
	free(s);
}

static bool
interrupted(const struct stream *s, struct err *e)
{
	return err_set(e, ST_FAIL, "%s: interrupted", s->path);
}

static ssize_t
read_raw(struct stream *s, void *dst, size_t cap)
{
	sv part;

	if (s->fd >= 0)
		return read(s->fd, dst, cap);
	part = sv_cut_n(&s->bytes, cap);
	if (part.n)
		memcpy(dst, part.p, part.n);
	return (ssize_t)part.n;
}

/* What is read anew is part of the digest once. */
static void
note_bytes(struct stream *s, const char *p, size_t n)
{
	uint64_t known = s->seen > s->raw ? s->seen - s->raw : 0;
	size_t skip = known < n ? (size_t)known : n;

	if (!s->undigested)
		sha256_add(&s->sum, p + skip, n - skip);
	if (s->mark.key)
		mark_add(&s->mark, p + skip, n - skip);
	s->raw += n;
}

/* Reads raw bytes to where they are wanted; *n is 0 at the end. */
static bool
read_to(struct stream *s, void *dst, size_t cap, size_t *n, struct err *e)
{
	ssize_t got;

	do
		got = read_raw(s, dst, cap);
	while (got < 0 && errno == EINTR && !stop_asked());
	if (got < 0 && errno == EINTR)
		return interrupted(s, e);
	if (got < 0)
		return err_sys(e, ST_FAIL, "%s: read failed at byte %llu",
		    s->path, (unsigned long long)s->raw);
	*n = (size_t)got;
	s->eof = got == 0;
	note_bytes(s, dst, *n);
	return true;
}

/* Moves what is unread to the front and reads more behind it. */
static bool
fill(struct stream *s, struct err *e)
{
	size_t n;

	memmove(s->in, s->in + s->in_at, s->in_n - s->in_at);
	s->in_n -= s->in_at;
	s->in_at = 0;
	if (!read_to(s, s->in + s->in_n, IN_SIZE - s->in_n, &n, e))
		return false;
	s->in_n += n;
	return true;
}

static size_t
unread(const struct stream *s)
{
	return s->in_n - s->in_at;
}

static bool
at_gzip_magic(const struct stream *s)
{
	return unread(s) >= 2 && s->in[s->in_at] == 0x1f &&
	    s->in[s->in_at + 1] == 0x8b;
}

/* Until n bytes are unread, or there are no more. */
static bool
fill_upto(struct stream *s, size_t n, struct err *e)
{
	while (unread(s) < n && !s->eof)
		if (!fill(s, e))
			return false;
	return true;
}

static void
put_why(const struct stream *s, char why[WHY_MAX], const char *what)
{
	snprintf(why, WHY_MAX, "%s at byte %llu", what,
	    (unsigned long long)(s->raw - unread(s)));
}

static void
damaged(struct stream *s, const char *what)
{
	put_why(s, s->cut, what);
	s->ended = true;
}

/* Bytes that can be read anew: zlib is asked then when something is wrong. */
static bool
may_go_back(const struct stream *s)
{
	return s->fd < 0 || (S_ISREG(s->st.st_mode) &&
	    lseek(s->fd, 0, SEEK_CUR) >= 0);
}

static bool
begin_member(struct stream *s, struct err *e)
{
	if (s->igz)
		igz_reset(s->igz);
	else
		inflateReset(&s->z);
	s->member = s->raw - unread(s);
	s->member_plain = 0;
	return s->igz == NULL || fill_upto(s, MEMBER_HEAD, e);
}

static bool
start(struct stream *s, struct err *e)
{
	if (!fill_upto(s, 2, e))
		return false;
	s->started = true;
	s->gzip = at_gzip_magic(s);
	if (s->gzip && inflateInit2(&s->z, 15 + 16) != Z_OK)
		oom();
	if (s->gzip && !s->zlib_only && may_go_back(s))
		s->igz = igz_open();
	return !s->igz || begin_member(s, e);
}

static bool
read_plain(struct stream *s, char *dst, size_t cap, size_t *n, struct err *e)
{
	*n = 0;
	if (unread(s) == 0 && !s->eof && cap >= DIRECT)
		return read_to(s, dst, cap, n, e);
	if (unread(s) == 0 && !s->eof && !fill(s, e))
		return false;
	*n = unread(s) < cap ? unread(s) : cap;
	memcpy(dst, s->in + s->in_at, *n);
	s->in_at += *n;
	return true;
}

/* Behind a member: another one, zero padding, or garbage. */
static bool
next_member(struct stream *s, struct err *e)
{
	if (!fill_upto(s, 2, e))
		return false;
	s->again = 0;
	if (at_gzip_magic(s))
		return begin_member(s, e);
	while (unread(s) && s->in[s->in_at] == 0) {
		s->in_at++;
		if (unread(s) == 0 && !s->eof && !fill(s, e))
			return false;
	}
	s->ended = true;
	if (unread(s) == 1 && s->eof && s->in[s->in_at] == 0x1f) {
		damaged(s, "gzip-truncated"); /* in the mark of a member */
		return true;
	}
	s->trails = unread(s) > 0;
	s->trailing_at = s->raw - unread(s);
	return true;
}

static void
keep_trailing(struct stream *s)
{
	size_t room = s->trails ? TRAILING_MAX - s->ntrailing : 0;
	size_t n = unread(s) < room ? unread(s) : room;

	memcpy(s->trailing + s->ntrailing, s->in + s->in_at, n);
	s->ntrailing += n;
}

/* The digest covers what is behind the end of decoding too. */
static bool
read_rest(struct stream *s, struct err *e)
{
	for (;;) {
		keep_trailing(s);
		s->in_at = s->in_n;
		if (s->eof)
			return true;
		if (!fill(s, e))
			return false;
	}
}

/* A member was decoded to its end and fails its check. Its text is given all
 * the same, and those behind it are read when they lie where they should. */
static bool
doubt_member(struct stream *s, const char *what, size_t left, struct err *e)
{
	if (s->doubt[0] == '\0')
		put_why(s, s->doubt, what);
	if (!fill_upto(s, left, e))
		return false;
	if (unread(s) < left) {
		s->in_at = s->in_n;
		damaged(s, "gzip-truncated");
		return true;
	}
	s->in_at += left;
	if (!next_member(s, e))
		return false;
	if (s->trails) /* its end was none */
		damaged(s, "gzip-data: damaged");
	return true;
}

static bool
gzip_failed(struct stream *s, struct err *e)
{
	sv msg = sv_str(s->z.msg);

	if (sv_is(msg, "incorrect data check"))
		return doubt_member(s, "gzip-crc: wrong checksum", ISIZE_LEN, e);
	if (sv_is(msg, "incorrect length check"))
		return doubt_member(s, "gzip-length: wrong length", 0, e);
	damaged(s, "gzip-data: damaged");
	return true;
}

static int
inflate_some(struct stream *s, char *dst, size_t cap, size_t *n)
{
	int rc;

	s->z.next_in = s->in + s->in_at;
	s->z.avail_in = (uInt)unread(s);
	s->z.next_out = (Bytef *)dst;
	s->z.avail_out = cap > UINT32_MAX ? UINT32_MAX : (uInt)cap;
	rc = inflate(&s->z, Z_NO_FLUSH);
	*n = (size_t)((char *)s->z.next_out - dst);
	s->in_at = s->in_n - s->z.avail_in;
	return rc;
}

/* What follows from the code of inflate, after its output was taken: what was
 * decoded before a damage is good. */
static bool
after_inflate(struct stream *s, int rc, bool idle, struct err *e)
{
	if (rc == Z_STREAM_END)
		return next_member(s, e);
	if (rc == Z_MEM_ERROR)
		oom();
	if (rc != Z_OK && rc != Z_BUF_ERROR)
		return gzip_failed(s, e);
	if (!idle)
		return true;
	if (!s->eof)
		return fill(s, e);
	damaged(s, "gzip-truncated");
	return true;
}

/* Bytes that were given are decoded, and dropped. */
static int
inflate_again(struct stream *s, size_t *n)
{
	char room[AGAIN_MAX];
	int rc = inflate_some(s, room, s->again < sizeof(room) ?
	    (size_t)s->again : sizeof(room), n);

	s->again -= *n;
	return rc;
}

static bool
by_zlib(struct stream *s, char *dst, size_t cap, size_t *n, struct err *e)
{
	bool empty = unread(s) == 0;
	size_t got;
	int rc;

	if (s->again) {
		rc = inflate_again(s, &got);
	} else {
		rc = inflate_some(s, dst, cap, n);
		got = *n;
	}
	return after_inflate(s, rc, empty && got == 0, e);
}

/* The input again, from where zlib would have read the member's start. */
static bool
go_back(struct stream *s, struct err *e)
{
	uint64_t from = s->member - s->member % IN_SIZE;
	size_t skip = (size_t)(s->member - from);

	if (s->fd < 0)
		s->bytes = sv_skip(s->memory, (size_t)from);
	else if (lseek(s->fd, -(off_t)(s->raw - from), SEEK_CUR) < 0)
		return err_sys(e, ST_FAIL, "%s: seek failed", s->path);
	s->seen = s->raw > s->seen ? s->raw : s->seen;
	s->raw = from;
	s->in_at = s->in_n = 0;
	s->eof = false;
	if (!fill_upto(s, skip, e))
		return false;
	s->in_at = skip < s->in_n ? skip : s->in_n;
	return true;
}

/* Something is wrong with the member: from now on by zlib. */
static bool
leave_igz(struct stream *s, struct err *e)
{
	igz_close(s->igz);
	s->igz = NULL;
	s->again = s->member_plain;
	return go_back(s, e);
}

static bool
by_igz(struct stream *s, char *dst, size_t cap, size_t *n, struct err *e)
{
	size_t left = unread(s);
	bool idle = left == 0;
	enum igz_end end = igz_some(s->igz, s->in + s->in_at, &left, dst, cap,
	    n);

	s->in_at = s->in_n - left;
	s->member_plain += *n;
	idle = idle && *n == 0;
	if (end == IGZ_MEMBER)
		return next_member(s, e);
	if (end == IGZ_DAMAGED || (idle && s->eof))
		return leave_igz(s, e);
	return !idle || fill(s, e);
}

/* The decoder is asked before more is read: it may hold back output for which
 * the last call had no room. */
static bool
read_gzip(struct stream *s, char *dst, size_t cap, size_t *n, struct err *e)
{
	for (*n = 0; *n == 0 && !s->ended;)
		if (!(s->igz ? by_igz : by_zlib)(s, dst, cap, n, e))
			return false;
	return !s->ended || read_rest(s, e);
}

static bool
read_some(struct stream *s, char *dst, size_t cap, size_t *n, struct err *e)
{
	return s->gzip ? read_gzip(s, dst, cap, n, e) :
	    read_plain(s, dst, cap, n, e);
}

/* Is there a byte more than may be read? */
static bool
read_past_limit(struct stream *s, struct err *e)
{
	char extra;
	size_t n;

	if (!read_some(s, &extra, 1, &n, e))
		return false;
	if (n == 0)
		return true;
	snprintf(s->cut, sizeof(s->cut),
	    "plain-limit: stopped after %llu bytes",
	    (unsigned long long)s->max);
	sha256_add(&s->sum, s->cut, strlen(s->cut));
	s->ended = true;
	return true;
}

bool
stream_read(struct stream *s, char *dst, size_t cap, size_t *n, struct err *e)
{
	*n = 0;
	if (stop_asked())
		return interrupted(s, e);
	if (!s->started && !start(s, e))
		return false;
	if (s->ended)
		return true;
	if (s->plain == s->max)
		return read_past_limit(s, e);
	if (cap > s->max - s->plain)
		cap = (size_t)(s->max - s->plain);
	if (!read_some(s, dst, cap, n, e))
		return false;
	s->plain += *n;
	return true;
}

void
stream_by_zlib(struct stream *s)
{
	s->zlib_only = true;
}

void
stream_undigested(struct stream *s)
{
	s->undigested = true;
}

void
stream_limit(struct stream *s, uint64_t max)
{
	s->max = max;
}

bool
stream_would_wait(const struct stream *s)
{
	struct pollfd p = { s->fd, POLLIN, 0 };

	return s->fd >= 0 && unread(s) == 0 && !s->eof &&
	    !S_ISREG(s->st.st_mode) && poll(&p, 1, 0) == 0;
}

uint64_t
stream_trailing(const struct stream *s, sv *head)
{
	*head = sv_of(s->trailing, s->ntrailing);
	return s->ntrailing ? s->raw - s->trailing_at : 0;
}

const char *
stream_damage(const struct stream *s)
{
	return s->doubt[0] ? s->doubt : stream_cut(s);
}

const char *
stream_cut(const struct stream *s)
{
	return s->cut[0] ? s->cut : NULL;
}

bool
stream_is_gzip(const struct stream *s)
{
	return s->gzip;
}

bool
stream_is_regular(const struct stream *s)
{
	return S_ISREG(s->st.st_mode);
}

uint64_t
stream_position(const struct stream *s)
{
	return s->raw;
}

uint64_t
stream_size(const struct stream *s)
{
	return (uint64_t)s->st.st_size;
}

int64_t
stream_mtime(const struct stream *s)
{
	return (int64_t)s->st.st_mtim.tv_sec * 1000000 +
	    s->st.st_mtim.tv_nsec / 1000;
}

bool
stream_changed(const struct stream *s)
{
	struct stat now;

	return S_ISREG(s->st.st_mode) && fstat(s->fd, &now) == 0 &&
	    (now.st_size != s->st.st_size ||
	    now.st_mtim.tv_sec != s->st.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != s->st.st_mtim.tv_nsec);
}

void
stream_digest(struct stream *s, uint8_t out[SHA256_LEN])
{
	sha256_end(&s->sum, out);
}

void
stream_marked(struct stream *s, const struct mark_key *key)
{
	mark_init(&s->mark, key);
}

uint64_t
stream_mark(struct stream *s)
{
	return mark_end(&s->mark);
}

bool
stream_mark_file(const char *path, const struct mark_key *key, uint64_t *out,
    struct err *e)
{
	struct stream *s = stream_open(path, e);
	bool ok;

	if (s == NULL)
		return false;
	stream_undigested(s);
	stream_marked(s, key);
	ok = read_rest(s, e);
	if (ok)
		*out = stream_mark(s);
	stream_close(s);
	return ok;
}
