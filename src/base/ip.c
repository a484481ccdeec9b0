/* SPDX-License-Identifier: MIT */
#include "base/ip.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/swar.h"

enum { GROUPS = 8 };

static unsigned
full_bits(const struct ip *ip)
{
	return ip->family == 4 ? 32 : 128;
}

/* A decimal number up to max without leading zeros. */
static bool
small_number(sv v, unsigned max, unsigned *out)
{
	unsigned n = 0;

	if (v.n == 0 || v.n > 5 || (v.n > 1 && v.p[0] == '0'))
		return false;
	for (size_t i = 0; i < v.n; i++) {
		if (!is_digit(v.p[i]))
			return false;
		n = n * 10 + (unsigned)(v.p[i] - '0');
	}
	*out = n;
	return n <= max;
}

/*
 * Numbers of dotted quads, four bytes at once: each has a digit to three, and what
 * they are is not foreseen. Two are read from the front and two from the end, so
 * that one need not wait for the other, nor any look go over the text's edge.
 */
enum { OCTET = 4, V4_MIN = 7, V4_MAX = 15 };

/* Bytes less '0', the first one lowest. */
static inline uint32_t
load_octet(const char *p)
{
	const unsigned char *q = (const unsigned char *)p;

	return ((uint32_t)q[0] | (uint32_t)q[1] << 8 | (uint32_t)q[2] << 16 |
	    (uint32_t)q[3] << 24) ^ 0x30303030;
}

/* Bit 7 of each byte that is no digit. */
static inline uint64_t
no_digits(uint32_t x)
{
	return (((x & 0x7f7f7f7f) + 0x76767676) | x) & 0x80808080;
}

/* The number of the n highest bytes, of which the others are 0. False: too many or
 * none, more than 255, or with a leading zero. */
static inline bool
octet(uint32_t x, size_t n, uint8_t *out)
{
	static const unsigned least[OCTET + 1] = { 256, 0, 10, 100, 256 };
	unsigned v = (x >> 24) + (x >> 16 & 0xff) * 10 + (x >> 8 & 0xff) * 100;

	*out = (uint8_t)v;
	return v >= least[n] && v <= 255;
}

/* At text[*at], and the dot behind it. */
static inline bool
take_first(const char *text, size_t *at, uint8_t *out)
{
	uint32_t x = load_octet(text + *at);
	size_t n = swar_first(no_digits(x) | UINT64_C(1) << 8 * OCTET);

	*at += n + 1;
	return octet((uint32_t)((uint64_t)x << 8 * (OCTET - n)), n, out) &&
	    text[*at - 1] == '.';
}

/* Before text[*end]. */
static inline bool
take_last(const char *text, size_t *end, uint8_t *out)
{
	uint32_t x = load_octet(text + (*end - OCTET));
	size_t n = OCTET - swar_last(no_digits(x) << 8 | 1);

	*end -= n;
	return octet(x & (uint32_t)(UINT64_C(0xffffffff) << 8 * (OCTET - n)),
	    n, out);
}

/* Four decimal numbers up to 255 without leading zeros. */
static bool
read_v4(sv v, uint8_t out[4])
{
	size_t at = 0, end = v.n;

	return end >= V4_MIN && end <= V4_MAX &&
	    take_first(v.p, &at, &out[0]) && end - at >= 5 &&
	    take_first(v.p, &at, &out[1]) &&
	    take_last(v.p, &end, &out[3]) && end - at >= 2 &&
	    v.p[--end] == '.' &&
	    take_last(v.p, &end, &out[2]) && end == at;
}

bool
ip_parse_v4(sv v, struct ip *out)
{
	struct ip ip = { .family = 4 };

	if (!read_v4(v, ip.addr))
		return false;
	*out = ip;
	return true;
}

static bool
read_group(sv v, uint8_t out[2])
{
	unsigned n = 0;

	if (v.n == 0 || v.n > 4)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		int d = hex_value(v.p[i]);

		if (d < 0)
			return false;
		n = n << 4 | (unsigned)d;
	}
	out[0] = (uint8_t)(n >> 8);
	out[1] = (uint8_t)n;
	return true;
}

/* Colon-separated groups, the last one maybe a dotted quad when `tail`. */
static bool
read_groups(sv v, bool tail, uint8_t out[16], size_t *bytes)
{
	size_t n = 0;

	while (v.n) {
		sv part = sv_cut(&v, ':');

		if (n == 16 || (!sv_null(v) && v.n == 0))
			return false;
		if (tail && sv_null(v) && n <= 12 && read_v4(part, out + n)) {
			n += 4;
		} else if (read_group(part, out + n)) {
			n += 2;
		} else {
			return false;
		}
	}
	*bytes = n;
	return true;
}

