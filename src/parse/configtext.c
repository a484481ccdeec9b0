/* SPDX-License-Identifier: MIT */
#include "parse/configtext.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "parse/configvar.h"

/* Each vain look ahead costs up to CONFIGTEXT_VALUE_MAX bytes. */
enum { VAIN_MAX = 64 };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The line that v starts with, without its end. */
static sv
line_of(sv v)
{
	sv line = sv_take(v, sv_find_byte(v, '\n'));

	return sv_ends(line, SV("\r")) ? sv_take(line, line.n - 1) : line;
}

static sv
skip_blanks(sv v)
{
	size_t i = 0;

	while (i < v.n && is_blank(v.p[i]))
		i++;
	return sv_skip(v, i);
}

/* "NAME=" or "export NAME=" cut off the front of *v. */
static bool
take_assigned(sv *v, sv *name)
{
	sv line = line_of(*v), rest = skip_blanks(line);

	if (sv_skip_lit(&rest, SV("export ")))
		rest = skip_blanks(rest);
	*name = sv_cut_n(&rest, sv_find_byte(rest, '='));
	if (rest.n == 0 || !configvar_is_name(*name))
		return false;
	*v = sv_skip(*v, line.n - rest.n + 1);
	return true;
}

/* "NAME:" and the blanks behind it cut off the front of *v. A name with
 * lower-case letters must have its value in the column of the others, or be
 * without one: it could be a line of somebody's value. */
static bool
take_listed(const struct configtext *t, sv *v, sv *name)
{
	sv line = line_of(*v), rest = line;
	size_t at;

	*name = sv_cut_n(&rest, sv_find_byte(rest, ':'));
	rest = sv_skip(rest, 1);
	if (name->n == line.n || !configvar_is_name(*name) ||
	    (rest.n && !is_blank(rest.p[0])))
		return false;
	rest = skip_blanks(rest);
	at = line.n - rest.n;
	if (!configvar_is_upper(*name) && rest.n && t->column &&
	    t->column != at)
		return false;
	*v = sv_skip(*v, at);
	return true;
}

static bool
is_heading(sv line)
{
	return sv_starts(line, SV("=== "));
}

/* "=== app Config Vars", with a mark before the name in newer clients. */
static sv
app_of(sv line)
{
	static const char last[] = " Config Vars";
	sv name = sv_trim(sv_skip(line, 3));
	size_t blank;

	if (!sv_ends(name, SV(last)))
		return SV_NULL;
	name = sv_trim_right(sv_take(name, name.n - sizeof(last) + 1));
	blank = sv_rfind(name, SV(" "));
	return blank < name.n ? sv_skip(name, blank + 1) : name;
}

/* Length of the shell word at the start of v; false if a quote is open at its
 * end. Quoted newlines end it too unless `lines`. */
static bool
word_length(sv v, bool lines, size_t *len)
{
	char quote = 0;
	size_t i;

	for (i = 0; i < v.n; i++) {
		char c = v.p[i];
		bool escape = c == '\\' && quote != '\'' && i + 1 < v.n;

		if (c == '\n' && quote && !lines)
			break;
		if (!quote && (is_blank(c) || c == '\n' || c == '\r'))
			break;
		if (escape && v.p[i + 1] != '\n' && v.p[i + 1] != '\r')
			i++;
		else if (c == quote)
			quote = 0;
		else if (!quote && (c == '\'' || c == '"'))
			quote = c;
	}
	*len = i;
	return !quote;
}

/* Does a backslash before c stand for c itself? */
static bool
is_escaped(char c, char quote)
{
	if (quote == '\'')
		return c == '\\';
	if (quote == '"')
		return sv_find_byte(SV("\"\\$`!"), c) < 5;
	return c != '\n' && c != '\r';
}

/* What the backslash at the front of *v, perhaps with what follows, means. */
static char
take_escape(sv *v, char quote)
{
	char c = v->n > 1 ? v->p[1] : '\n';
	bool newline = quote == '"' && c == 'n';

	if (!newline && !is_escaped(c, quote)) {
		*v = sv_skip(*v, 1);
		return '\\';
	}
	*v = sv_skip(*v, 2);
	return newline ? '\n' : c;
}

