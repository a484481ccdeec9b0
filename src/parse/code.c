/* SPDX-License-Identifier: MIT */
#include "parse/code.h"

#include "base/attr.h"

/*
 * Severities are the CLI's, "critical", "warning" or "info". It has none for
 * H32, H83, R11, R17, L14, L15, L20 and the names: decided by what is lost.
 * "critical" is never ours; "error" (a deploy or a drain does not work) is.
 */
const struct code codes[] = {
	{ "H10", "App crashed", "critical",
	    "The web dyno crashed, so nothing could answer the request." },
	{ "H11", "Backlog too deep", "critical",
	    "More requests were waiting for the web dynos than the router "
	    "queues." },
	{ "H12", "Request timeout", "critical",
	    "The app sent no first byte within 30 seconds; it may still finish "
	    "its work." },
	{ "H13", "Connection closed without response", "critical",
	    "The dyno accepted the connection and closed it without an "
	    "answer." },
	{ "H14", "No web processes running", "critical",
	    "No web dyno was running, most often because web is scaled to "
	    "zero." },
	{ "H15", "Idle connection", "warning",
	    "Neither side sent a byte for 55 seconds, so the router closed the "
	    "connection." },
	{ "H16", "Redirect to herokuapp.com", "warning",
	    "No longer used: a request was sent on to the herokuapp.com "
	    "domain." },
	{ "H17", "Poorly formatted HTTP response", "warning",
	    "The dyno answered with something that is no valid HTTP response." },
	{ "H18", "Server Request Interrupted", "critical",
	    "The dyno closed the connection in the middle of the request or "
	    "response." },
	{ "H19", "Backend connection timeout", "critical",
	    "The router could not connect to the dyno within 5 seconds." },
	{ "H20", "App boot timeout", "critical",
	    "The request waited 75 seconds for a dyno that did not finish "
	    "booting." },
	{ "H21", "Backend connection refused", "critical",
	    "The dyno refused the router's connection." },
	{ "H22", "Connection limit reached", "critical",
	    "The router held as many connections to the dyno as it may." },
	{ "H23", "Endpoint misconfigured", "critical",
	    "The app's routing endpoint cannot be used as it is set up." },
	{ "H24", "Forced close", "critical",
	    "The routing node was shut down and cut a connection that was still "
	    "open." },
	{ "H25", "HTTP Restriction", "critical",
	    "The dyno's response broke a limit of the router: a bad length, an "
	    "oversized cookie, header or status line." },
	{ "H26", "Request Error", "critical",
	    "The client's request is not valid HTTP; cause tells how." },
	{ "H27", "Client Request Interrupted", "info",
	    "The client closed the connection before the response was "
	    "complete." },
	{ "H28", "Client Connection Idle", "warning",
	    "The client sent nothing for 55 seconds in the middle of its "
	    "request." },
	{ "H31", "Misdirected Request", "critical",
	    "The client asked for a host that is not the one its TLS connection "
	    "was made for." },
	{ "H32", "TLS Certificate Mismatch", "warning",
	    "No certificate of the app fits the host that the client asked "
	    "for." },
	{ "H80", "Maintenance mode", "warning",
	    "The app is in maintenance mode and the maintenance page was "
	    "shown." },
	{ "H81", "Blank app", "info",
	    "The app has no code yet." },
	{ "H82", "You've used up your dyno hour pool", "info",
	    "The account's dyno hours for the month are used up." },
	{ "H83", "Planned Service Degradation", "warning",
	    "Heroku turned requests away on purpose for a time it had "
	    "announced." },
	{ "H99", "Platform error", "critical",
	    "Something inside Heroku failed, not the app." },
	{ "L10", "Output buffer overflow", "warning",
	    "A drain took lines too slowly and Logplex dropped the oldest." },
	{ "L11", "Tail buffer overflow", "warning",
	    "A tail session took lines too slowly and lost some; drains and the "
	    "history have them." },
	{ "L12", "Local buffer overflow", "warning",
	    "The dyno wrote lines faster than they could be sent to Logplex." },
	{ "L13", "Local delivery error", "critical",
	    "The dyno could not deliver lines to Logplex." },
	{ "L14", "Certificate validation", "error",
	    "The certificate of a drain is not valid, so it gets no lines." },
	{ "L15", "Tail buffer temporarily unavailable", "warning",
	    "The buffer for tail sessions and the history cannot be read for "
	    "now." },
	{ "L20", "Tail sessions forbidden", "warning",
	    "The app logs so much that its lines cannot be tailed." },
	{ "R10", "Boot timeout", "critical",
	    "The web process did not bind to $PORT in time and was stopped." },
	{ "R11", "Bad bind", "error",
	    "No longer used: the web process bound to another port than "
	    "$PORT." },
	{ "R12", "Exit timeout", "warning",
	    "A process did not exit within 30 seconds of SIGTERM and was "
	    "killed." },
	{ "R13", "Attach error", "warning",
	    "A one-off dyno started but its client could not be attached." },
	{ "R14", "Memory quota exceeded", "critical",
	    "The dyno uses more memory than its quota and swaps." },
	{ "R15", "Memory quota vastly exceeded", "critical",
	    "The dyno used far more memory than its quota and was killed." },
	{ "R151", "Memory quota vastly exceeded", "warning",
	    "As R15; known from the CLI's list only." },
	{ "R16", "Detached", "warning",
	    "An attached one-off dyno went on running after its client was "
	    "gone." },
	{ "R17", "Checksum error", "error",
	    "The slug that the dyno fetched is damaged, so it cannot start." },
	{ "R99", "Platform error", "warning",
	    "Something inside Heroku failed while it ran the dyno." },
	{ "blank-app", "Blank app", "info",
	    "The app has no code yet; before 2014, in place of H81." },
	{ "history", "Log history discarded", "warning",
	    "Logplex threw the kept lines of the app away because there were "
	    "too many." },
};
const size_t ncodes = countof(codes);

/* Rules ask for every line they see. */
const struct code *
code_find(sv code)
{
	size_t lo = 0, hi = ncodes;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = sv_cmp(code, sv_str(codes[mid].code));

		if (c == 0)
			return &codes[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}
