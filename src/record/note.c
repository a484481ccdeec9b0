/* SPDX-License-Identifier: MIT */
#include "record/note.h"

#include "base/attr.h"

#define NAME(text) { (text), sizeof(text) - 1 }

const struct note_def note_def[] = {
	[NOTE_NUL_BYTES] = { NAME("nul-bytes"),
	    "records with NUL bytes, written \\x00", true },
	[NOTE_INVALID_UTF8] = { NAME("invalid-utf8"),
	    "records with bytes that are no UTF-8, written \\xNN", true },
	[NOTE_BAD_NUMBER] = { NAME("bad-number"),
	    "records with a number that is none: the field is left out", true },
	[NOTE_BAD_TIME] = { NAME("bad-time-value"),
	    "rows with an optional time that is none: the field is left out",
	    true },
	[NOTE_AMBIGUOUS] = { NAME("ambiguous-fields"),
	    "router and Postgres lines that can be read in two ways: forged?", true },
	[NOTE_REDACTED] = { NAME("redacted"),
	    "records with secrets, replaced by keyed hashes", false },
	[NOTE_UNTYPED] = { NAME("untyped"),
	    "records kept as text: no reader knows their form", false },
	[NOTE_OUT_OF_ORDER] = { NAME("out-of-order"),
	    "records older than the one before", false },
	[NOTE_JOINED] = { NAME("joined"),
	    "lines that are part of the record of another line", false },
	[NOTE_BROKEN] = { NAME("broken"),
	    "lines of messages whose other lines are missing", true },
	[NOTE_TOOL_LINES] = { NAME("tool-lines"),
	    "lines of the command line tool itself, counted as blank", false },
	[NOTE_UTF16] = { NAME("utf16"), "the input is UTF-16", false },
	[NOTE_NAME] = { NAME("name-mismatch"),
	    "the name says gzip and the bytes do not, or the reverse", true },
};
_Static_assert(countof(note_def) == NOTE_N, "a row per note");

enum note
note_find(sv name)
{
	int i = 0;

	while (i < NOTE_N && !sv_eq(name, note_def[i].name))
		i++;
	return (enum note)i;
}
