-- Sites: places where something is to be shown or heard, what a programme asks
-- to be there, and what a check found. Tables of facts as in 20_facts.sql.

CREATE TABLE @registry@.site_kind (
  code text CONSTRAINT site_kind_pk PRIMARY KEY CONSTRAINT site_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  visited boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE @registry@.site_kind IS 'Kinds of site. An office may add its own.';
COMMENT ON COLUMN @registry@.site_kind.visited IS 'Whether it is a place that people run, to which publicity goes (shops, schools, banks): place_uncovered lists those without.';
INSERT INTO @registry@.site_kind (code, label_zh, label_en, visited) VALUES
  ('publicity_point', '宣传点', 'publicity point', false),
  ('screen', '电子显示屏', 'screen', false),
  ('billboard', '户外广告牌', 'billboard', false),
  ('board', '宣传栏、公开栏', 'notice board', false),
  ('loudspeaker', '广播喇叭', 'loudspeaker', false),
  ('banner_place', '横幅悬挂处', 'place for a banner', false),
  ('poster_place', '海报张贴处', 'place for a poster', false),
  ('compound', '居民小区', 'residential compound', false),
  ('compound_gate', '小区大门口', 'gate of a compound', false),
  ('lift', '电梯', 'lift', false),
  ('staircase', '楼道', 'staircase', false),
  ('door', '村户门前', 'doors of households', false),
  ('crossing', '主要街道路口', 'main crossing', false),
  ('main_road', '主干道', 'main road', false),
  ('entrance', '社区村居入口', 'entrance of a community or village', false),
  ('committee', '村委社区显眼位置', 'prominent place of the committee', false),
  ('office', '办公场所', 'office of a community or village', false),
  ('service_centre', '便民服务中心', 'service centre', false),
  ('service_window', '部门服务窗口', 'service window of a department', false),
  ('meeting_room', '宣教室', 'meeting room', false),
  ('car_park', '停车场', 'car park', false),
  ('fitness_ground', '健身活动广场', 'fitness ground', false),
  ('square', '广场', 'square', false),
  ('culture_square', '文化广场', 'culture square', false),
  ('park', '公园', 'park', false),
  ('bus', '公交车及营运车辆', 'bus or other vehicle for hire', false),
  ('bus_stop', '公交站台', 'bus stop', false),
  ('hospital_window', '医院窗口', 'hospital window', false),
  ('ward', '病房', 'ward', false),
  ('school', '学校', 'school', true),
  ('bank', '银行网点', 'bank', true),
  ('market', '农贸市场', 'market', true),
  ('mall', '商场', 'mall', true),
  ('supermarket', '超市', 'supermarket', true),
  ('shop', '沿街商铺', 'shop', true),
  ('hotel', '宾馆酒店', 'hotel or inn', true),
  ('restaurant', '饭店', 'restaurant', true),
  ('net_cafe', '网吧', 'net cafe', true),
  ('lottery_shop', '彩票点', 'lottery shop', true);

CREATE TABLE @registry@.material (
  code text CONSTRAINT material_pk PRIMARY KEY CONSTRAINT material_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.material IS 'What can be shown or heard at a site. An office may add its own.';
INSERT INTO @registry@.material (code, label_zh, label_en) VALUES
  ('banner', '横幅', 'banner'),
  ('slogan', '标语', 'slogan'),
  ('poster', '海报', 'poster'),
  ('leaflet', '宣传彩页', 'leaflet'),
  ('stand', '宣传展架', 'stand'),
  ('board', '宣传牌', 'board'),
  ('facility', '固定宣传设施', 'fixed facility'),
  ('point', '宣传点', 'publicity point'),
  ('audio', '宣传音频', 'audio'),
  ('video', '屏幕播放内容', 'what a screen plays'),
  ('notice', '严厉打击犯罪通告', 'the notice on punishing fraud'),
  ('contacts', '网格员、社区民警联系方式', 'contacts of the grid worker and the police'),
  ('sticker', '反诈小贴纸', 'sticker');

CREATE TABLE @registry@.site (
  code text CONSTRAINT site_pk PRIMARY KEY CONSTRAINT site_code_not_blank CHECK (pg_catalog.btrim(code) OPERATOR(pg_catalog.<>) ''),
  unit text NOT NULL CONSTRAINT site_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT site_kind_fk REFERENCES @registry@.site_kind,
  name text NOT NULL CONSTRAINT site_name_not_blank CHECK (pg_catalog.btrim(name) OPERATOR(pg_catalog.<>) ''),
  keeper text CONSTRAINT site_keeper_fk REFERENCES @registry@.unit,
  opened_on date CONSTRAINT site_opened_on_finite CHECK (pg_catalog.isfinite(opened_on)),
  closed_on date CONSTRAINT site_closed_on_finite CHECK (pg_catalog.isfinite(closed_on)),
  CONSTRAINT site_closes_after_it_opens CHECK (closed_on OPERATOR(pg_catalog.>=) opened_on)
);
CREATE INDEX site_unit ON @registry@.site (unit);
CREATE INDEX site_region ON @registry@.site (region);
COMMENT ON TABLE @registry@.site IS 'Places where something is to be shown or heard: publicity points, screens, boards, shops, lifts.';
COMMENT ON COLUMN @registry@.site.code IS 'Code of the site.';
COMMENT ON COLUMN @registry@.site.unit IS 'The unit in whose area it is.';
COMMENT ON COLUMN @registry@.site.region IS 'Where it is; left out, the region of the unit.';
COMMENT ON COLUMN @registry@.site.kind IS 'What it is; see site_kind.';
COMMENT ON COLUMN @registry@.site.name IS 'Name, as people know it.';
COMMENT ON COLUMN @registry@.site.keeper IS 'The unit that looks after it: the department of its field, a school, a hospital. Null: the unit itself.';
COMMENT ON COLUMN @registry@.site.opened_on IS 'First day; null: not known.';
COMMENT ON COLUMN @registry@.site.closed_on IS 'Last day; null while it is there.';
CREATE TRIGGER site_1_region BEFORE INSERT ON @registry@.site
  FOR EACH ROW WHEN (NEW.region IS NULL) EXECUTE FUNCTION @registry@.complete_fact();

-- An activity names the site where it was held.
ALTER TABLE @registry@.activity ADD CONSTRAINT activity_site_fk FOREIGN KEY (site) REFERENCES @registry@.site;
CREATE INDEX activity_site ON @registry@.activity (site, held_on) WHERE site IS NOT NULL;

CREATE TABLE @registry@.site_requirement (
  programme text NOT NULL CONSTRAINT site_requirement_programme_fk REFERENCES @registry@.programme,
  site_kind text NOT NULL CONSTRAINT site_requirement_site_kind_fk REFERENCES @registry@.site_kind,
  material text NOT NULL CONSTRAINT site_requirement_material_fk REFERENCES @registry@.material,
  required boolean NOT NULL DEFAULT true,
  minimum integer NOT NULL DEFAULT 1 CONSTRAINT site_requirement_minimum_positive CHECK (minimum OPERATOR(pg_catalog.>) 0),
  refresh_days integer CONSTRAINT site_requirement_refresh_days_not_negative CHECK (refresh_days OPERATOR(pg_catalog.>=) 0),
  check_days integer CONSTRAINT site_requirement_check_days_not_negative CHECK (check_days OPERATOR(pg_catalog.>=) 0),
  refreshed boolean NOT NULL DEFAULT false,
  topic text CONSTRAINT site_requirement_topic_fk REFERENCES @registry@.activity_topic,
  basis text NOT NULL CONSTRAINT site_requirement_basis_not_blank CHECK (pg_catalog.btrim(basis) OPERATOR(pg_catalog.<>) ''),
  CONSTRAINT site_requirement_pk PRIMARY KEY (programme, site_kind, material),
  CONSTRAINT site_requirement_refreshes_what_is_there CHECK (required OR pg_catalog.num_nonnulls(refresh_days, topic) OPERATOR(pg_catalog.=) 0 AND NOT refreshed)
);
COMMENT ON TABLE @registry@.site_requirement IS 'What a programme asks to be at each site of a kind, or not to be there. In force for the sites in its region once the programme is. No document states a number of days: an office sets refresh_days and check_days.';
COMMENT ON COLUMN @registry@.site_requirement.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.site_requirement.site_kind IS 'At sites of this kind.';
COMMENT ON COLUMN @registry@.site_requirement.material IS 'What is asked about; see material.';
COMMENT ON COLUMN @registry@.site_requirement.required IS 'Whether it must be there (true) or must not (false).';
COMMENT ON COLUMN @registry@.site_requirement.minimum IS 'How many pieces at least.';
COMMENT ON COLUMN @registry@.site_requirement.refresh_days IS 'For how many days after it was put up or changed it is fresh; null: not set.';
COMMENT ON COLUMN @registry@.site_requirement.check_days IS 'For how many days a check holds; null: not set.';
COMMENT ON COLUMN @registry@.site_requirement.refreshed IS 'Whether the document asks that it be changed regularly, though it states no days.';
COMMENT ON COLUMN @registry@.site_requirement.topic IS 'What it is to be about above all; null: not stated.';
COMMENT ON COLUMN @registry@.site_requirement.basis IS 'Where in the document it stands.';
INSERT INTO @registry@.site_requirement (programme, site_kind, material, required, refreshed, topic, basis) VALUES
  ('qingyuan-2024', 'bus', 'poster', true, false, NULL, '三（二）1'),
  ('qingyuan-2024', 'hotel', 'poster', true, false, NULL, '三（二）1'),
  ('qingyuan-2024', 'net_cafe', 'poster', true, false, NULL, '三（二）1'),
  ('qingyuan-2024', 'screen', 'slogan', true, false, NULL, '三（二）1'),
  ('qingyuan-2024', 'committee', 'slogan', true, true, NULL, '三（二）1'),
  ('shiqiao-2023', 'crossing', 'poster', true, false, NULL, '三、2'),
  ('shiqiao-2023', 'board', 'poster', true, false, NULL, '三、2'),
  ('shiqiao-2023', 'crossing', 'banner', false, false, NULL, '三、2'),
  ('shiqiao-2023', 'board', 'banner', false, false, NULL, '三、2'),
  ('shiqiao-2023', 'main_road', 'banner', false, false, NULL, '三、2'),
  ('shiqiao-2023', 'banner_place', 'banner', false, false, NULL, '三、2'),
  ('shiqiao-2023', 'screen', 'video', true, false, NULL, '三、3'),
  ('shiqiao-2023', 'supermarket', 'point', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'supermarket', 'stand', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'hotel', 'point', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'hotel', 'stand', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'square', 'point', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'square', 'stand', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'service_centre', 'point', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'service_centre', 'stand', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'culture_square', 'board', true, false, NULL, '三、4'),
  ('shiqiao-2023', 'door', 'sticker', true, false, NULL, '三、5'),
  ('shiqiao-2023', 'door', 'contacts', true, false, NULL, '三、5'),
  ('tuohe-2023', 'compound_gate', 'audio', true, false, NULL, '四（二）'),
  ('tuohe-2023', 'compound', 'banner', true, false, NULL, '四（二）'),
  ('tuohe-2023', 'board', 'poster', true, false, NULL, '四（二）、四（三）'),
  ('tuohe-2023', 'lift', 'poster', true, false, NULL, '四（二）'),
  ('tuohe-2023', 'staircase', 'poster', true, false, NULL, '四（二）'),
  ('tuohe-2023', 'loudspeaker', 'audio', true, false, NULL, '四（二）、四（三）'),
  ('tuohe-2023', 'screen', 'video', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'school', 'banner', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'school', 'poster', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'school', 'point', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'school', 'stand', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'bus_stop', 'video', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'bus_stop', 'poster', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'bus', 'video', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'bus', 'poster', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'mall', 'video', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'supermarket', 'video', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'hotel', 'video', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'restaurant', 'video', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'hospital_window', 'poster', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'ward', 'poster', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'lottery_shop', 'poster', true, false, 'investment', '四（三）'),
  ('tuohe-2023', 'lottery_shop', 'stand', true, false, 'investment', '四（三）'),
  ('tuohe-2023', 'service_window', 'banner', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'service_window', 'leaflet', true, false, NULL, '四（三）'),
  ('tuohe-2023', 'service_window', 'stand', true, false, NULL, '四（三）'),
  ('template-plan-1', 'meeting_room', 'facility', true, true, NULL, '二（一）'),
  ('template-plan-1', 'car_park', 'facility', true, true, NULL, '二（一）'),
  ('template-plan-1', 'fitness_ground', 'facility', true, true, NULL, '二（一）'),
  ('template-plan-1', 'supermarket', 'facility', true, true, NULL, '二（一）'),
  ('template-plan-1', 'board', 'slogan', true, false, NULL, '二（一）'),
  ('template-plan-1', 'billboard', 'slogan', true, false, NULL, '二（一）'),
  ('template-plan-1', 'screen', 'video', true, false, NULL, '二（一）'),
  ('template-plan-1', 'bank', 'leaflet', true, false, NULL, '二（二）'),
  ('template-plan-1', 'square', 'poster', true, false, NULL, '二（四）'),
  ('template-plan-1', 'square', 'stand', true, false, NULL, '二（四）'),
  ('template-plan-1', 'mall', 'video', true, false, NULL, '二（四）'),
  ('template-plan-1', 'park', 'video', true, false, NULL, '二（四）'),
  ('template-plan-2', 'bank', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'supermarket', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'shop', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'hospital_window', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'school', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'market', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'square', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'park', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'screen', 'video', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'main_road', 'banner', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'committee', 'banner', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'entrance', 'notice', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'office', 'notice', true, false, NULL, '五（一）2'),
  ('template-plan-2', 'board', 'notice', true, false, NULL, '五（一）2');

CREATE TABLE @registry@.site_check (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT site_check_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT site_check_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  site text NOT NULL CONSTRAINT site_check_site_fk REFERENCES @registry@.site,
  material text NOT NULL CONSTRAINT site_check_material_fk REFERENCES @registry@.material,
  checked_on date NOT NULL CONSTRAINT site_check_checked_on_finite CHECK (pg_catalog.isfinite(checked_on)),
  present boolean NOT NULL,
  pieces integer CONSTRAINT site_check_pieces_not_negative CHECK (pieces OPERATOR(pg_catalog.>=) 0),
  refreshed_on date CONSTRAINT site_check_refreshed_on_finite CHECK (pg_catalog.isfinite(refreshed_on)),
  checked_by text CONSTRAINT site_check_checked_by_fk REFERENCES @registry@.unit,
  officer bigint CONSTRAINT site_check_officer_fk REFERENCES @registry@.officer,
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT site_check_present_in_pieces CHECK ((pieces OPERATOR(pg_catalog.>) 0) OPERATOR(pg_catalog.=) present),
  CONSTRAINT site_check_refreshed_before CHECK (refreshed_on OPERATOR(pg_catalog.<=) checked_on),
  CONSTRAINT site_check_refreshed_is_present CHECK (present OR refreshed_on IS NULL),
  CONSTRAINT site_check_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX site_check_site ON @registry@.site_check (site, material, checked_on DESC, recorded_at DESC, id DESC) WHERE voided_at IS NULL;
CREATE INDEX site_check_unit ON @registry@.site_check (unit, checked_on);
CREATE UNIQUE INDEX site_check_source_key ON @registry@.site_check (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.site_check IS 'What a check of a site found, one row for each material: there or not, how many, when it was last changed.';
COMMENT ON COLUMN @registry@.site_check.unit IS 'The unit that answers for it; left out, the unit of the site.';
COMMENT ON COLUMN @registry@.site_check.site IS 'The site.';
COMMENT ON COLUMN @registry@.site_check.material IS 'What was looked for; see material.';
COMMENT ON COLUMN @registry@.site_check.checked_on IS 'Day of the check.';
COMMENT ON COLUMN @registry@.site_check.present IS 'Whether it was there.';
COMMENT ON COLUMN @registry@.site_check.pieces IS 'How many; null: not counted, and one is enough.';
COMMENT ON COLUMN @registry@.site_check.refreshed_on IS 'Day on which it was put up or last changed; null: not known.';
COMMENT ON COLUMN @registry@.site_check.checked_by IS 'The unit that checked: a department, the town. Null: the unit itself.';
COMMENT ON COLUMN @registry@.site_check.officer IS 'The officer who checked.';
COMMENT ON COLUMN @registry@.site_check.note IS 'Remark.';

CREATE FUNCTION @registry@.take_unit() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  parent text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  -- the value as a literal, so that it takes the type of the key and its index
  EXECUTE format('SELECT p.unit FROM %I.%I AS p WHERE p.%I = %L', @registry_literal@, TG_ARGV[0], TG_ARGV[1], parent) INTO NEW.unit;
  IF NEW.unit IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('%s %s does not exist', TG_ARGV[0], coalesce(quote_literal(parent), 'NULL')),
      DETAIL = format('A row of table "%s" names it.', TG_TABLE_NAME),
      HINT = format('Record it in the table %s first.', TG_ARGV[0]),
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = TG_ARGV[0];
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.take_unit() IS 'Trigger: a row without a unit takes that of the row to which it belongs. Arguments: the table, which is also the column that names it, and its key.';
CREATE TRIGGER site_check_0_unit BEFORE INSERT ON @registry@.site_check
  FOR EACH ROW WHEN (NEW.unit IS NULL) EXECUTE FUNCTION @registry@.take_unit('site', 'code');

SELECT @registry@.guard_facts('{site_check}', true);
SELECT @registry@.comment_code_lists('{site_kind,material}');

-- What was wrong, on the day of the check and by what is asked.
CREATE VIEW @registry@.site_fault (site_check, site, unit, region, programme, material, fault, checked_on, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT c.id, c.site, c.unit, c.region, r.programme, c.material, f.fault, c.checked_on, c.recorded_at, c.voided_at
FROM @registry@.site_check AS c
JOIN @registry@.site AS s ON s.code = c.site
JOIN @registry@.site_requirement AS r ON r.site_kind = s.kind AND r.material = c.material
JOIN @registry@.programme AS p ON p.code = r.programme AND p.active
CROSS JOIN LATERAL (VALUES (
  CASE WHEN NOT r.required THEN CASE WHEN c.present THEN 'forbidden' END
       WHEN NOT c.present THEN 'missing'
       WHEN c.pieces < r.minimum OR c.pieces IS NULL AND r.minimum > 1 THEN 'too_few'
       WHEN c.checked_on - c.refreshed_on > r.refresh_days THEN 'stale' END)) AS f (fault)
WHERE f.fault IS NOT NULL
  AND (p.region IS NULL OR s.region OPERATOR(antifraud.<@) p.region)
  AND c.checked_on >= p.period_from AND (p.period_to IS NULL OR c.checked_on <= p.period_to);
COMMENT ON VIEW @registry@.site_fault IS 'What checks found wrong, by the programmes in force on the day of the check: missing, too few, stale (not changed for longer than refresh_days), or forbidden and there. Withdrawn checks are shown, with the time.';
SELECT @registry@.comment_columns('{site_fault}', '{site_check,site,unit,region,programme,material,fault,checked_on,recorded_at,voided_at}',
  ARRAY['The check.', 'The site.', 'The unit that answers for it.', 'Where it is.', 'The programme that asks it.', 'What it is about.',
        'missing, too_few, stale or forbidden.', 'Day of the check.', 'Since when it was known.', 'When it was withdrawn; null while it is in force.']);
