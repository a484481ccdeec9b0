/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/buf.h"
#include "input/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Appends a gzip member, flushed every `flush` bytes. */
static void
put_member(struct buf *b, sv text, size_t flush)
{
	uint8_t out[4096];
	z_stream z = { 0 };
	int rc = Z_OK;

	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY))
		abort();
	while (rc != Z_STREAM_END) {
		sv part = sv_cut_n(&text, flush);

		z.next_in = (const Bytef *)part.p;
		z.avail_in = (uInt)part.n;
		do {
			z.next_out = out;
			z.avail_out = sizeof(out);
			rc = deflate(&z, text.n ? Z_FULL_FLUSH : Z_FINISH);
			buf_mem(b, out, sizeof(out) - z.avail_out);
		} while (z.avail_out == 0);
	}
	deflateEnd(&z);
}

/* A descriptor that gives the bytes in packets, one for each read. */
static int
packets(sv bytes, size_t step)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd) != 0)
		abort();
	while (bytes.n) {
		sv part = sv_cut_n(&bytes, step);

		if (write(fd[1], part.p, part.n) != (ssize_t)part.n)
			abort();
	}
	close(fd[1]);
	return fd[0];
}

/* All that the stream gives, in pieces of `cap` into memory of that size. */
static void
decode(struct stream *s, sv bytes, size_t cap, struct buf *out,
    struct buf *damage)
{
	struct err e = ERR_INIT;
	uint8_t have[BLAKE3_LEN], want[BLAKE3_LEN];
	char *room = malloc(cap);
	struct blake3 sum;
	size_t n;

	do {
		if (!stream_read(s, room, cap, &n, &e))
			abort();
		buf_mem(out, room, n);
	} while (n);
	buf_str(damage, stream_damage(s) ? stream_damage(s) : "");
	stream_digest(s, have);
	blake3_init(&sum);
	blake3_add(&sum, bytes.p, bytes.n);
	blake3_end(&sum, want);
	assert(memcmp(have, want, sizeof(want)) == 0);
	assert(stream_position(s) == bytes.n);
	stream_close(s);
	free(room);
}

static void
decode_packets(sv bytes, size_t step, size_t cap, struct buf *out,
    struct buf *damage)
{
	struct err e = ERR_INIT;
	int fd = packets(bytes, step);

	decode(stream_open_fd(fd, "fuzz", &e), bytes, cap, out, damage);
	close(fd);
}

/* From memory, where isa-l may decode them (igz.h): no less than by zlib. */
static void
check_memory(sv bytes, size_t cap, sv by_zlib)
{
	struct stream *s = stream_open_bytes(bytes, "fuzz");
	struct buf out = BUF_INIT, damage = BUF_INIT;

	decode(s, bytes, cap, &out, &damage);
	assert(sv_starts(buf_sv(&out), by_zlib));
	buf_release(&out);
	buf_release(&damage);
}

/* How the bytes come and go does not matter. */
static void
check_chunks(sv bytes, size_t step, size_t cap, struct buf *out,
    struct buf *damage)
{
	struct buf parts = BUF_INIT, why = BUF_INIT;

	decode_packets(bytes, bytes.n, 65536, out, damage);
	decode_packets(bytes, bytes.n / 100 > step ? bytes.n / 100 + 1 : step, cap,
	    &parts, &why);
	assert(sv_eq(buf_sv(out), buf_sv(&parts)));
	/* zlib may stop a few bytes earlier or later at a damage */
	assert(sv_eq(sv_take(buf_sv(damage), 12), sv_take(buf_sv(&why), 12)));
	check_memory(bytes, cap, buf_sv(out));
	buf_release(&parts);
	buf_release(&why);
}

/* Cut anywhere, what comes out is a beginning of the text, and the more of
 * the file the more of the text. */
static void
check_cuts(sv file, sv text, size_t step, size_t cap)
{
	size_t most = 0, jump = file.n / 60 + 1;

	for (size_t cut = 2; cut <= file.n; cut += jump) {
		struct buf out = BUF_INIT, damage = BUF_INIT;

		check_chunks(sv_take(file, cut), step, cap, &out, &damage);
		assert(sv_starts(text, buf_sv(&out)) && out.n >= most);
		assert(cut < file.n || (out.n == text.n && damage.n == 0));
		most = out.n;
		buf_release(&out);
		buf_release(&damage);
	}
}

/* Four bytes choose pieces, members, flushes and a damage; the rest is text,
 * and also read as if it were a file. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf file = BUF_INIT, out = BUF_INIT, damage = BUF_INIT;
	sv text = sv_skip(sv_of((const char *)data, size), 4);
	size_t step, cap, border;

	if (size < 5 || size > 4096)
		return 0;
	step = 1 + data[0] % 17;
	cap = 1 + data[1] % 67;
	border = text.n * data[2] / 255;
	put_member(&file, sv_take(text, border), 1 + data[3] % 64u * 16);
	if (data[2] % 3)
		put_member(&file, sv_skip(text, border), text.n);
	else
		border = text.n * data[2] / 255;
	check_cuts(buf_sv(&file), data[2] % 3 ? text : sv_take(text, border),
	    step, cap);
	file.p[file.n * data[3] / 256] ^= (char)(1 << data[0] % 8);
	check_chunks(buf_sv(&file), step, cap, &out, &damage);
	buf_clear(&out);
	buf_clear(&damage);
	check_chunks(text, step, cap, &out, &damage);
	buf_release(&file);
	buf_release(&out);
	buf_release(&damage);
	return 0;
}
