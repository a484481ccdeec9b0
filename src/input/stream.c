/* SPDX-License-Identifier: MIT */
#include "input/stream.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/oom.h"
#include "base/stop.h"
#include "input/gunzip.h"
#include "input/rawin.h"

enum {
	DIRECT = 64 * 1024, /* reads of so much do not go through the buffer */
	CUT_MAX = 64
};

struct stream {
	struct rawin in;
	bool own;            /* its descriptor is closed with the stream */
	struct stat st;
	uint64_t plain, max; /* decoded bytes: so far, at most */
	bool started;        /* the first bytes were looked at */
	bool zlib_only;
	struct gunzip *gz;   /* NULL: plain */
	char cut[CUT_MAX];   /* that there are more than `max` */
};

static struct stream *
new_stream(int fd, sv bytes, const char *path)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (s == NULL)
		oom();
	rawin_init(&s->in, fd, bytes, path);
	s->max = UINT64_MAX;
	return s;
}

struct stream *
stream_open_bytes(sv bytes, const char *name)
{
	return new_stream(-1, bytes, name);
}

static struct stream *
start_stream(int fd, bool own, const char *path, struct err *e)
{
	struct stream *s = new_stream(fd, SV_NULL, path);

	s->own = own;
	if (fd < 0 || fstat(fd, &s->st) != 0) {
		err_sys(e, ST_FAIL, "%s", path);
	} else if (S_ISDIR(s->st.st_mode)) {
		err_set(e, ST_FAIL, "%s: is a directory, expected a file", path);
	} else {
		s->in.regular = S_ISREG(s->st.st_mode);
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
	gunzip_close(s->gz);
	if (s->own && s->in.fd >= 0)
		close(s->in.fd);
	free(s);
}

static bool
start(struct stream *s, struct err *e)
{
	if (!rawin_upto(&s->in, 2, e))
		return false;
	if (gunzip_magic(&s->in)) {
		s->gz = gunzip_open(&s->in, s->zlib_only, e);
		if (s->gz == NULL)
			return false;
	}
	s->started = true;
	return true;
}

static bool
read_plain(struct rawin *in, char *dst, size_t cap, size_t *n, struct err *e)
{
	*n = 0;
	if (rawin_unread(in) == 0 && !in->eof && cap >= DIRECT)
		return rawin_read(in, dst, cap, n, e);
	if (rawin_unread(in) == 0 && !in->eof && !rawin_fill(in, e))
		return false;
	*n = rawin_unread(in) < cap ? rawin_unread(in) : cap;
	memcpy(dst, rawin_next(in), *n);
	in->at += *n;
	return true;
}

static bool
read_some(struct stream *s, char *dst, size_t cap, size_t *n, struct err *e)
{
	return s->gz ? gunzip_read(s->gz, dst, cap, n, e) :
	    read_plain(&s->in, dst, cap, n, e);
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
	blake3_add(&s->in.sum, s->cut, strlen(s->cut));
	return true;
}

static bool
ended(const struct stream *s)
{
	return s->cut[0] || (s->gz && gunzip_ended(s->gz));
}

bool
stream_read(struct stream *s, char *dst, size_t cap, size_t *n, struct err *e)
{
	*n = 0;
	if (stop_asked())
		return rawin_interrupted(&s->in, e);
	if (!s->started && !start(s, e))
		return false;
	if (ended(s))
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
	s->in.undigested = true;
}

void
stream_limit(struct stream *s, uint64_t max)
{
	s->max = max;
}

bool
stream_would_wait(const struct stream *s)
{
	const struct rawin *in = &s->in;
	struct pollfd p = { in->fd, POLLIN, 0 };

	return in->fd >= 0 && rawin_unread(in) == 0 && !in->eof &&
	    !in->regular && poll(&p, 1, 0) == 0;
}

uint64_t
stream_trailing(const struct stream *s, sv *head)
{
	*head = SV_NULL;
	return s->gz ? gunzip_trailing(s->gz, head) : 0;
}

const char *
stream_damage(const struct stream *s)
{
	const char *doubt = s->gz ? gunzip_doubt(s->gz) : NULL;

	return doubt ? doubt : stream_cut(s);
}

const char *
stream_cut(const struct stream *s)
{
	if (s->cut[0])
		return s->cut;
	return s->gz ? gunzip_cut(s->gz) : NULL;
}

bool
stream_is_gzip(const struct stream *s)
{
	return s->gz != NULL;
}

bool
stream_is_regular(const struct stream *s)
{
	return s->in.regular;
}

uint64_t
stream_position(const struct stream *s)
{
	return s->in.pos;
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

	return s->in.regular && fstat(s->in.fd, &now) == 0 &&
	    (now.st_size != s->st.st_size ||
	    now.st_mtim.tv_sec != s->st.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != s->st.st_mtim.tv_nsec);
}

void
stream_digest(struct stream *s, uint8_t out[BLAKE3_LEN])
{
	blake3_end(&s->in.sum, out);
}
