/* SPDX-License-Identifier: MIT */
#include "base/ip.h"

#include "test/ck.h"

Suite *test_ip(void);

static const struct {
	const char *text;
	bool port;
	const char *want; /* NULL: refused */
} addrs[] = {
	{ "198.51.100.7", false, "198.51.100.7" },
	{ "0.0.0.0", false, "0.0.0.0" },
	{ "255.255.255.255", false, "255.255.255.255" },
	{ "256.1.1.1", false, NULL },
	{ "1.2.3.04", false, NULL },
	{ "01.2.3.4", false, NULL },
	{ "1.2.3", false, NULL },
	{ "1.2.3.", false, NULL },
	{ "1.2.3.4.", false, NULL },
	{ "1.2.3.4.5", false, NULL },
	{ ".1.2.3.4", false, NULL },
	{ "1..3.4", false, NULL },
	{ "1.2.3.+4", false, NULL },
	{ "0x1.2.3.4", false, NULL },
	{ "16909060", false, NULL },
	{ " 1.2.3.4", false, NULL },
	{ "1.2.3.4 ", false, NULL },
	{ "1.2.3.\xb2", false, NULL },
	{ "", false, NULL },
	{ "unknown", false, NULL },
	{ "1.2.3.4:80", true, "1.2.3.4" },
	{ "1.2.3.4:65535", true, "1.2.3.4" },
	{ "1.2.3.4:0", true, "1.2.3.4" },
	{ "1.2.3.4:65536", true, NULL },
	{ "1.2.3.4:", true, NULL },
	{ "1.2.3.4:8a", true, NULL },
	{ "1.2.3.4:80", false, NULL },
	{ "[1.2.3.4]", true, NULL },
	{ "::", false, "::" },
	{ "::1", false, "::1" },
	{ "1::", false, "1::" },
	{ "2001:db8::1", true, "2001:db8::1" },
	{ "2001:DB8:0:0:0:0:0:1", false, "2001:db8::1" },
	{ "2001:db8:0:1:1:1:1:1", false, "2001:db8:0:1:1:1:1:1" },
	{ "2001:0:0:1:0:0:0:1", false, "2001:0:0:1::1" },
	{ "2001:db8:0:0:1:0:0:1", false, "2001:db8::1:0:0:1" },
	{ "1:2:3:4:5:6:7::", false, "1:2:3:4:5:6:7:0" },
	{ "::2:3:4:5:6:7:8", false, "0:2:3:4:5:6:7:8" },
	{ "1:0:0:4:5:6:0:0", false, "1::4:5:6:0:0" },
	{ "1:2:3:4:5:6:0:0", false, "1:2:3:4:5:6::" },
	{ "fe80::1%eth0", false, "fe80::1" },
	{ "fe80::1%", false, NULL },
	{ "[::1]", false, "::1" },
	{ "[::1]:443", true, "::1" },
	{ "[::1]:443", false, NULL },
	{ "[::1]:", true, NULL },
	{ "[::1]443", true, NULL },
	{ "[::1", false, NULL },
	{ "::1]", false, NULL },
	{ "[fe80::1%1]:80", true, "fe80::1" },
	{ "::ffff:198.51.100.7", false, "198.51.100.7" },
	{ "::ffff:c633:6407", false, "198.51.100.7" },
	{ "[::ffff:198.51.100.7]:80", true, "198.51.100.7" },
	{ "::198.51.100.7", false, "::c633:6407" },
	{ "64:ff9b::198.51.100.7", false, "64:ff9b::c633:6407" },
	{ "1:2:3:4:5:6:1.2.3.4", false, "1:2:3:4:5:6:102:304" },
	{ "1:2:3:4:5:6:7:1.2.3.4", false, NULL },
	{ "::1.2.3.4:5", false, NULL },
	{ "1.2.3.4::", false, NULL },
	{ "::1.2.3.256", false, NULL },
	{ "1:2:3:4:5:6:7", false, NULL },
	{ "1:2:3:4:5:6:7:8:9", false, NULL },
	{ "1::2:3:4:5:6:7:8", false, NULL },
	{ "1::2::3", false, NULL },
	{ ":::", false, NULL },
	{ ":1:2:3:4:5:6:7:8", false, NULL },
	{ ":1::2", false, NULL },
	{ "1::2:", false, NULL },
	{ "1:2:3:4:5:6:7:", false, NULL },
	{ "12345::", false, NULL },
	{ "g::", false, NULL },
	{ ":", false, NULL },
	{ "1:2", true, NULL },
};

