#!/bin/sh
# Each page of a store in turn is no page: the run says so, or each verdict is that
# of the whole store or none.  A negative is never made of what cannot be read.
umask 077
page=8192
every=1
[ -n "$FAULT" ] || every=9 # where programs are slow

printf '%064d\n' 7 >key
awk 'BEGIN {
	for (i = 0; i < 400; i++) {
		at = sprintf("2026-06-12T10:%02d:%02d.%06d+00:00", i / 60, i % 60, i)
		printf "%s heroku[router]: at=info method=GET path=\"/%d\" host=h request_id=%08x-0000-4000-8000-000000000000 fwd=\"192.0.2.%d\" dyno=web.1 connect=0ms service=%dms status=%d bytes=7 protocol=https\n", at, i * 7919, i, i % 250, i % 90, i % 40 ? 200 : 404
		printf "%s app[web.1]: {\"evt\":\"login\",\"n\":%d,\"why\":\"%s\"}\n", at, i, i % 50 ? "ok" : "refused"
		if (i % 100 == 99)
			printf "%s heroku[web.1]: State changed from up to crashed\n", at
	}
}' >api.heroku-logs.20260612T101000Z.log
raxx-parse -q --key-file key --app api -o rules.db api.*.log
awk 'BEGIN {
	print "seq,created_at,actor_id,actor_role,actor_tenant_id,action,resource_type,resource_id,resource_tenant_id,outcome,reason,ip,request_id"
	for (i = 0; i < 400; i++)
		printf "%d,2026-06-12T10:%02d:%02dZ,ops-%d,admin,,role.revoke,user,%d,,ok,,192.0.2.1,\n", i, i / 60, i % 60, i, i
}' >console_audit_events_20260612T101000Z.csv
raxx-parse -q --key-file key --app api -o dumps.db console*.csv

verdicts() {
	sed -n 's/^{"type":"verdict","rule":"\([^"]*\)".*"result":"\([^"]*\)".*/\1 \2/p'
}
# damage STORE: the same name is that of the rules for it.
damage() {
	raxx-eval -R "$1" "$1.db" >out
	verdicts <out | tee want
	pages=$(($(wc -c <"$1.db") / page))
	n=1
	while [ $n -lt $pages ]; do
		cp "$1.db" cut.db
		head -c $page /dev/zero | tr '\0' '\377' |
			dd of=cut.db bs=$page seek=$n conv=notrunc 2>/dev/null
		raxx-eval -R "$1" cut.db >out 2>err
		rc=$?
		verdicts <out | grep -v -e NOT_EVALUATED -e UNDECIDED >got
		if [ $rc -eq 3 ]; then
			echo "$1" >>refused
		elif [ $rc -gt 3 ] || grep -v -x -F -f want got ||
		    grep 'no event in the store' out; then
			echo "page $n: exit $rc"
			cat err
		fi
		n=$((n + every))
	done
}

damage rules
damage dumps
uniq refused
