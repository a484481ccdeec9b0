/* SPDX-License-Identifier: MIT */
#include "output/brief.h"

#include "output/page.h"
#include "output/report.h"
#include "output/text.h"
#include "test/ck.h"

static const char input[] =
    "{\"type\":\"run\",\"window\":{\"from\":\"2026-06-12T00:00:00.000000Z\","
    "\"to\":\"2026-06-13T00:00:00.000000Z\"},\"catalog\":{\"rules\":1}}\n"
    "{\"type\":\"verdict\",\"rule\":\"T-1\",\"state\":\"MANUAL\",\"result\":"
    "\"FIRED\",\"reason\":\"r\\u001b[31m\",\"coverage\":0.9999,"
    "\"findings\":1}\n"
    "{\"type\":\"finding\",\"id\":\"00ff\",\"rule\":\"T-1\",\"title\":\"t\","
    "\"arm\":\"fast\",\"level\":\"low\",\"key_name\":\"client\",\"key\":"
    "\"192.0.2.1\",\"metric_name\":\"tokens\",\"metric\":9,\"threshold\":8,"
    "\"window_s\":600}\n"
    "{\"type\":\"evidence\",\"finding\":\"00ff\",\"source\":\"a.log\","
    "\"line\":7,\"summary\":\"GET /\"}\n";

START_TEST(rule_line_and_evidence)
{
	const struct look look = { false, 100 };
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct report r;
	struct page p;

	report_read(&a, SV(input), false, &r);
	page_init(&p, &a);
	brief_make(&p, &r);
	text_render(&out, &p, &look);
	ck_assert(sv_has(buf_sv(&out), SV("T-1")));
	ck_assert(sv_has(buf_sv(&out), SV("99.9 %")));
	ck_assert(sv_has(buf_sv(&out), SV("client = 192.0.2.1")));
	ck_assert(sv_has(buf_sv(&out), SV("threshold 8 in 10m")));
	ck_assert(sv_has(buf_sv(&out), SV("a.log:7: GET /")));
	ck_assert(!sv_has(buf_sv(&out), SV("\x1b")));
	buf_release(&out);
	arena_release(&a);
}
END_TEST

Suite *
test_brief(void)
{
	Suite *s = suite_create("brief");
	TCase *tc = tcase_create("brief");

	tcase_add_test(tc, rule_line_and_evidence);
	suite_add_tcase(s, tc);
	return s;
}