START_TEST(addresses)
{
	struct buf b = BUF_INIT;
	struct ip ip = { 0 };
	bool ok = ip_parse(sv_str(addrs[_i].text), addrs[_i].port, &ip);

	ck_assert_msg(ok == (addrs[_i].want != NULL), "%s", addrs[_i].text);
	if (ok) {
		ip_write(&b, &ip);
		ck_sv(buf_sv(&b), sv_str(addrs[_i].want));
	} else {
		ck_assert_uint_eq(ip.family, 0);
	}
	buf_release(&b);
}
END_TEST

START_TEST(embedded_nul)
{
	struct ip ip;

	ck_assert(!ip_parse(SV("1.2.3.4\0"), false, &ip));
	ck_assert(!ip_parse(SV("1.2\0003.4"), false, &ip));
	ck_assert(!ip_parse(SV("::1\0"), false, &ip));
	ck_assert(!ip_parse(SV_NULL, true, &ip));
}
END_TEST

static const struct {
	const char *text, *want;
} nets[] = {
	{ "198.51.100.0/24", "198.51.100.0/24" },
	{ "198.51.100.7", "198.51.100.7" },
	{ "198.51.100.7/32", "198.51.100.7" },
	{ "0.0.0.0/0", "0.0.0.0/0" },
	{ "10.128.0.0/9", "10.128.0.0/9" },
	{ "2001:db8::/32", "2001:db8::/32" },
	{ "::/0", "::/0" },
	{ "::1/128", "::1" },
	{ "::ffff:10.0.0.0/104", "10.0.0.0/8" },
	{ "::ffff:10.0.0.1", "10.0.0.1" },
	{ "::ffff:10.0.0.0/95", NULL },
	{ "198.51.100.1/24", NULL },
	{ "10.64.0.0/9", NULL },
	{ "2001:db8::1/64", NULL },
	{ "10.0.0.0/33", NULL },
	{ "2001:db8::/129", NULL },
	{ "10.0.0.0/", NULL },
	{ "10.0.0.0/08", NULL },
	{ "10.0.0.0/-1", NULL },
	{ "10.0.0.0/8/8", NULL },
	{ "10.0.0.0:80/8", NULL },
	{ "10.0.0.0/255.0.0.0", NULL },
	{ "/8", NULL },
	{ "", NULL },
};

START_TEST(networks)
{
	struct buf b = BUF_INIT;
	struct ip_net net;
	bool ok = ip_net_parse(sv_str(nets[_i].text), &net);

	ck_assert_msg(ok == (nets[_i].want != NULL), "%s", nets[_i].text);
	if (ok) {
		ip_net_write(&b, &net.ip, net.bits);
		ck_sv(buf_sv(&b), sv_str(nets[_i].want));
	}
	buf_release(&b);
}
END_TEST

static struct ip
addr(const char *text)
{
	struct ip ip = { 0 };

	ck_assert(ip_parse(sv_str(text), false, &ip));
	return ip;
}

static struct ip_net
net(const char *text)
{
	struct ip_net n = { { 0 }, 0 };

	ck_assert(ip_net_parse(sv_str(text), &n));
	return n;
}

static const struct {
	const char *ip, *net;
	bool want;
} members[] = {
	{ "10.0.0.0", "10.0.0.0/8", true },
	{ "10.255.255.255", "10.0.0.0/8", true },
	{ "11.0.0.0", "10.0.0.0/8", false },
	{ "9.255.255.255", "10.0.0.0/8", false },
	{ "10.127.255.255", "10.128.0.0/9", false },
	{ "10.128.0.1", "10.128.0.0/9", true },
	{ "203.0.113.9", "0.0.0.0/0", true },
	{ "::1", "0.0.0.0/0", false },
	{ "1.2.3.4", "::/0", false },
	{ "2001:db8::ff", "2001:db8::/32", true },
	{ "2001:db9::", "2001:db8::/32", false },
	{ "2001:db8:0:1::", "2001:db8::/64", false },
	{ "::1", "::1/128", true },
	{ "::2", "::1/128", false },
	{ "::ffff:10.1.2.3", "10.0.0.0/8", true },
};

START_TEST(membership)
{
	struct ip ip = addr(members[_i].ip);
	struct ip_net n = net(members[_i].net);

	ck_assert(ip_in_net(&ip, &n) == members[_i].want);
}
END_TEST

START_TEST(masks)
{
	struct buf b = BUF_INIT;
	struct ip a = ip_mask(addr("198.51.100.255"), 25, 64);
	struct ip c = ip_mask(addr("2001:db8:1:2:3:4:5:6"), 25, 64);
	struct ip z = ip_mask(addr("198.51.100.255"), 0, 0);

	ip_write(&b, &a);
	buf_byte(&b, ' ');
	ip_write(&b, &c);
	buf_byte(&b, ' ');
	ip_write(&b, &z);
	buf_byte(&b, ' ');
	ip_net_write(&b, &c, 64);
	ck_sv_lit(buf_sv(&b),
	    "198.51.100.128 2001:db8:1:2:: 0.0.0.0 2001:db8:1:2::/64");
	buf_release(&b);
}
END_TEST

