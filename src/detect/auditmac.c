/* SPDX-License-Identifier: MIT */
#include "detect/auditmac.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utc.h"

static void
put_u32(struct buf *b, size_t v)
{
	assert(v < UINT32_MAX);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_byte(b, (char)(v >> shift & 0xff));
}

static void
put_field(struct buf *b, sv text)
{
	if (sv_null(text)) {
		buf_lit(b, "\xff\xff\xff\xff");
		return;
	}
	put_u32(b, text.n);
	buf_add(b, text);
}

/* A field that is written by `write`: its length stands before it. */
static void
put_number(struct buf *b, void (*write)(struct buf *, int64_t), int64_t v)
{
	struct buf text = BUF_INIT;

	write(&text, v);
	put_field(b, buf_sv(&text));
	buf_release(&text);
}

void
auditmac_row(const struct hmac_key *key, const uint8_t prev[AUDITMAC_LEN],
    const struct audit_row *row, uint8_t out[AUDITMAC_LEN])
{
	struct buf b = BUF_INIT;

	buf_mem(&b, AUDITMAC_FORMAT, sizeof(AUDITMAC_FORMAT)); /* with its NUL */
	buf_mem(&b, prev, AUDITMAC_LEN);
	put_u32(&b, 5);
	put_number(&b, buf_i64, row->seq);
	put_number(&b, utc_write, row->created_at);
	put_field(&b, row->actor_id);
	put_field(&b, row->action);
	put_field(&b, row->detail);
	hmac_key_hash(key, buf_sv(&b), out);
	buf_release(&b);
}

bool
auditmac_read(sv hex, uint8_t out[AUDITMAC_LEN])
{
	memset(out, 0, AUDITMAC_LEN);
	if (hex.n == 0)
		return true;
	if (hex.n != 2 * (size_t)AUDITMAC_LEN || !sv_is_hex(hex))
		return false;
	for (size_t i = 0; i < AUDITMAC_LEN; i++)
		out[i] = (uint8_t)(hex_value(hex.p[2 * i]) << 4 |
		    hex_value(hex.p[2 * i + 1]));
	return true;
}
