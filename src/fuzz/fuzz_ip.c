/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "base/attr.h"
#include "base/ip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same(const struct ip *a, const struct ip *b)
{
	return a->family == b->family &&
	    memcmp(a->addr, b->addr, sizeof(a->addr)) == 0;
}

/* Written text reads back; a network holds its own address; a client is
 * masked and never internal. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ip_net trusted[] = { { { 4, { 203 } }, 8 } };
	sv text = sv_of((const char *)data, size);
	struct buf b = BUF_INIT;
	struct ip ip, again;
	struct ip_net net, net2;

	if (ip_parse(text, true, &ip)) {
		ip_write(&b, &ip);
		assert(ip_parse(buf_sv(&b), false, &again));
		assert(same(&ip, &again));
	}
	if (ip_net_parse(text, &net)) {
		buf_clear(&b);
		ip_net_write(&b, &net.ip, net.bits);
		assert(ip_net_parse(buf_sv(&b), &net2));
		assert(same(&net.ip, &net2.ip) && net.bits == net2.bits);
		assert(ip_in_net(&net.ip, &net));
	}
	ip = ip_client(text, trusted, countof(trusted), NULL);
	again = ip_mask(ip, 32, 64);
	assert(same(&ip, &again));
	assert(!ip.family || !ip_in_net(&ip, &trusted[0]));
	buf_release(&b);
	return 0;
}
