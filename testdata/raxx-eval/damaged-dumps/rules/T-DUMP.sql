-- id: T-DUMP
-- title: Nobody signs up as root
-- description: A rule over a dump alone.
-- level: low
-- route: digest
-- next_step: Look.
-- author: raxx
-- license: MIT
-- params: least=1
-- sources: waitlist_signups
-- arm: root threshold=least baseline=never metric='signups' key='address'
SELECT 'root' AS arm, email AS key, ts, rec, hash, nth, 1 AS metric, 1 >= :least AS fire, NULL AS note, NULL AS level
FROM waitlist_signups WHERE ts BETWEEN :from AND :to AND email LIKE 'root@%'
