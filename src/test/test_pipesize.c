/* SPDX-License-Identifier: MIT */
#include "base/pipesize.h"

#include <fcntl.h>
#include <unistd.h>

#include "test/ck.h"

Suite *test_pipesize(void);

static size_t
room_of(int fd)
{
	static const char bytes[4096];
	size_t room = 0;

	while (write(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes))
		room += sizeof(bytes);
	return room;
}

/* A system may refuse: then it is as it was. */
START_TEST(a_pipe_holds_no_less)
{
	int plain[2], wide[2];

	ck_assert(pipe(plain) == 0 && pipe(wide) == 0);
	pipesize_widen(wide[1]);
	ck_assert(fcntl(plain[1], F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(wide[1], F_SETFL, O_NONBLOCK) == 0);
	ck_assert_uint_ge(room_of(wide[1]), room_of(plain[1]));
	for (int i = 0; i < 2; i++) {
		close(plain[i]);
		close(wide[i]);
	}
}
END_TEST

START_TEST(what_is_no_pipe_stays)
{
	int fd = open("/dev/null", O_WRONLY);

	pipesize_widen(fd);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
	pipesize_widen(-1);
}
END_TEST

Suite *
test_pipesize(void)
{
	Suite *s = suite_create("pipesize");
	TCase *tc = tcase_create("pipesize");

	tcase_add_test(tc, a_pipe_holds_no_less);
	tcase_add_test(tc, what_is_no_pipe_stays);
	suite_add_tcase(s, tc);
	return s;
}
