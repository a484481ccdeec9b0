#!/bin/sh
# Secrets that a line tells and such that only what stands around it tells; all
# hold "s3cr3t".
at() { printf '2026-06-12T13:00:%s+00:00 ' "$1"; }
router() {
	at "$1"
	echo "heroku[router]: at=info method=GET path=\"$2\" host=h request_id=r-$1 fwd=\"192.0.2.1\" dyno=web.1 connect=0ms service=1ms status=200 bytes=1 protocol=https"
}
{
	at 01.000001; echo 'app[web.1]: {"evt":"x","password":"s3cr3tOne1234"}'
	at 02.000001; echo 'app[web.1]: -----BEGIN RSA PRIVATE KEY-----'
	at 03.000001; echo 'app[web.1]: MIIEs3cr3tTwoAAAABBBBCCCCDDDDEEEEFFFF'
	at 04.000001; echo 'app[web.1]: s3cr3tThree=='
	at 05.000001; echo 'app[web.1]: -----END RSA PRIVATE KEY-----'
	at 06.000001; echo 'app[web.1]: settings are'
	echo 'DATABASE_URL: s3cr3tFour'
	echo '{"API_KEY": "s3cr3tFive"}'
	at 07.000001; printf 'app[web.1]: token=\033[31ms3cr3tSix\033[0m99887766 in colour\n'
	at 08.000001; echo 'app[web.1]: nothing at all'
	router 11.000001 '/api/beta/preview/s3cr3tSeven?x=1'
	router 12.000001 '/api/beta/preview/s3cr3t%45ight'
	router 13.000001 '/s3cr3tNine/view'
	router 14.000001 '/plain'
} >api.heroku-logs.20260612T133000Z.log
printf 'id,password,created_at\n1,s3cr3tTen,2026-06-12 13:00:20+00\n' >accounts_20260612T133000Z.csv
printf '{"A_KEY":"s3cr3tEleven"}\n' >api.config.json
