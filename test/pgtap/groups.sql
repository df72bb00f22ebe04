-- Message groups, rosters, bodies, responsibility. The ids before a colon are
-- rows of doc/coverage.md.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

-- Numerals, by hand: one zero inside, none at the end, 10 to 19 without 一, and
-- 二, never 两.
SELECT is(string_agg(fraud.chinese_numeral(n), ' ' ORDER BY n), '一 二 九 十 十一 十九 二十 二十一 九十九 一百 一百零一 一百一十 一百一十一 二百 一千 一千零一 一千零一十 一千一百 九千九百九十九', 'Chinese numerals')
FROM unnest('{1,2,9,10,11,19,20,21,99,100,101,110,111,200,1000,1001,1010,1100,9999}'::integer[]) AS n;
SELECT is((SELECT count(*)::int FROM generate_series(2, 9999) AS n WHERE antifraud.next_due(('每' || fraud.chinese_numeral(n) || '天一次')::antifraud.cadence, '2024-01-01') <> date '2024-01-01' + n), 0, 'each is read back by the type cadence, which has a reader of its own');
SELECT is(fraud.chinese_numeral(n), NULL, format('none for %s', n)) FROM unnest('{0,-1,10000,-2147483648,2147483647}'::integer[]) AS n;

-- The three examples of the document, to the letter.
SELECT is(fraud.group_name(1, '沱河街道', '街道'), '沱河街道街道反电诈指挥群', 'T20: level 1, with the doubled word of the document');
SELECT is(fraud.group_name(1, '沱河街道', NULL), '沱河街道反电诈指挥群', 'T20: and without');
SELECT is(fraud.group_name(2, '沱河街道', '泰康社区'), '沱河街道泰康反电诈组织群', 'T21: level 2, without 社区');
SELECT is(fraud.group_name(2, '沱河街道', '王庄村'), '沱河街道王庄村反电诈组织群', 'T21: a village keeps its word: the document drops 社区 only');
SELECT is(fraud.group_name(2, '沱河街道', '社区'), '沱河街道社区反电诈组织群', 'T21: nothing is left of no name');
SELECT is(fraud.group_name(2, '沱河街道', '卫健办'), '沱河街道卫健办反电诈组织群', 'T21: a department');
SELECT is(fraud.group_name(3, '沱河街道', '泰康社区', 2), '沱河街道泰康社区（第二网格）反电诈宣传群', 'T22: level 3, with the grid');
SELECT is(string_agg(substring(fraud.group_name(3, '', '甲社区', n) FROM '（(.*)）'), ' ' ORDER BY n), '第二网格 第十网格 第十一网格 第二十网格 第二十一网格 第一百网格 第一百零一网格', 'T22: numbers of grids')
FROM unnest('{2,10,11,20,21,100,101}'::integer[]) AS n;
SELECT is(fraud.group_name(3, '沱河街道', '泰康社区', 2, 1), '沱河街道泰康社区（第二网格）反电诈宣传群1群', 'T23: a number is appended');
SELECT is(fraud.group_name(l, o, u, g, p), NULL, w) FROM (VALUES
  (3, '沱河街道', '泰康社区', NULL, NULL, 'no name at level 3 without a grid'), (3, '沱河街道', '泰康社区', 0, NULL, 'nor with grid 0'),
  (4, '沱河街道', '泰康社区', 1, NULL, 'nor at a level 4'), (2, NULL, '泰康社区', NULL, NULL, 'nor without an office'),
  (2, '沱河街道', NULL, NULL, NULL, 'nor without a unit'), (2, '沱河街道', '泰康社区', NULL, 0, 'nor part 0')) AS w (l, o, u, g, p, w);

-- 500 fit into one group: 人数超过500人.
SELECT is(array_agg(fraud.group_parts(n) ORDER BY n), '{1,1,1,2,2,3,4294968}', 'T23: groups for 0, 1, 500, 501, 1000, 1001 and two thousand million members')
FROM unnest('{0,1,500,501,1000,1001,2147483647}'::integer[]) AS n;
SELECT is((SELECT array_agg(name) FROM fraud.group_names(3, '沱河街道', '泰康社区', 2, 500)), '{沱河街道泰康社区（第二网格）反电诈宣传群}', 'T23: 500 members, no number');
SELECT is((SELECT array_agg(name ORDER BY part) FROM fraud.group_names(3, '沱河街道', '泰康社区', 2, 501)), '{沱河街道泰康社区（第二网格）反电诈宣传群1群,沱河街道泰康社区（第二网格）反电诈宣传群2群}', 'T23: 501, two');
SELECT is((SELECT count(*)::int FROM fraud.group_names(2, '沱河街道', '泰康社区', NULL, 1001)), 3, 'T23: 1001, three');
SELECT is((SELECT count(*)::int FROM fraud.group_names(2, '沱河街道', '泰康社区', NULL, 1001, 1001)), 1, 'T23: another limit');

SELECT throws_ok(q, '22023', m, w) FROM (VALUES
  ($$SELECT fraud.group_names(2, '沱河街道', '泰康社区', NULL, -1)$$, 'a group cannot have -1 members', 'T23: no names for less than nobody'),
  ($$SELECT fraud.group_parts(-500)$$, 'a group cannot have -500 members', 'nor groups'),
  ($$SELECT fraud.group_names(2, '沱河街道', '泰康社区', NULL, 1, 0)$$, 'a group cannot be limited to 0 members', 'nor where nobody fits in'),
  ($$SELECT fraud.group_parts(1, -5)$$, 'a group cannot be limited to -5 members', 'or less than nobody')) AS x (q, m, w);
SELECT is((SELECT array_agg(name) FROM fraud.group_names(2, '沱河街道', '泰康社区', NULL, 0)), '{沱河街道泰康反电诈组织群}', 'T23: before anybody has joined, one');
SELECT is_empty($$SELECT * FROM fraud.group_names(2, '沱河街道', '泰康社区', NULL, NULL) UNION ALL SELECT * FROM fraud.group_names(2, '沱河街道', '泰康社区', NULL, 1, NULL)$$, 'nothing is said of an unknown number');

-- A street with a community, a village, a department, a school, a hospital.
INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES
  ('county', '339999', '示范县', 'county', NULL),
  ('tuohe', '339999001', '沱河街道', 'town', 'county'),
  ('taikang', '339999001001', '泰康社区', 'community', 'tuohe'),
  ('wangzhuang', '339999001002', '王庄村', 'village', 'tuohe'),
  ('weijian', '339999001', '卫健办', 'department', 'tuohe'),
  ('school', '339999001', '第一小学', 'school', 'tuohe'),
  ('garden', '339999001001', '花园小区', 'compound', 'taikang');
INSERT INTO fraud.officer (unit, subject, role, post, phone, joined_on, left_on, confirmed_on) VALUES
  ('tuohe', 'o1', 'leader', '办事处主任', '555-0101', '2020-01-01', NULL, '2024-01-01'),
  ('taikang', 'o2', 'leader', '书记', '555-0102', '2020-01-01', NULL, '2024-01-01'),
  ('taikang', 'o3', 'grid', '网格员', '555-0103', '2020-01-01', NULL, '2024-01-01'),
  ('taikang', 'o4', 'grid', '网格员', NULL, '2020-01-01', '2024-06-29', NULL),
  ('weijian', 'o5', 'leader', '主任', '555-0105', '2020-01-01', NULL, NULL);
CREATE FUNCTION pg_temp.officer(subject text) RETURNS bigint LANGUAGE sql RETURN (SELECT o.id FROM fraud.officer AS o WHERE o.subject = officer.subject);
UPDATE fraud.registry_info SET as_of = '2024-06-30';

