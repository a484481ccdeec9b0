/* SPDX-License-Identifier: MIT */
/*
 * secretword.h: secrets that a word before them tells, with no sign between: an
 * option of a command, a word of SQL.
 */
#ifndef RECORD_SECRETWORD_H
#define RECORD_SECRETWORD_H

#include <stdbool.h>

#include "record/secretcommand.h"

/* Each is the secret, a view into text, or empty; *quote as of
 * secretvalue_of(). */

/* "--password x", "'--password', 'x'", at the first dash; a name that holds a
 * secret is none. */
sv secretword_option(sv text, size_t at, sv *quote);
/* "-u user:password" of curl and others, "-p x", at the blank before. *command
 * as of secretcommand_open(). */
sv secretword_letter(sv text, size_t at, struct secretcommand *command,
    sv *quote);
/* "aws configure set NAME x"; a name that holds a secret is none. */
sv secretword_setting(sv text, size_t at);
/* PASSWORD 'x', IDENTIFIED BY 'x', at the blank before the string. */
sv secretword_sql(sv text, size_t at, sv *quote);
/* Does the blank text[at] stand behind what secretword_sql() has no secret
 * behind: a word with nothing before it that belongs to it, or none? */
bool secretword_is_plain(sv text, size_t at);

#endif
