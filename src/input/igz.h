/* SPDX-License-Identifier: MIT */
/*
 * igz.h: members of gzip decoded by isa-l (make INFLATE=isal), in a third of
 * the time that zlib takes. Of a damage it tells only that there is one; zlib,
 * from the member's start, tells which and gives all that comes before it. The
 * only user of isa-l.
 *
 * isa-l takes codes that are not complete, which zlib refuses with the block
 * they are for: of a member that was changed there, it may give more than zlib,
 * until it finds what no code is for.
 */
#ifndef INPUT_IGZ_H
#define INPUT_IGZ_H

#include <stddef.h>
#include <stdint.h>

struct igz;

/* NULL: the build is without it. Stands at the start of a member. */
struct igz *igz_open(void);
void igz_close(struct igz *z); /* NULL is allowed */
/* Another member begins. */
void igz_reset(struct igz *z);

enum igz_end {
	IGZ_ON,
	IGZ_MEMBER, /* it ended, and its checks are right */
	IGZ_DAMAGED
};

/* Decodes the *n bytes at p, and leaves in *n how many of them are unread; a
 * member's first call needs 4. Up to cap bytes are written, *given. They count
 * also when the member turns out to be damaged. */
enum igz_end igz_some(struct igz *z, uint8_t *p, size_t *n, char *dst,
    size_t cap, size_t *given);

#endif
