/* SPDX-License-Identifier: MIT */
#include "base/stop.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "test/ck.h"

Suite *test_stop(void);

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

/* How a child ended that ran `body`. */
static int
ending(void (*body)(int), int sig)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		signal(sig, SIG_DFL);
		body(sig);
		_exit(42);
	}
	ck_assert(pid > 0 && waitpid(pid, &status, 0) == pid);
	return status;
}

static void
asked_once(int sig)
{
	stop_catch();
	if (stop_asked())
		return;
	raise(sig);
	if (stop_asked())
		stop_now();
}

static void
asked_twice(int sig)
{
	stop_catch();
	raise(sig);
	raise(sig);
}

static void
ignored(int sig)
{
	signal(sig, SIG_IGN);
	stop_catch();
	raise(sig);
	if (stop_asked())
		_exit(1);
}

START_TEST(ends_by_the_signal)
{
	int sig = signals[_i], status = ending(asked_once, sig);

	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == sig);
	status = ending(asked_twice, sig);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == sig);
}
END_TEST

START_TEST(ignored_stays_ignored)
{
	int status = ending(ignored, signals[_i]);

	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}
END_TEST

/* A pipe that nobody empties: the write would wait for ever. */
static void
stuck_write(int sig)
{
	static char bytes[1 << 20];
	struct err e = ERR_INIT;
	int fd[2];

	stop_catch();
	if (pipe(fd) != 0 || fork() == 0) {
		close(fd[1]);
		sleep(1);
		kill(getppid(), sig);
		_exit(0);
	}
	if (!io_write_all(fd[1], sv_of(bytes, sizeof(bytes)), &e) &&
	    sv_is(sv_str(e.msg), "interrupted"))
		stop_now();
}

START_TEST(write_is_given_up)
{
	int status = ending(stuck_write, SIGTERM);

	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}
END_TEST

Suite *
test_stop(void)
{
	Suite *s = suite_create("stop");
	TCase *t = tcase_create("stop");

	tcase_add_loop_test(t, ends_by_the_signal, 0, countof(signals));
	tcase_add_loop_test(t, ignored_stays_ignored, 0, countof(signals));
	tcase_add_test(t, write_is_given_up);
	suite_add_tcase(s, t);
	return s;
}
