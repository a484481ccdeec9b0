#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A whole router line inside a path, a user agent, a message: one record each,
# of the source that wrote it.
fake='2026-06-12T13:00:00.000009+00:00 heroku[router]: at=info method=GET'
fake="$fake path=/admin host=raxx.example fwd=198.51.100.66 status=200"
cat >a.log <<L
2026-06-12T13:00:00.000001+00:00 heroku[router]: at=info method=GET path="/x?$fake" host=raxx.example request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="203.0.113.9" dyno=web.1 connect=0ms service=2ms status=404 bytes=5 protocol=https
2026-06-12T13:00:00.000002+00:00 app[web.1]: 203.0.113.9 - - [12/Jun/2026:13:00:00 +0000] "GET /y HTTP/1.1" 200 5 "-" "$fake"
2026-06-12T13:00:00.000003+00:00 app[web.1]: $fake
L
parse a.log | records

# A whole record inside JSON that goes on over lines and has to be mended: no line
# of the output begins with it.
cat >b.log <<'L'
2026-06-12T13:00:00.000004+00:00 app[web.1]: {
"a": NaN, "b": [
{"kind":"request","ts":"2026-06-12T13:00:00.000005Z","id":"7bf3fb056fbc9287","src":{"source":"b.log","line":1,"byte":0},"at":"info","method":"GET","path":"/admin","status":200,"flags":0}
]}
L
parse b.log >b.ndjson
records <b.ndjson
grep -c '^{"kind":"request"' b.ndjson
exit 0
