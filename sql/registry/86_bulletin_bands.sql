-- How bulletins state money and numbers of persons.
--
-- How many cases a unit had is no secret: it is scored on them, and each has a
-- notice of its own. The rest must tell nothing about a person, not even to
-- somebody who has all issues of a year, of all units, and subtracts one from
-- another: then the step between two of them may be a single case, or a
-- single person, whatever the figures themselves are. Hence no figure of this
-- sort is exact. Money is stated in bands, persons in full multiples of
-- registry_info.suppress_below, and what fewer than that share is left out.

CREATE FUNCTION @registry@.loss_band(loss numeric) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN loss IS NULL THEN '不详' WHEN loss < 10000 THEN '1万元以下' WHEN loss < 50000 THEN '1万至5万元' WHEN loss < 100000 THEN '5万至10万元'
            WHEN loss < 300000 THEN '10万至30万元' WHEN loss < 500000 THEN '30万至50万元' ELSE '50万元以上' END;
COMMENT ON FUNCTION @registry@.loss_band(numeric) IS 'A loss in yuan as bulletins state it: in bands, each with its lower end and without its upper one.';

-- A sum for a unit that is assessed ends where a single loss does: its cases
-- are few, and a large one would show.
CREATE FUNCTION @registry@.loss_sum_band(cases bigint, losses numeric, suppress_below integer, of_many boolean) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  steps constant numeric[] := '{1,2,3,5,7,10}';
  tens numeric;
  place integer;
BEGIN
  IF coalesce(cases, 0) = 0 THEN
    RETURN '0元';
  ELSIF suppress_below <= 1 THEN
    RETURN coalesce(trim_scale(losses) || '元', '不详');
  ELSIF cases < suppress_below THEN
    RETURN NULL;
  ELSIF NOT of_many OR losses IS NULL OR losses < 500000 THEN
    RETURN @registry@.loss_band(losses);
  END IF;
  -- the power of ten below; of 500,000 to 1,000,000 it is 100,000
  tens := 10.0 ^ (length(trunc(losses)::text) - 1);
  place := width_bucket(losses / tens, steps);
  RETURN concat(trim_scale(steps[place] * tens / 10000), '万至', trim_scale(steps[place + 1] * tens / 10000), '万元');
END
$body$;
COMMENT ON FUNCTION @registry@.loss_sum_band(bigint, numeric, integer, boolean) IS 'The losses of so many cases together as bulletins state them: in bands, those of one loss and above (of_many: for units with others in them) from 1, 2, 3, 5 or 7 times a power of ten yuan on; null: left out, of fewer cases than suppress_below. A suppress_below of 0 or 1: exact.';

CREATE FUNCTION @registry@.persons_shown(persons bigint, suppress_below integer) RETURNS bigint
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN COALESCE(persons, 0) = 0 THEN 0 WHEN suppress_below <= 1 THEN persons WHEN persons >= suppress_below THEN persons - persons % suppress_below END;
COMMENT ON FUNCTION @registry@.persons_shown(bigint, integer) IS 'A number of persons as bulletins state it: the full multiples of suppress_below in it; null: left out, as there are fewer. Zero is shown.';
