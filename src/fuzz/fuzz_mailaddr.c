/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "detect/bigram.h"
#include "detect/mailaddr.h"
#include "detect/maildomain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A canonical address is its local part and its domain, and no longer than
 * what it was made of. */
static void
check_parts(sv address)
{
	struct buf whole = BUF_INIT, local = BUF_INIT, domain = BUF_INIT;
	bool has = mail_domain(&domain, address);

	mail_canonical(&whole, address);
	mail_local(&local, address);
	assert(whole.n <= address.n);
	assert(sv_starts(buf_sv(&whole), buf_sv(&local)));
	if (!sv_is(buf_sv(&domain), "googlemail.com"))
		assert(whole.n == local.n + has + domain.n &&
		    sv_ends(buf_sv(&whole), buf_sv(&domain)));
	maildomain_kind(buf_sv(&domain));
	buf_release(&whole);
	buf_release(&local);
	buf_release(&domain);
}

/* The number is the end of the local part, and its digits make its shape. */
static void
check_number(sv local)
{
	struct buf shape = BUF_INIT;
	int64_t number;
	sv stem;

	mail_shape(&shape, local);
	assert((shape.n == 0) == (local.n == 0));
	if (mail_number(local, &stem, &number)) {
		assert(stem.p == local.p && stem.n > 0 && stem.n < local.n);
		assert(number >= 0 && local.n - stem.n <= 15);
		assert(!mail_is_numeric(local));
	}
	buf_release(&shape);
}

/* A model survives being carried; its scores are finite. */
static void
check_model(sv local)
{
	struct bigram m = { 0 }, back;
	struct buf b = BUF_INIT;
	double bits;

	bigram_add(&m, local);
	bigram_write(&b, &m);
	assert(bigram_read(buf_sv(&b), &back));
	for (int i = 0; i < BIGRAM_SYMBOLS; i++)
		assert(back.first[i] == m.first[i]);
	assert(!bigram_score(&m, local, &bits) || (bits > -10 && bits < 10));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);

	check_parts(text);
	check_number(text);
	check_model(text);
	mail_is_mixed(text);
	return 0;
}
