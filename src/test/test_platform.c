/* SPDX-License-Identifier: MIT */
#include "parse/platform.h"

#include "base/attr.h"
#include "test/ck.h"

Suite *test_platform(void);

static const struct {
	const char *message, *event, *code, *actor, *from, *to;
	int64_t version, status;
} lines[] = {
	/* dynos */
	{ "State changed from starting to up", "state", NULL, NULL, "starting",
	    "up", -1, -1 },
	{ "State changed from up to down", "state", NULL, NULL, "up", "down",
	    -1, -1 },
	{ "State changed from provisioning to created", "state", NULL, NULL,
	    "provisioning", "created", -1, -1 },
	{ "State changed from up", "state", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Starting process with command `gunicorn app:app`", "start", NULL,
	    NULL, NULL, NULL, -1, -1 },
	{ "Starting process with command: `gunicorn app:app`", "start", NULL,
	    NULL, NULL, NULL, -1, -1 },
	{ "Starting process with command `bash` by user ops@raxx.example",
	    "start", NULL, "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Starting process with command `echo by user eve@evil.example`",
	    "start", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Starting process with command `echo by user eve@evil.example` by "
	    "user ops@raxx.example", "start", NULL, "ops@raxx.example", NULL,
	    NULL, -1, -1 },
	{ "Process exited with status 143", "exit", NULL, NULL, NULL, NULL, -1,
	    143 },
	{ "Process exited with status 0", "exit", NULL, NULL, NULL, NULL, -1,
	    0 },
	{ "Process exited", "exit", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Process running mem=564M(110.0%)", "memory", NULL, NULL, NULL, NULL,
	    -1, -1 },
	{ "Stopping all processes with SIGTERM", "stop", NULL, NULL, NULL, NULL,
	    -1, -1 },
	{ "Stopping process with SIGKILL", "stop", NULL, NULL, NULL, NULL, -1,
	    -1 },
	{ "Stopping remaining processes with SIGKILL", "stop", NULL, NULL, NULL,
	    NULL, -1, -1 },
	{ "Idling", "idle", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Unidling", "unidle", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Cycling", "restart", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Restarting", "restart", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Relocating dyno to a new server", "restart", NULL, NULL, NULL, NULL,
	    -1, -1 },
	{ "Awaiting client", "run", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Client connection closed. Sending SIGHUP to all processes", "run",
	    NULL, NULL, NULL, NULL, -1, -1 },
	/* R codes */
	{ "Error R10 (Boot timeout) -> Web process failed to bind to $PORT "
	    "within 60 seconds of launch", "error", "R10", NULL, NULL, NULL, -1,
	    -1 },
	{ "Error R12 (Exit timeout) -> At least one process failed to exit "
	    "within 30 seconds of SIGTERM", "error", "R12", NULL, NULL, NULL,
	    -1, -1 },
	{ "Error R14 (Memory quota exceeded)", "error", "R14", NULL, NULL, NULL,
	    -1, -1 },
	{ "Error R15 (Memory quota vastly exceeded)", "error", "R15", NULL,
	    NULL, NULL, -1, -1 },
	/* api */
	{ "Build started by user ops@raxx.example", "build", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Build succeeded", "build", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Build failed -- check your build output: https://raxx.example/b/1",
	    "build", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Build failed -- check your build logs", "build", NULL, NULL, NULL,
	    NULL, -1, -1 },
	{ "Deploy 0a1b2c3d by user ops@raxx.example", "deploy", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Release v12 created by user ops@raxx.example", "release", NULL,
	    "ops@raxx.example", NULL, NULL, 12, -1 },
	{ "Release v12 created by user ops@raxx.example\nby user x", "release",
	    NULL, "ops@raxx.example", NULL, NULL, 12, -1 },
	{ "Starting process with command `a` by user ops@raxx.example\nx",
	    "start", NULL, "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Release v12 created by ops@raxx.example", "release", NULL,
	    "ops@raxx.example", NULL, NULL, 12, -1 },
	{ "Running release v13 commands by user ops@raxx.example",
	    "release-phase", NULL, "ops@raxx.example", NULL, NULL, 13, -1 },
	{ "Initial release by user ops@raxx.example", "release", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Rollback to v7 by user ops@raxx.example", "rollback", NULL,
	    "ops@raxx.example", NULL, NULL, 7, -1 },
	{ "Release v99999999999999999999 created by user a", "release", NULL,
	    "a", NULL, NULL, -1, -1 },
	{ "Scaled to web@4:Standard-1X worker@3:Standard-2X by user "
	    "ops@raxx.example", "scale", NULL, "ops@raxx.example", NULL, NULL,
	    -1, -1 },
	{ "Scale to web=1 by ops@raxx.example", "scale", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Set A, B config vars by user ops@raxx.example", "config", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Remove A config vars by user ops@raxx.example", "config", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Enable Logplex by user ops@raxx.example", "logplex", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Attach DATABASE (@ref:postgresql-flat-1) by user "
	    "heroku-postgresql@addons.heroku.com", "addon", NULL,
	    "heroku-postgresql@addons.heroku.com", NULL, NULL, -1, -1 },
	{ "Detach DATABASE by user ops@raxx.example", "addon", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Update DATABASE by user ops@raxx.example", "addon", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Maintenance mode enabled by user ops@raxx.example",
	    "maintenance-on", NULL, "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Maintenance mode disabled by user ops@raxx.example",
	    "maintenance-off", NULL, "ops@raxx.example", NULL, NULL, -1, -1 },
	{ "Log session created by user ops@raxx.example", "log-session", NULL,
	    "ops@raxx.example", NULL, NULL, -1, -1 },
	/* a name without a mail address is no actor in the old form */
	{ "Scale to web=1 by hand", "scale", NULL, NULL, NULL, NULL, -1, -1 },
	{ "Build failed by a@b.example and by hand", "build", NULL, NULL, NULL,
	    NULL, -1, -1 },
};