static sv
unquote(struct arena *a, sv word)
{
	char *p, quote = 0;
	size_t n = 0;

	if (sv_find_byte(word, '\'') == word.n &&
	    sv_find_byte(word, '"') == word.n &&
	    sv_find_byte(word, '\\') == word.n)
		return word;
	p = arena_alloc(a, word.n);
	while (word.n) {
		char c = word.p[0];

		if (c == '\\') {
			p[n++] = take_escape(&word, quote);
			continue;
		}
		word = sv_skip(word, 1);
		if (c == quote)
			quote = 0;
		else if (!quote && (c == '\'' || c == '"'))
			quote = c;
		else
			p[n++] = c;
	}
	return sv_of(p, n);
}

/* Without the CR of each CR LF. */
static sv
without_cr(struct arena *a, sv v)
{
	char *p;
	size_t n = 0;

	if (sv_find(v, SV("\r\n")) == v.n)
		return v;
	p = arena_alloc(a, v.n);
	for (size_t i = 0; i < v.n; i++)
		if (!sv_starts(sv_skip(v, i), SV("\r\n")))
			p[n++] = v.p[i];
	return sv_of(p, n);
}

/* Nothing but a comment in the rest of the line? */
static bool
is_word_end(sv v)
{
	sv line = line_of(v), rest = skip_blanks(line);

	return rest.n == 0 || (rest.n < line.n && rest.p[0] == '#');
}

/* What is no shell word: the rest of the line as it stands, unless it begins
 * with a quote that the line does not close. */
static enum configtext_result
read_plain(sv *rest, struct configtext_item *out)
{
	sv line = sv_cut_n(rest, line_of(*rest).n);
	size_t n;

	if (out->quoted && !word_length(line, false, &n))
		return CONFIGTEXT_OPEN;
	out->value = sv_trim(line);
	return CONFIGTEXT_VAR;
}

/* The value behind '='; rest is moved to the end of its last line. */
static enum configtext_result
read_assigned(struct configtext *t, sv *rest, bool eof, struct arena *a,
    struct configtext_item *out)
{
	sv look = sv_take(*rest, CONFIGTEXT_VALUE_MAX);
	bool all = eof || rest->n > look.n, lines = t->vain < VAIN_MAX;
	sv line = line_of(*rest);
	size_t n;

	out->quoted = line.n && (line.p[0] == '\'' || line.p[0] == '"');
	if (word_length(look, lines, &n)) {
		sv after = sv_skip(*rest, n);

		if (!eof && sv_find_byte(after, '\n') == after.n)
			return CONFIGTEXT_MORE;
		if (is_word_end(after)) {
			out->word = true;
			out->value = without_cr(a,
			    unquote(a, sv_take(*rest, n)));
			*rest = sv_skip(after, line_of(after).n);
			return CONFIGTEXT_VAR;
		}
	} else if (!all && lines) {
		return CONFIGTEXT_MORE;
	}
	t->vain += n > line.n;
	return read_plain(rest, out);
}

static bool
begins_item(const struct configtext *t, sv v)
{
	sv name;

	return is_heading(line_of(v)) || take_listed(t, &v, &name) ||
	    (!t->listing && take_assigned(&v, &name));
}

/* The value behind ':' and the lines that go on with it. */
static enum configtext_result
read_listed(const struct configtext *t, sv *rest, bool eof, struct arena *a,
    sv *value)
{
	size_t n = line_of(*rest).n, end = n;

	for (;;) {
		sv after = sv_skip(*rest, end);
		sv next = sv_skip(after, sv_find_byte(after, '\n') + 1);
		sv line = line_of(next);

		if (sv_find_byte(next, '\n') == next.n && !eof)
			return CONFIGTEXT_MORE;
		end = rest->n - next.n + line.n;
		if (next.n == 0 || begins_item(t, next) ||
		    end > CONFIGTEXT_VALUE_MAX)
			break;
		/* Blank lines at the end are between items. */
		if (sv_trim(line).n)
			n = end;
	}
	*value = without_cr(a, sv_take(*rest, n));
	/* The client shows an empty text so. */
	if (sv_is(*value, "''"))
		*value = sv_take(*value, 0);
	*rest = sv_skip(*rest, n);
	return CONFIGTEXT_VAR;
}

