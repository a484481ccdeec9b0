/* SPDX-License-Identifier: MIT */
/*
 * say.h: how numbers, times and shares are put in words on a page, the same
 * everywhere. Texts are put together in s->b and moved to the page's arena by
 * say_take() or say_cell(), which leave the buffer empty.
 */
#ifndef OUTPUT_SAY_H
#define OUTPUT_SAY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"
#include "output/page.h"
#include "output/report.h"

struct say {
	struct page *page;
	struct buf b;
};

sv say_take(struct say *s);
/* What was put together, as a cell of words. */
struct cell say_cell(struct say *s);
/* What was put together, as a paragraph. */
void say_para(struct say *s);
void say_section(struct say *s, const char *title);
struct cell say_words(sv text);
/* Shown as it is, in a code span where there are any. */
struct cell say_value(sv text);
/* A long value keeps its front and says how many bytes are missing. */
sv say_clip(struct say *s, sv v);

void say_time(struct buf *b, int64_t us);
/* To the second, to the day. */
void say_second(struct buf *b, int64_t us);
void say_date(struct buf *b, int64_t us);
/* "T to T (LENGTH)". */
void say_window(struct buf *b, int64_t from, int64_t to);
/* The end of a run's window as people name it: a window holds its last
 * microsecond, they name the one behind it. */
int64_t say_end(int64_t to);
/* A length of time in microseconds, in seconds. */
void say_length(struct buf *b, int64_t us);
void say_span(struct buf *b, double seconds);
void say_real(struct buf *b, double v);
void say_count(struct buf *b, int64_t n);
/* "1 finding", "2 findings". */
void say_many(struct buf *b, size_t n, const char *what);
/* A share as per cent; cut, not rounded: only all of it is 100 %. */
void say_share(struct buf *b, double share);
/* The same with what it is at worst, "98 % (at worst 95 %)", if that reads less. */
void say_shares(struct buf *b, double share, double low);
/* A separator, unless nothing was put since b->n was `start`. */
void say_sep(struct buf *b, size_t start, const char *sep);
void say_texts(struct buf *b, const struct report_texts *t);
/* A constant of ours in small letters, its underscores blanks. */
void say_lower(struct buf *b, sv v);

struct say_look {
	const char *words;
	enum tone tone;
};

extern const struct say_look say_result[REPORT_RESULT_N];

/* Levels from the worst down; the last row, "other", is for unknown words. */
enum { SAY_LEVEL_N = 6 };
extern const struct say_look say_level[SAY_LEVEL_N];
/* Row of a level. */
size_t say_level_row(sv level);

#endif
