/* SPDX-License-Identifier: MIT */
/*
 * secretcommand.h: secrets that stand in a command line without a name that
 * tells: `heroku config:set FOO=x`, `docker login -p x`, `curl -u user:x`, `aws
 * configure set NAME x`. Words are those of sh, as they stand in a text: inside
 * a string of JSON, behind a prompt, between backticks.
 */
#ifndef RECORD_SECRETCOMMAND_H
#define RECORD_SECRETCOMMAND_H

#include <stdbool.h>

#include "base/sv.h"

struct secretcommand {
	size_t end; /* index behind its words; 0: there is none */
	const struct secretcommand_option *option; /* NULL: it sets vars */
};

/* A new command if there is one to which text[at] belongs: the ':' of
 * "config:set", or the blank before the first option of "docker login" and
 * others that have one for a secret. *c is all 0 at first. */
void secretcommand_open(sv text, size_t at, struct secretcommand *c);
/* The secret that is decided in it at text[at], without quotes around it: the
 * value of a var at its '=', that of an option at the blank before it; or
 * empty. */
sv secretcommand_value(sv text, size_t at, const struct secretcommand *c);
/* The x of "aws configure set NAME x" at text[at], or empty. */
sv secretcommand_setting(sv text, size_t at);

#endif
