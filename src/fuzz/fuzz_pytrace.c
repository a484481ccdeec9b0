/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/ascii.h"
#include "parse/pytrace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the kinds promise, whatever the line. */
static void
check_kind(enum pytrace_kind kind, sv line)
{
	bool header = sv_ends(line, SV("Traceback (most recent call last):"));
	bool file = sv_starts(line, SV("File \""));

	assert((kind == PYTRACE_BLANK) == (line.n == 0));
	if (kind == PYTRACE_HEADER || kind == PYTRACE_BEHIND ||
	    kind == PYTRACE_GROUP || kind == PYTRACE_GROUP_BEHIND)
		assert(header);
	if (kind == PYTRACE_FRAME || kind == PYTRACE_PLACE)
		assert(file && sv_has(line, SV("\", line ")));
	if (kind == PYTRACE_PLACE)
		assert(is_digit(line.p[line.n - 1]));
	if (kind == PYTRACE_ERROR || kind == PYTRACE_NAMED)
		assert(sv_find_byte(line, ' ') == line.n ||
		    line.p[sv_find_byte(line, ' ') - 1] == ':');
}

/* A step that does not fit leaves the state alone; source is taken only behind
 * a File line or as the rest of a statement; an end needs a File line or a rule
 * before it. */
static void
check_step(const struct pytrace *t, enum pytrace_kind kind, sv line,
    const struct pytrace *next, enum pytrace_fit fit)
{
	if (fit == PYTRACE_NO) {
		assert(next->state == t->state);
		return;
	}
	assert(kind != PYTRACE_FOREIGN);
	if (kind == PYTRACE_TEXT)
		assert(t->state == PYTRACE_IN_FRAME || t->unfinished ||
		    (t->state == PYTRACE_IN_CODE && line.n));
	if (next->state == PYTRACE_ENDED)
		assert(t->state == PYTRACE_IN_FRAME ||
		    t->state == PYTRACE_IN_CODE);
	if (next->state == PYTRACE_GAP || next->state == PYTRACE_CHAINED)
		assert(pytrace_is_whole(t));
	if (next->state == PYTRACE_OPENED)
		assert(kind == PYTRACE_HEADER);
}

/* The first line that opens a traceback, then every line is offered. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv rest = sv_of((const char *)data, size);
	struct pytrace t, next;
	bool open = false;

	while (!sv_null(rest)) {
		sv line = sv_trim(sv_cut(&rest, '\n'));
		enum pytrace_kind kind = pytrace_look(line);
		enum pytrace_fit fit;

		check_kind(kind, line);
		if (!open) {
			open = pytrace_open(&t, kind, line);
			continue;
		}
		fit = pytrace_step(&t, kind, line, &next);
		check_step(&t, kind, line, &next, fit);
		if (fit)
			t = next;
	}
	return 0;
}
