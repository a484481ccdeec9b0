/* SPDX-License-Identifier: MIT */
/*
 * configvar.h: an app's config vars, of `heroku config --json` and the Platform
 * API: one flat object, name -> text. Table config_var, a snapshot, one row for
 * each member. The value is a secret, whatever its name is; plain are its
 * length in bytes and, if it is a URL, url_scheme, url_host and url_port, so
 * that a wrong host shows. Source: heroku/cli src/commands/config/index.ts;
 * Platform API reference, Config Vars.
 */
#ifndef PARSE_CONFIGVAR_H
#define PARSE_CONFIGVAR_H

#include "parse/doc.h"

/* Told by its names, more than half of which have no lower-case letter, and by
 * values that are all texts (or null). Rows it makes of any object. */
extern const struct doc_shape configvar_shape;

/* Could the object, if it is all that there is, be an app's config vars? For
 * one of no other shape: with names of any case, also numbers for values if
 * more than half of the names have no lower-case letter. Not when more names
 * are those of a line of a log (message, level) than are upper-case. */
bool configvar_is_document(const struct json_value *item);

/* The row of one variable; also for the text forms (configtext.h). */
void configvar_row(struct arena *a, sv name, sv value, struct doc_row *out);

/* [A-Za-z_][A-Za-z0-9_.-]*, and such without lower-case letters, points and
 * hyphens. */
bool configvar_is_name(sv v);
bool configvar_is_upper(sv v);

#endif