static void
same(sv got, const char *want)
{
	ck_assert(sv_null(got) == (want == NULL));
	ck_sv(got, sv_str(want));
}

START_TEST(known)
{
	struct platform p;

	ck_assert(platform_parse(sv_str(lines[_i].message), &p));
	ck_sv(sv_str(p.event), sv_str(lines[_i].event));
	same(p.code, lines[_i].code);
	same(p.actor, lines[_i].actor);
	same(p.from, lines[_i].from);
	same(p.to, lines[_i].to);
	ck_assert_int_eq(p.version, lines[_i].version);
	ck_assert_int_eq(p.status, lines[_i].status);
}
END_TEST

/* The subject; "" here is a null view. */
static const struct {
	const char *message, *event, *subject, *actor;
} subjects[] = {
	{ "Scaled to web@4:Standard-1X worker@3:Standard-2X by user a@b.example",
	    "scale", "web@4:Standard-1X worker@3:Standard-2X", "a@b.example" },
	{ "Scaled to console@0:Basic rake@0:Basic web@1:Basic by user "
	    "a@b.example", "scale", "console@0:Basic rake@0:Basic web@1:Basic",
	    "a@b.example" },
	{ "Scaled to web@2:Standard-1X by a@b.example", "scale",
	    "web@2:Standard-1X", "a@b.example" },
	{ "Scale to web=1 by a@b.example", "scale", "web=1", "a@b.example" },
	{ "Scale to web=1, worker=0 by a@b.example", "scale",
	    "web=1, worker=0", "a@b.example" },
	{ "Scaled to ", "scale", "", "" },
	{ "Set A, B config vars by user a@b.example", "config", "A, B",
	    "a@b.example" },
	{ "Set A config vars by a@b.example", "config", "A", "a@b.example" },
	{ "Remove OLD_KEY config vars by user a@b.example", "config", "OLD_KEY",
	    "a@b.example" },
	{ "Unset A config vars by user a@b.example", "config", "A",
	    "a@b.example" },
	{ "Config add A, B by a@b.example", "config", "A, B", "a@b.example" },
	{ "Config remove A by a@b.example", "config", "A", "a@b.example" },
	{ "Add A, B, C config by a@b.example", "config", "A, B, C",
	    "a@b.example" },
	{ "Attach DATABASE (@ref:postgresql-flat-1) by user "
	    "heroku-postgresql@addons.heroku.com", "addon",
	    "DATABASE (@ref:postgresql-flat-1)",
	    "heroku-postgresql@addons.heroku.com" },
	{ "Attach LOGS (@ref:logs-flat-1)", "addon", "LOGS (@ref:logs-flat-1)",
	    "" },
	{ "Attach HEROKU_POSTGRESQL_MAUVE resource by a@b.example", "addon",
	    "HEROKU_POSTGRESQL_MAUVE", "a@b.example" },
	{ "Detach LOGS (@ref:logs-flat-1) by user a@b.example", "addon",
	    "LOGS (@ref:logs-flat-1)", "a@b.example" },
	{ "Update DATABASE2_URL by user a@b.example", "addon", "DATABASE2_URL",
	    "a@b.example" },
	{ "Add mongohq:sandbox add-on by a@b.example", "addon",
	    "mongohq:sandbox", "a@b.example" },
	{ "Remove mongohq:sandbox add-on by a@b.example", "addon",
	    "mongohq:sandbox", "a@b.example" },
	{ "@ref:redis-flat-1 completed provisioning, setting REDIS_TLS_URL, "
	    "REDIS_URL. by user heroku-redis@addons.heroku.com", "addon",
	    "redis-flat-1", "heroku-redis@addons.heroku.com" },
	{ "@ref:search-flat-1 completed provisioning", "addon",
	    "search-flat-1", "" },
	{ "Deploy 0a1b2c3d by user deploy-bot@b.example", "deploy", "0a1b2c3d",
	    "deploy-bot@b.example" },
	{ "Deploy 0a1b2c3 by a@b.example", "deploy", "0a1b2c3", "a@b.example" },
	{ "Build started by user a@b.example", "build", "started",
	    "a@b.example" },
	{ "Build succeeded", "build", "succeeded", "" },
	{ "Build failed -- check your build output: https://b.example/b/1",
	    "build", "failed", "" },
	{ "Build failed -- check your build logs", "build", "failed", "" },
	{ "Slug compilation started", "build", "started", "" },
	{ "Slug compilation finished", "build", "finished", "" },
	{ "Stack changed from heroku-22 to heroku-20 by user a@b.example",
	    "stack", "heroku-20", "a@b.example" },
	{ "Upgrade stack to heroku-20 by user a@b.example", "stack",
	    "heroku-20", "a@b.example" },
	{ "Running release v5 commands by a@b.example", "release-phase", "",
	    "a@b.example" },
	{ "Stopping all processes with SIGTERM", "stop", "SIGTERM", "" },
	{ "Stopping remaining processes with SIGKILL", "stop", "SIGKILL", "" },
	{ "Error R10 (Boot timeout) -> Web process failed to bind to $PORT "
	    "within 60 seconds of launch", "error", "Boot timeout", "" },
	{ "Error R11 (Bad bind) -> Process bound to port other than $PORT",
	    "error", "Bad bind", "" },
	{ "Error R12 (Exit timeout) -> Process failed to exit within 30 seconds "
	    "of SIGTERM", "error", "Exit timeout", "" },
	{ "Error R12 (Exit timeout) -> At least one process failed to exit "
	    "within 10 seconds of SIGTERM", "error", "Exit timeout", "" },
	{ "Error R13 (Attach error) -> Failed to attach to process", "error",
	    "Attach error", "" },
	{ "Error R14", "error", "", "" },
	{ "Error R14 (", "error", "", "" },
	{ "Error R14 ()", "error", "", "" },
	{ "Error R14) (x", "error", "", "" },
	/* commands, which may look like anything */
	{ "Starting process with command `bash` by user a@b.example", "start",
	    "bash", "a@b.example" },
	{ "Starting process with command `php job.php` by user "
	    "scheduler@addons.heroku.com", "start", "php job.php",
	    "scheduler@addons.heroku.com" },
	{ "Starting process with command: `gunicorn app:app`", "start",
	    "gunicorn app:app", "" },
	{ "Starting process with command `sh -c \"a `date` b\"`", "start",
	    "sh -c \"a `date` b\"", "" },
	{ "Starting process with command `/bin/sh -c 'if curl $URL; then",
	    "start", "/bin/sh -c 'if curl $URL; then", "" },
	{ "Starting process with command `echo by user root@b.example", "start",
	    "echo by user root@b.example", "" },
	{ "Starting process with command ` by user root@b.example", "start",
	    "", "" },
	{ "Starting process with command `echo `x by user root@b.example",
	    "start", "echo ", "" },
	{ "Starting process with command ``", "start", "", "" },
	{ "Starting process with command", "start", "", "" },
};

