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
 * values that are all texts (or null). */
extern const struct doc_shape configvar_shape;

/* The row of one variable; also for the text forms (configtext.h). */
void configvar_row(struct arena *a, sv name, sv value, struct doc_row *out);

/* [A-Za-z_][A-Za-z0-9_]*, and without lower-case letters. */
bool configvar_is_name(sv v);
bool configvar_is_upper(sv v);

#endif
