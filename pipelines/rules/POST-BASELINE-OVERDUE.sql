-- id: POST-BASELINE-OVERDUE
-- kind: posture
-- title: Baseline overdue
-- description: There were enough covered days of preview traffic to look at the thresholds again, and no baseline was recorded.
-- level: low
-- sources: heroku_router
-- route: digest
-- prerequisite: pull the router logs or wire the Logplex drain
-- next_step: Run raxx-baseline and decide about what it proposes.
-- author: raxx
-- license: MIT
-- params: days=7 share=0.8
-- site: schedule, preview_prefix
-- arm: due baseline=never metric='covered days of preview traffic' key='schedule'

-- A day counts when the logs of that share of it were seen and a preview route
-- was requested. How many it takes site.yml's schedule says, else :days; "or:
-- drain_wired" makes it due with the first frame.
WITH preview_day AS MATERIALIZED (
    SELECT DISTINCT ts / 86400000000 AS day FROM requests
    WHERE ts <= :to AND token IS NOT NULL
        AND substr(path, 1, length(:preview_prefix ->> '$[0]'))
            = :preview_prefix ->> '$[0]'
),
seen_day AS (
    SELECT day, (SELECT sum(max(0, min(s.value ->> '$[1]', (day + 1) * 86400000000)
        - max(s.value ->> '$[0]', day * 86400000000)))
        FROM json_each(:seen) AS s) AS seen
    FROM preview_day
),
progress AS (
    SELECT count(*) AS have,
        coalesce(:schedule ->> '$.rebaseline.after_covered_days', :days) AS need,
        coalesce(:schedule ->> '$.rebaseline.or', '') = 'drain_wired'
            AND EXISTS (SELECT 1 FROM source WHERE form = 'drain'
                AND arrived <= :now) AS wired
    FROM seen_day WHERE seen >= :share * 86400000000
)
SELECT 'due' AS arm, 're-baseline' AS key, :to AS ts, 0 AS rec, 0 AS hash,
    1 AS nth, have AS metric,
    (have >= need OR wired) AND NOT EXISTS (SELECT 1 FROM baseline) AS fire,
    'have ' || have || ' of ' || need || ' days'
        || CASE WHEN wired THEN ', and a drain was wired' ELSE '' END AS note
FROM progress
