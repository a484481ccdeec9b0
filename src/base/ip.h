/* SPDX-License-Identifier: MIT */
/*
 * ip.h: internet addresses and networks without the resolver.
 * Source of the client rule: Heroku's router appends the peer address on the
 * right of X-Forwarded-For; everything left of it is what the client claims.
 */
#ifndef BASE_IP_H
#define BASE_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

struct ip {
	uint8_t family; /* 4 or 6; 0 = none */
	uint8_t addr[16]; /* network order; IPv4 in the first four bytes */
};

struct ip_net {
	struct ip ip;
	uint8_t bits;
};

/* Dotted quad without leading zeros, or RFC 4291 text with optional zone
 * ignored and brackets allowed. IPv4-mapped IPv6 becomes IPv4. With `port`, a
 * trailing ":port" of an IPv4 or bracketed address is accepted. */
bool ip_parse(sv v, bool port, struct ip *out);
/* "198.51.100.0/24", or an address alone (all bits). Host bits may not be set. */
bool ip_net_parse(sv v, struct ip_net *out);
bool ip_in_net(const struct ip *ip, const struct ip_net *net);
/* Keeps the first bits of the address, zeroes the rest. */
struct ip ip_mask(struct ip ip, unsigned bits4, unsigned bits6);
/* Private, loopback, link-local, carrier-grade NAT, unspecified: an address
 * that cannot be an internet client. */
bool ip_is_internal(const struct ip *ip);
/* The number of an address of four bytes. */
static inline uint32_t
ip_v4_number(const uint8_t addr[4])
{
	return (uint32_t)addr[0] << 24 | (uint32_t)addr[1] << 16 |
	    (uint32_t)addr[2] << 8 | addr[3];
}
static inline uint32_t
ip_v4(const struct ip *ip)
{
	return ip_v4_number(ip->addr);
}
struct ip ip_from_v4(uint32_t v);
/* RFC 5952 text of an address of family 4 or 6; with bits < full length,
 * "/bits" follows. */
void ip_write(struct buf *b, const struct ip *ip);
void ip_net_write(struct buf *b, const struct ip *ip, unsigned bits);

/*
 * ip_client: the client key of a `fwd` value: the rightmost entry that is no
 * trusted proxy, as IPv4 /32 or IPv6 /64 (masked). Family 0 when that entry is
 * no address or an internal one. *extra (may be NULL) tells whether there were
 * entries left of it: weak evidence of a forged header.
 */
struct ip ip_client(sv fwd, const struct ip_net *trusted, size_t ntrusted,
    bool *extra);
/* Is it a dotted quad and nothing else? */
bool ip_parse_v4(sv v, struct ip *out);
/* Is it the client, where it stands alone? */
bool ip_is_client(const struct ip *ip, const struct ip_net *trusted,
    size_t ntrusted);

#endif