/* The item up to where rest is now, and the end of its line. */
static enum configtext_result
finish(sv *start, sv rest, struct configtext_item *out,
    enum configtext_result res)
{
	rest = sv_skip(rest, sv_find_byte(rest, '\n') + 1);
	out->raw = sv_take(*start, start->n - rest.n);
	out->lines = sv_count_lines(out->raw);
	*start = rest;
	return res;
}

static enum configtext_result
read_listing(struct configtext *t, sv *rest, bool eof, struct arena *a,
    struct configtext_item *out)
{
	size_t column = rest->n;

	if (!take_listed(t, rest, &out->name))
		return CONFIGTEXT_BAD;
	if (line_of(*rest).n)
		t->column = column - rest->n;
	out->listed = true;
	return read_listed(t, rest, eof, a, &out->value);
}

enum configtext_result
configtext_next(struct configtext *t, sv *rest, bool eof, struct arena *a,
    struct configtext_item *out)
{
	const struct configtext before = *t;
	enum configtext_result res;
	sv at = *rest, line = line_of(at);

	*out = (struct configtext_item){ .lines = 0 };
	if (rest->n == 0)
		return eof ? CONFIGTEXT_END : CONFIGTEXT_MORE;
	if (sv_find_byte(at, '\n') == at.n && !eof)
		return CONFIGTEXT_MORE;
	if (is_heading(line)) {
		t->listing = true;
		t->column = 0;
		out->app = app_of(line);
		return finish(rest, at, out, CONFIGTEXT_PASS);
	}
	line = sv_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return finish(rest, at, out, CONFIGTEXT_PASS);
	if (take_assigned(&at, &out->name))
		res = read_assigned(t, &at, eof, a, out);
	else
		res = read_listing(t, &at, eof, a, out);
	if (res == CONFIGTEXT_MORE) {
		*t = before;
		return res;
	}
	return finish(rest, at, out, res);
}

bool
configtext_is_level(sv name)
{
	static const char *const levels[] = {
		"CONTEXT", "CRITICAL", "DEBUG", "DETAIL", "ERROR", "FATAL",
		"HINT", "INFO", "LOG", "NOTICE", "PANIC", "QUERY",
		"STATEMENT", "TRACE", "WARN", "WARNING"
	};

	for (size_t i = 0; i < countof(levels); i++)
		if (sv_is(name, levels[i]))
			return true;
	return false;
}

/* What the vars of a head say about it. */
struct votes {
	size_t vars, upper, listed, level, words, quoted;
};

/* NAME='... is one as well: its end may be behind the head's. */
static bool
is_var(enum configtext_result res)
{
	return res == CONFIGTEXT_VAR || res == CONFIGTEXT_OPEN;
}

static bool
vote(struct votes *v, enum configtext_result res,
    const struct configtext_item *item)
{
	v->vars++;
	v->upper += configvar_is_upper(item->name);
	v->listed += item->listed;
	v->words += item->word || res == CONFIGTEXT_OPEN;
	v->quoted += item->quoted;
	v->level += item->listed && configtext_is_level(item->name);
	return !item->listed || item->lines == 1;
}

static bool
is_elected(const struct votes *v)
{
	if (v->vars && v->words == v->vars)
		return v->upper || v->quoted;
	return v->upper > v->vars / 2 && v->level < v->vars &&
	    (v->listed == 0 || v->listed == v->vars);
}

bool
configtext_is(sv head, struct arena *scratch)
{
	struct configtext t = CONFIGTEXT_INIT;
	struct configtext_item item;
	struct votes v = { 0, 0, 0, 0, 0, 0 };
	size_t last = sv_rfind(head, SV("\n"));
	bool eof = false;

	if (last < head.n)
		head = sv_take(head, last + 1);
	for (;;) {
		struct arena_mark mark = arena_mark(scratch);
		enum configtext_result res =
		    configtext_next(&t, &head, eof, scratch, &item);

		arena_rewind(scratch, mark);
		if (!sv_null(item.app))
			return true;
		if (res == CONFIGTEXT_BAD || t.listing ||
		    (is_var(res) && !vote(&v, res, &item)))
			return false;
		/* The head may be cut: its last item, then, is looked at as if
		 * the text ended there, and nothing behind it. */
		if (res == CONFIGTEXT_END || (eof && is_var(res)))
			return is_elected(&v);
		eof |= res == CONFIGTEXT_MORE;
	}
}