START_TEST(v4_as_number)
{
	struct ip ip = addr("198.51.100.7"), back;

	ck_assert_uint_eq(ip_v4(&ip), 0xc6336407);
	back = ip_from_v4(0xc6336407);
	ck_assert_mem_eq(&ip, &back, sizeof(ip));
}
END_TEST

static const struct {
	const char *ip;
	bool want;
} internal[] = {
	{ "10.1.2.3", true }, { "127.0.0.1", true }, { "0.0.0.0", true },
	{ "169.254.0.1", true }, { "192.168.255.255", true },
	{ "172.15.255.255", false }, { "172.16.0.0", true },
	{ "172.31.255.255", true }, { "172.32.0.0", false },
	{ "100.63.255.255", false }, { "100.64.0.0", true },
	{ "100.127.255.255", true }, { "100.128.0.0", false },
	{ "192.169.0.0", false }, { "198.51.100.7", false },
	{ "::", true }, { "::1", true }, { "::2", false },
	{ "fc00::1", true }, { "fdff::1", true }, { "fe00::1", false },
	{ "fe80::1", true }, { "febf::1", true }, { "fec0::1", false },
	{ "2001:db8::1", false }, { "::ffff:10.0.0.1", true },
};

START_TEST(internal_addresses)
{
	struct ip ip = addr(internal[_i].ip);

	ck_assert_msg(ip_is_internal(&ip) == internal[_i].want, "%s",
	    internal[_i].ip);
}
END_TEST

static const struct {
	const char *fwd, *want; /* NULL: no client */
	bool extra;
} clients[] = {
	{ "198.51.100.7", "198.51.100.7", false },
	{ " 198.51.100.7 ", "198.51.100.7", false },
	{ "1.1.1.1, 198.51.100.7", "198.51.100.7", true },
	{ "1.1.1.1,198.51.100.7", "198.51.100.7", true },
	{ "junk, 198.51.100.7", "198.51.100.7", true },
	{ ",198.51.100.7", "198.51.100.7", true },
	{ "198.51.100.7, 203.0.113.9", "198.51.100.7", false },
	{ "1.1.1.1, 198.51.100.7, 203.0.113.9", "198.51.100.7", true },
	{ "198.51.100.7, 203.0.113.9, 2001:db8:ffff::1", "198.51.100.7",
	    false },
	{ "203.0.113.9", NULL, false },
	{ "203.0.113.9, 203.0.113.8", NULL, false },
	{ "198.51.100.7, 10.0.0.1", NULL, true },
	{ "198.51.100.7, junk", NULL, true },
	{ "198.51.100.7,", NULL, true },
	{ "junk", NULL, false },
	{ "", NULL, false },
	{ "198.51.100.7:4711", "198.51.100.7", false },
	{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", false },
	{ "[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::", false },
	{ "::ffff:198.51.100.7", "198.51.100.7", false },
};

START_TEST(client_rule)
{
	struct ip_net trusted[] = { net("203.0.113.0/24"),
	    net("2001:db8:ffff::/48") };
	struct buf b = BUF_INIT;
	sv fwd = sv_str(clients[_i].fwd);
	bool extra = !clients[_i].extra;
	struct ip ip = ip_client(fwd, trusted, countof(trusted), &extra);

	ck_assert(extra == clients[_i].extra);
	ck_assert_msg((ip.family != 0) == (clients[_i].want != NULL), "%s",
	    clients[_i].fwd);
	if (ip.family) {
		ip_write(&b, &ip);
		ck_sv(buf_sv(&b), sv_str(clients[_i].want));
	}
	buf_release(&b);
}
END_TEST

START_TEST(client_without_proxies)
{
	struct ip ip = ip_client(SV("1.1.1.1, 203.0.113.9"), NULL, 0, NULL);

	ck_assert_uint_eq(ip_v4(&ip), 0xcb007109);
	ip = ip_client(SV_NULL, NULL, 0, NULL);
	ck_assert_uint_eq(ip.family, 0);
}
END_TEST

Suite *
test_ip(void)
{
	Suite *s = suite_create("ip");
	TCase *tc = tcase_create("addresses");

	suite_add_tcase(s, tc);
	add_table(tc, addresses, addrs);
	tcase_add_test(tc, embedded_nul);
	add_table(tc, networks, nets);
	add_table(tc, membership, members);
	tcase_add_test(tc, masks);
	tcase_add_test(tc, v4_as_number);
	add_table(tc, internal_addresses, internal);
	add_table(tc, client_rule, clients);
	tcase_add_test(tc, client_without_proxies);
	return s;
}
