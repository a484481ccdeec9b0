/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static void
escape_into(char *dst, size_t cap, const char *src)
{
	static const char digit[] = "0123456789abcdef";
	size_t n = 0;

	for (; *src && n + 5 < cap; src++) {
		unsigned char c = (unsigned char)*src;

		if (c >= 0x20 && c != 0x7f && c < 0x80) {
			dst[n++] = *src;
		} else {
			dst[n++] = '\\';
			dst[n++] = 'x';
			dst[n++] = digit[c >> 4];
			dst[n++] = digit[c & 15];
		}
	}
	dst[n] = '\0';
}

static void set_text(struct err *e, enum status st, const char *fmt,
    va_list ap, const char *tail) attr_printf(3, 0);

static void
set_text(struct err *e, enum status st, const char *fmt, va_list ap,
    const char *tail)
{
	char raw[sizeof(e->msg)];
	int n;

	if (e->status != ST_OK)
		return;
	n = vsnprintf(raw, sizeof(raw), fmt, ap);
	if (tail && n >= 0 && (size_t)n < sizeof(raw))
		snprintf(raw + n, sizeof(raw) - (size_t)n, ": %s", tail);
	e->status = st;
	escape_into(e->msg, sizeof(e->msg), raw);
}

bool
err_set(struct err *e, enum status st, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_text(e, st, fmt, ap, NULL);
	va_end(ap);
	return false;
}

bool
err_sys(struct err *e, enum status st, const char *fmt, ...)
{
	const char *why = strerror(errno);
	va_list ap;

	va_start(ap, fmt);
	set_text(e, st, fmt, ap, why);
	va_end(ap);
	return false;
}
