#!/bin/sh
# The inputs: a pull, a gzip, a drain body, a dump, and what goes to stdin.
at() { printf '2026-06-12T13:%s+00:00 ' "$1"; }
{
	at 00:00.000001; printf 'app[web.1]: all quiet\r\n'
	at 01:00.000001; echo 'app[web.1]: boom by jane.roe4@example.com password=hunter2hunter2'
	at 02:00.000100; echo 'app[web.1]: Traceback (most recent call last):'
	at 02:00.000150; echo 'app[worker.1]: between'
	at 02:00.000200; echo 'app[web.1]:   File "/app/pay.py", line 12, in charge'
	at 02:00.000300; echo 'app[web.1]:     raise Boom(amount)'
	at 02:00.000400; echo 'app[web.1]: shop.BoomError: boom'
	at 03:00.000001; printf 'app[web.1]: boom \033]0;owned\007 of a terminal\n'
} >api.heroku-logs.20260612T133000Z.log
{
	at 04:00.000001; echo 'app[web.1]: quiet'
	at 05:00.000001; echo 'app[web.1]: boom in a gzip'
} | gzip -n >api.heroku-logs.20260612T134500Z.log.gz
frame() { printf '%d %s' $((${#1} + 1)) "$1"; echo; }
{
	frame '<190>1 2026-06-12T13:06:00.000001+00:00 host app web.1 - quiet'
	frame '<190>1 2026-06-12T13:07:00.000001+00:00 host app web.1 - boom in a frame'
} >api.drain.20260612T130600Z.log
cat >waitlist_signups_20260613T000000Z.csv <<END
id,created_at,email,origin,referrer
1,2026-06-12 13:08:00+00,ann@example.org,web,quiet
2,2026-06-12 13:09:00+00,"bob@example.org",web,"a boom,
in ""two"" lines"
END
{ at 10:00.000001; echo 'app[web.1]: boom from a pipe'; } >pipe
