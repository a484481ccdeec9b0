/* SPDX-License-Identifier: MIT */
#include "base/ip.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/lanes.h"

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
 * Dotted quads: where the dots are is known first, and so is the length of each
 * number, of which none is foreseen. Two are read from their front and two from their
 * end, so that no look goes over the text's edge.
 */
enum { OCTET = 4, V4_MIN = 7, V4_MAX = 15, V4_ROOM = 16 };

/* A bit for each byte. */
struct quad {
	uint64_t dots, digits;
};

static inline void
look_quad(sv v, struct quad *q)
{
	q->dots = q->digits = 0;
	for (size_t at = 0; at < V4_ROOM; at += LANES) {
		size_t from = at < v.n ? at : v.n;
		lanes x = at + LANES <= v.n ? lanes_load(v.p + at) :
		    lanes_load_few(v.p + from, v.n - from);

		q->dots |= lanes_bits(lanes_marks(lanes_within(x, '.', '.'))) <<
		    at;
		q->digits |= lanes_bits(lanes_marks(lanes_within(x, '0', '9'))) <<
		    at;
	}
}

/* The number of the n digits, at most four, that are the highest bytes of x, of which
 * the others are 0. False: too many, more than 255, or with a leading zero. */
static inline bool
octet(uint32_t x, size_t n, uint8_t *out)
{
	/* of so many digits, the last one lowest */
	static const uint32_t least[OCTET + 1] = { UINT32_MAX, 0, 0x100,
		0x10000, UINT32_MAX };
	uint64_t digits = swar_turn((uint64_t)x << 32);

	/* hundreds, tens and ones meet in the third byte; below it nothing is
	 * more than a byte has */
	*out = (uint8_t)((x >> 8) * (100u << 16 | 10 << 8 | 1) >> 16);
	return digits >= least[n] && digits <= 0x020505;
}

/* Bits of the bytes that n digits leave of four. */
static inline unsigned
others(size_t n)
{
	return (unsigned)(8 * (OCTET - n)) % 32;
}

static inline bool
octet_at(const char *p, size_t n, uint8_t *out)
{
	return octet((swar_load4(p) ^ 0x30303030) << others(n), n, out);
}

static inline bool
octet_before(const char *end, size_t n, uint8_t *out)
{
	return octet((swar_load4(end - OCTET) ^ 0x30303030) >> others(n) <<
	    others(n), n, out);
}

/* Four decimal numbers up to 255 without leading zeros. The number is made apart from
 * memory: who reads bytes together that were written one by one waits for them. */
static bool
read_v4(sv v, uint32_t *out)
{
	uint64_t first, second, third;
	uint8_t w = 0, x = 0, y = 0, z = 0;
	struct quad q;
	size_t a, b, c;
	bool ok;

	if (v.n < V4_MIN || v.n > V4_MAX)
		return false;
	look_quad(v, &q);
	first = q.dots;
	second = first & (first - 1);
	third = second & (second - 1);
	if (third == 0 || third & (third - 1) ||
	    (q.dots | q.digits) != (UINT64_C(1) << v.n) - 1)
		return false;
	a = swar_low_bit(first);
	b = swar_low_bit(second);
	c = swar_low_bit(third);
	/* each of a digit to four: then four bytes can be read at each */
	if (((a - 1) | (b - a - 2) | (c - b - 2) | (v.n - c - 2)) > 3)
		return false;
	ok = octet_at(v.p, a, &w); /* without a branch at each */
	ok &= octet_at(v.p + a + 1, b - a - 1, &x);
	ok &= octet_before(v.p + c, c - b - 1, &y);
	ok &= octet_before(v.p + v.n, v.n - c - 1, &z);
	*out = (uint32_t)w << 24 | (uint32_t)x << 16 | (uint32_t)y << 8 | z;
	return ok;
}

bool
ip_parse_v4(sv v, struct ip *out)
{
	uint32_t number;

	if (!read_v4(v, &number))
		return false;
	*out = ip_from_v4(number);
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
	struct ip quad;

	while (v.n) {
		sv part = sv_cut(&v, ':');

		if (n == 16 || (!sv_null(v) && v.n == 0))
			return false;
		if (tail && sv_null(v) && n <= 12 && ip_parse_v4(part, &quad)) {
			memcpy(out + n, quad.addr, 4);
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
	struct ip ip = { .family = 4 };

	swar_store((char *)ip.addr, swar_turn((uint64_t)v << 32));
	return ip;
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