START_TEST(subject)
{
	struct platform p;

	ck_assert(platform_parse(sv_str(subjects[_i].message), &p));
	ck_sv(sv_str(p.event), sv_str(subjects[_i].event));
	ck_sv(p.subject, sv_str(subjects[_i].subject));
	ck_sv(p.actor, sv_str(subjects[_i].actor));
}
END_TEST

static const struct {
	const char *message;
	double megabytes, percent;
} memory[] = {
	{ "Process running mem=564M(110.0%)", 564, 110 },
	{ "Process running mem=1214M(237.2%)", 1214, 237.2 },
	{ "Process running mem=1028MB(103.3%)", 1028, 103.3 },
	{ "Process running mem=512.5M", 512.5, -1 },
	{ "Process running mem=512M(", 512, -1 },
	{ "Process running mem=512M(100)", 512, -1 },
	{ "Process running mem=512M(x%)", 512, -1 },
	{ "Process running mem=1G(103.3%)", -1, -1 },
	{ "Process running mem=1.2.3M(103.3%)", -1, 103.3 },
	{ "Process running mem=", -1, -1 },
	{ "Process running mem=M", -1, -1 },
	{ "Error R14 (Memory quota exceeded)", -1, -1 },
};

START_TEST(memory_in_use)
{
	struct platform p;

	ck_assert(platform_parse(sv_str(memory[_i].message), &p));
	ck_assert_double_eq(p.megabytes, memory[_i].megabytes);
	ck_assert_double_eq(p.percent, memory[_i].percent);
}
END_TEST

