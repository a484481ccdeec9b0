#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A number that is none, or too long: the field is left out, the record stays.
n=0
for number in 12 -1 007 99999999999999999999 1e309 0x1f4 NaN 1,5 '' +5 1.5 ' 7'; do
	n=$((n + 1))
	printf '2026-06-12T13:00:00.%06d+00:00 heroku[router]: at=info method=GET path="/%d" host=raxx.example request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="203.0.113.9" dyno=web.1 connect=%sms service=%sms status=%s bytes=%s protocol=https\n' \
		$n $n "$number" "$number" "$number" "$number"
done >a.log
parse a.log >out
echo "status $?"
records <out | sed 's/"host".*"dyno"/"dyno"/'

# In a metric it is kept as text.
n=0
for number in 12 -1 99999999999999999999 1e309 0x1f4 NaN 1,5 '' 1.5 1.5MB; do
	n=$((n + 1))
	printf '2026-06-12T13:00:00.%06d+00:00 heroku[web.1]: source=web.1 sample#a=%s\n' \
		$n "$number"
done >m.log
parse m.log >out
echo "status $?"
records <out

# In access lines: what stands behind is read all the same.
n=0
for number in 12 -1 007 99999999999999999999 1e309 0x1f4 NaN 1,5 - +5 1.5; do
	n=$((n + 1))
	printf '2026-06-12T13:00:00.%06d+00:00 app[web.1]: 10.1.2.3 - - [12/Jun/2026:13:00:00 +0000] "GET /%d HTTP/1.1" 200 %s "-" "curl/8"\n' \
		$n $n "$number"
done >c.log
printf '2026-06-12T13:00:01.%06d+00:00 app[web.1]: 10.1.2.3:%s - "GET /port HTTP/1.1" 200 OK\n' \
	1 80 2 99999999999999999999 3 1e3 >>c.log
# JSON of apps: NaN and Infinity, as Python writes them, are null in fields.
printf '2026-06-12T13:00:02.%06d+00:00 app[web.1]: {"evt":"x","duration_ms":%s}\n' \
	1 12 2 1e309 3 NaN 4 -Infinity 5 0x1f4 6 1,5 7 99999999999999999999 >>c.log
parse c.log >out
echo "status $?"
records <out
