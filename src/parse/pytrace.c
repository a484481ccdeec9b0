/* SPDX-License-Identifier: MIT */
#include "parse/pytrace.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "parse/accessline.h"
#include "parse/json.h"
#include "parse/kv.h"
#include "parse/textlog.h"

static const sv header = { "Traceback (most recent call last):", 34 };
static const sv group_header = {
	"+ Exception Group Traceback (most recent call last):", 52
};

static const sv chains[] = {
	{ "During handling of the above exception, another exception "
	    "occurred:", 67 },
	{ "The above exception was the direct cause of the following "
	    "exception:", 68 },
};

/* How names of exceptions end by convention. */
static const char *const suffixes[] = {
	"Error", "Exception", "Warning", "Exit", "Interrupt", "Iteration",
	"ExceptionGroup", "Timeout",
};

static const char *const levels[] = {
	"TRACE", "DEBUG", "INFO", "NOTICE", "WARNING", "WARN", "ERROR",
	"CRITICAL", "FATAL",
};

/* Does the line consist of these bytes alone? */
static bool
only(sv line, sv bytes)
{
	for (size_t i = 0; i < line.n; i++)
		if (sv_find_byte(bytes, line.p[i]) == bytes.n)
			return false;
	return line.n > 0;
}

static size_t
skip_digits(sv *rest)
{
	size_t n = 0;

	while (n < rest->n && is_digit(rest->p[n]))
		n++;
	*rest = sv_skip(*rest, n);
	return n;
}

static bool
look_header(sv line, enum pytrace_kind *kind)
{
	size_t before;

	if (!sv_ends(line, header))
		return false;
	if (sv_ends(line, group_header)) {
		before = line.n - group_header.n;
		*kind = before ? PYTRACE_GROUP_BEHIND : PYTRACE_GROUP;
	} else {
		before = line.n - header.n;
		*kind = before ? PYTRACE_BEHIND : PYTRACE_HEADER;
	}
	return before == 0 || !is_alnum(line.p[before - 1]);
}

/* File "PATH", line N[, in NAME] */
static bool
look_file(sv line, enum pytrace_kind *kind)
{
	sv rest = line;
	size_t at;

	if (!sv_skip_lit(&rest, SV("File \"")))
		return false;
	at = sv_find(rest, SV("\", line "));
	rest = sv_skip(rest, at + 8);
	if (skip_digits(&rest) == 0)
		return false;
	*kind = rest.n ? PYTRACE_FRAME : PYTRACE_PLACE;
	return rest.n == 0 || sv_starts(rest, SV(", in "));
}

static bool
is_repeated(sv line)
{
	return sv_skip_lit(&line, SV("[Previous line repeated ")) &&
	    skip_digits(&line) && (sv_is(line, " more times]") ||
	    sv_is(line, " more time]"));
}

static bool
is_dots(sv line)
{
	return sv_skip_lit(&line, SV("...<")) && skip_digits(&line) &&
	    sv_is(line, " lines>...");
}

/* "+-+---- 1 ----", "+---- 2 ----", "+---- ... ----", "+----------" */
static bool
look_rule(sv line, enum pytrace_kind *kind)
{
	if (!sv_skip_lit(&line, SV("+-")))
		return false;
	sv_skip_lit(&line, SV("+-"));
	if (!sv_starts(line, SV("---")) || !sv_ends(line, SV("---")))
		return false;
	*kind = only(line, SV("-")) ? PYTRACE_RULE_END : PYTRACE_RULE;
	return *kind == PYTRACE_RULE_END || only(line, SV("- .0123456789"));
}

/* INFO: ..., [ERROR] ..., WARNING ...; but `DEBUG = ...` is source. */
static bool
has_level(sv line)
{
	sv_skip_lit(&line, SV("["));
	for (size_t i = 0; i < countof(levels); i++) {
		sv rest = line;

		if (!sv_skip_lit(&rest, sv_str(levels[i])) || rest.n == 0)
			continue;
		if (sv_find_byte(SV(":]|"), rest.p[0]) < 3)
			return true;
		if (is_space(rest.p[0]))
			return !sv_starts(sv_trim_left(rest), SV("="));
	}
	return false;
}

/* 2026-06-12..., [2026-06-12..., [12/Jun/2026... */
static bool
has_time(sv line)
{
	bool bracket = sv_skip_lit(&line, SV("["));
	size_t n = skip_digits(&line);

	if (line.n < 3)
		return false;
	return n == 4 ? line.p[0] == '-' && is_digit(line.p[1]) :
	    bracket && n == 2 && line.p[0] == '/' && is_alpha(line.p[1]);
}

