/* SPDX-License-Identifier: MIT */
/*
 * place.h: which rule directory and which site.yml a program uses. What the
 * command line says wins, then the environment, then what lies in the current
 * directory, then what was installed. The caller reads the environment.
 */
#ifndef DETECT_PLACE_H
#define DETECT_PLACE_H

#include "base/arena.h"

struct place {
	const char *rules; /* never NULL */
	const char *site;  /* NULL: no deployment known */
};

/* Each of the first four may be NULL (and an empty variable is none); without
 * a named site.yml the one beside the rule directory is used, if it exists. */
struct place place_find(struct arena *a, const char *rules,
    const char *rules_env, const char *site, const char *site_env,
    const char *datadir);

/* The key of keyed hashes: what the option says, else that of the user, with
 * $XDG_CONFIG_HOME and $HOME; NULL when neither tells a folder. */
const char *place_key(struct arena *a, const char *option,
    const char *config_env, const char *home_env);

#endif
