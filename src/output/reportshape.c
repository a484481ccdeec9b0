/* SPDX-License-Identifier: MIT */
#include "output/reportshape.h"

#include "base/attr.h"

#define SHAPE(fields, type) { fields, countof(fields), sizeof(type) }
#define AT(type, member) offsetof(struct type, member)

/* A reader of arrays of that shape. */
#define ARRAY_READER(name, type, shape)                                    \
	static bool name(struct reportread *r, const struct json_value *v,     \
	    void *to)                                                      \
	{                                                                  \
		struct type *list = to;                                    \
                                                                           \
		if (v->kind != JSON_ARRAY)                                 \
			return false;                                      \
		list->item = reportread_array(r, v, &(shape), &list->n);         \
		return true;                                               \
	}

/* A reader of an object whose members are members of our struct. */
#define MEMBERS_READER(name, shape)                                        \
	static bool name(struct reportread *r, const struct json_value *v,     \
	    void *to)                                                      \
	{                                                                  \
		return reportread_members(r, v, &(shape), to);                   \
	}

static const struct reportread_field blind_field[] = {
	{ "from", AT(report_blind, from), reportread_time },
	{ "to", AT(report_blind, to), reportread_time },
	{ "why", AT(report_blind, why), reportread_text },
};

static const struct reportread_shape blind_shape =
    SHAPE(blind_field, struct report_blind);
ARRAY_READER(read_blinds, report_blinds, blind_shape)

static const struct reportread_field input_field[] = {
	{ "name", AT(report_input, name), reportread_text },
	{ "format", AT(report_input, format), reportread_text },
	{ "form", AT(report_input, form), reportread_text },
	{ "damaged", AT(report_input, damaged), reportread_any },
	{ "read", AT(report_input, read), reportread_count },
	{ "stored", AT(report_input, stored), reportread_count },
	{ "duplicates", AT(report_input, duplicates), reportread_count },
	{ "rejected", AT(report_input, rejected), reportread_count },
	{ "blank", AT(report_input, blank), reportread_count },
};

static const struct reportread_shape input_shape =
    SHAPE(input_field, struct report_input);
ARRAY_READER(read_inputs, report_inputs, input_shape)

static const struct reportread_field source_field[] = {
	{ "name", AT(report_source, name), reportread_text },
	{ "label", AT(report_source, label), reportread_text },
	{ "status", AT(report_source, status), reportread_text },
	{ "records", AT(report_source, records), reportread_count },
	{ "first", AT(report_source, first), reportread_time },
	{ "last", AT(report_source, last), reportread_time },
	{ "gates", AT(report_source, gates), reportread_texts },
	{ "prerequisite", AT(report_source, prerequisite), reportread_text },
	{ "flaw", AT(report_source, flaw), reportread_text },
};

static const struct reportread_shape source_shape =
    SHAPE(source_field, struct report_source);
ARRAY_READER(read_sources, report_sources, source_shape)

static const struct reportread_field stream_field[] = {
	{ "stream", AT(report_stream, stream), reportread_text },
	{ "app", AT(report_stream, app), reportread_text },
	{ "share", AT(report_stream, share), reportread_real },
	{ "share_low", AT(report_stream, share_low), reportread_real },
	{ "covered_s", AT(report_stream, covered_s), reportread_real },
	{ "unknown_s", AT(report_stream, unknown_s), reportread_real },
	{ "window_s", AT(report_stream, window_s), reportread_real },
	{ "taken", AT(report_stream, taken), reportread_time },
	{ "rows", AT(report_stream, rows), reportread_count },
	{ "max_id", AT(report_stream, max_id), reportread_count },
	{ "flaw", AT(report_stream, flaw), reportread_text },
	{ "blind", AT(report_stream, blind), read_blinds },
};

static const struct reportread_shape stream_shape =
    SHAPE(stream_field, struct report_stream);
ARRAY_READER(read_streams, report_streams, stream_shape)

