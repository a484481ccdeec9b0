#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A path that closes its quote and forges fields: the router's own fwd, status
# and method count, not the forged ones; keys that come twice are noticed.
rest='host=raxx.example request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="203.0.113.9" dyno=web.1 connect=0ms service=2ms status=404 bytes=5 protocol=https'
n=0
while IFS= read -r path; do
	n=$((n + 1))
	printf '2026-06-12T13:00:00.00000%d+00:00 heroku[router]: at=info method=GET path="%s" %s\n' \
		$n "$path" "$rest"
done >a.log <<'L'
/plain
/a" status=200 fwd="198.51.100.66" x="
/a" host=evil.example request_id=1 fwd="198.51.100.66" dyno=web.9 connect=0ms service=0ms status=200 bytes=1 protocol=http x="
/a status=200 fwd=198.51.100.66
/a\" fwd=\"198.51.100.66
L
parse a.log >out
echo "status $?"
records <out
