/* SPDX-License-Identifier: MIT */
#include "detect/sigma_mod.h"

#include "base/attr.h"

enum {
	LIST = MOD_ALL | MOD_NEQ,
	NOT_EXISTS = ~(unsigned)MOD_EXISTS & 0x3fffffff,
	TEXT = MODS_CHANGE | MOD_CASED | LIST,
	REGEX = MOD_RE | MODS_RE_FLAGS | MODS_AFFIX | MOD_EXPAND | LIST,
	ANY_AFFIX = TEXT | MODS_AFFIX | REGEX | MOD_FIELDREF,
	NUMBER = LIST | MOD_EXPAND | MODS_TIME,
	FIRST = 0
};

static const struct {
	const char *name;
	unsigned bit;
	unsigned after; /* what may stand before it */
} modifier[] = {
	{ "contains", MOD_CONTAINS, ANY_AFFIX },
	{ "startswith", MOD_STARTS, ANY_AFFIX },
	{ "endswith", MOD_ENDS, ANY_AFFIX },
	{ "all", MOD_ALL, NOT_EXISTS },
	{ "neq", MOD_NEQ, NOT_EXISTS },
	{ "cased", MOD_CASED, TEXT | MODS_AFFIX | MOD_FIELDREF },
	{ "exists", MOD_EXISTS, FIRST },
	{ "re", MOD_RE, FIRST },
	{ "i", MOD_I, REGEX },
	{ "ignorecase", MOD_I, REGEX },
	{ "m", MOD_M, REGEX },
	{ "multiline", MOD_M, REGEX },
	{ "s", MOD_S, REGEX },
	{ "dotall", MOD_S, REGEX },
	{ "lt", MOD_LT, NUMBER },
	{ "lte", MOD_LTE, NUMBER },
	{ "gt", MOD_GT, NUMBER },
	{ "gte", MOD_GTE, NUMBER },
	{ "cidr", MOD_CIDR, LIST | MOD_EXPAND },
	{ "fieldref", MOD_FIELDREF, LIST },
	{ "expand", MOD_EXPAND, TEXT | MODS_AFFIX | REGEX },
	{ "windash", MOD_WINDASH, TEXT | MODS_AFFIX },
	{ "wide", MOD_UTF16LE, TEXT | MODS_AFFIX },
	{ "utf16le", MOD_UTF16LE, TEXT | MODS_AFFIX },
	{ "utf16be", MOD_UTF16BE, TEXT | MODS_AFFIX },
	{ "utf16", MOD_UTF16, TEXT | MODS_AFFIX },
	{ "base64", MOD_BASE64, TEXT },
	{ "base64offset", MOD_BASE64OFFSET, TEXT },
	{ "minute", MOD_MINUTE, LIST | MOD_EXPAND },
	{ "hour", MOD_HOUR, LIST | MOD_EXPAND },
	{ "day", MOD_DAY, LIST | MOD_EXPAND },
	{ "week", MOD_WEEK, LIST | MOD_EXPAND },
	{ "month", MOD_MONTH, LIST | MOD_EXPAND },
	{ "year", MOD_YEAR, LIST | MOD_EXPAND },
};

static enum sigma_mods_end
check(unsigned bits, size_t i)
{
	unsigned bit = modifier[i].bit;
	bool twice = bits & bit & ~(unsigned)MODS_CHANGE;
	bool flag = (bit & MODS_RE_FLAGS) && !(bits & MOD_RE);

	if (modifier[i].after == FIRST && bits)
		return MODS_LATE;
	return (bits & ~modifier[i].after) || twice || flag ? MODS_CLASH :
	    MODS_OK;
}

enum sigma_mods_end
sigma_mods_read(sv text, struct sigma_mods *out, sv *name)
{
	*out = (struct sigma_mods){ 0 };
	while (!sv_null(text)) {
		enum sigma_mods_end end;
		size_t i = 0;

		*name = sv_cut(&text, '|');
		while (i < countof(modifier) && !sv_is(*name, modifier[i].name))
			i++;
		if (i == countof(modifier))
			return MODS_UNKNOWN;
		end = check(out->bits, i);
		if (end != MODS_OK)
			return end;
		out->bits |= modifier[i].bit;
		if (!(modifier[i].bit & MODS_CHANGE))
			continue;
		if (out->nchanges == SIGMA_CHANGES_MAX)
			return MODS_CLASH;
		out->change[out->nchanges++] = modifier[i].bit;
	}
	return MODS_OK;
}