INSERT INTO fraud.contact_group (code, unit, name, level, parent, grid, part, formed_on) VALUES
  ('g1', 'tuohe', '沱河街道街道反电诈指挥群', 1, NULL, NULL, NULL, '2023-11-01'),
  ('g2', 'taikang', '沱河街道泰康反电诈组织群', 2, 'g1', NULL, NULL, '2023-11-01'),
  ('g3', 'taikang', '沱河街道泰康社区（第一网格）反电诈宣传群', 3, 'g2', 1, NULL, '2023-11-01'),
  ('g4', 'taikang', '沱河街道泰康社区（第二网格）反电诈宣传群', 3, 'g2', 2, NULL, '2023-11-01'),
  ('g5', 'weijian', '沱河街道卫健办反电诈组织群', 2, 'g1', NULL, NULL, '2023-11-01');
SELECT is((SELECT array_agg(level || label_zh || ' ' || owner_role ORDER BY level) FROM fraud.group_level), '{"1指挥群 leader","2组织群 leader","3宣传群 grid"}', 'T10: three levels');
SELECT throws_ok($$INSERT INTO fraud.contact_group (code, unit, name, level) VALUES ('x', 'tuohe', 'x', 4)$$, '23514', NULL, 'T10: and no fourth');
SELECT throws_ok($$INSERT INTO fraud.contact_group (code, unit, name, level, grid) VALUES ('x', 'tuohe', 'x', 2, 1)$$, '23514', NULL, 'a grid belongs to level 3');
SELECT throws_ok($$INSERT INTO fraud.contact_group (code, unit, name, grid) VALUES ('x', 'tuohe', 'x', 0)$$, '23514', NULL, 'and begins with 1');

-- Names. Nothing is checked before a rule holds.
CREATE FUNCTION pg_temp.faults(code text DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', f.contact_group, f.gap), ', ' ORDER BY f.contact_group, f.gap) FROM fraud.group_name_fault AS f WHERE f.contact_group = coalesce(code, f.contact_group));
CREATE FUNCTION pg_temp.named(code text, new_name text) RETURNS text
LANGUAGE plpgsql AS $$BEGIN UPDATE fraud.contact_group AS g SET name = new_name WHERE g.code = named.code; RETURN pg_temp.faults(code); END$$;
SELECT is((SELECT count(*)::int FROM fraud.group_namings('2024-06-30')), 0, 'T19: no programme, no rule for names');
SELECT lives_ok($$SELECT fraud.adopt_programme('tuohe-2023', '339999001')$$, 'the programme is in force');
SELECT is((SELECT array_agg(contact_group || ' ' || expected ORDER BY contact_group) FROM fraud.group_namings('2024-06-30')),
  '{g1 沱河街道街道反电诈指挥群,g2 沱河街道泰康反电诈组织群,g3 沱河街道泰康社区（第一网格）反电诈宣传群,g4 沱河街道泰康社区（第二网格）反电诈宣传群,g5 沱河街道卫健办反电诈组织群}', 'T19: its rule names every group alike');
SELECT is((SELECT count(*)::int FROM fraud.group_namings('2023-10-23')), 0, 'T19: not before its first day');
SELECT is(pg_temp.faults(), NULL, 'T19: no fault');
SELECT is(pg_temp.named('g3', '沱河街道泰康社区(第一网格)反电诈宣传群'), 'g3 width', 'T22: half-width brackets');
SELECT is(pg_temp.named('g3', '沱河街道泰康社区（第1网格）反电诈宣传群'), 'g3 name', 'T22: a digit instead of the numeral');
SELECT is(pg_temp.named('g3', '沱河街道泰康社区（第两网格）反电诈宣传群'), 'g3 name', 'T22: 两');
SELECT is(pg_temp.named('g3', '沱河街道 泰康社区（第一网格）反电诈宣传群'), 'g3 spaces', 'T22: a space');
SELECT is(pg_temp.named('g2', '沱河街道泰康社区反电诈组织群'), 'g2 name', 'T21: with 社区');
SELECT is((SELECT row (name, expected, gap_zh, gap_en)::text FROM fraud.group_name_fault WHERE contact_group = 'g2'), '(沱河街道泰康社区反电诈组织群,沱河街道泰康反电诈组织群,群名不符,"another name")', 'T19: what it should be, in both languages');
-- U+0301 is an accent that joins its letter in NFC. Of Chinese characters only
-- compatibility ones change: U+F9F7 becomes 立.
UPDATE fraud.unit SET name = 'Café社区' WHERE code = 'taikang';
SELECT is(pg_temp.named('g2', '沱河街道Café反电诈组织群'), NULL, 'T19: NFC');
SELECT is(pg_temp.named('g2', '沱河街道Cafe' || U&'\0301' || '反电诈组织群'), 'g2 not_nfc', 'T19: another normal form');
UPDATE fraud.unit SET name = U&'\F9F7泰康社区' WHERE code = 'taikang';
SELECT is(pg_temp.named('g2', '沱河街道立泰康反电诈组织群'), NULL, 'T19: the unit''s own name in another form');
UPDATE fraud.unit SET name = '泰康社区' WHERE code = 'taikang';
SELECT is(pg_temp.named('g2', '沱河街道泰康反电诈组织群'), NULL, 'back');
SELECT is(pg_temp.named('g1', '沱河街道反电诈指挥群'), 'g1 name', 'T20: the doubled word is missing');
UPDATE fraud.group_name_rule SET command_unit = '';
SELECT is(pg_temp.faults('g1'), NULL, 'T20: an office may do without it');
UPDATE fraud.group_name_rule SET command_unit = '街道';
UPDATE fraud.contact_group SET grid = NULL WHERE code = 'g4';
SELECT is(pg_temp.faults('g4'), 'g4 no_grid', 'T22: a group of level 3 without its grid');
UPDATE fraud.contact_group SET grid = 2 WHERE code = 'g4';
UPDATE fraud.unit SET parent = 'county' WHERE code = 'weijian';
SELECT is(pg_temp.faults('g5'), 'g5 no_office', 'T21: no town above the unit');
UPDATE fraud.group_name_rule SET office = '沱河街道';
SELECT is(pg_temp.faults('g5'), NULL, 'T21: an office named in the rule');
UPDATE fraud.group_name_rule SET office = NULL;
UPDATE fraud.unit SET parent = 'tuohe' WHERE code = 'weijian';
INSERT INTO fraud.group_name_rule (code, office) VALUES ('own', '示范街道');
UPDATE fraud.contact_group SET name_rule = 'own' WHERE code = 'g5';
SELECT is((SELECT expected FROM fraud.group_name_fault WHERE contact_group = 'g5'), '示范街道卫健办反电诈组织群', 'T19: a group may name another rule');
UPDATE fraud.contact_group SET name_rule = NULL WHERE code = 'g5';

-- T26: taking over existing groups.
SELECT is(fraud.rename_group('g3'), '沱河街道泰康社区（第一网格）反电诈宣传群', 'T26: renamed by the rule');
SELECT is((SELECT array_agg(row (contact_group, unit, region, old_name, new_name, renamed_on)::text) FROM fraud.group_rename),
  ARRAY['(g3,taikang,339999001001,"沱河街道 泰康社区（第一网格）反电诈宣传群",沱河街道泰康社区（第一网格）反电诈宣传群,2024-06-30)'], 'T26: which is on record');
SELECT is(fraud.rename_group('g3'), '沱河街道泰康社区（第一网格）反电诈宣传群', 'T26: again changes nothing');
SELECT is(fraud.rename_group('g1', '沱河街道街道反电诈指挥群', '2024-06-01'), '沱河街道街道反电诈指挥群', 'T26: or by hand');
SELECT is((SELECT array_agg(contact_group || ' ' || renamed_on ORDER BY contact_group) FROM fraud.group_rename), '{"g1 2024-06-01","g3 2024-06-30"}', 'T26: two renamings');
SELECT is(pg_temp.faults(), NULL, 'T26: all as the rule says');
SELECT is(pg_temp.error_of($$SELECT fraud.rename_group('none')$$), E'P0002\nthere is no message group ''none''\nThe table contact_group lists them.', 'T26: an unknown group');
SELECT is(pg_temp.error_of($$SELECT fraud.rename_group('g1', NULL, '2023-01-01')$$),
  E'55000\nno rule gives a name for message group ''g1''\nOn 2023-01-01 no rule for names holds for it, or its office or grid is not known.\nGive the new name, or set name_rule, grid and the parent of its unit.', 'T26: no rule on that day');
SELECT throws_ok($$DELETE FROM fraud.group_rename$$, '23001', NULL, 'T26: records stay');

-- Counts, and what follows above 500.
INSERT INTO fraud.group_count (contact_group, counted_on, members, members_eligible, households, households_eligible) VALUES
  ('g1', '2024-05-31', 30, 30, NULL, NULL),
  ('g2', '2024-05-31', 12, 14, NULL, NULL),
  ('g3', '2024-03-31', 400, 450, 170, 200),
  ('g3', '2024-05-31', 500, 450, 182, 200);
SELECT is((SELECT row (unit, region)::text FROM fraud.group_count WHERE contact_group = 'g2'), '(taikang,339999001001)', 'a count takes the unit and region of the group');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.group_count (contact_group, counted_on, members) VALUES ('none', '2024-01-01', 1)$$),
  E'23503\nmessage group ''none'' does not exist\nA row of table "group_count" names it.\nAdd it to the table contact_group first, or correct the code.', 'an unknown group');