START_TEST(two_stacks)
{
	struct platform p;

	ck_assert(platform_parse(SV("Stack changed from heroku-22 to heroku-20 "
	    "by user a@b.example"), &p));
	ck_sv_lit(p.from, "heroku-22");
	ck_sv_lit(p.to, "heroku-20");
	ck_assert(platform_parse(SV("State changed from up to down (more)"),
	    &p));
	ck_sv_lit(p.to, "down");
}
END_TEST

static const char *const others[] = {
	"", "x", "state changed from up to down", " Idling", "Idlin", "Error",
	"Error L10 (output buffer overflow)", "at=info method=GET",
	"Released", "Process", "Stopping", "\xff", "Build", "Error R", "Error Rx", "Error r14",
	"Build queued", "Add x",
	"@ref:a", "@ref:a failed", "Config", "Upgrade x", "fi'` by user a@b.example",
};

START_TEST(unknown)
{
	struct platform p;

	ck_assert(!platform_parse(sv_str(others[_i]), &p));
	ck_sv(sv_str(p.event), SV("other"));
	ck_assert(sv_null(p.code) && sv_null(p.actor) && sv_null(p.from) &&
	    sv_null(p.to) && sv_null(p.subject) && p.version == -1 &&
	    p.status == -1);
}
END_TEST

Suite *
test_platform(void)
{
	Suite *s = suite_create("platform");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, known, lines);
	add_table(tc, subject, subjects);
	add_table(tc, memory_in_use, memory);
	tcase_add_test(tc, two_stacks);
	add_table(tc, unknown, others);
	return s;
}
