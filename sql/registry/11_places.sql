-- Where a unit lies, level by level, with names: what every report and chart
-- groups by. A division has the name of the unit that stands for it.

CREATE VIEW @registry@.place (region, level, name, prefecture, prefecture_name, county, county_name, town, town_name, community, community_name)
WITH (security_invoker = true) AS
WITH named AS MATERIALIZED (
  SELECT DISTINCT ON (u.region) u.region, u.name
  FROM @registry@.unit AS u
  WHERE u.kind IN ('prefecture', 'county', 'town', 'community', 'village')
  ORDER BY u.region, u.code
), placed AS (
  SELECT DISTINCT u.region FROM @registry@.unit AS u
)
SELECT d.region, antifraud.region_level(d.region), own.name,
       antifraud.region_ancestor(d.region, 2), prefecture.name, antifraud.region_ancestor(d.region, 3), county.name,
       antifraud.region_ancestor(d.region, 4), town.name, antifraud.region_ancestor(d.region, 5), community.name
FROM placed AS d
LEFT JOIN named AS own ON own.region OPERATOR(antifraud.=) d.region
LEFT JOIN named AS prefecture ON prefecture.region OPERATOR(antifraud.=) antifraud.region_ancestor(d.region, 2)
LEFT JOIN named AS county ON county.region OPERATOR(antifraud.=) antifraud.region_ancestor(d.region, 3)
LEFT JOIN named AS town ON town.region OPERATOR(antifraud.=) antifraud.region_ancestor(d.region, 4)
LEFT JOIN named AS community ON community.region OPERATOR(antifraud.=) antifraud.region_ancestor(d.region, 5);
COMMENT ON VIEW @registry@.place IS 'The divisions in which units lie, with the divisions above them and the names of the units that stand for these.';
COMMENT ON COLUMN @registry@.place.region IS 'The division.';
COMMENT ON COLUMN @registry@.place.level IS 'Its level: 1 province, 2 prefecture, 3 county, 4 town, 5 community or village, 6 grid.';
COMMENT ON COLUMN @registry@.place.name IS 'Its name; null: no unit stands for it.';
COMMENT ON COLUMN @registry@.place.prefecture IS 'The prefecture; null: it lies above.';
COMMENT ON COLUMN @registry@.place.prefecture_name IS 'Name of the prefecture.';
COMMENT ON COLUMN @registry@.place.county IS 'The county.';
COMMENT ON COLUMN @registry@.place.county_name IS 'Name of the county.';
COMMENT ON COLUMN @registry@.place.town IS 'The town or street.';
COMMENT ON COLUMN @registry@.place.town_name IS 'Name of the town or street.';
COMMENT ON COLUMN @registry@.place.community IS 'The community or village.';
COMMENT ON COLUMN @registry@.place.community_name IS 'Name of the community or village.';
