# Every secret of secrets.txt in every carrier. The text between {{ and }} is
# what must not be found; lines that start with q fit into a URL as well.
function json(s) {
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	return s
}
function csv(s) {
	gsub(/"/, "\"\"", s)
	return "\"" s "\""
}
function at() {
	n++
	return sprintf("2026-06-12T13:%02d:%02d.%06d+00:00 ",
	    int(n / 60) % 60, n % 60, n)
}
function router(path, fwd) {
	print at() "heroku[router]: at=info method=GET path=\"" path "\" " \
	    "host=api.raxx.example request_id=0c16373c-eded-4abb-bb0e-" \
	    sprintf("%012d", n) " fwd=\"" fwd "\" dyno=web.1 connect=1ms " \
	    "service=2ms status=200 bytes=5 protocol=https" > file
}
function app(text) {
	print at() "app[web.1]: " text > file
}
BEGIN {
	file = "raxx-api-prod.heroku-logs.20260612T150000Z.log"
	known = "waitlist_signups.csv"
	print "id,created_at,email,origin,ip,note" > known
	print "created_at,text,number" > "orders.csv"
	print "created_at,password" > "logins.csv"
	for (filler = "x"; length(filler) < 4070;)
		filler = filler "yz"
}
{
	kind = substr($0, 1, 1)
	text = substr($0, 3)
	needle = text
	sub(/^.*\{\{/, "", needle)
	sub(/\}\}.*$/, "", needle)
	sub(/\{\{/, "", text)
	sub(/\}\}/, "", text)
	print needle > "needles"
	if (kind == "q") {
		router("/a?b=1&" text, "192.0.2.1")
		router("/" text, "192.0.2.1, " text)
		app("192.0.2.9 - - [12/Jun/2026:13:00:00 +0000] \"GET /a?" \
		    text " HTTP/1.1\" 200 5 \"https://h.example/?" text \
		    "\" \"curl/8 " text "\"")
		print at() "app[" text "]: hello" > file
		app("{\"level\":\"info\",\"" text "\":1}")
	}
	app("{\"level\":\"info\",\"event\":\"" json(text) "\",\"m\":\"" \
	    json("{\"in\":\"" json(text) "\"}") "\"}")
	app("level=info event=x msg=\"" json(text) "\"")
	app("  File \"/app/views.py\", line 7, in pay: " text)
	app("m\303\274ller \346\227\245\346\234\254 " text " \303\251")
	app("bad \377\376 bytes " text)
	print at() "heroku[run.1]: Starting process with command `" text \
	    "` by user me@raxx.example" > file
	print at() "heroku[web.1]: State changed from " text " to up" > file
	print "no header here " text > file
	print "2026-13-45T99:00:00+00:00 app[web.1]: " text > file
	print filler " " text " " filler filler filler " " text > file
	print NR ",2026-06-12 13:00:00+00,a@example.org," csv(text) \
	    ",192.0.2.1," csv("note " text) > known
	print NR ",no time " csv(text) "," csv(text) > known
	print "2026-06-12 13:00:00+00," csv(text) "," NR > "orders.csv"
	print csv(text) ",x" > "orders.csv"
	print "2026-06-12 13:00:00+00," csv(needle) > "logins.csv"
	print csv(needle) "," csv(needle) "," > "logins.csv"
}
END {
	app("Control7Needle")
	print "2026-13-45T99:00:00+00:00 app[web.1]: Control7Needle" > file
	print "Control7Needle" > "needles"
	print "created_at,x\n2026-06-12 13:00:00+00,Control7Needle" > \
	    "Control7Needle.csv"
	print "created_at,sk_live_Np81aB3dE5fG" > "sk_live_Np82aB3dE5fG.csv"
	print "2026-06-12 13:00:00+00,x" > "sk_live_Np82aB3dE5fG.csv"
	print "sk_live_Np81aB3dE5fG\nsk_live_Np82aB3dE5fG" > "needles"
	# what a terminal shows behind a log, and JSON that is none
	file = "pasted.log"
	app("hello")
	print "=== raxx Config Vars\nFOO_KEY:  Nz91 x\nlower:    Nz92" > file
	print " Nz93 goes on" > file
	app("{\"a\":1}")
	print "$ heroku config -s\nFOO_KEY='Nz94'\nBAR=Nz95" > file
	print "$ heroku config:get FOO\nNz96" > file
	app("hello")
	print "{\n  \"FOO_KEY\": \"Nz97\"," > file
	print "{\"A\":\"Nz98\",\"b\":\"Nz99\",}" > "odd.json"
	for (i = 91; i <= 99; i++)
		print "Nz" i > "needles"
	# a private key, line by line, of an app and of a command
	file = "key.log"
	app("-----BEGIN RSA PRIVATE KEY-----")
	app("Nz81+/abc")
	print at() "app[worker.1]: between" > file
	app("Nz82abc==")
	app("-----END RSA PRIVATE KEY-----")
	print at() "heroku[run.1]: Starting process with command `echo '" \
	    "-----BEGIN PRIVATE KEY-----" > file
	print "Nz83abc\n-----END PRIVATE KEY-----'`" > file
	for (i = 81; i <= 83; i++)
		print "Nz" i > "needles"
}
