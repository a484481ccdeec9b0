/* SPDX-License-Identifier: MIT */
/*
 * A list of what may be called, not of what may not: a library is built with
 * functions that nobody here has heard of. Absent: random, randomblob, zeroblob
 * (memory), load_extension, changes and the like, sqlite_*, CURRENT_TIME. The
 * functions of dates stay; see timeless.h for 'now'.
 */
#include "store/sqlallow.h"

#include "base/attr.h"

static const char *const function[] = {
	/* of one row */
	"abs", "char", "coalesce", "concat", "concat_ws", "format", "glob",
	"hex", "if", "ifnull", "iif", "instr", "length", "like", "likelihood",
	"likely", "lower", "ltrim", "max", "min", "nullif", "octet_length",
	"printf", "quote", "replace", "round", "rtrim", "sign", "soundex",
	"substr", "substring", "trim", "typeof", "unhex", "unicode", "unistr",
	"unistr_quote", "unlikely", "upper",
	/* of dates */
	"date", "datetime", "julianday", "strftime", "time", "timediff",
	"unixepoch",
	/* of many rows */
	"avg", "count", "group_concat", "string_agg", "sum", "total", "median",
	"percentile", "percentile_cont", "percentile_disc",
	"cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead",
	"nth_value", "ntile", "percent_rank", "rank", "row_number",
	/* of numbers */
	"acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil",
	"ceiling", "cos", "cosh", "degrees", "exp", "floor", "ln", "log",
	"log10", "log2", "mod", "pi", "pow", "power", "radians", "sin", "sinh",
	"sqrt", "tan", "tanh", "trunc",
	/* of JSON */
	"->", "->>", "json", "json_array", "json_array_insert",
	"json_array_length", "json_error_position", "json_extract",
	"json_group_array", "json_group_object", "json_insert", "json_object",
	"json_patch", "json_pretty", "json_quote", "json_remove",
	"json_replace", "json_set", "json_type", "json_valid",
};

static const char *const table_prefix[] = {
	"sqlite_", "pragma_", "dbstat", "bytecode", "tables_used",
	"fts3tokenize",
};

bool
sqlallow_function(sv name)
{
	for (size_t i = 0; i < countof(function); i++)
		if (sv_eq_nocase(name, sv_str(function[i])))
			return true;
	return false;
}

bool
sqlallow_table(sv name)
{
	for (size_t i = 0; i < countof(table_prefix); i++)
		if (sv_starts_nocase(name, sv_str(table_prefix[i])))
			return false;
	return true;
}
