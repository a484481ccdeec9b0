/* SPDX-License-Identifier: MIT */
#include "parse/platform.h"

#include "base/ascii.h"
#include "base/attr.h"

static int64_t
leading_number(sv v)
{
	size_t n = 0;
	int64_t num;

	while (n < v.n && is_digit(v.p[n]))
		n++;
	return sv_to_i64(sv_take(v, n), &num) ? num : -1;
}

/* "512.5M(110.0%)": the number off the front, -1 when there is none. */
static double
cut_number(sv *v)
{
	size_t n = 0;
	double num;

	while (n < v->n && (is_digit(v->p[n]) || v->p[n] == '.'))
		n++;
	return sv_to_double(sv_cut_n(v, n), &num) ? num : -1;
}

/* The readers take what stands behind the beginning, without who did it. */

static void
read_states(sv rest, struct platform *p)
{
	size_t at = sv_find(rest, SV(" to "));
	sv to = sv_skip(rest, at + 4);

	if (at == rest.n)
		return;
	p->from = sv_trim(sv_take(rest, at));
	p->to = sv_word(&to);
}

static void
read_stacks(sv rest, struct platform *p)
{
	read_states(rest, p);
	p->subject = p->to;
}

static void
read_exit(sv rest, struct platform *p)
{
	p->status = leading_number(rest);
}

static void
read_version(sv rest, struct platform *p)
{
	p->version = leading_number(rest);
}

/* M today, MB until about 2012. What has another unit is not understood. */
static void
read_memory(sv rest, struct platform *p)
{
	double number = cut_number(&rest), percent;

	if (!sv_skip_lit(&rest, SV("MB")) && !sv_skip_lit(&rest, SV("M")))
		return;
	p->megabytes = number;
	if (!sv_skip_lit(&rest, SV("(")))
		return;
	percent = cut_number(&rest);
	if (sv_starts(rest, SV("%)")))
		p->percent = percent;
}

/* Between the first backtick and the last; a command can hold some too. With
 * one only the rest follows in other lines, and who does it too. */
static void
read_command(sv rest, struct platform *p)
{
	size_t open = sv_find(rest, SV("`")), close = sv_rfind(rest, SV("`"));

	if (open == rest.n)
		return;
	if (close == open) {
		p->actor = SV_NULL;
		close = rest.n;
	}
	p->subject = sv_skip(sv_take(rest, close), open + 1);
}

static void
read_word(sv rest, struct platform *p)
{
	sv word = sv_word(&rest);

	if (word.n)
		p->subject = word;
}

static void
read_all(sv rest, struct platform *p)
{
	rest = sv_trim(rest);
	if (rest.n)
		p->subject = rest;
}

/* "A, B config vars" */
static void
read_names(sv rest, struct platform *p)
{
	read_all(sv_take(rest, sv_find(rest, SV(" config"))), p);
}

/* "mongohq:sandbox add-on", "HEROKU_POSTGRESQL_MAUVE resource" */
static void
read_resource(sv rest, struct platform *p)
{
	rest = sv_take(rest, sv_find(rest, SV(" add-on")));
	read_all(sv_take(rest, sv_find(rest, SV(" resource"))), p);
}

/* "@ref:redis-flat-1 completed provisioning, setting REDIS_URL." */
static void
read_provisioned(sv rest, struct platform *p)
{
	read_all(sv_take(rest, sv_find_byte(rest, ' ')), p);
}

