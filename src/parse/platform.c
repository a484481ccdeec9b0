/* SPDX-License-Identifier: MIT */
#include "parse/platform.h"

#include "base/ascii.h"
#include "base/attr.h"

/* First match wins: a longer text stands before its beginning. */
static const struct {
	const char *start;
	const char *event;
} texts[] = {
	{ "State changed from ", "state" },
	{ "Starting process with command", "start" },
	{ "Process exited with status ", "exit" },
	{ "Process exited", "exit" },
	{ "Process running mem=", "memory" },
	{ "Stopping all processes with ", "stop" },
	{ "Stopping remaining processes with ", "stop" },
	{ "Stopping process with ", "stop" },
	{ "Idling", "idle" },
	{ "Unidling", "unidle" },
	{ "Cycling", "restart" },
	{ "Restarting", "restart" },
	{ "Relocating dyno", "restart" },
	{ "Awaiting client", "run" },
	{ "Client connection closed", "run" },
	{ "Error R", "error" },
	{ "Release v", "release" },
	{ "Running release v", "release-phase" },
	{ "Initial release by ", "release" },
	{ "Rollback to v", "rollback" },
	{ "Build started", "build" },
	{ "Build succeeded", "build" },
	{ "Build failed", "build" },
	{ "Deploy ", "deploy" },
	{ "Deployed ", "deploy" },
	{ "Scaled to ", "scale" },
	{ "Scale to ", "scale" },
	{ "Set ", "config" },
	{ "Remove ", "config" },
	{ "Unset ", "config" },
	{ "Attach ", "addon" },
	{ "Detach ", "addon" },
	{ "Update ", "addon" },
	{ "Enable Logplex", "logplex" },
	{ "Log session created", "log-session" },
	{ "Maintenance mode enabled", "maintenance-on" },
	{ "Maintenance mode disabled", "maintenance-off" },
};

/* Who did it stands last, behind a command if there is one: "... by user
 * a@example.com", before 2016 "by a@example.com". */
static sv
find_actor(sv text)
{
	size_t tick = sv_rfind(text, SV("`")), at;

	if (tick < text.n)
		text = sv_skip(text, tick + 1);
	at = sv_rfind(text, SV(" by user "));
	if (at < text.n)
		return sv_trim(sv_skip(text, at + 9));
	at = sv_rfind(text, SV(" by "));
	if (at == text.n || sv_find_byte(sv_skip(text, at), '@') >= text.n - at)
		return SV_NULL;
	return sv_trim(sv_skip(text, at + 4));
}

static int64_t
leading_number(sv v)
{
	size_t n = 0;
	int64_t num;

	while (n < v.n && is_digit(v.p[n]))
		n++;
	return sv_to_i64(sv_take(v, n), &num) ? num : -1;
}

static void
read_states(sv rest, struct platform *p)
{
	size_t at = sv_find(rest, SV(" to "));

	if (at == rest.n)
		return;
	p->from = sv_trim(sv_take(rest, at));
	p->to = sv_trim(sv_skip(rest, at + 4));
}

bool
platform_parse(sv message, struct platform *out)
{
	sv rest = message;
	size_t i = 0;

	*out = (struct platform){ .event = "other", .version = -1, .status = -1 };
	while (i < countof(texts) && !sv_starts(message, sv_str(texts[i].start)))
		i++;
	if (i == countof(texts))
		return false;
	out->event = texts[i].event;
	rest = sv_skip(message, strlen(texts[i].start));
	if (sv_is(sv_str(out->event), "state"))
		read_states(rest, out);
	else if (sv_is(sv_str(out->event), "exit"))
		out->status = leading_number(rest);
	else if (sv_starts(sv_str(out->event), SV("rel")) ||
	    sv_is(sv_str(out->event), "rollback"))
		out->version = leading_number(rest);
	if (sv_is(sv_str(out->event), "error")) {
		rest = sv_skip(message, 6);
		out->code = sv_word(&rest);
	} else {
		out->actor = find_actor(message);
	}
	return true;
}
