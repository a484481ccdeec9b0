/* SPDX-License-Identifier: MIT */
#include "input/igz.h"

#ifdef RAXX_ISAL

#include <isa-l/igzip_lib.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/oom.h"

/* Bits of a member's fourth byte that must not be there; isa-l does not look. */
enum { FLAGS_AT = 3, RESERVED = 0xe0 };

struct igz {
	struct inflate_state state;
	bool fresh; /* a member begins */
};

struct igz *
igz_open(void)
{
	/* zeroed: a code that is not complete shows what was in its table */
	struct igz *z = calloc(1, sizeof(*z));

	if (z == NULL)
		oom();
	isal_inflate_init(&z->state);
	z->state.crc_flag = ISAL_GZIP;
	z->fresh = true;
	return z;
}

void
igz_close(struct igz *z)
{
	free(z);
}

void
igz_reset(struct igz *z)
{
	isal_inflate_reset(&z->state);
	z->state.crc_flag = ISAL_GZIP;
	z->fresh = true;
}

static uint32_t
at_most_32(size_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

enum igz_end
igz_some(struct igz *z, uint8_t *p, size_t *n, char *dst, size_t cap,
    size_t *given)
{
	struct inflate_state *s = &z->state;
	uint32_t have = at_most_32(*n);
	int rc;

	*given = 0;
	if (z->fresh && (have <= FLAGS_AT || p[FLAGS_AT] & RESERVED))
		return IGZ_DAMAGED;
	z->fresh = false;
	s->next_in = p;
	s->avail_in = have;
	s->next_out = (uint8_t *)dst;
	s->avail_out = at_most_32(cap);
	rc = isal_inflate(s);
	*n -= have - s->avail_in;
	*given = (size_t)(s->next_out - (uint8_t *)dst);
	if (rc != ISAL_DECOMP_OK)
		return IGZ_DAMAGED;
	return s->block_state == ISAL_BLOCK_FINISH ? IGZ_MEMBER : IGZ_ON;
}

#else

struct igz *
igz_open(void)
{
	return NULL;
}

void
igz_close(struct igz *z)
{
	(void)z;
}

void
igz_reset(struct igz *z)
{
	(void)z;
}

enum igz_end
igz_some(struct igz *z, uint8_t *p, size_t *n, char *dst, size_t cap,
    size_t *given)
{
	(void)z;
	(void)p;
	(void)n;
	(void)dst;
	(void)cap;
	*given = 0;
	return IGZ_DAMAGED;
}

#endif
