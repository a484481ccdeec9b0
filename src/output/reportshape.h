/* SPDX-License-Identifier: MIT */
/*
 * reportshape.h: inside of report.h: which members of raxx-eval's records go
 * where. A new member is a row of a table in reportshape.c.
 */
#ifndef OUTPUT_REPORTSHAPE_H
#define OUTPUT_REPORTSHAPE_H

#include "output/reportread.h"

/* Of struct report_run: of the record and of objects in it. */
extern const struct reportread_shape report_run_shape, report_window_shape,
    report_catalog_shape, report_cross_shape, report_side_shape;
extern const struct reportread_shape report_verdict_shape;
/* Of struct report_finding: of the records finding and status, and of objects in
 * them. */
extern const struct reportread_shape report_finding_shape, report_near_shape,
    report_restart_shape, report_config_shape, report_status_shape,
    report_suppressed_shape;
extern const struct reportread_shape report_evidence_shape, report_gone_shape,
    report_allow_shape;

#endif
