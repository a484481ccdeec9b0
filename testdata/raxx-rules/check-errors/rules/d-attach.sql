-- id: D
-- title: No statement of a rule
-- level: low
-- sources: heroku_router
-- arm: main window=10m

ATTACH DATABASE 'copy.db' AS copy
