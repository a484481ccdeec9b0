/* SPDX-License-Identifier: MIT */
#include "base/io.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/ck.h"

Suite *test_io(void);

/* A file of n bytes 'x' under the name it gets; remove it. */
static void
make_file(char name[], size_t n)
{
	int fd = mkstemp(name);

	ck_assert_int_ge(fd, 0);
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
}

static const struct {
	size_t size, max;
	bool ok;
} sizes[] = {
	{ 0, 0, true }, { 0, 10, true }, { 1, 1, true }, { 9, 10, true },
	{ 10, 10, true }, { 11, 10, false }, { 1, 0, false },
	{ 70000, 70000, true }, { 70000, 69999, false },
};

START_TEST(reads_at_most)
{
	char name[] = "/tmp/test_io.XXXXXX";
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	sv text = SV("before");

	make_file(name, sizes[_i].size);
	ck_assert(io_read_file(&a, name, sizes[_i].max, &text, &e) ==
	    sizes[_i].ok);
	unlink(name);
	if (sizes[_i].ok) {
		ck_assert_uint_eq(text.n, sizes[_i].size);
		ck_assert(!sv_null(text));
		ck_assert_int_eq(e.status, ST_OK);
	} else {
		ck_sv_lit(text, "before");
		ck_assert_int_eq(e.status, ST_USAGE);
		ck_assert_ptr_nonnull(strstr(e.msg, name));
	}
	arena_release(&a);
}
END_TEST

static const char *const unreadable[] = {
	"/tmp", "/nonexistent/file", "",
};

START_TEST(cannot_be_read)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	sv text;

	ck_assert(!io_read_file(&a, unreadable[_i], 100, &text, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
	arena_release(&a);
}
END_TEST

/* Reads slowly what the parent writes, and counts it. */
static int
count_bytes(int fd)
{
	char part[100];
	ssize_t n;
	int sum = 0;

	while ((n = read(fd, part, sizeof(part))) > 0)
		sum += (int)n;
	return sum == 300000 ? 0 : 1;
}

START_TEST(writes_all_to_a_pipe)
{
	static char text[300000];
	struct err e = ERR_INIT;
	int fd[2], status;
	pid_t pid;

	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(pipe(fd), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		close(fd[1]);
		_exit(count_bytes(fd[0]));
	}
	close(fd[0]);
	ck_assert(io_write_all(fd[1], sv_of(text, sizeof(text)), &e));
	ck_assert(io_write_all(fd[1], SV(""), &e));
	close(fd[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(write_fails)
{
	int fd = open("/dev/full", O_WRONLY);
	struct err e = ERR_INIT;

	if (fd >= 0) {
		ck_assert(!io_write_all(fd, SV("x"), &e));
		ck_assert_int_eq(e.status, ST_FAIL);
		ck_sv(sv_take(sv_str(e.msg), 14), SV("write-failed: "));
		close(fd);
	}
}
END_TEST

START_TEST(write_to_a_closed_descriptor)
{
	struct err e = ERR_INIT;

	ck_assert(!io_write_all(-1, SV("x"), &e));
	ck_assert_int_eq(e.status, ST_FAIL);
}
END_TEST

/* Closes standard output, which is `path`, in a process of its own; its exit
 * status, or -1 when there is no such file. */
static int
close_stdout_on(const char *path)
{
	int fd = open(path, O_WRONLY), status;
	struct err e = ERR_INIT;
	pid_t pid;

	if (fd < 0)
		return -1;
	fflush(stdout);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (dup2(fd, STDOUT_FILENO) < 0 || fputs("x", stdout) < 0)
			_exit(99);
		_exit(io_close_stdout(&e) ? 0 : (int)e.status);
	}
	close(fd);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(closes_stdout)
{
	ck_assert_int_eq(close_stdout_on("/dev/null"), 0);
}
END_TEST

START_TEST(stdout_is_full)
{
	int got = close_stdout_on("/dev/full");

	ck_assert(got == -1 || got == ST_FAIL);
}
END_TEST

/* In a process of its own: with 0-2 closed the next file is none of them. */
START_TEST(reserves_standard_descriptors)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		int fd;

		for (fd = 0; fd <= 2; fd++)
			close(fd);
		io_reserve_std();
		fd = open("/dev/null", O_RDONLY);
		_exit(fd > 2 && fcntl(0, F_GETFD) >= 0 &&
		    fcntl(1, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0 ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

Suite *
test_io(void)
{
	Suite *s = suite_create("io");
	TCase *tc = tcase_create("descriptors");

	suite_add_tcase(s, tc);
	add_table(tc, reads_at_most, sizes);
	add_table(tc, cannot_be_read, unreadable);
	tcase_add_test(tc, writes_all_to_a_pipe);
	tcase_add_test(tc, write_fails);
	tcase_add_test(tc, write_to_a_closed_descriptor);
	tcase_add_test(tc, closes_stdout);
	tcase_add_test(tc, stdout_is_full);
	tcase_add_test(tc, reserves_standard_descriptors);
	return s;
}
