/* SPDX-License-Identifier: MIT */
/*
 * release.h: an app's releases, of `heroku releases --json` and the Platform
 * API. Table release, ts = created_at. Source of the members: heroku/cli
 * src/commands/releases/index.ts, src/lib/types/fir.d.ts; Platform API
 * reference, Release. output_stream_url is presigned: whoever has it reads the
 * release phase's output, so it is a secret.
 */
#ifndef PARSE_RELEASE_H
#define PARSE_RELEASE_H

#include "parse/doc.h"

extern const struct doc_shape release_shape;

#endif
