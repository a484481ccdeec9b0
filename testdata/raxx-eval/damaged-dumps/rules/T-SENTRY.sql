-- id: T-SENTRY
-- title: No fatal event
-- description: A rule over an export of Sentry alone.
-- level: low
-- route: digest
-- next_step: Look.
-- author: raxx
-- license: MIT
-- params: least=1
-- sources: sentry_events
-- arm: fatal threshold=least baseline=never metric='events' key='level'
SELECT 'fatal' AS arm, level AS key, ts, rec, hash, nth, 1 AS metric, 1 >= :least AS fire, NULL AS note, NULL AS level
FROM sentry_events WHERE ts BETWEEN :from AND :to AND level = 'fatal'