SELECT throws_ok($$INSERT INTO fraud.group_count (contact_group, unit, counted_on, members) VALUES ('g2', 'weijian', '2024-01-01', 1)$$, '23503', NULL, 'a unit that is not the group''s');
SELECT throws_ok($$INSERT INTO fraud.group_count (contact_group, counted_on, members) VALUES ('g3', '2024-05-31', 1)$$, '23505', NULL, 'twice on a day');
SELECT throws_ok($$INSERT INTO fraud.group_count (contact_group, counted_on, members, households, households_eligible) VALUES ('g3', '2024-06-01', 1, 201, 200)$$, '23514', NULL, 'more households than there are');
SELECT throws_ok($$INSERT INTO fraud.group_count (contact_group, counted_on, members) VALUES ('g3', '2024-06-01', -1)$$, '23514', NULL, 'fewer than none');
-- 182 of 200 households = 91 %.
SELECT is((SELECT row (contact_groups, uncounted, counted_on, members, households, households_eligible, households_missing, percent)::text FROM fraud.group_coverage WHERE unit = 'taikang' AND grid = 1),
  '(1,0,2024-05-31,500,182,200,18,91.00)', 'T17: households in a group, of those that are to be');
SELECT is((SELECT row (contact_groups, uncounted, counted_on, households, percent)::text FROM fraud.group_coverage WHERE unit = 'taikang' AND grid = 2), '(1,1,,,)', 'T17: never counted is not none');
SELECT is((SELECT percent FROM fraud.group_coverage_at('2024-05-30', '339999001001') WHERE grid = 1), 85.00, 'T17: the day before the second count, 170 of 200');
SELECT is((SELECT count(*)::int FROM fraud.group_coverage_at('2024-05-30', '339999001002')), 0, 'in another region nothing');
SELECT is(pg_temp.faults(), NULL, 'T23: 500 members are not too many');
INSERT INTO fraud.group_count (contact_group, counted_on, members, households, households_eligible) VALUES ('g3', '2024-06-30', 501, 183, 200);
SELECT is(pg_temp.faults(), 'g3 too_many', 'T23: 501 are');
-- split below: 300 members of 120 households of 120, 201 of 63 of 80
UPDATE fraud.contact_group SET part = 1 WHERE code = 'g3';
SELECT is(pg_temp.faults(), 'g3 name, g3 number_needless, g3 too_many', 'T23: a number without a second group');
INSERT INTO fraud.contact_group (code, unit, name, level, parent, grid) VALUES ('g3b', 'taikang', '沱河街道泰康社区（第一网格）反电诈宣传群', 3, 'g2', 1);
SELECT is(pg_temp.faults('g3b'), 'g3b number_missing', 'T23: a second group without a number');
UPDATE fraud.contact_group SET part = 3 WHERE code = 'g3b';
SELECT is(pg_temp.faults('g3b'), 'g3b name, g3b number_gap', 'T23: 1 and 3');
SELECT throws_ok($$UPDATE fraud.contact_group SET part = 1 WHERE code = 'g3b'$$, '23505', NULL, 'T23: a number twice');
UPDATE fraud.contact_group SET part = 2 WHERE code = 'g3b';
SELECT is(fraud.rename_group('g3') || ' ' || fraud.rename_group('g3b'), '沱河街道泰康社区（第一网格）反电诈宣传群1群 沱河街道泰康社区（第一网格）反电诈宣传群2群', 'T23: names with numbers');
SELECT fraud.void_fact('group_count', (SELECT id FROM fraud.group_count WHERE counted_on = '2024-06-30'), 'counted again after the split') \g /dev/null
INSERT INTO fraud.group_count (contact_group, counted_on, members, households, households_eligible) VALUES ('g3', '2024-06-30', 300, 120, 120), ('g3b', '2024-06-30', 201, 63, 80);
SELECT is(pg_temp.faults(), NULL, 'T23: two groups, named and numbered');
SELECT is((SELECT row (contact_groups, members, households, households_eligible, percent)::text FROM fraud.group_coverage WHERE unit = 'taikang' AND grid = 1), '(2,501,183,200,91.50)', 'T17: the parts of a grid add up');
SELECT is((SELECT row (members, members_eligible)::text FROM fraud.last_group_counts('2024-06-30') WHERE contact_group = 'g2'), '(12,14)', 'T13: staff in the group of their unit, of all');

-- Owners.
INSERT INTO fraud.group_officer (contact_group, officer, role, period) VALUES
  ('g1', pg_temp.officer('o1'), 'owner', '[2023-11-01,)'),
  ('g2', pg_temp.officer('o2'), 'owner', '[2023-11-01,)'),
  ('g3', pg_temp.officer('o3'), 'owner', '[2023-11-01,)'),
  ('g3', pg_temp.officer('o2'), 'admin', '[2023-11-01,)'),
  ('g3b', pg_temp.officer('o2'), 'owner', '[2023-11-01,)'),
  ('g4', pg_temp.officer('o4'), 'owner', '[2023-11-01,)');
SELECT throws_ok($$INSERT INTO fraud.group_officer (contact_group, officer, period) VALUES ('g1', pg_temp.officer('o2'), '[2024-01-01,2024-02-01)')$$, '23P01', NULL, 'T24: a second owner on the same days');
SELECT lives_ok($$INSERT INTO fraud.group_officer (contact_group, officer, role, period) VALUES ('g1', pg_temp.officer('o2'), 'admin', '[2024-01-01,)')$$, 'T24: administrators as many as there are');
SELECT throws_ok($$INSERT INTO fraud.group_officer (contact_group, officer, period) VALUES ('g5', pg_temp.officer('o5'), 'empty')$$, '23514', NULL, 'an empty period');
SELECT is((SELECT array_agg(concat_ws(' ', o.contact_group, e.role) ORDER BY o.contact_group) FROM fraud.group_officer AS o JOIN fraud.officer AS e ON e.id = o.officer WHERE o.role = 'owner' AND o.contact_group IN ('g1', 'g2', 'g3')),
  '{"g1 leader","g2 leader","g3 grid"}', 'T11, T13, T15: owned by the leader of the street, the head of the unit, the grid worker');
