/* SPDX-License-Identifier: MIT */
/*
 * sentryissue.h: issues of Sentry's REST API. Table sentry_issue, ts =
 * last_seen. Source of the members: Sentry API reference, List a Project's
 * Issues. count is a string there, userCount a number. Objects and arrays
 * of size (stats, assignedTo, annotations) are left to the user's file.
 */
#ifndef PARSE_SENTRYISSUE_H
#define PARSE_SENTRYISSUE_H

#include "parse/doc.h"

extern const struct doc_shape sentryissue_shape;

#endif
