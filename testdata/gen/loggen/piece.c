/* SPDX-License-Identifier: MIT */
/* Pieces that several kinds of lines have. */
#include "loggen.h"

#include "base/attr.h"
#include "base/utc.h"

void
put_padded(struct buf *b, uint64_t v, unsigned width)
{
	char *p = buf_reserve(b, width);

	for (unsigned i = width; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	b->n += width;
}

void
put_hex(struct buf *b, uint64_t v, unsigned digits)
{
	for (; digits > 0; digits--, v >>= 4)
		buf_byte(b, "0123456789abcdef"[v & 15]);
}

void
put_uuid(struct buf *b, uint64_t v, uint64_t w)
{
	put_hex(b, v, 8);
	buf_byte(b, '-');
	put_hex(b, v >> 32, 4);
	buf_lit(b, "-4");
	put_hex(b, v >> 48, 3);
	buf_byte(b, '-');
	buf_byte(b, "89ab"[w & 3]);
	put_hex(b, w >> 2, 3);
	buf_byte(b, '-');
	put_hex(b, w >> 14, 12);
}

void
put_random_uuid(struct gen *g)
{
	uint64_t w = draw(g), v = draw(g);

	put_uuid(&g->out, v, w);
}

/* Ten digits of each number. */
void
put_token(struct buf *b, uint64_t seed, int digits)
{
	uint64_t v = 0;

	for (int i = 0; i < digits; i++, v /= 62) {
		if (i % 10 == 0)
			v = mix_next(&seed);
		buf_byte(b,
		    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "abcdefghijklmnopqrstuvwxyz"[v % 62]);
	}
}

void
put_session(struct buf *b, uint32_t session)
{
	put_token(b, (uint64_t)session * 7919 + 11, 16);
}

void
put_ip(struct buf *b, uint32_t ip)
{
	buf_u64(b, ip >> 24);
	for (int shift = 16; shift >= 0; shift -= 8) {
		buf_byte(b, '.');
		buf_u64(b, ip >> shift & 255);
	}
}

void
put_time(struct buf *b, int64_t us)
{
	utc_write(b, us);
	b->n--;
}

void
put_path(struct buf *b, enum page page, uint64_t id, uint32_t session)
{
	static const char *const pages[] = { "/", "/login", "/logout", "/cart",
		"/checkout", "/favicon.ico", "/robots.txt",
		"/assets/application-4f1c9b.js",
		"/assets/application-77be01.css", "/about", "/contact",
		"/api/v1/me", "/api/v1/search", "/healthz", "/sitemap.xml",
		"/account/settings" };
	static const char *const words[] = { "red", "blue", "lamp", "chair",
		"desk", "garden", "kids", "sale", "shoe", "jacket", "summer",
		"winter", "gift", "usb", "cable", "phone" };

	switch (page) {
	case STATIC:
		buf_str(b, pages[id % countof(pages)]);
		break;
	case PRODUCT:
		buf_lit(b, "/products/");
		buf_u64(b, id % 50000);
		break;
	case PREVIEW:
		buf_lit(b, "/preview/");
		put_token(b, id ^ 0x5eed, 22);
		break;
	case ORDER:
		buf_lit(b, "/api/v1/orders/");
		put_uuid(b, mix(id), mix(id + 1));
		break;
	case PROFILE:
		buf_lit(b, "/users/");
		buf_u64(b, id % 200000);
		buf_lit(b, "/profile");
		break;
	case SEARCH:
		buf_printf(b, "/search?q=%s+%s&page=%u", words[id & 15],
		    words[id >> 4 & 15], (unsigned)((id >> 8) % 20));
		break;
	case SESSION:
		buf_lit(b, "/session/");
		put_session(b, session);
		buf_lit(b, "?utm_source=mail&utm_campaign=");
		buf_u64(b, id % 40);
		break;
	}
}
