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

static const char *const others[] = {
	"", "x", "state changed from up to down", " Idling", "Idlin", "Error",
	"Error L10 (output buffer overflow)", "at=info method=GET",
	"Released", "Process", "Stopping", "\xff",
};

START_TEST(unknown)
{
	struct platform p;

	ck_assert(!platform_parse(sv_str(others[_i]), &p));
	ck_sv(sv_str(p.event), SV("other"));
	ck_assert(sv_null(p.code) && sv_null(p.actor) && sv_null(p.from) &&
	    sv_null(p.to) && p.version == -1 && p.status == -1);
}
END_TEST

Suite *
test_platform(void)
{
	Suite *s = suite_create("platform");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, known, lines);
	add_table(tc, unknown, others);
	return s;
}