static const struct reportread_field arm_field[] = {
	{ "name", AT(report_arm, name), reportread_text },
	{ "window_s", AT(report_arm, window_s), reportread_real },
	{ "threshold", AT(report_arm, threshold), reportread_real },
	{ "threshold_from", AT(report_arm, threshold_from), reportread_text },
	{ "metric", AT(report_arm, metric), reportread_text },
	{ "peak", AT(report_arm, peak), reportread_real },
	{ "findings", AT(report_arm, findings), reportread_count },
	{ "dropped_keys", AT(report_arm, dropped_keys), reportread_count },
	{ "smallest", AT(report_arm, smallest), reportread_real },
};

static const struct reportread_shape arm_shape =
    SHAPE(arm_field, struct report_arm);
ARRAY_READER(read_arms, report_arms, arm_shape)

static const struct reportread_field wake_field[] = {
	{ "action", AT(report_wake, action), reportread_text },
	{ "source", AT(report_wake, source), reportread_text },
	{ "why", AT(report_wake, why), reportread_text },
	{ "wakes", AT(report_wake, wakes), reportread_texts },
	{ "lifts", AT(report_wake, lifts), reportread_texts },
	{ "helps", AT(report_wake, helps), reportread_texts },
	{ "high", AT(report_wake, high), reportread_count },
};

static const struct reportread_shape wake_shape =
    SHAPE(wake_field, struct report_wake);
ARRAY_READER(read_wakes, report_wakes, wake_shape)

static const struct reportread_field side_field[] = {
	{ "estimate", AT(report_side, estimate), reportread_real },
	{ "claimed", AT(report_side, claimed), reportread_real },
	{ "flagged", AT(report_side, flagged), reportread_any },
};

const struct reportread_shape report_side_shape =
    SHAPE(side_field, struct report_side);
MEMBERS_READER(read_side, report_side_shape)

static const struct reportread_field cross_field[] = {
	{ "every", AT(report_run, cross.every), reportread_count },
	{ "n_router", AT(report_run, cross.n_router), reportread_count },
	{ "n_app", AT(report_run, cross.n_app), reportread_count },
	{ "matched", AT(report_run, cross.matched), reportread_count },
	{ "n_expected", AT(report_run, cross.n_expected), reportread_count },
	{ "n_found", AT(report_run, cross.n_found), reportread_count },
	{ "router", AT(report_run, cross.router), read_side },
	{ "app", AT(report_run, cross.app), read_side },
};

const struct reportread_shape report_cross_shape =
    SHAPE(cross_field, struct report_run);
MEMBERS_READER(read_cross, report_cross_shape)

static const struct reportread_field window_field[] = {
	{ "from", AT(report_run, from), reportread_time },
	{ "to", AT(report_run, to), reportread_time },
};

const struct reportread_shape report_window_shape =
    SHAPE(window_field, struct report_run);
MEMBERS_READER(read_window, report_window_shape)

static const struct reportread_field catalog_field[] = {
	{ "digest", AT(report_run, digest), reportread_text },
	{ "rules", AT(report_run, rules), reportread_count },
};

const struct reportread_shape report_catalog_shape =
    SHAPE(catalog_field, struct report_run);
MEMBERS_READER(read_catalog, report_catalog_shape)

static const struct reportread_field next_run_field[] = {
	{ "daily", AT(report_run, next_run.daily), reportread_any },
	{ "hourly", AT(report_run, next_run.hourly), reportread_any },
	{ "next", AT(report_run, next_run.next), reportread_any },
};

static const struct reportread_shape next_run_shape =
    SHAPE(next_run_field, struct report_run);
MEMBERS_READER(read_next_run, next_run_shape)

static const struct reportread_field rebaseline_field[] = {
	{ "have_days", AT(report_run, rebaseline.have_days), reportread_any },
	{ "need_days", AT(report_run, rebaseline.need_days), reportread_any },
	{ "due", AT(report_run, rebaseline.due), reportread_any },
	{ "trigger", AT(report_run, rebaseline.trigger), reportread_any },
};

