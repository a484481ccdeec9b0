/* SPDX-License-Identifier: MIT */
#include "detect/auditmac.h"

#include "base/buf.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_auditmac(void);

/* Chain over the key 00 01 .. 1f; each row follows the one before. */
static const struct {
	const char *time, *actor, *action, *detail, *want;
} chain[] = {
	{ "2026-06-12T07:00:00Z", "user:1", "login", NULL,
	    "67bdca0bdabde6f3e52bfd011c9d045f840a5857f2f24ff44bd5c49a10fa3bc7" },
	{ "2026-06-12T07:00:01.5Z", "user:1", "note.update", "",
	    "fc148743b4106a1852c45379f2d03d51469a92601ad88f503b0bd3d1d9581c73" },
	{ "2026-06-12T07:00:02Z", "user:2", "export", "caf\xc3\xa9, \"q\"",
	    "5da9846ff1e8b06ca6135a929611a5e2e179ad585003f506219eb46bdeb5a367" },
};

static struct audit_row
row_of(size_t i)
{
	struct audit_row r = { .seq = (int64_t)i + 1,
		.actor_id = sv_str(chain[i].actor),
		.action = sv_str(chain[i].action),
		.detail = sv_str(chain[i].detail) };

	ck_assert(utc_parse(sv_str(chain[i].time), &r.created_at));
	return r;
}

static void
count_up(struct hmac_key *key)
{
	uint8_t k[32];

	for (size_t i = 0; i < sizeof(k); i++)
		k[i] = (uint8_t)i;
	hmac_key_init(key, k, sizeof(k));
}

START_TEST(chain_of_three)
{
	uint8_t mac[AUDITMAC_LEN] = { 0 }, read[AUDITMAC_LEN];
	struct hmac_key key;

	count_up(&key);
	for (size_t i = 0; i < countof(chain); i++) {
		struct audit_row r = row_of(i);
		struct buf b = BUF_INIT;

		auditmac_row(&key, mac, &r, mac);
		buf_hex(&b, mac, sizeof(mac));
		ck_sv(buf_sv(&b), sv_str(chain[i].want));
		ck_assert(auditmac_read(sv_str(chain[i].want), read));
		ck_assert_mem_eq(read, mac, sizeof(mac));
		buf_release(&b);
	}
}
END_TEST

/* One thing of the second row is other. */
static const struct change {
	int64_t seq, later;
	const char *actor, *action, *detail;
	uint8_t prev, key;
} changes[] = {
	{ .seq = 3 },
	{ .later = 1 },
	{ .actor = "user:2" },
	{ .actor = "user:1 " },
	{ .action = "Note.update" },
	{ .detail = "x" },
	{ .detail = NULL, .action = "note.updat", .actor = "user:1e" },
	{ .prev = 1 },
	{ .key = 1 },
};

START_TEST(every_part_counts)
{
	const struct change *c = &changes[_i];
	uint8_t prev[AUDITMAC_LEN] = { 0 }, want[AUDITMAC_LEN], got[AUDITMAC_LEN];
	struct audit_row r = row_of(1);
	struct hmac_key key;

	count_up(&key);
	auditmac_row(&key, prev, &r, want);
	r.seq = c->seq ? c->seq : r.seq;
	r.created_at += c->later;
	r.actor_id = c->actor ? sv_str(c->actor) : r.actor_id;
	r.action = c->action ? sv_str(c->action) : r.action;
	r.detail = c->detail ? sv_str(c->detail) : r.detail;
	prev[31] = c->prev;
	if (c->key)
		hmac_key_init(&key, "other", 5);
	auditmac_row(&key, prev, &r, got);
	ck_assert_mem_ne(got, want, sizeof(got));
}
END_TEST

START_TEST(null_is_not_empty)
{
	uint8_t prev[AUDITMAC_LEN] = { 0 }, a[AUDITMAC_LEN], b[AUDITMAC_LEN];
	struct audit_row r = row_of(1);
	struct hmac_key key;

	count_up(&key);
	auditmac_row(&key, prev, &r, a);
	r.detail = SV_NULL;
	auditmac_row(&key, prev, &r, b);
	ck_assert_mem_ne(a, b, sizeof(a));
}
END_TEST

/* Text may hold any byte, and where a field ends is part of the message. */
START_TEST(fields_do_not_run_together)
{
	uint8_t prev[AUDITMAC_LEN] = { 0 }, a[AUDITMAC_LEN], b[AUDITMAC_LEN];
	struct audit_row r = { 1, 0, SV("ab"), SV("c"), SV("a\0b") };
	struct hmac_key key;

	count_up(&key);
	auditmac_row(&key, prev, &r, a);
	r.actor_id = SV("a");
	r.action = SV("bc");
	auditmac_row(&key, prev, &r, b);
	ck_assert_mem_ne(a, b, sizeof(a));
	r = (struct audit_row){ 1, 0, SV("ab"), SV("c"), SV("a") };
	auditmac_row(&key, prev, &r, b);
	ck_assert_mem_ne(a, b, sizeof(a));
}
END_TEST

#define DIGITS32 "0123456789abcdefABCDEF0123456789"

static const struct {
	const char *hex;
	bool ok;
} hexes[] = {
	{ DIGITS32 DIGITS32, true },
	{ "", true },
	{ NULL, true },
	{ DIGITS32, false },
	{ DIGITS32 DIGITS32 "0", false },
	{ DIGITS32 "0123456789abcdefABCDEF012345678g", false },
	{ "\\x" DIGITS32 "0123456789abcdefABCDEF01234567", false },
};

START_TEST(hexadecimal)
{
	uint8_t out[AUDITMAC_LEN], none[AUDITMAC_LEN] = { 0 };
	sv hex = sv_str(hexes[_i].hex);

	ck_assert_int_eq(auditmac_read(hex, out), hexes[_i].ok);
	if (hexes[_i].ok && hex.n)
		ck_assert_uint_eq(out[9], 0xCD);
	else
		ck_assert_mem_eq(out, none, sizeof(out));
}
END_TEST

Suite *
test_auditmac(void)
{
	Suite *s = suite_create("auditmac");
	TCase *tc = tcase_create("auditmac");

	tcase_add_test(tc, chain_of_three);
	add_table(tc, every_part_counts, changes);
	tcase_add_test(tc, null_is_not_empty);
	tcase_add_test(tc, fields_do_not_run_together);
	add_table(tc, hexadecimal, hexes);
	suite_add_tcase(s, tc);
	return s;
}
