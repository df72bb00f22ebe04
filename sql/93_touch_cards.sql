-- Statements on the tables that scorecards rest on say what they touched, so
-- that a kept card is not read when it no longer holds.
--
-- PUBLIC may execute it, as any trigger function. What it does with the rights
-- of the owner of a registry it does for that owner's tables only; the check
-- is in the function.

CREATE FUNCTION antifraud.touch_cards() RETURNS trigger
  LANGUAGE C AS 'MODULE_PATHNAME', 'af_touch_cards';
COMMENT ON FUNCTION antifraud.touch_cards() IS
  'trigger function that writes into unit_touched of a registry what a statement touched; created before and after each statement by keep_cards(), with arguments such as unit:unit';
