/* SPDX-License-Identifier: MIT */
#include "base/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "test/ck.h"

Suite *test_outfile(void);

static char folder[40], file[60], other[60];

static void
setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/raxx-outfile-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/out", folder);
	snprintf(other, sizeof(other), "%s/other", folder);
}

static void
teardown(void)
{
	remove(file);
	remove(other);
	ck_assert_int_eq(rmdir(folder), 0); /* no draft is left */
}

static void
put_file(const char *path, sv text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	struct err e = ERR_INIT;

	ck_assert(fd >= 0 && io_write_all(fd, text, &e));
	close(fd);
}

static void
check_file(const char *path, sv want)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	sv have;

	ck_assert_msg(io_read_file(&a, path, 100, &have, &e), "%s", e.msg);
	ck_sv(have, want);
	arena_release(&a);
}

/* Files in the folder. */
static int
count(void)
{
	DIR *d = opendir(folder);
	struct dirent *at;
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while ((at = readdir(d)) != NULL)
		n += at->d_name[0] != '.';
	closedir(d);
	return n;
}

static void
start(struct outfile *f, bool force)
{
	struct err e = ERR_INIT;

	ck_assert_msg(outfile_open(f, file, force, &e), "%s", e.msg);
	ck_assert(outfile_write(f, SV("new "), &e));
	ck_assert(outfile_write(f, SV("text"), &e));
}

/* A loop: without force, with it. */
START_TEST(a_new_file)
{
	struct outfile f = OUTFILE_INIT;
	struct err e = ERR_INIT;
	struct stat sb;

	umask(0);
	start(&f, _i);
	ck_assert_int_ne(access(file, F_OK), 0);
	ck_assert_int_eq(fstat(f.fd, &sb), 0);
	ck_assert_uint_eq(sb.st_mode & 0777, 0600);
	ck_assert_msg(outfile_keep(&f, &e), "%s", e.msg);
	check_file(file, SV("new text"));
	ck_assert_int_eq(count(), 1);
	outfile_discard(&f);
	check_file(file, SV("new text"));
}
END_TEST

START_TEST(over_an_old_one)
{
	struct outfile f = OUTFILE_INIT;
	struct err e = ERR_INIT;
	struct stat sb;

	put_file(file, SV("old"));
	ck_assert_int_eq(link(file, other), 0);
	ck_assert(!outfile_open(&f, file, false, &e));
	ck_assert(e.status == ST_FAIL && strstr(e.msg, "output-exists"));
	e.status = ST_OK;
	start(&f, true);
	check_file(file, SV("old"));
	ck_assert_msg(outfile_keep(&f, &e), "%s", e.msg);
	check_file(file, SV("new text"));
	check_file(other, SV("old"));
	ck_assert_int_eq(stat(file, &sb), 0);
	ck_assert_uint_eq(sb.st_mode & 0777, 0600);
}
END_TEST

START_TEST(discarded)
{
	struct outfile f = OUTFILE_INIT;

	put_file(file, SV("old"));
	outfile_discard(&f);
	start(&f, true);
	ck_assert_int_eq(count(), 2);
	outfile_discard(&f);
	outfile_discard(&f);
	ck_assert_int_eq(count(), 1);
	check_file(file, SV("old"));
}
END_TEST

/* What came after the start is nobody's to overwrite. */
START_TEST(came_meanwhile)
{
	struct outfile f = OUTFILE_INIT;
	struct err e = ERR_INIT;

	start(&f, _i);
	put_file(file, SV("another's"));
	ck_assert(!outfile_keep(&f, &e));
	ck_assert(e.status == ST_FAIL && strstr(e.msg, "output-exists"));
	check_file(file, SV("another's"));
}
END_TEST

START_TEST(link_came_meanwhile)
{
	struct outfile f = OUTFILE_INIT;
	struct err e = ERR_INIT;

	put_file(file, SV("old"));
	put_file(other, SV("target"));
	start(&f, true);
	ck_assert(unlink(file) == 0 && symlink(other, file) == 0);
	ck_assert(!outfile_keep(&f, &e));
	ck_assert(e.status == ST_FAIL && strstr(e.msg, "output-refused"));
	check_file(other, SV("target"));
}
END_TEST

static void
make_link(void)
{
	put_file(other, SV("target"));
	ck_assert_int_eq(symlink(other, file), 0);
}

static void
make_dangling(void)
{
	ck_assert_int_eq(symlink(other, file), 0);
}

static void
make_fifo(void)
{
	ck_assert_int_eq(mkfifo(file, 0600), 0);
}

static void
make_folder(void)
{
	ck_assert_int_eq(mkdir(file, 0700), 0);
}

static void (*const odd[])(void) = {
	make_link, make_dangling, make_fifo, make_folder,
};

START_TEST(no_regular_file)
{
	struct outfile f = OUTFILE_INIT;
	struct stat sb;

	odd[_i]();
	for (int force = 0; force < 2; force++) {
		struct err e = ERR_INIT;
		int before = count();
		bool there;

		ck_assert(!outfile_open(&f, file, force, &e));
		ck_assert(e.status == ST_FAIL &&
		    sv_starts(sv_str(e.msg), SV("output-refused: ")));
		ck_assert(!outfile_look(file, &there, &sb, &e) && there);
		ck_assert_int_eq(count(), before);
	}
}
END_TEST

static const char *const nowhere[] = { "", "/nonexistent/a/b", "/dev/null/x" };

START_TEST(no_such_place)
{
	struct outfile f = OUTFILE_INIT;
	struct err e = ERR_INIT;

	ck_assert(!outfile_open(&f, nowhere[_i], true, &e));
	ck_assert(e.status == ST_FAIL && f.fd < 0 && f.draft.n == 0);
}
END_TEST

START_TEST(looks)
{
	struct err e = ERR_INIT;
	struct stat sb;
	bool there;

	ck_assert(outfile_look(file, &there, &sb, &e) && !there);
	ck_assert_int_eq(errno, ENOENT);
	put_file(file, SV("four"));
	ck_assert(outfile_look(file, &there, &sb, &e) && there);
	ck_assert_int_eq(sb.st_size, 4);
}
END_TEST

Suite *
test_outfile(void)
{
	Suite *s = suite_create("outfile");
	TCase *tc = tcase_create("files");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_new_file, 0, 2);
	tcase_add_test(tc, over_an_old_one);
	tcase_add_test(tc, discarded);
	tcase_add_loop_test(tc, came_meanwhile, 0, 2);
	tcase_add_test(tc, link_came_meanwhile);
	add_table(tc, no_regular_file, odd);
	add_table(tc, no_such_place, nowhere);
	tcase_add_test(tc, looks);
	return s;
}