/* An object, or what was to be one. */
static bool
is_json(sv line)
{
	struct json_value v;

	return sv_starts(line, SV("{")) && sv_ends(line, SV("}")) &&
	    (sv_starts(line, SV("{\"")) || json_parse(line, &v));
}

/* All that is a typed event by itself: no traceback may swallow it. */
static bool
is_foreign(sv line)
{
	struct accessline a;
	struct textlog t;

	return is_json(line) || has_level(line) || has_time(line) ||
	    accessline_parse_front(line, &a) || kv_is_logfmt(line) ||
	    textlog_parse(line, &t);
}

static bool
is_identifier_byte(int c)
{
	return is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* One part of a dotted name: an identifier, or the "<locals>" of a function. */
static sv
take_part(sv *rest)
{
	size_t n = 0;

	if (sv_starts(*rest, SV("<locals>")))
		return sv_cut_n(rest, 8);
	if (rest->n && is_digit(rest->p[0]))
		return sv_take(*rest, 0);
	while (n < rest->n && is_identifier_byte(rest->p[n]))
		n++;
	return sv_cut_n(rest, n);
}

static bool
is_conventional(sv name)
{
	for (size_t i = 0; i < countof(suffixes); i++)
		if (sv_ends(name, sv_str(suffixes[i])))
			return true;
	return false;
}

/*
 * Dotted.Name, or Dotted.Name: text. Without a name that says "exception" it
 * takes a capital, or both a module and a text, to look like one.
 */
static bool
look_exception(sv line, enum pytrace_kind *kind)
{
	bool dotted = false, bare;
	sv rest = line, last = take_part(&rest);

	while (last.n && sv_skip_lit(&rest, SV("."))) {
		dotted = true;
		last = take_part(&rest);
	}
	bare = rest.n == 0;
	if (last.n == 0 || (!bare && !sv_skip_lit(&rest, SV(":"))) ||
	    (rest.n && rest.p[0] != ' '))
		return false;
	*kind = is_conventional(last) ? PYTRACE_ERROR : PYTRACE_NAMED;
	if (*kind == PYTRACE_ERROR)
		return true;
	return is_upper(last.p[0]) || (dotted && !bare);
}

enum pytrace_kind
pytrace_look(sv line)
{
	enum pytrace_kind kind;

	if (line.n == 0)
		return PYTRACE_BLANK;
	for (size_t i = 0; i < countof(chains); i++)
		if (sv_eq(line, chains[i]))
			return PYTRACE_CHAIN;
	if (line.p[0] == '|')
		return PYTRACE_BAR;
	if (look_rule(line, &kind) || look_header(line, &kind) ||
	    look_file(line, &kind))
		return kind;
	if (is_repeated(line))
		return PYTRACE_REPEATED;
	if (is_dots(line))
		return PYTRACE_DOTS;
	if (only(line, SV("^~ ")))
		return PYTRACE_MARK;
	if (is_foreign(line))
		return PYTRACE_FOREIGN;
	return look_exception(line, &kind) ? kind : PYTRACE_TEXT;
}

/* Does the statement go on in another line? Python 3.13 prints that too. */
static bool
goes_on(sv line)
{
	return line.n && sv_find_byte(SV("([{,\\"), line.p[line.n - 1]) < 5;
}

static enum pytrace_fit
go(struct pytrace *next, enum pytrace_state state, enum pytrace_fit fit)
{
	next->state = state;
	return fit;
}

static enum pytrace_fit
step_frame(struct pytrace *next, enum pytrace_kind kind, sv line)
{
	if (kind != PYTRACE_FRAME && kind != PYTRACE_PLACE)
		return PYTRACE_NO;
	next->sourceless = kind == PYTRACE_FRAME &&
	    sv_starts(line, SV("File \"<"));
	next->unfinished = false;
	return go(next, PYTRACE_IN_FRAME, PYTRACE_YES);
}

static enum pytrace_fit
step_source(struct pytrace *next, sv line)
{
	next->unfinished = goes_on(line);
	return go(next, PYTRACE_IN_CODE, PYTRACE_MAYBE);
}

/* Source that can be read has its line behind each File line: there only a name
 * that says so is an exception. */
static enum pytrace_fit
step_in_frame(struct pytrace *next, enum pytrace_kind kind, sv line)
{
	if (kind == PYTRACE_MARK || kind == PYTRACE_REPEATED)
		return go(next, PYTRACE_IN_CODE, PYTRACE_YES);
	if (kind == PYTRACE_ERROR ||
	    (kind == PYTRACE_NAMED && next->sourceless))
		return go(next, PYTRACE_ENDED, PYTRACE_YES);
	if ((kind == PYTRACE_TEXT && !next->sourceless) ||
	    kind == PYTRACE_NAMED)
		return step_source(next, line);
	return step_frame(next, kind, line);
}

static enum pytrace_fit
step_in_code(struct pytrace *next, enum pytrace_kind kind, sv line)
{
	if (kind == PYTRACE_MARK || kind == PYTRACE_REPEATED)
		return PYTRACE_YES;
	if (kind == PYTRACE_DOTS) {
		next->unfinished = true;
		return PYTRACE_YES;
	}
	if (kind == PYTRACE_ERROR || kind == PYTRACE_NAMED)
		return go(next, PYTRACE_ENDED, PYTRACE_YES);
	if (kind == PYTRACE_TEXT && (next->unfinished ||
	    only(line, SV(")]},:. "))))
		return step_source(next, line);
	return step_frame(next, kind, line);
}

static enum pytrace_fit
step_chained(struct pytrace *next, enum pytrace_kind kind)
{
	if (kind == PYTRACE_HEADER)
		return go(next, PYTRACE_OPENED, PYTRACE_YES);
	if (kind == PYTRACE_GROUP)
		return go(next, PYTRACE_IN_GROUP, PYTRACE_YES);
	if (kind == PYTRACE_BLANK && next->state == PYTRACE_CHAINED)
		return go(next, PYTRACE_CHAIN_GAP, PYTRACE_MAYBE);
	return PYTRACE_NO;
}

static enum pytrace_fit
step_ended(struct pytrace *next, enum pytrace_kind kind)
{
	if (kind == PYTRACE_CHAIN)
		return go(next, PYTRACE_CHAINED, PYTRACE_YES);
	if (kind == PYTRACE_BLANK && next->state != PYTRACE_GAP)
		return go(next, PYTRACE_GAP, PYTRACE_MAYBE);
	return PYTRACE_NO;
}

/* Of groups in groups only the innermost closes with a rule, so any such rule
 * can be the last line. */
static enum pytrace_fit
step_group(struct pytrace *next, enum pytrace_kind kind)
{
	if (kind == PYTRACE_RULE_END)
		return go(next, PYTRACE_GROUP_END, PYTRACE_YES);
	if (kind == PYTRACE_RULE ||
	    (kind == PYTRACE_BAR && next->state == PYTRACE_IN_GROUP))
		return go(next, PYTRACE_IN_GROUP, PYTRACE_YES);
	return next->state == PYTRACE_GROUP_END ? step_ended(next, kind) :
	    PYTRACE_NO;
}

enum pytrace_fit
pytrace_step(const struct pytrace *t, enum pytrace_kind kind, sv line,
    struct pytrace *next)
{
	*next = *t;
	switch (t->state) {
	case PYTRACE_OPENED:
		return step_frame(next, kind, line);
	case PYTRACE_IN_FRAME:
		return step_in_frame(next, kind, line);
	case PYTRACE_IN_CODE:
		return step_in_code(next, kind, line);
	case PYTRACE_ENDED:
	case PYTRACE_GAP:
		return step_ended(next, kind);
	case PYTRACE_CHAINED:
	case PYTRACE_CHAIN_GAP:
		return step_chained(next, kind);
	case PYTRACE_IN_GROUP:
	case PYTRACE_GROUP_END:
		return step_group(next, kind);
	}
	return PYTRACE_NO;
}

bool
pytrace_open(struct pytrace *t, enum pytrace_kind kind, sv line)
{
	*t = (struct pytrace){ PYTRACE_OPENED, false, false };
	if (kind == PYTRACE_PLACE)
		return step_frame(t, kind, line) == PYTRACE_YES;
	if (kind == PYTRACE_GROUP || kind == PYTRACE_GROUP_BEHIND)
		t->state = PYTRACE_IN_GROUP;
	return kind == PYTRACE_HEADER || kind == PYTRACE_BEHIND ||
	    t->state == PYTRACE_IN_GROUP;
}

bool
pytrace_is_whole(const struct pytrace *t)
{
	return t->state == PYTRACE_ENDED || t->state == PYTRACE_GAP ||
	    t->state == PYTRACE_GROUP_END;
}
