/* SPDX-License-Identifier: MIT */
#include "input/filedigest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/crew.h"
#include "base/oom.h"
#include "base/stop.h"

enum {
	READ = 8,     /* trees that are read at once */
	ROUND = 4096  /* ... whose values are kept */
};

struct job {
	const char *path;
	int fd;
	unsigned threads;
	uint64_t first; /* tree of the round */
	size_t n;       /* trees of it */
	uint8_t (*value)[BLAKE3_LEN];
	struct part {
		bool whole;
		struct err err;
		bool failed;
	} part[CREW_MAX];
};

/* *whole: are there n bytes? */
static bool
read_at(const struct job *j, uint8_t *p, size_t n, uint64_t at, bool *whole,
    struct err *e)
{
	size_t have = 0;
	ssize_t got = 1;

	while (have < n && got > 0) {
		got = pread(j->fd, p + have, n - have, (off_t)(at + have));
		if (stop_asked())
			return err_set(e, ST_FAIL, "%s: interrupted", j->path);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got < 0)
			return err_sys(e, ST_FAIL, "%s: read failed at byte "
			    "%llu", j->path, (unsigned long long)(at + have));
		else
			have += (size_t)got;
	}
	*whole = have == n;
	return true;
}

/* Trees [from, to) of the round. */
static bool
add_trees(const struct job *j, uint8_t *bytes, size_t from, size_t to,
    bool *whole, struct err *e)
{
	for (*whole = true; from < to && *whole;) {
		size_t n = to - from < READ ? to - from : READ;
		uint64_t at = j->first + from;

		if (!read_at(j, bytes, n * BLAKE3_TREE_BYTES, at *
		    BLAKE3_TREE_BYTES, whole, e))
			return false;
		for (size_t i = 0; i < n && *whole; i++)
			blake3_tree(bytes + i * BLAKE3_TREE_BYTES, at + i,
			    j->value[from + i]);
		from += n;
	}
	return true;
}

static void
work(void *ctx, size_t i)
{
	struct job *j = ctx;
	struct part *part = &j->part[i];
	uint8_t *bytes = malloc(READ * (size_t)BLAKE3_TREE_BYTES);

	if (bytes == NULL)
		oom();
	part->failed = !add_trees(j, bytes, j->n * i / j->threads,
	    j->n * (i + 1) / j->threads, &part->whole, &part->err);
	free(bytes);
}

static bool
add_round(struct job *j, struct blake3 *b, bool *whole, struct err *e)
{
	crew_run(j->threads, work, j);
	for (size_t i = 0; i < j->threads; i++) {
		if (j->part[i].failed) {
			*e = j->part[i].err;
			return false;
		}
		*whole &= j->part[i].whole;
	}
	for (size_t i = 0; *whole && i < j->n; i++)
		blake3_add_tree(b, j->value[i]);
	return true;
}

/* All trees but the last, which may have fewer bytes; then that one. */
static bool
add_all(struct job *j, struct blake3 *b, uint64_t size, bool *whole,
    struct err *e)
{
	uint64_t trees = size ? (size - 1) / BLAKE3_TREE_BYTES : 0;
	size_t rest = (size_t)(size - trees * BLAKE3_TREE_BYTES);
	uint8_t last[BLAKE3_TREE_BYTES];

	for (*whole = true; *whole && j->first < trees; j->first += j->n) {
		j->n = trees - j->first < ROUND ? (size_t)(trees - j->first) :
		    ROUND;
		if (!add_round(j, b, whole, e))
			return false;
	}
	if (!*whole)
		return true;
	if (!read_at(j, last, rest, trees * BLAKE3_TREE_BYTES, whole, e))
		return false;
	blake3_add(b, last, rest);
	return true;
}

bool
filedigest(const char *path, uint64_t size, unsigned threads,
    uint8_t out[BLAKE3_LEN], bool *whole, struct err *e)
{
	struct job j = { .path = path, .fd = open(path, O_RDONLY | O_CLOEXEC),
		.threads = threads < 1 ? 1 : threads < CREW_MAX ? threads :
		    CREW_MAX };
	struct blake3 b;
	bool ok;

	if (j.fd < 0)
		return err_sys(e, ST_FAIL, "%s", path);
	j.value = malloc(ROUND * sizeof(*j.value));
	if (j.value == NULL)
		oom();
	blake3_init(&b);
	ok = add_all(&j, &b, size, whole, e);
	if (ok && *whole)
		blake3_end(&b, out);
	free(j.value);
	close(j.fd);
	return ok;
}
