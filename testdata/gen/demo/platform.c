/* SPDX-License-Identifier: MIT */
/* What people and the platform do: releases, restarts, incidents. */
#include "demo.h"

const struct operation operations[] = {
	{ AT(12, 11, 42, 3),
	    { "Deploy 4f1c9b02 by user dev@raxx.example",
		"Release v86 created by user dev@raxx.example" },
	    true, 86 },
	{ AT(13, 13, 31, 10),
	    { "Set CONSOLE_INTERNAL_URL config vars by user ops@raxx.example",
		"Release v87 created by user ops@raxx.example" },
	    true, 87 },
	{ AT(14, 13, 10, 0),
	    { "Scaled to web@1:Performance-M by user old-dev@raxx.example",
		NULL },
	    false, 0 },
	{ AT(14, 13, 32, 0),
	    { "Scaled to web@1:Standard-1X by user ops@raxx.example", NULL },
	    false, 0 },
	{ AT(14, 14, 5, 48), { NULL, NULL }, true, 0 }, /* daily cycling */
	{ WORKER_UP,
	    { "Scaled to worker@1:Standard-1X by user"
	      " build-bot@contractor.example",
		NULL },
	    false, 0 },
	{ WORKER_DOWN,
	    { "Scaled to worker@0:Standard-1X by user ops@raxx.example", NULL },
	    false, 0 },
	{ AT(15, 15, 17, 30), { NULL, NULL }, true, 0 },
	{ AT(16, 0, 10, 0),
	    { "Scaled to worker@1:Standard-1X by user ops@raxx.example", NULL },
	    false, 0 },
	{ AT(16, 7, 10, 0),
	    { "Scaled to worker@0:Standard-1X by user ops@raxx.example", NULL },
	    false, 0 },
	{ AT(16, 8, 58, 20),
	    { "Deploy 9be0c417 by user dev@raxx.example",
		"Release v88 created by user dev@raxx.example" },
	    true, 88 },
	{ AT(17, 13, 40, 0),
	    { "Deploy d20a77e1 by user dev@raxx.example",
		"Release v89 created by user dev@raxx.example" },
	    true, 89 },
	{ SCALED_UP,
	    { "Scaled to web@2:Standard-1X by user ops@raxx.example", NULL },
	    false, 0 },
	{ SCALED_DOWN,
	    { "Scaled to web@1:Standard-1X by user ops@raxx.example", NULL },
	    false, 0 },
	{ AT(18, 12, 20, 9),
	    { "Deploy 77ad1c3f by user dev@raxx.example",
		"Release v90 created by user dev@raxx.example" },
	    true, 90 },
	{ MISCONFIGURED,
	    { "Set CONSOLE_INTERNAL_URL, INTERNAL_API_SECRET config vars by "
	      "user"
	      " ops@raxx.example",
		"Release v91 created by user ops@raxx.example" },
	    true, 91 },
};
const size_t operation_n = countof(operations);

int
release_at(int64_t at)
{
	int version = 85;
	size_t i;

	for (i = 0; i < countof(operations) && operations[i].at <= at; i++)
		if (operations[i].release)
			version = operations[i].release;
	return version;
}

const char *
instance(struct world *w, int64_t at, int dyno)
{
	uint64_t n = 0, h;
	size_t i;

	for (i = 0; i < countof(operations) && operations[i].at <= at; i++)
		n += operations[i].restart;
	h = mix(w->seed * 1000 + n * 10 + (uint64_t)dyno);
	return text(w, "heroku.2808254.%08x-51c2-4b7e-9d10-%012" PRIx64,
	    (unsigned)(h >> 32), mix(h) >> 16);
}

static void
stop_dyno(struct world *w, int64_t at, enum source dyno, enum source app)
{
	say(w, at, dyno, "Stopping all processes with SIGTERM");
	say(w, at + 40000, app,
	    "[2026-06-%02d %02d:%02d:%02d +0000] [2] "
	    "[INFO] Handling signal: term",
	    civil(at).day, civil(at).hour, civil(at).min, civil(at).sec);
	say(w, at + 900000, dyno, "Process exited with status 0");
}

