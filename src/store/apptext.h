/* SPDX-License-Identifier: MIT */
/*
 * apptext.h: the views app_text and app_events for statements of ours and of
 * rules. Those of the store put messages together (form.h) by what any program
 * with SQLite has, which makes them 24 kB long, and SQLite reads all of it again
 * wherever a statement names one. These do it by a function.
 */
#ifndef STORE_APPTEXT_H
#define STORE_APPTEXT_H

#include <stdbool.h>

#include "base/err.h"

struct store;

/* Of the connection, before those of the store; a store that is looked at as of
 * an earlier time keeps its own. False when the store fails. */
bool apptext_install(struct store *st, struct err *e);

#endif