static const struct reportread_shape rebaseline_shape =
    SHAPE(rebaseline_field, struct report_run);
MEMBERS_READER(read_rebaseline, rebaseline_shape)

static const struct reportread_field near_field[] = {
	{ "version", AT(report_finding, release.version), reportread_any },
	{ "ts", AT(report_finding, release.ts), reportread_time },
};

const struct reportread_shape report_near_shape =
    SHAPE(near_field, struct report_finding);
MEMBERS_READER(read_near, report_near_shape)

static const struct reportread_field restart_field[] = {
	{ "dyno", AT(report_finding, restart.dyno), reportread_text },
	{ "event", AT(report_finding, restart.event), reportread_text },
	{ "ts", AT(report_finding, restart.ts), reportread_time },
};

const struct reportread_shape report_restart_shape =
    SHAPE(restart_field, struct report_finding);
MEMBERS_READER(read_restart, report_restart_shape)

static const struct reportread_field config_field[] = {
	{ "names", AT(report_finding, config.names), reportread_any },
	{ "ts", AT(report_finding, config.ts), reportread_time },
};

const struct reportread_shape report_config_shape =
    SHAPE(config_field, struct report_finding);
MEMBERS_READER(read_config, report_config_shape)

static const struct reportread_field suppressed_field[] = {
	{ "entry", AT(report_finding, suppressed.entry), reportread_count },
	{ "owner", AT(report_finding, suppressed.owner), reportread_any },
	{ "reason", AT(report_finding, suppressed.reason), reportread_any },
	{ "expires", AT(report_finding, suppressed.expires), reportread_time },
};

const struct reportread_shape report_suppressed_shape =
    SHAPE(suppressed_field, struct report_finding);
MEMBERS_READER(read_suppressed, report_suppressed_shape)

static const struct reportread_field run_field[] = {
	{ "version", AT(report_run, version), reportread_any },
	{ "window", 0, read_window },
	{ "now", AT(report_run, now), reportread_time },
	{ "catalog", 0, read_catalog },
	{ "inputs", AT(report_run, inputs), read_inputs },
	{ "sources", AT(report_run, sources), read_sources },
	{ "coverage", AT(report_run, coverage), read_streams },
	{ "wake", AT(report_run, wake), read_wakes },
	{ "cross_check", 0, read_cross },
	{ "next_run", 0, read_next_run },
	{ "rebaseline", 0, read_rebaseline },
};

const struct reportread_shape report_run_shape =
    SHAPE(run_field, struct report_run);

static const struct reportread_field verdict_field[] = {
	{ "rule", AT(report_verdict, rule), reportread_text },
	{ "title", AT(report_verdict, title), reportread_text },
	{ "kind", AT(report_verdict, kind), reportread_text },
	{ "state", AT(report_verdict, state), reportread_text },
	{ "result", AT(report_verdict, result_name), reportread_text },
	{ "reason", AT(report_verdict, reason), reportread_text },
	{ "missing", AT(report_verdict, missing), reportread_texts },
	{ "prerequisite", AT(report_verdict, prerequisite), reportread_text },
	{ "last_seen", AT(report_verdict, last_seen), reportread_time },
	{ "flips", AT(report_verdict, flips), reportread_count },
	{ "coverage", AT(report_verdict, coverage), reportread_real },
	{ "share_low", AT(report_verdict, share_low), reportread_real },
	{ "blind", AT(report_verdict, blind), read_blinds },
	{ "arms", AT(report_verdict, arms), read_arms },
	{ "findings", AT(report_verdict, claimed), reportread_count },
	{ "suppressed", AT(report_verdict, hidden), reportread_count },
};

const struct reportread_shape report_verdict_shape =
    SHAPE(verdict_field, struct report_verdict);

