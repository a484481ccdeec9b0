/* SPDX-License-Identifier: MIT */
#include "record/keyfile.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "test/ck.h"

Suite *test_keyfile(void);

static char folder[32];
static char deep[80], file[80];
static uint8_t key[REDACT_KEY_LEN];

static void
setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/raxx-keyfile-XXXXXX");
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

/* A link to a key is followed; one to nothing makes no key elsewhere. */
START_TEST(link_to_key)
{
	uint8_t again[REDACT_KEY_LEN];
	struct err e = ERR_INIT;

	write_key(SV(HEX64), 0600);
	snprintf(deep, sizeof(deep), "%s/a", folder);
	ck_assert_int_eq(symlink(file, deep), 0);
	ck_assert_msg(keyfile_load(deep, true, key, &e), "%s", e.msg);
	ck_assert(keyfile_load(file, false, again, &e));
	ck_assert_mem_eq(key, again, sizeof(key));
	ck_assert_int_eq(chmod(file, 0644), 0);
	ck_assert(!keyfile_load(deep, true, key, &e));
	ck_assert_int_eq(unlink(file), 0);
	e = (struct err)ERR_INIT;
	ck_assert(!keyfile_load(deep, true, key, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert_int_ne(access(file, F_OK), 0);
}
END_TEST

START_TEST(relative_path)
{
	uint8_t again[REDACT_KEY_LEN];
	struct err e = ERR_INIT;

	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_msg(keyfile_load("key", true, key, &e), "%s", e.msg);
	ck_assert(keyfile_load(file, false, again, &e));
	ck_assert_mem_eq(key, again, sizeof(key));
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

/* How many files the folder holds. */
static int
count_files(void)
{
	DIR *d = opendir(folder);
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

START_TEST(folder_is_read_only)
{
	struct err e = ERR_INIT;

	if (geteuid() == 0)
		return; /* to root no folder is */
	ck_assert_int_eq(chmod(folder, 0500), 0);
	ck_assert(!keyfile_load(file, true, key, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert_int_eq(chmod(folder, 0700), 0);
	ck_assert_int_eq(count_files(), 0);
}
END_TEST

enum { RACERS = 8 };

/* Makes the key once the gate opens, and tells it. */
static void
race(int gate, int tell)
{
	struct err e = ERR_INIT;
	char go;
	bool ok = read(gate, &go, 1) == 0 && keyfile_load(file, true, key, &e) &&
	    write(tell, key, sizeof(key)) == (ssize_t)sizeof(key);

	_exit(ok ? 0 : 1);
}

/* All processes that make the key at once end with the same one. */
START_TEST(made_at_once)
{
	uint8_t first[REDACT_KEY_LEN];
	struct err e = ERR_INIT;
	int gate[2], tell[2], status;

	ck_assert(pipe(gate) == 0 && pipe(tell) == 0);
	for (int i = 0; i < RACERS; i++) {
		pid_t pid = fork();

		ck_assert_int_ge(pid, 0);
		if (pid == 0) {
			close(gate[1]);
			race(gate[0], tell[1]);
		}
	}
	close(gate[1]);
	for (int i = 0; i < RACERS; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	ck_assert(keyfile_load(file, false, first, &e));
	for (int i = 0; i < RACERS; i++) {
		ck_assert_int_eq(read(tell[0], key, sizeof(key)), sizeof(key));
		ck_assert_mem_eq(key, first, sizeof(key));
	}
	ck_assert_int_eq(count_files(), 1);
	close(gate[0]);
	close(tell[0]);
	close(tell[1]);
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
	tcase_add_test(tc, link_to_key);
	tcase_add_test(tc, relative_path);
	tcase_add_test(tc, folder_is_read_only);
	tcase_add_loop_test(tc, made_at_once, 0, 20);
	suite_add_tcase(s, tc);
	return s;
}