CREATE FUNCTION pg_temp.gaps(unit text DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', coalesce(g.contact_group, g.unit || ' ' || g.level), g.gap), ', ' ORDER BY coalesce(g.contact_group, g.unit), g.level, g.gap) FROM fraud.group_gap AS g WHERE g.unit = coalesce(gaps.unit, g.unit));
-- o4 left on the 29th, so that on the 30th the group has no owner who serves;
-- g3b is owned by the leader, not by a grid worker; g4 and g5 were never counted.
SELECT is(pg_temp.gaps('taikang'), 'g3b owner_role, g4 not_counted, g4 owner_left', 'T15: the owner left yesterday; an owner who is no grid worker');
SELECT is((SELECT string_agg(gap, ',' ORDER BY gap) FROM fraud.group_gaps('2024-06-29', '339999001001') WHERE contact_group = 'g4'), 'not_counted', 'T15: on the last day of work the owner is still there');
SELECT is(pg_temp.gaps('weijian'), 'g5 no_owner, g5 not_counted', 'T13: no owner');
SELECT is(pg_temp.gaps('school'), 'school 2 no_group', 'T35, T44: a school without its group');
SELECT is(pg_temp.gaps('tuohe'), NULL, 'T11, T35: the street has its command group');
UPDATE fraud.contact_group SET active = false WHERE code = 'g1';
SELECT is(pg_temp.gaps('tuohe'), 'tuohe 1 no_group', 'T35: one that is not in use does not count');
UPDATE fraud.contact_group SET active = true WHERE code = 'g1';
SELECT is((SELECT row (programme, gap_zh, gap_en)::text FROM fraud.group_gap WHERE unit = 'school'), '(tuohe-2023,未建群,"no message group")', 'T44: who asks for it');
UPDATE fraud.contact_group SET parent = NULL WHERE code = 'g5';
SELECT is(pg_temp.gaps('weijian'), 'g5 no_owner, g5 no_parent, g5 not_counted', 'T13: no group above it');
UPDATE fraud.contact_group SET parent = 'g3' WHERE code = 'g5';
SELECT is(pg_temp.gaps('weijian'), 'g5 no_owner, g5 not_counted, g5 parent_level', 'T13: one of the wrong level');
UPDATE fraud.contact_group SET parent = 'g1' WHERE code = 'g5';
UPDATE fraud.group_level SET recount_days = 30 WHERE level = 1;
SELECT is(pg_temp.gaps('tuohe'), NULL, 'T17: counted on 31 May is 30 days before 30 June');
UPDATE fraud.group_level SET recount_days = 29 WHERE level = 1;
SELECT is(pg_temp.gaps('tuohe'), 'g1 count_stale', 'T17: stale after 29');
UPDATE fraud.group_level SET recount_days = NULL WHERE level = 1;
-- nanma and template plan 2 ask for groups too, of other units.
SELECT lives_ok($$SELECT fraud.adopt_programme('nanma-2023', '339999001', '2024-01-01', '2024-12-31')$$, 'a second programme');
SELECT is(pg_temp.gaps('garden'), 'garden 3 no_group', 'N15: a compound that no group covers');
SELECT is(pg_temp.gaps('wangzhuang'), 'wangzhuang 3 no_group', 'N15: a village');
SELECT is(pg_temp.gaps('school'), 'school 2 no_group, school 3 no_group', 'N15: a unit');
INSERT INTO fraud.contact_group (code, unit, name, parent) VALUES ('g6', 'garden', '花园小区群', 'g2');
SELECT is((SELECT count(*)::int FROM fraud.group_gap WHERE unit = 'garden' AND gap = 'no_group'), 0, 'N15: it has joined');
SELECT lives_ok($$SELECT fraud.adopt_programme('template-plan-2', '339999001', '2024-01-01', '2026-12-31')$$, 'a third');
SELECT is((SELECT array_agg(programme ORDER BY programme) FROM fraud.group_gap WHERE unit = 'wangzhuang'), '{nanma-2023,template-plan-2}', 'B24: each village needs a group to push to');
SELECT is((SELECT array_agg(gap ORDER BY gap) FROM fraud.group_gap WHERE contact_group = 'g6'), '{no_owner,not_counted}', 'B24: and somebody named to do so');

INSERT INTO fraud.contact_group (code, unit, name) VALUES ('g7', 'wangzhuang', '王庄村民群');
INSERT INTO fraud.activity (unit, kind, held_on, contact_group) VALUES ('garden', 'push', '2024-06-03', 'g6'), ('wangzhuang', 'push', '2024-06-04', 'g7'), ('taikang', 'push', '2024-06-05', 'g2');
SELECT is((SELECT array_agg(u.kind || ' ' || g.level ORDER BY a.held_on) FROM fraud.activity AS a JOIN fraud.contact_group AS g ON g.code = a.contact_group JOIN fraud.unit AS u ON u.code = a.unit WHERE a.kind = 'push'), '{"compound 3","village 3","community 2"}', 'A16: pushes to groups of owners, villagers, staff');
UPDATE fraud.contact_group SET active = false WHERE code = 'g7';

-- Messages: sent at 08:00, at 08:20 in the group of the community, at 09:05 in
-- its first grid. 20 and 45 minutes, 65 in all. The second part never, nor the
-- second grid; the department before it was sent.
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, category, loss) VALUES ('F-1', 'taikang', '2024-06-19', 'loan', 1000);
INSERT INTO fraud.group_message (source_key, contact_group, title, source, fraud_case, received_at, sent_at) VALUES
  ('m1', 'g1', '虚假贷款案例', 'case', (SELECT id FROM fraud.fraud_case WHERE case_no = 'F-1'), '2024-06-20 07:30+08', '2024-06-20 08:00+08'),
  ('m2', 'g1', '总指挥群通知', 'superior', NULL, NULL, '2024-06-20 23:30+08'),
  ('m3', 'g1', '旧消息', 'notice', NULL, NULL, '2024-05-31 12:00+08');
CREATE FUNCTION pg_temp.message(key text) RETURNS bigint LANGUAGE sql RETURN (SELECT m.id FROM fraud.group_message AS m WHERE m.source_key = key AND m.voided_at IS NULL);
INSERT INTO fraud.group_relay (message, contact_group, relayed_at, officer) VALUES
  (pg_temp.message('m1'), 'g2', '2024-06-20 08:20+08', pg_temp.officer('o2')),
  (pg_temp.message('m1'), 'g3', '2024-06-20 09:05:59+08', pg_temp.officer('o3')),
  (pg_temp.message('m1'), 'g5', '2024-06-20 07:59+08', NULL),
  (pg_temp.message('m2'), 'g3', '2024-06-21 00:30+08', NULL);
SELECT is((SELECT row (unit, region, source, sent_on, received_at)::text FROM fraud.group_message WHERE source_key = 'm1'), '(tuohe,339999001,case,2024-06-20,"2024-06-20 07:30:00+08")', 'N19, T12, T29: a true case made into a warning, sent to the group of level 1');
SELECT is((SELECT string_agg(label_zh, ' ' ORDER BY code) FROM fraud.message_source), '预警信息 真实案例警示 宣传资料 通知通报 上级总指挥群推送 短视频', 'T12, S21: where messages come from');
SELECT is((SELECT relayed_on FROM fraud.group_relay WHERE message = pg_temp.message('m2')), '2024-06-21', 'days are China''s');
SET timezone = 'UTC';
SELECT is((SELECT array_agg(concat_ws(' ', contact_group, level, coalesce(delay_minutes::text, '-'), coalesce(total_minutes::text, '-'), state) ORDER BY contact_group) FROM fraud.relay_delay WHERE message = pg_temp.message('m1')),
  '{"g1 1 30 0 sent","g2 2 20 20 relayed","g3 3 45 65 relayed","g3b 3 - - not_relayed","g4 3 - - not_relayed","g5 2 - - before_parent","g6 3 - - not_relayed"}', 'T12, T14, T18, T34, Q37: from level 1 to 3, with the delays');
