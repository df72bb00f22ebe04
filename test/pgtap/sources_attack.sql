-- Sources whose owners or rows mean harm: whose rights run, and what of
-- persons comes through. Identity numbers are of a county that does not exist.
\ir setup.psql

SELECT no_plan();
\ir registry_setup.psql

-- ------------------------------------------------------------------ whose rights
-- The owner of a type may cast it as he likes; the cast would run as the owner
-- of the registry in check_source() and tick(), and as each reader of fact.
CREATE SCHEMA stranger;
CREATE TYPE stranger.place AS ENUM ('370323002002');
CREATE TABLE stranger.ran (by_whom text);
CREATE FUNCTION stranger.words(stranger.place) RETURNS text LANGUAGE sql AS 'INSERT INTO stranger.ran VALUES (current_user) RETURNING ''370323002002''';
CREATE TABLE stranger.list (no integer PRIMARY KEY, place stranger.place, day date);
INSERT INTO stranger.list VALUES (1, '370323002002', '2023-09-01');
SELECT is((SELECT string_agg(c.rows::text, ' ') FROM fraud.check_source('case', 'stranger.list', '{"unit":"place","occurred_on":"day"}') AS c WHERE c.finding = 'summary'), '1 1 0',
  'an enumeration is read as its words');
CREATE CAST (stranger.place AS text) WITH FUNCTION stranger.words(stranger.place);
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.check_source('case', 'stranger.list', '{"unit":"place","occurred_on":"day"}')$$),
  '42804 unit cannot be read from column "place" of stranger.list', 'but not by a cast that its owner made');
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.add_source('case', 'stranger.list', '{"unit":"place","occurred_on":"day"}')$$),
  '42804 unit cannot be read from column "place" of stranger.list', 'nor is it added');
SELECT is((SELECT count(*) FROM stranger.ran), 0::bigint, 'and it never ran');

-- A view can be changed by its owner after it was added: the report names him.
CREATE ROLE attack_stranger;
CREATE VIEW stranger.shown AS SELECT l.no, '370323002002' AS place, l.day FROM stranger.list AS l;
SELECT is((SELECT count(*) FROM fraud.check_source('case', 'stranger.shown', '{"unit":"place","occurred_on":"day"}') AS c WHERE c.finding = 'note' AND c.reason ~ 'may change'), 0::bigint, 'a view of ones own is nothing to note');
ALTER VIEW stranger.shown OWNER TO attack_stranger;
GRANT USAGE ON SCHEMA stranger TO attack_stranger;
GRANT SELECT ON stranger.list TO attack_stranger;
SELECT is((SELECT string_agg(c.value, ' ') FROM fraud.check_source('case', 'stranger.shown', '{"unit":"place","occurred_on":"day"}') AS c WHERE c.finding = 'note' AND c.reason ~ 'may change'), 'attack_stranger', 'one of somebody else is');

-- ------------------------------------------------------------- persons in keys
-- Of the rows 1 and 2 the key names a person, by one of its columns and within
-- other words; 3 holds a number of 20 digits, 4 one of 18 that is of nobody.
CREATE TABLE stranger.keyed (id_no text, seq integer, place text, day text, PRIMARY KEY (id_no, seq));
INSERT INTO stranger.keyed VALUES ('339999199001010013', 1, '370323002002', '2023-09-01'), ('No 339999199001010013', 2, '370323002002', '2023-09-01'),
  ('33339999199001010013', 3, '370323002002', '2023-09-01'), ('339999199001010014', 4, '370323002002', '2023-09-01');
SELECT is((SELECT count(*) FROM fraud.add_source('case', 'stranger.keyed', '{"region":"place","occurred_on":"day"}') AS c WHERE c.finding = 'unreadable'), 2::bigint, 'two rows are no facts');
SELECT is((SELECT string_agg(f.source_key, ' ' ORDER BY f.source_key DESC) FROM fraud.fact AS f), '339999199001010014/4 33339999199001010013/3', 'no key of a fact names a person');
SELECT is((SELECT string_agg(concat_ws(' ', coalesce(u.source_key, '-'), u.value), ', ' ORDER BY u.value COLLATE "C") FROM fraud.unreadable_row AS u), '- ****************13/1, - No ****************13/2',
  'nor does what is said of rows that are none');
-- an identity number in a column of other things, with a digit that is wrong, and in full width
INSERT INTO stranger.keyed VALUES ('a', 5, '370323002002', 'see 339999199001010013'), ('b', 6, '370323002002', '339999199001010014'), ('c', 7, '３３９９９９１９９００１０１００１３号', '2023-09-01'),
  ('d', 8, '370323002099', '33339999199001010013');
SELECT is((SELECT string_agg(concat_ws(' ', u.source_key, u.value), ', ' ORDER BY u.source_key, u.value) FROM fraud.unreadable_row AS u WHERE u.source_key >= 'a'),
  'a/5 see ****************13, b/6 ****************14, c/7 ****************１３号, d/8 33339999199001010013, d/8 370323002099', 'what is as long as an identity number is masked, wherever it stands');

-- ------------------------------------------------------------ other settings
-- 10:00 in China is 02:00 in London; sealed results hold the key.
CREATE TABLE stranger.timed (day date, at timestamptz, noted timestamp, PRIMARY KEY (day, at, noted));
INSERT INTO stranger.timed VALUES ('2023-09-01', '2023-09-01 10:00+08', 'infinity'), ('2023-09-02', 'infinity', '2023-09-02 08:00');
SELECT count(*) FROM fraud.add_source('case', 'stranger.timed', '{"unit":{"constant":"370323002002"},"occurred_on":"day"}') \g /dev/null
CREATE TABLE stranger.keys AS SELECT f.source_key FROM fraud.fact AS f WHERE f.source_table = 'stranger.timed';
SELECT is((SELECT string_agg(k.source_key, ' ' ORDER BY k.source_key) FROM stranger.keys AS k), '2023-09-01/2023-09-01T10:00:00/infinity 2023-09-02/Infinity/2023-09-02T08:00:00', 'days and times in keys');
SET datestyle = 'German';
SET timezone = 'Europe/London';
SELECT is((SELECT count(*) FROM fraud.fact AS f JOIN stranger.keys USING (source_key)), 2::bigint, 'are the same in every session');

SELECT * FROM finish();
