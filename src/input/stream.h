/* SPDX-License-Identifier: MIT */
/*
 * stream.h: bytes of one input, plain or gzip (told by its first bytes, not by
 * its name). The digest covers the bytes as they lie in the file; everything
 * decoded before a damage is delivered.
 */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/blake3.h"
#include "base/err.h"
#include "base/sv.h"

struct stream;

/* "-" is standard input. NULL with ST_FAIL: unreadable, a directory. */
struct stream *stream_open(const char *path, struct err *e);
/* An open descriptor, which stays the caller's; `name` is for messages. */
struct stream *stream_open_fd(int fd, const char *name, struct err *e);
/* Bytes in memory, which outlive it; no regular file, and it never waits. */
struct stream *stream_open_bytes(sv bytes, const char *name);
void stream_close(struct stream *s); /* NULL is allowed */

/* Stops after `max` decoded bytes, as at a damage ("plain-limit"). The digest
 * is then of no other input: with another limit it is another one. */
void stream_limit(struct stream *s, uint64_t max);
/* Up to cap decoded bytes; *n is 0 only at the end. False on a read error, or
 * when a signal asked to stop ("interrupted"; see base/stop.h). */
bool stream_read(struct stream *s, char *dst, size_t cap, size_t *n,
    struct err *e);
/* Before the first read: gzip is decoded by zlib alone. The result is the same
 * wherever isa-l is there (igz.h) and finds nothing wrong. */
void stream_by_zlib(struct stream *s);
/* Nobody will ask for the digest: it is not made. */
void stream_undigested(struct stream *s);
/* Would stream_read have to wait for the other end? */
bool stream_would_wait(const struct stream *s);

/* The first damage, or NULL. Known at the end. Either decoding ended before the
 * input did ("gzip-truncated at byte 123"), or a gzip member fails its check
 * ("gzip-crc: wrong checksum at byte 80"): then its text and that of the
 * members behind it is there, but unverified. */
const char *stream_damage(const struct stream *s);
/* Why decoding ended before the input did, or NULL. */
const char *stream_cut(const struct stream *s);
/* After the end: how many bytes that are no gzip follow the last member, and
 * the first of them. */
uint64_t stream_trailing(const struct stream *s, sv *head);
bool stream_is_gzip(const struct stream *s);
bool stream_is_regular(const struct stream *s);
/* Bytes read so far, before decoding. */
uint64_t stream_position(const struct stream *s);
/* Of a regular file, when opened. */
uint64_t stream_size(const struct stream *s);
int64_t stream_mtime(const struct stream *s); /* microseconds UTC */
/* Did size or modification time change since it was opened? */
bool stream_changed(const struct stream *s);
/* After the end: BLAKE3 of all bytes read. Call once. */
void stream_digest(struct stream *s, uint8_t out[BLAKE3_LEN]);

#endif
