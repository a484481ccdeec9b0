/* SPDX-License-Identifier: MIT */
/*
 * PCRE2 counts its match limit anew at every start offset, so a long subject
 * could cost length times limit. A search therefore goes over the start
 * offsets in slices, and looks at the time between them: past the budget the
 * answer is UNDECIDED, as it is when a limit is hit.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "detect/regex.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/oom.h"
#include "base/stopwatch.h"

enum {
	PARENS_MAX = 50,
	MATCH_LIMIT = 1000000, /* about 10 ms interpreted, per start offset */
	DEPTH_LIMIT = 50000,
	HEAP_LIMIT = 20480,    /* KiB */
	JIT_STACK_MIN = 32 * 1024,
	JIT_STACK_MAX = 1024 * 1024,
	SLICE_MIN = 256,       /* start offsets between looks at the time */
	SLICES_MAX = 64,
	BUDGET = 1             /* seconds */
};

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *ctx;
	pcre2_jit_stack *stack; /* NULL: interpreted */
};

static pcre2_compile_context *
compile_context(void)
{
	pcre2_compile_context *c = pcre2_compile_context_create(NULL);

	if (!c)
		oom();
	pcre2_set_max_pattern_length(c, REGEX_PATTERN_MAX);
	pcre2_set_parens_nest_limit(c, PARENS_MAX);
#if PCRE2_MAJOR > 10 || PCRE2_MINOR >= 43
	pcre2_set_max_varlookbehind(c, 64);
#endif
#if PCRE2_MAJOR > 10 || PCRE2_MINOR >= 44
	pcre2_set_max_pattern_compiled_length(c, 1 << 20);
#endif
	return c;
}

static pcre2_code *
compile(sv pattern, unsigned flags, size_t *byte, struct err *e)
{
	uint32_t opt = PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF |
	    PCRE2_NEVER_UCP | PCRE2_DOLLAR_ENDONLY | PCRE2_USE_OFFSET_LIMIT;
	pcre2_compile_context *ctx = compile_context();
	pcre2_code *code;
	PCRE2_UCHAR why[160];
	PCRE2_SIZE at;
	int rc;

	if (flags & REGEX_NOCASE)
		opt |= PCRE2_CASELESS;
	if (flags & REGEX_MULTILINE)
		opt |= PCRE2_MULTILINE;
	if (flags & REGEX_DOTALL)
		opt |= PCRE2_DOTALL;
	code = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""),
	    pattern.n, opt, &rc, &at, ctx);
	pcre2_compile_context_free(ctx);
	if (code)
		return code;
	*byte = at;
	pcre2_get_error_message(rc, why, sizeof(why));
	err_set(e, ST_USAGE, "pattern, byte %zu: %s", at, (const char *)why);
	return NULL;
}

bool
regex_check(sv pattern, unsigned flags, size_t *at, struct err *e)
{
	pcre2_code *code = compile(pattern, flags, at, e);

	pcre2_code_free(code);
	return code != NULL;
}

struct regex *
regex_open(sv pattern, unsigned flags, struct err *e)
{
	size_t at;
	pcre2_code *code = compile(pattern, flags, &at, e);
	struct regex *r;

	if (!code)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		oom();
	r->code = code;
	r->data = pcre2_match_data_create(1, NULL);
	r->ctx = pcre2_match_context_create(NULL);
	if (!r->data || !r->ctx)
		oom();
	pcre2_set_match_limit(r->ctx, MATCH_LIMIT);
	pcre2_set_depth_limit(r->ctx, DEPTH_LIMIT);
	pcre2_set_heap_limit(r->ctx, HEAP_LIMIT);
	/* no JIT in this library or under this policy: interpret */
	if (!(flags & REGEX_NO_JIT) &&
	    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0)
		r->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX,
		    NULL);
	if (r->stack)
		pcre2_jit_stack_assign(r->ctx, NULL, r->stack);
	return r;
}

void
regex_close(struct regex *r)
{
	if (!r)
		return;
	pcre2_match_data_free(r->data);
	pcre2_match_context_free(r->ctx);
	pcre2_jit_stack_free(r->stack);
	pcre2_code_free(r->code);
	free(r);
}

static enum regex_result
decide(int rc)
{
	if (rc >= 0)
		return REGEX_MATCH;
	return rc == PCRE2_ERROR_NOMATCH ? REGEX_NO_MATCH : REGEX_UNDECIDED;
}

/* Matches that start within from..last. What JIT cannot decide within its
 * stack the interpreter may. */
static enum regex_result
match_slice(struct regex *r, sv subject, size_t from, size_t last)
{
	PCRE2_SPTR p = (PCRE2_SPTR)(subject.p ? subject.p : "");
	enum regex_result res;

	pcre2_set_offset_limit(r->ctx, last);
	res = decide(pcre2_match(r->code, p, subject.n, from,
	    r->stack ? 0 : PCRE2_NO_JIT, r->data, r->ctx));
	if (res == REGEX_UNDECIDED && r->stack)
		res = decide(pcre2_match(r->code, p, subject.n, from,
		    PCRE2_NO_JIT, r->data, r->ctx));
	return res;
}

enum regex_result
regex_match(struct regex *r, sv subject)
{
	size_t slice = subject.n / SLICES_MAX + 1;
	double deadline;
	enum regex_result res;

	if (slice < SLICE_MIN)
		slice = SLICE_MIN;
	if (subject.n <= slice)
		return match_slice(r, subject, 0, subject.n);
	deadline = stopwatch_cpu() + (int)BUDGET;
	for (size_t at = 0; at <= subject.n; at += slice) {
		size_t last = subject.n - at < slice ? subject.n :
		    at + slice - 1;

		res = match_slice(r, subject, at, last);
		if (res != REGEX_NO_MATCH)
			return res;
		if (stopwatch_cpu() > deadline)
			return REGEX_UNDECIDED;
	}
	return REGEX_NO_MATCH;
}
