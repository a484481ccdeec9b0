/* SPDX-License-Identifier: MIT */
/*
 * usage.h: a team's or enterprise account's use of dynos and money, of the
 * Platform API. Table usage, ts = date, none for a month. Source of the
 * members: Platform API reference, Team Daily Usage, Team Monthly Usage and
 * their enterprise account forms; numbers are units, not hours.
 *
 * One item gives a row for the whole (level "account" when it has teams, else
 * "team"), one for each team in it and one for each app ("app"), all with its
 * date or month.
 */
#ifndef PARSE_USAGE_H
#define PARSE_USAGE_H

#include "parse/doc.h"

extern const struct doc_shape usage_shape;

#endif
