/* SPDX-License-Identifier: MIT */
/* routerline.h: a line of Heroku's router (parse/router.h) as a `request` record. */
#ifndef RECORD_ROUTERLINE_H
#define RECORD_ROUTERLINE_H

#include <stdbool.h>

#include "record/rec.h"

struct normalline;

/* False: it has no form that is known. */
bool routerline_read(struct normalline *l, struct rec *r);

#endif
