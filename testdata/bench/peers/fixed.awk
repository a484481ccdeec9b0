# The most different preview paths that were refused to a client in a window of
# five minutes on the clock. Only lines that the pattern finds are taken apart.
$2 == "heroku[router]:" && /path="\/preview\/.* status=4/ {
	for (i = 3; i <= NF; i++) {
		k = index($i, "=")
		v[substr($i, 1, k - 1)] = substr($i, k + 1)
	}
	if (v["status"] < 400 || v["status"] > 499 ||
	    v["path"] !~ /^"\/preview\//)
		next
	minute = (substr($1, 9, 2) * 24 + substr($1, 12, 2)) * 60 + substr($1, 15, 2)
	w = int(minute / 5)
	ip = v["fwd"]
	gsub(/"/, "", ip)
	sub(/,.*/, "", ip)
	if (!((ip, w, v["path"]) in seen)) {
		seen[ip, w, v["path"]] = 1
		if (++n[ip, w] > most[ip])
			most[ip] = n[ip, w]
	}
}
END {
	for (ip in most)
		print ip "," most[ip]
}
