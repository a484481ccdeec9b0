/* SPDX-License-Identifier: MIT */
/*
 * formation.h: an app's process types and how many dynos each has, of the
 * Platform API. Table formation, a snapshot. Source of the members: Platform
 * API reference, Formation.
 */
#ifndef PARSE_FORMATION_H
#define PARSE_FORMATION_H

#include "parse/doc.h"

extern const struct doc_shape formation_shape;

#endif
