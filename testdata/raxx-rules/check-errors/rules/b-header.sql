-- id: B
-- title: A word of an arm in a line that goes on
-- level: low
-- sources: heroku_router
-- params: fast=8
-- arm: fast window=10m threshold=fast
--     metric='distinct tokens' kye='client'
SELECT 1
