/* SPDX-License-Identifier: MIT */
/*
 * mark.h: 64 bits by which a file that was read before is known again, faster than
 * by its digest. It depends on a secret key: who does not have that cannot make two
 * files with one mark. Beside the size of a file it tells as much as 64 bits can;
 * what files are called to others stays their digest.
 */
#ifndef BASE_MARK_H
#define BASE_MARK_H

#include <stddef.h>
#include <stdint.h>

enum { MARK_LANES = 4, MARK_STEP = 16 * MARK_LANES };

struct mark_key {
	uint64_t word[2 * MARK_LANES]; /* secret, random */
};

struct mark {
	const struct mark_key *key;
	uint64_t lane[MARK_LANES];
	uint64_t len;             /* bytes so far */
	char part[MARK_STEP];     /* the len % MARK_STEP bytes not yet mixed in */
};

void mark_init(struct mark *m, const struct mark_key *key);
void mark_add(struct mark *m, const void *p, size_t n);
uint64_t mark_end(struct mark *m);

#endif
