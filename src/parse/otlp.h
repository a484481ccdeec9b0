/* SPDX-License-Identifier: MIT */
/*
 * otlp.h: OTLP logs as JSON, one {"resourceLogs": [...]} per line, as a
 * collector's file exporter writes what a telemetry drain of a Fir app sends.
 * Sources: open-telemetry/opentelemetry-proto examples/logs.json and
 * logs.proto, opentelemetry.io "OpenTelemetry Protocol File Exporter": 64-bit
 * numbers are strings or numbers, time 0 means not known, names are also seen
 * with underscores.
 *
 * Source and dyno: Dev Center "Logging" (Heroku's own telemetry is called
 * heroku-router, heroku-runtime, heroku-api) and "Heroku OpenTelemetry Signals
 * and Attributes Reference" (attributes stand on the resource); Sentry's list
 * of attributes (heroku.dyno.name); the semantic conventions for Heroku
 * (service.instance.id is the dyno's id). So a resource whose service.name
 * starts with "heroku-" is that source, any other is "app"; the dyno is
 * heroku.dyno.name, else heroku.dyno or dyno as users set them, else
 * service.instance.id, of the resource before the record. The service name of
 * a record is not believed, but an app that sends OTLP itself chooses that of
 * its resource.
 */
#ifndef PARSE_OTLP_H
#define PARSE_OTLP_H

#include <stdbool.h>

#include "parse/jsonlog.h"

struct otlp_it {
	sv resources, scopes, records;   /* not given yet, outermost first */
	struct json_value service, dyno; /* of the resource; raw may be null */
	struct jsonlog_item whole;       /* the line as one reject ... */
	bool refused;                    /* ... if this is set */
};

/* {"resourceLogs": [ and an object or the end of the list; the line may be cut
 * anywhere behind. */
bool otlp_is(sv line);

/*
 * The records of a line in order. What cannot be read is a record that is not
 * ok and has its own bytes: the line ("bad-json", "no-header"), or a member of
 * a list that is not what it should be. Empty lists give none. The arena may
 * be rewound between two calls.
 */
void otlp_begin(struct otlp_it *it, sv line);
bool otlp_next(
    struct otlp_it *it, struct arena *scratch, struct jsonlog_item *out);

#endif
