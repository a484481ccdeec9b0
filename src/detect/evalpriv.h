/* SPDX-License-Identifier: MIT */
/*
 * evalpriv.h: inside of eval.h, for the files of eval only. Of one rule, in this
 * order: what it runs on (evalarms.c), what it could see (evalseen.c), what it
 * found (evalsearch.c), and what may be said of it (eval.c).
 */
#ifndef DETECT_EVALPRIV_H
#define DETECT_EVALPRIV_H

#include "detect/eval.h"

/* NULL: there is no such source. */
const struct source_fact *eval_fact(const struct source_fact *source, sv name);
/* "ABOUT need WHY", in the arena. */
sv eval_need_text(struct arena *a, const char *about, sv need, const char *why);
/* Does the arm run in the rule's state, as far as that goes? */
bool eval_state_allows(const struct verdict *v, const struct arm *arm);

/* Sets coverage, doubt and clean; false when the store fails. */
bool eval_observe(struct eval *ev, struct verdict *v, struct err *e);
/* What is wrong in the window with a dump that the rule reads: its time was
 * seen, but not all that was in it. */
void eval_flaws(struct eval *ev, struct verdict *v);

/* Hits and findings. */
enum hits_end eval_search(struct eval *ev, struct verdict *v);

#endif
