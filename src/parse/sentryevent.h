/* SPDX-License-Identifier: MIT */
/*
 * sentryevent.h: events of Sentry, of its REST API and as an SDK sends them
 * (also the JSON download of an event). Table sentry_event, ts = created_at.
 * Source of the members: Sentry API reference, Retrieve an Event for a Project;
 * develop.sentry.dev, Event Payloads, Exception and Stack Trace Interface.
 *
 * The exception is the last of the list, the one that was not caught, and its
 * file, function and line are those of its last frame, the innermost call.
 * Tags are an object of texts, made of an object, of pairs or of {key, value};
 * level, environment, release, transaction and server_name come from them when
 * the event has none. Entries of other kinds (breadcrumbs) are in the cell
 * "entries", contexts, breadcrumbs, modules and what else has no column in
 * "extra". The rest of exceptions and of the request, with its headers and
 * cookies, is left to the user's file.
 */
#ifndef PARSE_SENTRYEVENT_H
#define PARSE_SENTRYEVENT_H

#include "parse/doc.h"

extern const struct doc_shape sentryevent_shape;

#endif
