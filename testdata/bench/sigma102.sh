#!/bin/sh
# Writes 102 Sigma rules of the kind that public collections have for web servers
# into a directory: lists of strings in the query, methods, statuses, programs,
# ends of paths, regular expressions, "1 of selection_*" and filters. Everything
# in them is made up here; the same rules every time.
# usage: sigma102.sh DIR
set -eu
dir=${1:?usage: sigma102.sh DIR}
mkdir -p "$dir"
awk -v dir="$dir" '
function list(indent, s,   v, n, i, out) {
	n = split(s, v, "|")
	for (i = 1; i <= n; i++)
		out = out indent "- \047" v[i] "\047\n"
	return out
}
function head(title, level) {
	nr++
	file = sprintf("%s/web_%03d.yml", dir, nr)
	printf "title: %s\nid: 5169a000-0000-4000-8000-%012d\n", title, nr > file
	printf "status: test\ndescription: Made for measuring.\n" > file
	printf "author: raxx\ndate: 2025-01-01\nlevel: %s\n", level > file
	printf "logsource:\n    category: webserver\ndetection:\n" > file
}
# A product with a hole: where it is asked, with what.
function exploit(name, path, query) {
	head(name " exploitation attempt", "high")
	printf "    selection:\n        cs-method: \047GET\047\n" > file
	printf "        cs-uri-query|contains:\n" > file
	printf "%s", list("            ", path "/" query) > file
	if (often) { # a path that the logs of the bench have, with a rare status
		printf "            - \047%s\047\n", often > file
		printf "        sc-status: 500\n" > file
	}
	printf "    condition: selection\n" > file
	close(file)
}
function posted(name, path, status) {
	head(name " unauthenticated upload", "critical")
	printf "    selection_path:\n        cs-uri-query|contains|all:\n" > file
	printf "%s", list("            ", path) > file
	printf "        cs-method: \047POST\047\n" > file
	printf "    selection_status:\n        sc-status:\n" > file
	printf "            - %s\n            - 201\n", status > file
	printf "    condition: all of selection_*\n" > file
	close(file)
}
function program(name, agents) {
	head(name " user agent", "medium")
	printf "    selection:\n        c-useragent|contains:\n" > file
	printf "%s", list("            ", agents) > file
	printf "    filter:\n        c-useragent|startswith: \047acme-probe/\047\n" > file
	printf "    condition: selection and not filter\n" > file
	close(file)
}
function strings(name, words, allowed) {
	head(name " in the request", "high")
	printf "    select_method:\n        cs-method: \047GET\047\n" > file
	printf "    keywords_query:\n        cs-uri-query|contains:\n" > file
	printf "%s", list("            ", words) > file
	printf "    filter_status:\n        sc-status: 404\n" > file
	printf "    filter_path:\n        cs-uri-query|contains: \047%s\047\n",
	    allowed > file
	printf "    condition: select_method and keywords_query and not 1 of filter_*\n" > file
	close(file)
}
function ends(name, ext, re) {
	head(name " asked for", "medium")
	printf "    selection_end:\n        c-uri|endswith:\n" > file
	printf "%s", list("            ", ext) > file
	printf "    selection_re:\n        c-uri|re: \047%s\047\n", re > file
	printf "    condition: 1 of selection_*\n" > file
	close(file)
}
BEGIN {
	n = split("Alder Basalt Cobalt Dahlia Ember Fjord Garnet Heron Indigo " \
	    "Jasper Kestrel Larch Marble Nectar Onyx Pewter Quartz Russet " \
	    "Saffron Tundra Umber Velvet Willow Xenon Yarrow Zephyr", p, " ")
	for (i = 1; i <= n; i++) {
		low = tolower(p[i])
		often = i <= 6 ? sprintf("/api/v1/orders/%02x", i * 37) : ""
		exploit(p[i] " console", "/" low "/console/login",
		    "..%2f..%2fetc%2fpasswd|/" low "/api/v2/exec?cmd=|" \
		    "%24%7bjndi:ldap://" low)
		posted(p[i] " server", "/" low "/upload|.jsp|filename=", 200)
		program(p[i] " scanner", p[i] "Scan/|" low "-crawler|" \
		    p[i] "Bot/1.|zgrab-" low)
		if (i > 24)
			continue
		if (i % 2)
			strings(p[i] " payload", "=" low "%20union%20select|" \
			    low "(char(|;" low "+xp_cmdshell|sleep(" i ")--",
			    "/search/help")
		else
			ends(p[i] " backup", "." low "|.bak" i "|/." low \
			    "/config", "(?i)/" low "[-_](backup|dump)[0-9]*\\.(zip|tar\\.gz)$")
	}
}' </dev/null
