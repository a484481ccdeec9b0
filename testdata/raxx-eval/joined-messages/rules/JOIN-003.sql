-- id: JOIN-003
-- title: Parts of messages
-- description: A rule may look at the lines that are parts, too.
-- level: low
-- sources: heroku_app
-- route: digest
-- prerequisite: pull the logs
-- next_step: None.
-- author: raxx
-- license: MIT
-- params: most=1
-- arm: one window=10m threshold=most metric='parts' key='head'
SELECT 'one' AS arm, head AS key, ts, rec, hash, nth, lines AS metric,
    place = 2 AND lines >= :most AS fire, joined AS note
FROM parts WHERE ts BETWEEN :from AND :to
