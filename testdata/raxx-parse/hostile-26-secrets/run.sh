#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Tokens, passwords, database URLs: replaced before anything is written, in the
# store, in rejects, in messages.  An e-mail address stays for the rules.
cat >a.log <<'L'
2026-06-12T13:00:00.000001+00:00 app[web.1]: login password=hunter2-secret user=ann@example.com
2026-06-12T13:00:00.000002+00:00 app[web.1]: DATABASE_URL=postgres://u:hunter2-secret@db.example.com:5432/d
2026-06-12T13:00:00.000003+00:00 app[web.1]: {"api_key":"hunter2-secret","n":1}
2026-06-12T13:00:00.000004+00:00 app[web.1]: Authorization: Bearer hunter2-secret
2026-06-12T13:00:00.000005+00:00 heroku[router]: at=info method=GET path="/x?token=hunter2-secret&y=1" host=raxx.example request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="203.0.113.9" dyno=web.1 connect=0ms service=2ms status=404 bytes=5 protocol=https
no header password=hunter2-secret
2026-06-32T13:00:00.000006+00:00 app[web.1]: password=hunter2-secret
L
parse -v --rejects rejects a.log >out 2>err
echo "status $?"
cat err >&2
parse -q -o s.db a.log 2>/dev/null
records <out
for f in out err rejects s.db; do
	grep -c hunter2-secret $f
done

# Without its secret the JSON ends nowhere, and the line below joins it. A dry run,
# which replaces nothing, counts as the run that it announces.
cat >b.log <<'L'
2026-06-12T13:00:00.000001+00:00 app[web.1]: {"level":"error","n":["-----BEGIN RSA PRIVATE KEY-----abc","x"],"id":5}
bare text
2026-06-12T13:00:01.000002+00:00 app[web.1]: hello
L
parse b.log >/dev/null 2>err
parse -n b.log 2>&1 | diff err - && cat err
