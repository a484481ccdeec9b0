#!/bin/sh
# Ten lines: one event cut into three at 10,000 bytes, one traceback of four.
long() { printf '%s' "$1"; awk -v n=$((10000 - ${#1})) 'BEGIN { while (n--) printf "x"; print "" }'; }
web() { printf '2026-06-12T13:00:%s+00:00 app[web.1]: ' "$1"; }
web 00.000001; echo starting
web 01.000001; long '{"evt":"admin_login","id_h":"a1b2","ok":false,"ua":"'
web 01.000001; long ''
web 01.000001; echo '"}'
echo '2026-06-12T13:00:01.500000+00:00 app[worker.1]: {"evt":"other"}'
web 02.000100; echo 'Traceback (most recent call last):'
web 02.000200; echo 'File "/app/pay.py", line 12, in charge'
web 02.000300; echo 'raise CardError(amount)'
web 02.000400; echo 'shop.CardError: 5'
web 09.000001; echo 'the end'