static bool
read_v6(sv v, uint8_t out[16])
{
	size_t gap = sv_find(v, SV("::")), nhead, ntail;
	uint8_t tail[16];

	memset(out, 0, 16);
	if (gap == v.n)
		return read_groups(v, true, out, &nhead) && nhead == 16;
	if (!read_groups(sv_take(v, gap), false, out, &nhead) ||
	    !read_groups(sv_skip(v, gap + 2), true, tail, &ntail))
		return false;
	/* invariant: "::" stands for at least one group */
	if (nhead + ntail > 14)
		return false;
	memcpy(out + 16 - ntail, tail, ntail);
	return true;
}

static void
unmap(struct ip *ip)
{
	static const uint8_t prefix[12] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
	};

	if (memcmp(ip->addr, prefix, sizeof(prefix)) == 0)
		*ip = ip_from_v4((uint32_t)ip->addr[12] << 24 |
		    (uint32_t)ip->addr[13] << 16 |
		    (uint32_t)ip->addr[14] << 8 | ip->addr[15]);
}

static bool
parse_v6(sv v, struct ip *out)
{
	size_t zone = sv_find_byte(v, '%');
	struct ip ip = { .family = 6 };

	if (zone + 1 == v.n || !read_v6(sv_take(v, zone), ip.addr))
		return false;
	unmap(&ip);
	*out = ip;
	return true;
}

static bool
port_ok(sv v)
{
	unsigned n;

	return small_number(v, 65535, &n);
}

static bool
parse_bracketed(sv v, bool port, struct ip *out)
{
	sv inner = sv_cut(&v, ']');

	if (sv_null(v))
		return false;
	if (v.n && !(port && sv_skip_lit(&v, SV(":")) && port_ok(v)))
		return false;
	return parse_v6(inner, out);
}

bool
ip_parse(sv v, bool port, struct ip *out)
{
	size_t colon;

	if (ip_parse_v4(v, out))
		return true;
	colon = sv_find_byte(v, ':');
	if (sv_skip_lit(&v, SV("[")))
		return parse_bracketed(v, port, out);
	if (colon == v.n)
		return false;
	if (port && port_ok(sv_skip(v, colon + 1)) &&
	    ip_parse_v4(sv_take(v, colon), out))
		return true;
	return parse_v6(v, out);
}

bool
ip_net_parse(sv v, struct ip_net *out)
{
	sv rest = v, addr = sv_cut(&rest, '/');
	struct ip_net net;
	struct ip masked;
	unsigned full, bits, mapped = 0;

	if (ip_parse_v4(v, &out->ip)) {
		out->bits = 32;
		return true;
	}
	if (!ip_parse(addr, false, &net.ip))
		return false;
	full = full_bits(&net.ip);
	if (net.ip.family == 4 && sv_has(addr, SV(":")))
		mapped = 96;
	bits = full + mapped;
	if (!sv_null(rest) && !small_number(rest, full + mapped, &bits))
		return false;
	if (bits < mapped)
		return false;
	bits -= mapped;
	masked = ip_mask(net.ip, bits, bits);
	if (memcmp(masked.addr, net.ip.addr, sizeof(masked.addr)) != 0)
		return false;
	net.bits = (uint8_t)bits;
	*out = net;
	return true;
}

struct ip
ip_mask(struct ip ip, unsigned bits4, unsigned bits6)
{
	unsigned bits = ip.family == 4 ? bits4 : bits6;

	if (ip.family == 4 && bits == 32)
		return ip; /* the rest of the bytes are 0 */
	for (unsigned i = 0; i < sizeof(ip.addr); i++) {
		unsigned keep = bits > 8 * i ? bits - 8 * i : 0;

		if (keep < 8)
			ip.addr[i] &= (uint8_t)(0xff00u >> keep);
	}
	return ip;
}

bool
ip_in_net(const struct ip *ip, const struct ip_net *net)
{
	unsigned whole = net->bits / 8, bits = net->bits % 8, i = 0;

	if (ip->family != net->ip.family)
		return false;
	while (i < whole && ip->addr[i] == net->ip.addr[i])
		i++;
	return i == whole && (bits == 0 ||
	    (ip->addr[i] ^ net->ip.addr[i]) >> (8 - bits) == 0);
}

/* By the first number; all but a few have none. */
static bool
is_internal_v4(uint32_t a)
{
	static const struct first {
		bool some;
		uint8_t mask, second; /* these bits of the second are these */
	} by_first[256] = {
		[0] = { true, 0, 0 }, [10] = { true, 0, 0 },
		[100] = { true, 0xc0, 64 }, [127] = { true, 0, 0 },
		[169] = { true, 0xff, 254 }, [172] = { true, 0xf0, 16 },
		[192] = { true, 0xff, 168 },
	};
	const struct first *net = &by_first[a >> 24];

	return net->some && (a >> 16 & net->mask) == net->second;
}