SET timezone = 'Asia/Shanghai';
-- 23:30 to 00:30 next day is an hour; g2 never had it.
SELECT is((SELECT array_agg(concat_ws(' ', contact_group, coalesce(delay_minutes::text, '-'), coalesce(total_minutes::text, '-'), state) ORDER BY contact_group) FROM fraud.relay_delay WHERE message = pg_temp.message('m2') AND unit = 'taikang'),
  '{"g2 - - not_relayed","g3 - 60 parent_not_relayed","g3b - - not_relayed","g4 - - not_relayed"}', 'T18: the group above did not pass it on');
SELECT is((SELECT count(*)::int FROM fraud.relay_delay WHERE title = '旧消息'), 0, 'the view looks at 30 days, from 1 June');
SELECT is((SELECT count(*)::int FROM fraud.relay_delays('2024-05-31', '2024-05-31')), 7, 'the function at any: the first group and the six below');
SELECT is((SELECT count(*)::int FROM fraud.relay_delays('2024-06-01', '2024-06-30', '339999001002')), 0, 'in a region');
SELECT throws_ok(format($$INSERT INTO fraud.group_relay (message, contact_group, relayed_at) VALUES (%s, 'g2', '2024-06-20 10:00+08')$$, pg_temp.message('m1')), '23505', NULL, 'T24: once in each group');
SELECT throws_ok($$INSERT INTO fraud.group_message (contact_group, title, received_at, sent_at) VALUES ('g1', 'x', '2024-06-20 10:00+08', '2024-06-20 09:00+08')$$, '23514', NULL, 'T12: sent before it arrived');
-- A police station's group stands outside the three levels (nanma).
INSERT INTO fraud.contact_group (code, unit, name, level, formed_on) VALUES ('station', 'tuohe', '警网融合群', 3, '2024-01-01');
INSERT INTO fraud.group_message (source_key, contact_group, title, source, sent_at) VALUES ('m4', 'station', '刷单返利短视频', 'video', '2024-06-25 10:00+08');
INSERT INTO fraud.group_relay (message, contact_group, relayed_at) VALUES (pg_temp.message('m4'), 'g3', '2024-06-25 10:10+08');
SELECT is((SELECT array_agg(concat_ws(' ', contact_group, total_minutes, state) ORDER BY contact_group) FROM fraud.relay_delay WHERE message = pg_temp.message('m4')), '{"g3 10 outside","station 0 sent"}', 'N19, S21, B22: passed on in groups that are not below');
UPDATE fraud.contact_group SET active = false WHERE code = 'station';
-- Limits: 20 minutes at level 2; 44 at level 3, and 10 from the next day on.
SELECT is((SELECT count(*)::int FROM fraud.fact WHERE measure = 'relay_late'), 0, 'T14: no limit, nothing is late');
INSERT INTO fraud.relay_limit (level, valid_from, minutes) VALUES (2, '2024-01-01', 20), (3, '2024-01-01', 44), (3, '2024-06-21', 10);
SELECT is((SELECT array_agg(concat_ws(' ', contact_group, limit_minutes, state) ORDER BY contact_group) FROM fraud.relay_delay WHERE message = pg_temp.message('m1') AND relayed_at IS NOT NULL),
  '{"g1 sent","g2 20 relayed","g3 44 late","g5 20 before_parent"}', 'T14, T18: 20 minutes of 20 in time, 45 of 44 late; a later limit does not reach back');
SELECT is((SELECT array_agg(row (f.unit, f.region, f.occurred_on, f.quantity, f.source_table)::text) FROM fraud.fact AS f WHERE f.measure = 'relay_late'), ARRAY['(taikang,339999001001,2024-06-20,1,group_relay)'], 'T14: the late one is a fact');
SELECT is((SELECT array_agg(f.unit || ' ' || f.quantity) FROM (SELECT unit, sum(quantity) AS quantity FROM fraud.fact WHERE measure = 'relay' GROUP BY unit ORDER BY unit) AS f), '{"taikang 4","weijian 1"}', 'T24, T34: each passing on is a fact of its unit');
INSERT INTO fraud.relay_limit (level, valid_from, minutes) VALUES (1, '2024-01-01', 29);
SELECT is((SELECT array_agg(unit ORDER BY unit) FROM fraud.fact WHERE measure = 'relay_late'), '{taikang,tuohe}', 'T12: 30 minutes of 29 at level 1');
UPDATE fraud.relay_limit SET minutes = 30 WHERE level = 1;
SELECT is((SELECT array_agg(unit ORDER BY unit) FROM fraud.fact WHERE measure = 'relay_late'), '{taikang}', 'T12: 30 of 30 in time');
-- What the late one rests on: without the group above nothing can be said.
SELECT fraud.void_fact('group_relay', (SELECT id FROM fraud.group_relay WHERE message = pg_temp.message('m1') AND contact_group = 'g2'), 'another time') \g /dev/null
SELECT is((SELECT count(*)::int FROM fraud.fact WHERE measure = 'relay_late' AND voided_at IS NULL), 0, 'T14: voided with the passing on above it');
INSERT INTO fraud.group_relay (message, contact_group, relayed_at) VALUES (pg_temp.message('m1'), 'g2', '2024-06-20 08:21:59+08');
SELECT is((SELECT count(*)::int FROM fraud.fact WHERE measure = 'relay_late' AND voided_at IS NULL AND unit = 'taikang'), 1, 'T14: 08:00 to 08:21:59 is more than 20 minutes; 08:21:59 to 09:05:59 is 44');

-- Rates, by hand: 170 + 182 + 120 + 63 = 535 of 200 + 200 + 120 + 80 = 600 households.
SELECT is((SELECT row (sum(quantity), sum(base))::text FROM fraud.fact WHERE measure = 'group_household' AND voided_at IS NULL), '(535,600)', 'T17: households, by each count in force');
-- 30 of 30, 12 of 14, 400 of 450, and 500 members are at most the 450 who should be in.
SELECT is((SELECT row (sum(quantity), sum(base))::text FROM fraud.fact WHERE measure = 'group_member'), '(892,944)', 'T13, T17: persons, at most those who are to be in');
SELECT is((SELECT count(*)::int FROM fraud.measure AS m WHERE m.code IN ('relay', 'relay_late', 'group_household', 'group_member', 'case_staff_current') AND m.relation IN (SELECT relname FROM pg_class WHERE relnamespace = 'fraud'::regnamespace)), 5, 'measures name what supplies them');

-- Health staff through their own group, T56; publicity workers, T25.
INSERT INTO fraud.activity (unit, kind, held_on, contact_group) VALUES ('weijian', 'push', '2024-06-20', 'g5');
SELECT is((SELECT count(*)::int FROM fraud.fact WHERE measure = 'publicity' AND unit = 'weijian'), 1, 'T56: own staff, through the group of the department');
SELECT is((SELECT label_zh FROM fraud.officer_role WHERE code = 'propagandist'), '宣传员', 'T25: publicity workers have a role');
SELECT is((SELECT array_agg(DISTINCT unit ORDER BY unit) FROM fraud.roster_gap WHERE programme = 'tuohe-2023' AND role = 'propagandist'), '{taikang}', 'T25: and a community that names none is listed');

