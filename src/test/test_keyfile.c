/* SPDX-License-Identifier: MIT */
#include "record/keyfile.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "test/ck.h"

Suite *test_keyfile(void);

static char folder[] = "/tmp/raxx-keyfile-XXXXXX";
static char deep[80], file[80];
static uint8_t key[REDACT_KEY_LEN];

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/key", folder);
	snprintf(deep, sizeof(deep), "%s/a/b/key", folder);
}

static void
teardown(void)
{
	static const char *const names[] = { "key", "a/b/key", "a/b", "a", "." };
	char path[120];

	for (size_t i = 0; i < countof(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		remove(path);
	}
	remove(folder);
}

static void
write_key(sv text, mode_t mode)
{
	struct err e = ERR_INIT;
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert(fd >= 0 && io_write_all(fd, text, &e));
	close(fd);
	ck_assert_int_eq(chmod(file, mode), 0);
}

START_TEST(made_on_first_use)
{
	static const uint8_t zero[REDACT_KEY_LEN];
	uint8_t again[REDACT_KEY_LEN];
	struct err e = ERR_INIT;
	struct stat sb;

	umask(0);
	ck_assert_msg(keyfile_load(deep, true, key, &e), "%s", e.msg);
	ck_assert(memcmp(key, zero, sizeof(key)) != 0);
	ck_assert_int_eq(stat(deep, &sb), 0);
	ck_assert_uint_eq(sb.st_mode & 0777, 0600);
	ck_assert_int_eq(sb.st_size, 65);
	snprintf(file, sizeof(file), "%s/a", folder);
	ck_assert_int_eq(stat(file, &sb), 0);
	ck_assert_uint_eq(sb.st_mode & 0777, 0700);
	ck_assert(keyfile_load(deep, true, again, &e));
	ck_assert_mem_eq(key, again, sizeof(key));
	ck_assert(keyfile_load(deep, false, again, &e));
	ck_assert_mem_eq(key, again, sizeof(key));
}
END_TEST

START_TEST(not_made_unless_asked)
{
	struct err e = ERR_INIT;

	ck_assert(!keyfile_load(file, false, key, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert_int_ne(access(file, F_OK), 0);
}
END_TEST

#define HEX32 "00112233445566778899aabbccddeeff"
#define HEX64 HEX32 HEX32

static const struct {
	const char *text;
	unsigned mode;
	const char *why; /* NULL: good */
} files[] = {
	{ HEX64 "\n", 0600, NULL },
	{ HEX64, 0400, NULL },
	{ "  " HEX64 "\r\n\n", 0600, NULL },
	{ HEX32 "00112233445566778899AABBCCDDEEFF\n", 0600, NULL },
	{ HEX64 "\n", 0640, "mode 640" },
	{ HEX64 "\n", 0604, "mode 604" },
	{ HEX64 "\n", 0620, "mode 620" },
	{ "", 0600, "64 hexadecimal" },
	{ HEX32, 0600, "64 hexadecimal" },
	{ HEX64 "0", 0600, "64 hexadecimal" },
	{ HEX32 "x0112233445566778899aabbccddeeff", 0600, "64 hexadecimal" },
	{ HEX32 " 0112233445566778899aabbccddeeff", 0600, "64 hexadecimal" },
};

START_TEST(read_back)
{
	struct err e = ERR_INIT;
	bool ok;

	write_key(sv_str(files[_i].text), (mode_t)files[_i].mode);
	ok = keyfile_load(file, true, key, &e);
	ck_assert_msg(ok == (files[_i].why == NULL), "%s", e.msg);
	if (ok) {
		ck_assert(key[0] == 0 && key[1] == 0x11 && key[31] == 0xff);
		return;
	}
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert_msg(strstr(e.msg, files[_i].why) != NULL, "%s", e.msg);
	ck_assert_msg(strstr(e.msg, "001122") == NULL, "%s", e.msg);
}
END_TEST

START_TEST(no_place_for_it)
{
	struct err e = ERR_INIT;

	write_key(SV("x"), 0600);
	snprintf(deep, sizeof(deep), "%s/key/key", folder);
	ck_assert(!keyfile_load(deep, true, key, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
	e = (struct err)ERR_INIT;
	ck_assert(!keyfile_load(folder, true, key, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

Suite *
test_keyfile(void)
{
	Suite *s = suite_create("keyfile");
	TCase *tc = tcase_create("keyfile");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, made_on_first_use);
	tcase_add_test(tc, not_made_unless_asked);
	add_table(tc, read_back, files);
	tcase_add_test(tc, no_place_for_it);
	suite_add_tcase(s, tc);
	return s;
}