static const struct reportread_field finding_field[] = {
	{ "id", AT(report_finding, id), reportread_text },
	{ "rule", AT(report_finding, rule), reportread_text },
	{ "title", AT(report_finding, title), reportread_text },
	{ "arm", AT(report_finding, arm), reportread_text },
	{ "level", AT(report_finding, level), reportread_text },
	{ "route", AT(report_finding, route), reportread_text },
	{ "key_name", AT(report_finding, key_name), reportread_text },
	{ "key", AT(report_finding, key), reportread_any },
	{ "metric_name", AT(report_finding, metric_name), reportread_text },
	{ "metric", AT(report_finding, metric), reportread_real },
	{ "events", AT(report_finding, events), reportread_count },
	{ "threshold", AT(report_finding, threshold), reportread_real },
	{ "threshold_from", AT(report_finding, threshold_from), reportread_text },
	{ "window_s", AT(report_finding, window_s), reportread_real },
	{ "first", AT(report_finding, first), reportread_time },
	{ "last", AT(report_finding, last), reportread_time },
	{ "fired_at", AT(report_finding, fired_at), reportread_time },
	{ "evidence_total", AT(report_finding, evidence_total), reportread_count },
	{ "note", AT(report_finding, note), reportread_any },
	{ "near_release", 0, read_near },
	{ "near_restart", 0, read_restart },
	{ "near_config", 0, read_config },
	{ "next_step", AT(report_finding, next_step), reportread_text },
	{ "author", AT(report_finding, author), reportread_text },
	{ "license", AT(report_finding, license), reportread_text },
};

const struct reportread_shape report_finding_shape =
    SHAPE(finding_field, struct report_finding);

/* `finding`, which says whose status or evidence it is, is read apart. */
static const struct reportread_field status_field[] = {
	{ "status", AT(report_finding, status), reportread_text },
	{ "since", AT(report_finding, since), reportread_time },
	{ "incident", AT(report_finding, incident), reportread_text },
	{ "repeats", AT(report_finding, repeats), reportread_count },
	{ "coverage", AT(report_finding, coverage), reportread_real },
	{ "route_to", AT(report_finding, route_to), reportread_any },
	{ "suppressed", 0, read_suppressed },
};

const struct reportread_shape report_status_shape =
    SHAPE(status_field, struct report_finding);

static const struct reportread_field gone_field[] = {
	{ "id", AT(report_gone, id), reportread_text },
	{ "rule", AT(report_gone, rule), reportread_text },
	{ "arm", AT(report_gone, arm), reportread_text },
	{ "key", AT(report_gone, key), reportread_any },
	{ "first", AT(report_gone, first), reportread_time },
	{ "last", AT(report_gone, last), reportread_time },
	{ "status", AT(report_gone, status), reportread_text },
	{ "why", AT(report_gone, why), reportread_text },
};

const struct reportread_shape report_gone_shape =
    SHAPE(gone_field, struct report_gone);

static const struct reportread_field allow_field[] = {
	{ "entry", AT(report_allow, entry), reportread_count },
	{ "line", AT(report_allow, line), reportread_count },
	{ "rule", AT(report_allow, rule), reportread_text },
	{ "arm", AT(report_allow, arm), reportread_text },
	{ "key", AT(report_allow, key), reportread_any },
	{ "client", AT(report_allow, client), reportread_text },
	{ "user_agent", AT(report_allow, user_agent), reportread_any },
	{ "owner", AT(report_allow, owner), reportread_any },
	{ "reason", AT(report_allow, reason), reportread_any },
	{ "expires", AT(report_allow, expires), reportread_time },
	{ "state", AT(report_allow, state), reportread_text },
	{ "hid", AT(report_allow, hid), reportread_count },
};

const struct reportread_shape report_allow_shape =
    SHAPE(allow_field, struct report_allow);

static const struct reportread_field evidence_field[] = {
	{ "ts", AT(report_evidence, ts), reportread_time },
	{ "source", AT(report_evidence, source), reportread_text },
	{ "line", AT(report_evidence, line), reportread_count },
	{ "summary", AT(report_evidence, summary), reportread_any },
	{ "request_id", AT(report_evidence, request_id), reportread_any },
};

const struct reportread_shape report_evidence_shape =
    SHAPE(evidence_field, struct report_evidence);