-- What the units of the conference forward through their accounts, and the talks
-- of the team of speakers.
INSERT INTO fraud.activity (source_key, unit, kind, held_on, medium) VALUES ('a1', 'weijian', 'social_push', '2024-06-21', 'public_account'), ('a2', 'tuohe', 'talk', '2024-06-22', 'face');
INSERT INTO fraud.activity_organiser (activity, unit, role, persons)
SELECT a.id, w.unit, w.role, w.persons FROM fraud.activity AS a CROSS JOIN (VALUES ('wangzhuang', 'grid', 2), ('school', 'student', 3)) AS w (unit, role, persons) WHERE a.source_key = 'a2';
SELECT is((SELECT array_agg(unit || ' ' || held_on) FROM fraud.activity WHERE kind = 'social_push' AND medium = 'public_account'), '{"weijian 2024-06-21"}', 'B22: forwarded through a public account');
SELECT is((SELECT array_agg(concat_ws(' ', unit, role, persons) ORDER BY unit) FROM fraud.activity_organiser), '{"school student 3","wangzhuang grid 2"}', 'B13: who spoke, as what, in numbers');

-- Rosters.
CREATE FUNCTION pg_temp.lacking(unit text, programme text) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', g.role, (SELECT o.subject FROM fraud.officer AS o WHERE o.id = g.officer), g.gap), ', ' ORDER BY g.role, g.gap, g.officer) FROM fraud.roster_gap AS g WHERE g.unit = lacking.unit AND g.programme = lacking.programme);
SELECT is(pg_temp.lacking('taikang', 'tuohe-2023'), 'first_responsible missing, liaison missing, propagandist missing', 'T65, T69: liaison officer and first responsible missing; the leader is there');
SELECT is(pg_temp.lacking('weijian', 'tuohe-2023'), 'liaison missing', 'T65: a department');
INSERT INTO fraud.officer (unit, subject, role, post, phone, joined_on, confirmed_on) VALUES
  ('taikang', 'o2', 'first_responsible', '书记', '555-0102', '2020-01-01', '2024-01-01'),
  ('taikang', 'o6', 'liaison', '委员', ' ', '2024-06-30', '2024-05-31'),
  ('weijian', 'o7', 'liaison', '科员', '555-0107', '2024-07-01', NULL);
SELECT is(pg_temp.lacking('taikang', 'tuohe-2023'), 'liaison o6 no_telephone, propagandist missing', 'T65, T67: named, but a blank is no telephone');
SELECT is(pg_temp.lacking('weijian', 'tuohe-2023'), 'liaison missing', 'T65: who begins tomorrow does not serve today');
UPDATE fraud.officer SET phone = '555-0106' WHERE subject = 'o6';
UPDATE fraud.roster_rule SET confirm_days = 30 WHERE role = 'liaison' AND programme = 'tuohe-2023';
SELECT is(pg_temp.lacking('taikang', 'tuohe-2023'), 'propagandist missing', 'T67: confirmed 30 days ago');
UPDATE fraud.roster_rule SET confirm_days = 29 WHERE role = 'liaison' AND programme = 'tuohe-2023';
SELECT is(pg_temp.lacking('taikang', 'tuohe-2023'), 'liaison o6 stale, propagandist missing', 'T67, Q34: stale after 29');
UPDATE fraud.officer SET confirmed_on = '2024-06-30' WHERE subject = 'o6';
SELECT is((SELECT row (unit_name, role_zh, post, phone, confirmed_on)::text FROM fraud.roster WHERE role = 'liaison'), '(泰康社区,联络员,委员,555-0106,2024-06-30)', 'T67: the list with posts and telephones');
SELECT is((SELECT array_agg(role ORDER BY role) FROM fraud.roster WHERE unit = 'taikang'), '{first_responsible,grid,leader,liaison}', 'T67: of those who serve');
SELECT is((SELECT row (role_zh, role_en, serving, minimum, gap_zh, gap_en)::text FROM fraud.roster_gap WHERE unit = 'weijian' AND programme = 'tuohe-2023'), '(联络员,liaison,0,1,人员未配齐,"fewer officers than asked for")', 'T65: in both languages');
SELECT is(pg_temp.lacking('wangzhuang', 'template-plan-2'), 'staff missing', 'B38: each unit names a person');
SELECT lives_ok($$SELECT fraud.adopt_programme('qingyuan-2024', '339999', '2024-01-01', '2024-12-31')$$, 'a fourth programme');
SELECT lives_ok($$SELECT fraud.adopt_programme('shiqiao-2023', '339999001', '2023-08-01', '2024-12-10')$$, 'a fifth');
SELECT is(pg_temp.lacking('wangzhuang', 'qingyuan-2024'), 'grid missing', 'Q33: a village without grid workers on the county''s roster');
SELECT is(pg_temp.lacking('taikang', 'qingyuan-2024'), NULL, 'Q33: a community with one');
SELECT is((SELECT count(*)::int FROM fraud.roster WHERE role = 'grid' AND region OPERATOR(antifraud.<@) '339999'), 1, 'Q33: the roster of the county; who left yesterday is not on it');
UPDATE fraud.roster_rule SET confirm_days = 181 WHERE role = 'grid' AND programme = 'qingyuan-2024';
SELECT is(pg_temp.lacking('taikang', 'qingyuan-2024'), NULL, 'Q34: 1 January is 181 days before 30 June 2024');
UPDATE fraud.roster_rule SET confirm_days = 180 WHERE role = 'grid' AND programme = 'qingyuan-2024';
SELECT is(pg_temp.lacking('taikang', 'qingyuan-2024'), 'grid o3 stale', 'Q34: not kept up');
SELECT is(pg_temp.lacking('tuohe', 'qingyuan-2024') || '; ' || pg_temp.lacking('weijian', 'qingyuan-2024'), 'propagandist missing; propagandist missing', 'Q10, Q36: publicity workers of towns and departments');
INSERT INTO fraud.officer (unit, subject, role, scope) VALUES ('tuohe', 'o8', 'propagandist', '第一网格');
SELECT is(pg_temp.lacking('tuohe', 'qingyuan-2024'), NULL, 'Q36: one is trained');
SELECT is((SELECT scope FROM fraud.roster WHERE role = 'propagandist'), '第一网格', 'Q11: and says what he or she answers for');
SELECT is(pg_temp.lacking('wangzhuang', 'shiqiao-2023'), 'grid missing, police missing', 'S28: contacts of grid worker and police, to be made public');
INSERT INTO fraud.officer (unit, subject, role, phone) VALUES ('wangzhuang', 'o9', 'grid', NULL), ('wangzhuang', 'o10', 'police', '555-0110');
SELECT is(pg_temp.lacking('wangzhuang', 'shiqiao-2023'), 'grid o9 no_telephone', 'S28: a contact without a telephone');
SELECT is((SELECT count(*)::int FROM fraud.roster_gaps('2024-06-30', '339999001002') WHERE unit <> 'wangzhuang'), 0, 'in a region');
SELECT is((SELECT count(*)::int FROM fraud.group_gap WHERE programme = 'shiqiao-2023'), 1, 'S21: village groups: one village has none');

-- Bodies.
CREATE FUNCTION pg_temp.bodies(programme text) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', g.unit, g.kind, g.found || '/' || g.minimum, g.gap), ', ' ORDER BY g.unit, g.kind, g.gap) FROM fraud.body_gap AS g WHERE g.programme = bodies.programme);
SELECT is(pg_temp.bodies('tuohe-2023'), 'tuohe inspection 0/1 no_body, tuohe leading_group 0/1 no_body, tuohe office 0/1 no_body', 'T05, T06: nothing is set up');
INSERT INTO fraud.body (code, unit, kind, name, parent, programme, seat, formed_on) VALUES
  ('b1', 'tuohe', 'leading_group', '全民反诈防骗工作领导小组', NULL, 'tuohe-2023', NULL, '2023-10-24'),
  ('b2', 'tuohe', 'office', '领导小组办公室', 'b1', 'tuohe-2023', '综治中心', '2023-10-24'),
  ('b3', 'tuohe', 'inspection', '专项督导组', 'b1', 'tuohe-2023', NULL, '2023-10-24');
