# Requests by status; every key=value of a line is kept, as for columns.
$2 == "heroku[router]:" {
	for (i = 3; i <= NF; i++) {
		k = index($i, "=")
		v[substr($i, 1, k - 1)] = substr($i, k + 1)
	}
	n[v["status"]]++
}
END {
	for (s in n)
		print s "," n[s]
}
