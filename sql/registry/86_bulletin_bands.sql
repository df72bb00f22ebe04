-- How bulletins state money and numbers of persons.
--
-- How many cases a unit had is no secret: it is scored on them, and each has a
-- notice of its own, which tells the band of its loss. The rest must tell
-- nothing about a person, not even to somebody who has all issues of a year, of
-- all units, and subtracts one from another: then the step between two of them
-- may be a single case, or a single person, whatever the figures themselves
-- are. Hence no figure of this sort is exact. Persons are stated in full
-- multiples of registry_info.suppress_below, and what fewer than that share is
-- left out.
--
-- Money follows the p% rule, in the form that reckons with what is known before
-- (prior-posterior rule): Hundepool et al., Handbook on Statistical Disclosure
-- Control, section on sensitive cells in magnitude tables. Known before are the
-- notices. A band of the true sum, beside them, would tell: of three cases, two
-- of less than 10,000 yuan and one of 100,000 to 300,000, the band 300,000 to
-- 500,000 leaves the third 280,000 to 300,000, however the rule judged that sum;
-- and suppressing such sums would itself tell, as would the sums of other days
-- and of the places around. So a sum is the sum of the bands that the notices
-- tell. It follows from them, and whatever is subtracted from whatever, of a
-- loss no more comes to light than its band, which the rule makes wide enough.

CREATE FUNCTION @registry@.loss_edges(percent integer) RETURNS numeric[]
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  edges numeric[] := '{0}';
  edge numeric;
BEGIN
  FOREACH edge IN ARRAY '{10000,50000,100000,300000,500000}'::numeric[] LOOP
    -- of what is known to lie between a and b, 2ab/(a + b) is the best estimate,
    -- which is wrong by up to (b - a)/(b + a)
    IF (edge - edges[cardinality(edges)]) * 100 >= (edge + edges[cardinality(edges)]) * percent THEN
      edges := edges || edge;
    END IF;
  END LOOP;
  RETURN edges || 'Infinity'::numeric;
END
$body$;
COMMENT ON FUNCTION @registry@.loss_edges(integer) IS 'Where the bands begin, in yuan, in which bulletins tell a loss, with infinity at the end: so wide that nobody who knows a band can be sure of an estimate to within so many per cent. Up to 25: 0, 10,000, 50,000, 100,000, 300,000, 500,000; above, wider ones made of these.';

CREATE FUNCTION @registry@.loss_range(at_least numeric, below numeric) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN at_least IS NULL OR below IS NULL THEN '不详' WHEN below = 'Infinity' THEN trim_scale(at_least / 10000)::text || '万元以上'
            WHEN at_least = 0 THEN trim_scale(below / 10000)::text || '万元以下' ELSE trim_scale(at_least / 10000)::text || '万至' || trim_scale(below / 10000)::text || '万元' END;
COMMENT ON FUNCTION @registry@.loss_range(numeric, numeric) IS 'From so many yuan to below so many, as bulletins state it.';

CREATE FUNCTION @registry@.loss_band(loss numeric, percent integer DEFAULT 20) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN (SELECT @registry@.loss_range(b.edges[b.place], b.edges[b.place + 1])
        FROM (SELECT e.edges, width_bucket(loss, e.edges) AS place FROM (SELECT @registry@.loss_edges(percent) AS edges OFFSET 0) AS e OFFSET 0) AS b);
COMMENT ON FUNCTION @registry@.loss_band(numeric, integer) IS 'A loss in yuan as bulletins state it: in the bands of loss_edges(), each with its lower end and without its upper one.';

CREATE FUNCTION @registry@.loss_sum_band(cases bigint, losses numeric, at_least numeric, below numeric, large bigint, large_from numeric, suppress_below integer) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN COALESCE(cases, 0) = 0 THEN '0元' WHEN suppress_below <= 1 THEN COALESCE(trim_scale(losses)::text || '元', '不详')
            WHEN cases < suppress_below THEN NULL
            WHEN large > 0 THEN CASE WHEN at_least IS NULL THEN large::text || '起' || trim_scale(large_from / 10000)::text || '万元以上'
                                     ELSE @registry@.loss_range(at_least, below) || '（另' || large::text || '起' || trim_scale(large_from / 10000)::text || '万元以上）' END
            ELSE @registry@.loss_range(at_least, below) END;
COMMENT ON FUNCTION @registry@.loss_sum_band(bigint, numeric, numeric, numeric, bigint, numeric, integer) IS 'The losses of so many cases together as bulletins state them: from the sum of the lower ends of their bands to that of the upper ones, and besides how many are in the band without an upper end; null: left out, of fewer cases than suppress_below. A suppress_below of 0 or 1: the sum itself.';

CREATE FUNCTION @registry@.persons_shown(persons bigint, suppress_below integer) RETURNS bigint
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN COALESCE(persons, 0) = 0 THEN 0 WHEN suppress_below <= 1 THEN persons WHEN persons >= suppress_below THEN persons - persons % suppress_below END;
COMMENT ON FUNCTION @registry@.persons_shown(bigint, integer) IS 'A number of persons as bulletins state it: the full multiples of suppress_below in it; null: left out, as there are fewer. Zero is shown.';

CREATE FUNCTION @registry@.victims_shown(victims bigint, of_all bigint, suppress_below integer) RETURNS bigint
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN suppress_below <= 1 THEN victims ELSE GREATEST(LEAST(victims, of_all - suppress_below), 0) / suppress_below * suppress_below END;
COMMENT ON FUNCTION @registry@.victims_shown(bigint, bigint, integer) IS 'How many of all victims bulletins state to be of a group: full multiples of suppress_below, and never so many that fewer than that are left who may be of another, or each would be known to be of it.';