/* First match wins: a longer text stands before its beginning. */
static const struct {
	const char *start;
	const char *inside; /* what must follow somewhere, or NULL */
	const char *event;
	void (*read)(sv rest, struct platform *p); /* NULL: nothing to read */
} texts[] = {
	{ "State changed from ", NULL, "state", read_states },
	{ "Starting process with command", NULL, "start", read_command },
	{ "Process exited with status ", NULL, "exit", read_exit },
	{ "Process exited", NULL, "exit", NULL },
	{ "Process running mem=", NULL, "memory", read_memory },
	{ "Stopping all processes with ", NULL, "stop", read_word },
	{ "Stopping remaining processes with ", NULL, "stop", read_word },
	{ "Stopping process with ", NULL, "stop", read_word },
	{ "Idling", NULL, "idle", NULL },
	{ "Unidling", NULL, "unidle", NULL },
	{ "Cycling", NULL, "restart", NULL },
	{ "Restarting", NULL, "restart", NULL },
	{ "Relocating dyno", NULL, "restart", NULL },
	{ "Awaiting client", NULL, "run", NULL },
	{ "Client connection closed", NULL, "run", NULL },
	{ "Release v", NULL, "release", read_version },
	{ "Running release v", NULL, "release-phase", read_version },
	{ "Initial release", NULL, "release", NULL },
	{ "Rollback to v", NULL, "rollback", read_version },
	{ "Build ", "started", "build", read_word },
	{ "Build ", "succeeded", "build", read_word },
	{ "Build ", "failed", "build", read_word },
	{ "Slug compilation ", NULL, "build", read_word },
	{ "Deploy ", NULL, "deploy", read_word },
	{ "Deployed ", NULL, "deploy", read_word },
	{ "Scaled to ", NULL, "scale", read_all },
	{ "Scale to ", NULL, "scale", read_all },
	{ "Add ", " config", "config", read_names },
	{ "Config add ", NULL, "config", read_names },
	{ "Config remove ", NULL, "config", read_names },
	{ "Add ", " add-on", "addon", read_resource },
	{ "Remove ", " add-on", "addon", read_resource },
	{ "Set ", NULL, "config", read_names },
	{ "Remove ", NULL, "config", read_names },
	{ "Unset ", NULL, "config", read_names },
	{ "Attach ", NULL, "addon", read_resource },
	{ "Detach ", NULL, "addon", read_resource },
	{ "Update ", NULL, "addon", read_resource },
	{ "@ref:", " completed provisioning", "addon", read_provisioned },
	{ "Stack changed from ", NULL, "stack", read_stacks },
	{ "Upgrade stack to ", NULL, "stack", read_word },
	{ "Enable Logplex", NULL, "logplex", NULL },
	{ "Log session created", NULL, "log-session", NULL },
	{ "Maintenance mode enabled", NULL, "maintenance-on", NULL },
	{ "Maintenance mode disabled", NULL, "maintenance-off", NULL },
};

static bool
is_text(sv message, size_t i)
{
	sv start = sv_str(texts[i].start);

	return sv_starts(message, start) && (texts[i].inside == NULL ||
	    sv_has(sv_skip(message, start.n), sv_str(texts[i].inside)));
}

/* Its row, or countof(texts). Most rows fail at their first letter. */
static size_t
find_text(sv message)
{
	size_t i = 0;

	if (message.n == 0)
		return countof(texts);
	while (i < countof(texts) && (texts[i].start[0] != message.p[0] ||
	    !is_text(message, i)))
		i++;
	return i;
}

/*
 * Who did it stands last in the line: "... by user a@example.com", before 2016
 * "by a@example.com". A command between backticks is not asked: it can say so
 * too, hence nothing but the actor may follow the last of them.
 */
static sv
cut_actor(sv *rest)
{
	size_t tick = sv_rfind(*rest, SV("`")), at;
	size_t from = tick < rest->n ? tick + 1 : 0;
	sv text = sv_skip(*rest, from), who;

	text = sv_take(text, sv_find_byte(text, '\n'));
	if (from && !sv_starts(text, SV(" by ")))
		return SV_NULL;
	at = sv_rfind(text, SV(" by user "));
	if (at < text.n) {
		*rest = sv_take(*rest, from + at);
		return sv_trim(sv_skip(text, at + 9));
	}
	at = sv_rfind(text, SV(" by "));
	who = sv_trim(sv_skip(text, at + 4));
	if (at == text.n || sv_find_byte(who, '@') == who.n)
		return SV_NULL;
	*rest = sv_take(*rest, from + at);
	return who;
}

/* "Error R14 (Memory quota exceeded) -> ..." */
static bool
read_error(sv rest, struct platform *p)
{
	size_t n = 1;

	if (!sv_skip_lit(&rest, SV("Error ")) || !sv_starts(rest, SV("R")))
		return false;
	while (n < rest.n && is_digit(rest.p[n]))
		n++;
	if (n == 1)
		return false;
	p->event = "error";
	p->code = sv_cut_n(&rest, n);
	if (sv_skip_lit(&rest, SV(" (")) && sv_find_byte(rest, ')') < rest.n)
		read_all(sv_take(rest, sv_find_byte(rest, ')')), p);
	return true;
}

bool
platform_knows(sv message)
{
	attr_unset struct platform p;

	return read_error(message, &p) ||
	    find_text(message) < countof(texts);
}

bool
platform_parse(sv message, struct platform *out)
{
	size_t i;
	sv rest;

	*out = (struct platform){ .event = "other", .version = -1, .status = -1,
		.megabytes = -1, .percent = -1 };
	if (read_error(message, out))
		return true;
	i = find_text(message);
	if (i == countof(texts))
		return false;
	out->event = texts[i].event;
	rest = sv_skip(message, strlen(texts[i].start));
	out->actor = cut_actor(&rest);
	if (texts[i].read)
		texts[i].read(rest, out);
	return true;
}