bool
ip_is_internal(const struct ip *ip)
{
	static const struct ip_net table[] = {
		{ { 6, { 0 } }, 128 },
		{ { 6, { [15] = 1 } }, 128 },
		{ { 6, { 0xfc } }, 7 },
		{ { 6, { 0xfe, 0x80 } }, 10 },
	};

	if (ip->family == 4)
		return is_internal_v4(ip_v4(ip));
	for (size_t i = 0; i < countof(table); i++)
		if (ip_in_net(ip, &table[i]))
			return true;
	return false;
}

struct ip
ip_from_v4(uint32_t v)
{
	return (struct ip){ 4, { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v } };
}

static unsigned
group(const struct ip *ip, size_t i)
{
	return (unsigned)ip->addr[2 * i] << 8 | ip->addr[2 * i + 1];
}

/* The longest run of zero groups, the first of equal ones; *len is 0 when no
 * run has two. */
static size_t
zero_run(const struct ip *ip, size_t *len)
{
	size_t best = 0, n = 0;

	*len = 0;
	for (size_t i = 0; i < GROUPS; i++) {
		n = group(ip, i) ? 0 : n + 1;
		if (n > 1 && n > *len) {
			*len = n;
			best = i + 1 - n;
		}
	}
	return best;
}

static void
write_v6(struct buf *b, const struct ip *ip)
{
	size_t len, gap = zero_run(ip, &len);

	for (size_t i = 0; i < GROUPS; i++) {
		if (len && i == gap) {
			buf_lit(b, "::");
			i += len - 1;
			continue;
		}
		if (i && !(len && i == gap + len))
			buf_byte(b, ':');
		buf_printf(b, "%x", group(ip, i));
	}
}

/* Returns where it ends. */
static char *
put_octet(char *to, unsigned v)
{
	if (v > 99)
		*to++ = (char)('0' + v / 100);
	if (v > 9)
		*to++ = (char)('0' + v / 10 % 10);
	*to++ = (char)('0' + v % 10);
	return to;
}

static void
write_v4(struct buf *b, const struct ip *ip)
{
	char text[sizeof("255.255.255.255.")], *to = text;

	for (int i = 0; i < 4; i++) {
		to = put_octet(to, ip->addr[i]);
		*to++ = '.';
	}
	buf_mem(b, text, (size_t)(to - text) - 1);
}

void
ip_write(struct buf *b, const struct ip *ip)
{
	assert(ip->family == 4 || ip->family == 6);
	if (ip->family == 4)
		write_v4(b, ip);
	else
		write_v6(b, ip);
}

void
ip_net_write(struct buf *b, const struct ip *ip, unsigned bits)
{
	ip_write(b, ip);
	if (bits < full_bits(ip)) {
		buf_byte(b, '/');
		buf_u64(b, bits);
	}
}

static bool
is_trusted(const struct ip *ip, const struct ip_net *trusted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ip_in_net(ip, &trusted[i]))
			return true;
	return false;
}

/* The entry after the last comma; *fwd keeps what is before it, null when
 * that was the only one. */
static sv
cut_last(sv *fwd)
{
	size_t start = fwd->n;
	sv last;

	while (start > 0 && fwd->p[start - 1] != ',')
		start--;
	last = sv_skip(*fwd, start);
	*fwd = start ? sv_take(*fwd, start - 1) : SV_NULL;
	return sv_trim(last);
}

/* Of an address that no proxy has. */
static struct ip
client_of(struct ip ip)
{
	const struct ip none = { 0 };

	return ip.family == 0 || ip_is_internal(&ip) ? none :
	    ip_mask(ip, 32, 64);
}

struct ip
ip_client(sv fwd, const struct ip_net *trusted, size_t ntrusted, bool *extra)
{
	struct ip none = { 0 }, ip = none;
	bool found = false;

	while (!found && !sv_null(fwd)) {
		sv entry = cut_last(&fwd);

		if (!ip_parse(entry, true, &ip))
			ip = none;
		found = !is_trusted(&ip, trusted, ntrusted);
	}
	if (extra)
		*extra = found && !sv_null(fwd);
	return found ? client_of(ip) : none;
}

bool
ip_is_client(const struct ip *ip, const struct ip_net *trusted, size_t ntrusted)
{
	return ip->family && !is_trusted(ip, trusted, ntrusted) &&
	    !ip_is_internal(ip);
}