INSERT INTO fraud.body_member (body, position, post, unit, officer, rotating, period) VALUES
  ('b1', 'head', '办事处主任', NULL, pg_temp.officer('o1'), false, '[2023-10-24,)'),
  ('b1', 'deputy', '政法委员', NULL, NULL, false, '[2023-10-24,)'),
  ('b1', 'deputy', '派出所所长', NULL, NULL, false, '[2023-10-24,)'),
  ('b1', 'member', NULL, 'weijian', NULL, false, '[2023-10-24,)'),
  ('b1', 'member', NULL, 'taikang', NULL, false, '[2023-10-24,)'),
  ('b2', 'head', '政法委员', NULL, NULL, false, '[2023-10-24,)'),
  ('b2', 'executive_deputy', '派出所指导员', NULL, NULL, false, '[2023-10-24,)'),
  ('b2', 'member', NULL, 'weijian', NULL, false, '[2023-10-24,)'),
  ('b2', 'member', '其他部门', NULL, NULL, true, '[2023-10-24,)');
SELECT is(pg_temp.bodies('tuohe-2023'), 'tuohe leading_group 1/2 no_head', 'T05: two heads are asked for');
INSERT INTO fraud.body_member (body, position, post, period) VALUES ('b1', 'head', '党工委书记', '[2023-10-24,)');
SELECT is(pg_temp.bodies('tuohe-2023'), NULL, 'T05, T06: group with two heads, office');
SELECT is((SELECT string_agg(coalesce(m.post, u.name), ' ' ORDER BY p.rank, m.id) FROM fraud.body_member AS m JOIN fraud.body_position AS p ON p.code = m.position LEFT JOIN fraud.unit AS u ON u.code = m.unit WHERE m.body = 'b1'),
  '办事处主任 党工委书记 政法委员 派出所所长 卫健办 泰康社区', 'T05, N44: heads, deputies, member departments, by post');
SELECT is((SELECT string_agg(coalesce(m.post, u.name) || CASE WHEN m.rotating THEN ' 轮驻' ELSE ' 常驻' END, ', ' ORDER BY m.id) FROM fraud.body_member AS m LEFT JOIN fraud.unit AS u ON u.code = m.unit WHERE m.body = 'b2' AND m.position = 'member'), '卫健办 常驻, 其他部门 轮驻', 'T06: permanent and rotating members');
SELECT is((SELECT row (seat, parent)::text FROM fraud.body WHERE code = 'b2'), '(综治中心,b1)', 'T06, S30, N57: an office of the group, with its seat');
SELECT throws_ok($$INSERT INTO fraud.body_member (body, position, period) VALUES ('b1', 'head', '[2024-01-01,)')$$, '23514', NULL, 'a member is somebody');
UPDATE fraud.officer SET left_on = '2024-06-29' WHERE subject = 'o1';
SELECT is(pg_temp.bodies('tuohe-2023'), 'tuohe leading_group 1/2 head_left', 'T05: a head who left yesterday');
UPDATE fraud.officer SET left_on = NULL WHERE subject = 'o1';
UPDATE fraud.body SET dissolved_on = '2024-06-29' WHERE code = 'b3';
SELECT is(pg_temp.bodies('tuohe-2023'), 'tuohe inspection 0/1 no_body', 'dissolved yesterday');
SELECT is((SELECT row (kind_zh, kind_en, gap_zh, gap_en)::text FROM fraud.body_gap WHERE programme = 'tuohe-2023'), '(督导组,"inspection group",机构未成立,"body not set up")', 'in both languages');
UPDATE fraud.body SET dissolved_on = NULL WHERE code = 'b3';
SELECT is(pg_temp.bodies('nanma-2023'), NULL, 'N44, N57: nanma''s group and office');
SELECT is(pg_temp.bodies('shiqiao-2023'), NULL, 'S29, S30: shiqiao''s group with its head, and the office under a director');
SELECT is((SELECT count(*)::int FROM fraud.body WHERE kind = 'leading_group' AND formed_on <= '2023-10-24'), 1, 'S29: since a day');
SELECT is(pg_temp.bodies('qingyuan-2024'), 'county alert_team 0/1 no_body, county joint_conference 0/1 no_body, county publicity_team 0/1 no_body', 'Q10, Q29: teams for alerts and publicity');
INSERT INTO fraud.body (code, unit, kind, name) VALUES ('b4', 'county', 'alert_team', '预警反制专班'), ('b5', 'county', 'publicity_team', '反诈宣传队'), ('b6', 'county', 'joint_conference', '联席会议');
INSERT INTO fraud.body_member (body, post, period) VALUES ('b4', '县公安局', '[2024-01-01,)'), ('b4', '金融管理部门', '[2024-01-01,)'), ('b4', '通信管理部门', '[2024-01-01,)'), ('b4', '网信部门', '[2024-01-01,)');
SELECT is(pg_temp.bodies('qingyuan-2024'), NULL, 'Q10, Q29: set up');
SELECT is((SELECT count(*)::int FROM fraud.body_member WHERE body = 'b4'), 4, 'Q29: police, finance, telecom and internet regulators');
SELECT is(pg_temp.bodies('template-plan-2'), 'taikang leading_group 0/1 no_body, tuohe office 1/3 no_body, tuohe speakers 0/1 no_body, wangzhuang leading_group 0/1 no_body', 'B02, B08, B13: three offices, speakers, a group in each village');
INSERT INTO fraud.body (code, unit, kind, name, seat) VALUES ('b7', 'tuohe', 'office', '派出所办公室', '派出所'), ('b8', 'tuohe', 'office', '边防派出所办公室', '边防派出所'), ('b9', 'tuohe', 'speakers', '反诈联盟宣讲团', NULL), ('b10', 'wangzhuang', 'leading_group', '王庄村领导小组', NULL);
INSERT INTO fraud.body_member (body, position, post, period) VALUES ('b7', 'head', '负责同志', '[2024-01-01,)'), ('b8', 'head', '负责同志', '[2024-01-01,)'), ('b9', 'member', '高校人员', '[2024-01-01,)');
SELECT is(pg_temp.bodies('template-plan-2'), 'taikang leading_group 0/1 no_body, wangzhuang leading_group 0/1 no_head', 'B02, B08, B13: the village''s group has no head yet');
INSERT INTO fraud.body_member (body, position, post, period) VALUES ('b10', 'head', '村主干', '[2024-01-01,)');
SELECT is(pg_temp.bodies('template-plan-2'), 'taikang leading_group 0/1 no_body', 'B08: under the head of the village');
SELECT lives_ok($$SELECT fraud.adopt_programme('template-plan-1', '339999', '2024-03-05', '2024-12-31')$$, 'the sixth');
SELECT is(pg_temp.bodies('template-plan-1'), 'county joint_mechanism 0/1 no_body, county leading_group 0/1 no_body, county office 0/1 no_body, taikang office 0/1 no_body, wangzhuang office 0/1 no_body', 'A20, A27, A28, A29: district, towns and communities');
INSERT INTO fraud.body (code, unit, kind, name) VALUES ('b11', 'county', 'leading_group', '区领导小组'), ('b12', 'county', 'office', '区办公室'), ('b13', 'county', 'joint_mechanism', '教育公安联合机制'), ('b14', 'taikang', 'office', '社区办事机构'), ('b15', 'wangzhuang', 'office', '村办事机构');
INSERT INTO fraud.body_member (body, position, post, period) VALUES ('b11', 'head', '副区长', '[2024-01-01,)'), ('b12', 'head', '公安分局副局长', '[2024-01-01,)'), ('b13', 'member', '区教体局', '[2024-01-01,)'), ('b13', 'member', '区公安分局', '[2024-01-01,)');
SELECT is(pg_temp.bodies('template-plan-1'), NULL, 'A20, A27, A28, A29: set up; the town''s group is that of another programme');