static void
start_dyno(struct world *w, int64_t at, enum source dyno, enum source app)
{
	static const char *const boot[] = { "Starting gunicorn 23.0.0",
		"Listening at: http://0.0.0.0:24816 (2)",
		"Using worker: gthread", "Booting worker with pid: 9",
		"Booting worker with pid: 10" };
	struct civil c = civil(at + 4 * SEC);
	size_t i;

	say(w, at, dyno,
	    "Starting process with command "
	    "`gunicorn raxx.wsgi:app --workers 2 --access-logfile -`");
	for (i = 0; i < countof(boot); i++)
		say(w, at + 4 * SEC + (int64_t)i * 130, app,
		    "[2026-06-%02d %02d:%02d:%02d +0000] [%d] [INFO] %s", c.day,
		    c.hour, c.min, c.sec, i < 3 ? 2 : (int)i + 6, boot[i]);
	say(w, at + 5 * SEC, dyno, "State changed from starting to up");
}

static void
restart(struct world *w, int64_t at, bool cycling)
{
	say(w, at, DYNO1, cycling ? "Cycling" : "Restarting");
	say(w, at + 2000, DYNO1, "State changed from up to starting");
	stop_dyno(w, at + SEC, DYNO1, APP1);
	start_dyno(w, at + 3 * SEC, DYNO1, APP1);
}

void
platform(struct world *w)
{
	size_t i, k;

	for (i = 0; i < countof(operations); i++) {
		int64_t at = operations[i].at + 246644;

		for (k = 0; k < 2; k++) /* both at the same microsecond */
			if (operations[i].line[k])
				say(w, at, API, "%s", operations[i].line[k]);
		if (operations[i].restart)
			restart(w, at + 2 * SEC, !operations[i].line[0]);
	}
	start_dyno(w, SCALED_UP + 3 * SEC, DYNO2, APP2);
	stop_dyno(w, SCALED_DOWN + SEC, DYNO2, APP2);
	say(w, SCALED_DOWN + 3 * SEC, DYNO2, "State changed from up to down");
}

/* The drain keeps the blanks in front; `heroku logs` does not. */
static void
traceback(struct world *w, struct rng *r, int64_t at)
{
	static const char *const lines[] = {
		"Internal Server Error: /api/v1/reports",
		"Traceback (most recent call last):",
		"  File \"/app/raxx/reports.py\", line 88, in build",
		"    total = sum(row.amount for row in rows)",
		"            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
		"  File \"/app/raxx/models.py\", line 31, in amount",
		"    return self.price * self.count",
		"           ~~~~~~~~~~~^~~~~~~~~~~~",
		"TypeError: can't multiply sequence by 'NoneType'",
	};
	size_t i;

	for (i = 0; i < countof(lines); i++)
		say(w, at + (int64_t)(i / 3) * 21, APP1, "%s", lines[i]);
	fetch(w, r, at, "GET", "/api/v1/reports", "203.0.113.34",
	    "Mozilla/5.0 Firefox/139", 500);
}

static void
faulty(struct world *w, int64_t at, const char *fault, int ms, int status)
{
	serve(w,
	    &(struct request){ .at = at,
		.method = "GET",
		.path = "/api/v1/reports?range=year",
		.client = "203.0.113.58",
		.agent = "-",
		.rid = new_id(w),
		.status = status,
		.ms = ms,
		.fault = fault });
}

void
incidents(struct world *w)
{
	struct rng r = stream(w, "incidents");
	int i;

	traceback(w, &r, AT(12, 15, 20, 11) + 4410);
	traceback(w, &r, AT(15, 2, 12, 40) + 88120);
	traceback(w, &r, AT(18, 16, 48, 2) + 700);
	faulty(w, AT(13, 17, 9, 0),
	    "at=error code=H12 "
	    "desc=\"Request timeout\"",
	    30000, 503);
	faulty(w, AT(16, 13, 25, 0),
	    "sock=client at=warning code=H27 "
	    "desc=\"Client Request Interrupted\"",
	    4120, 499);
	say(w, AT(14, 16, 0, 1), DYNO1, "Process running mem=523M(102.2%%)");
	say(w, AT(14, 16, 0, 1), DYNO1, "Error R14 (Memory quota exceeded)");
	for (i = 0; i < 3; i++) /* equal lines, and each of them is real */
		say(w, AT(15, 14, 30, 8) + 5150, APP1,
		    "WARNING pool: connection refused, trying again");
}