-- Responsibility.
CREATE FUNCTION pg_temp.tasks(unit text, programme text) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', r.place, r.task, r.part), ', ' ORDER BY r.place, r.task, r.part) FROM fraud.unit_responsibility AS r WHERE r.unit = tasks.unit AND r.programme = tasks.programme);
SELECT is(pg_temp.tasks('wangzhuang', 'shiqiao-2023'), '三、2 公益广告宣传、推广国家反诈中心APP responsible, 三、3 短视频宣传 responsible, 三、5 反诈小贴纸 responsible', 'S16: a village is responsible for three of five tasks');
-- lead 3 + 1, supporting 1 + 1, responsible 1 + 1 + 1 + 1 + 1, as the five
-- brackets of section 3 name them
SELECT is((SELECT string_agg(part || ' ' || n, ', ' ORDER BY part) FROM (SELECT part, count(*) AS n FROM fraud.responsibility WHERE programme = 'shiqiao-2023' GROUP BY part) AS w), 'lead 4, responsible 5, supporting 2', 'S16: lead, responsible and supporting');
-- brackets of qingyuan: 4 + 3 + 4 + 2 + 2 + 2 + 2 + 3 + 2 + 7
SELECT is((SELECT count(*)::int FROM fraud.responsibility WHERE programme = 'qingyuan-2024'), 31, 'Q80: each task with its responsible units');
SELECT is((SELECT count(DISTINCT place)::int FROM fraud.responsibility WHERE programme = 'qingyuan-2024'), 9, 'Q80: the nine tasks of section 3');
SELECT is((SELECT count(*)::int FROM fraud.unit_responsibility WHERE unit = 'tuohe' AND programme = 'qingyuan-2024'), 8, 'Q72: the towns answer for all but one of them');
SELECT is((SELECT array_agg(party ORDER BY party) FROM fraud.responsibility_gap WHERE programme = 'qingyuan-2024' AND place = '三（二）3' AND part = 'lead'), '{县委宣传部,县委政法委}', 'Q06: departments that no unit stands for yet');
INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES ('publicity', '339999', '县委宣传部', 'department', 'county');
UPDATE fraud.responsibility SET unit = 'publicity' WHERE party = '县委宣传部';
SELECT is(pg_temp.tasks('publicity', 'qingyuan-2024'), '三（二）3 专题宣传 lead', 'Q06, Q60: a department with its main responsibility');
SELECT is((SELECT array_agg(party) FROM fraud.responsibility_gap WHERE programme = 'qingyuan-2024' AND place = '三（二）3' AND part = 'lead'), '{县委政法委}', 'Q60: one is matched');
SELECT throws_ok($$UPDATE fraud.responsibility SET unit_kind = 'department' WHERE party = '县委宣传部'$$, '23514', NULL, 'a unit, or all of a kind');
UPDATE fraud.responsibility SET officer = pg_temp.officer('o8') WHERE party = '县委宣传部';
SELECT is((SELECT officer FROM fraud.unit_responsibility WHERE unit = 'publicity'), pg_temp.officer('o8'), 'Q11: a person responsible for publicity');
UPDATE fraud.officer SET left_on = '2024-06-29' WHERE subject = 'o8';
SELECT is((SELECT array_agg(gap || ' ' || gap_zh) FROM fraud.responsibility_gap WHERE party = '县委宣传部'), '{"officer_left 责任人已离任"}', 'Q11: who has left');
SELECT is(pg_temp.tasks('taikang', 'nanma-2023'), '四（一）、（二） 辖区创建工作 responsible', 'N46: each unit answers for its own area');
SELECT is(pg_temp.tasks('weijian', 'tuohe-2023'), '四（三）；五（二） 本辖区、本部门反诈宣传 responsible', 'T68: departments and communities each for their own');
SELECT is((SELECT array_agg(party ORDER BY id) FROM fraud.responsibility WHERE programme = 'tuohe-2023' AND part = 'lead' AND place = '四（一）'), '{领导小组办公室}', 'T28, T68: under one lead, which coordinates');
SELECT is((SELECT array_agg(party ORDER BY party) FROM fraud.responsibility WHERE programme = 'template-plan-2'), '{各村（社区）,派出所,老人会,联席会议成员单位}', 'B11, B41: conference, stations, villages, elders'' associations');
SELECT is(pg_temp.tasks('wangzhuang', 'template-plan-2'), '五 打击、防范、管理、宣传 responsible', 'B11, B41: a village');
SELECT is((SELECT array_agg(party ORDER BY party) FROM fraud.responsibility WHERE programme = 'template-plan-1'), '{区公安分局,区教体局}', 'A20: education and police');
UPDATE fraud.programme SET active = false WHERE code = 'nanma-2023';
SELECT is(pg_temp.tasks('taikang', 'nanma-2023') || pg_temp.bodies('nanma-2023'), NULL, 'a programme that is not in force asks nothing');

-- Staff and former staff (N65). Left on 30 June with 30 days: 30 July counts,
-- 31 July does not.
INSERT INTO fraud.officer (unit, subject, role, joined_on, left_on) VALUES ('wangzhuang', 's1', 'cadre', '2020-01-01', '2023-06-30');
CREATE FUNCTION pg_temp.staff(happened date, filed date DEFAULT NULL, who text DEFAULT 's1', said boolean DEFAULT NULL) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE r text;
BEGIN
  INSERT INTO fraud.fraud_case (unit, filed_on, happened_on, victim, victim_is_staff, loss) VALUES ('wangzhuang', coalesce(filed, happened), happened, who, said, 1)
    RETURNING concat_ws(' ', coalesce(victim_is_staff::text, '-'), coalesce(victim_serves::text, '-')) INTO r;
  RETURN r;
END
$$;
SELECT is(pg_temp.staff('2023-06-30'), 'true true', 'N65: on the last day of work');
SELECT is(pg_temp.staff('2023-07-01'), 'true false', 'N65: former staff the day after');
SELECT is(pg_temp.staff('2033-07-01'), 'true false', 'N65: without limit, as shipped');
UPDATE fraud.registry_info SET former_staff_days = 30;
SELECT is(pg_temp.staff('2023-07-30'), 'true false', 'N65: 30 days later');
SELECT is(pg_temp.staff('2023-07-31'), '- -', 'N65: 31 days later no more');
SELECT is(pg_temp.staff('2023-07-30', '2023-08-15'), 'true false', 'N65: the day of the act counts, not that of filing');
SELECT is(pg_temp.staff('2019-12-31'), '- -', 'N65: before the first day');
SELECT is(pg_temp.staff('2023-06-01', NULL, 's1', false), 'false -', 'N65: the clerk says no');
SELECT is(pg_temp.staff('2033-07-01', NULL, 's1', true), 'true false', 'N65: the clerk says yes; the roster, that the person has left');
SELECT is(pg_temp.staff('2023-06-01', NULL, 'stranger', true), 'true -', 'N65: the clerk says yes, the roster nothing');
UPDATE fraud.registry_info SET former_staff_days = 0;
SELECT is(pg_temp.staff('2023-07-01'), '- -', 'N65: no former staff at all');
SELECT throws_ok($$INSERT INTO fraud.fraud_case (unit, filed_on, victim_serves) VALUES ('wangzhuang', '2023-06-30', true)$$, '23514', NULL, 'who serves is staff');
-- seven cases above are of staff, one of them of somebody who served
SELECT is((SELECT array_agg(measure || ' ' || n ORDER BY measure) FROM (SELECT measure, sum(quantity) AS n FROM fraud.fact WHERE unit = 'wangzhuang' AND measure LIKE 'case\_staff%' GROUP BY measure) AS w), '{"case_staff 7","case_staff_current 1"}', 'N65: both measures');

SELECT * FROM finish();
