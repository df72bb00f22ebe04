-- Facts: what happened or was counted. Rows are added and voided, never
-- changed: 14_fact_guards.sql has the triggers. The last seven columns are the
-- same in every table of facts.
--
-- Quantities have an upper limit, far above anything true, so that no sum of
-- them overflows: one absurd row would end the scores of every unit.

CREATE TABLE @registry@.fraud_category (
  code text CONSTRAINT fraud_category_pk PRIMARY KEY CONSTRAINT fraud_category_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.fraud_category IS 'Kinds of telecom fraud. An office may add its own.';
INSERT INTO @registry@.fraud_category (code, label_zh, label_en) VALUES
  ('brushing', '刷单返利', 'fake order rebates'),
  ('investment', '虚假网络投资理财', 'fake investment'),
  ('loan', '虚假网络贷款', 'fake loan'),
  ('customer_service', '冒充电商物流客服', 'fake customer service'),
  ('impersonation', '冒充公检法', 'fake police or court'),
  ('acquaintance', '冒充领导熟人', 'fake superior or acquaintance'),
  ('credit', '虚假征信', 'fake credit record'),
  ('shopping', '虚假购物服务', 'fake goods or services'),
  ('gaming', '网络游戏产品虚假交易', 'fake game trade'),
  ('romance', '婚恋交友', 'romance'),
  ('other', '其他', 'other');

CREATE TABLE @registry@.victim_group (
  code text CONSTRAINT victim_group_pk PRIMARY KEY CONSTRAINT victim_group_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.victim_group IS 'Groups that fraud aims at. An office may add its own.';
INSERT INTO @registry@.victim_group (code, label_zh, label_en) VALUES
  ('student', '在校学生', 'student'),
  ('elderly', '老年人', 'elderly'),
  ('migrant_worker', '务工人员', 'migrant worker'),
  ('homemaker', '家庭妇女', 'homemaker'),
  ('finance_staff', '财会人员', 'finance staff'),
  ('other', '其他', 'other');

CREATE TABLE @registry@.age_band (
  code text CONSTRAINT age_band_pk PRIMARY KEY CONSTRAINT age_band_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  from_age integer NOT NULL CONSTRAINT age_band_from_age_once UNIQUE
);
COMMENT ON TABLE @registry@.age_band IS 'Bands of age of victims, by years completed; each ends where the next begins. An office may add its own.';
COMMENT ON COLUMN @registry@.age_band.from_age IS 'Lowest age, in years.';
-- 20 to 50 (tuohe-2023) and 20 to 55 (shiqiao-2023) are sums of bands
INSERT INTO @registry@.age_band (code, label_zh, label_en, from_age) VALUES
  ('under_18', '18岁以下', 'under 18', 0),
  ('age_18_19', '18至19岁', '18 and 19', 18),
  ('age_20_29', '20至29岁', '20 to 29', 20),
  ('age_30_39', '30至39岁', '30 to 39', 30),
  ('age_40_50', '40至50岁', '40 to 50', 40),
  ('age_51_55', '51至55岁', '51 to 55', 51),
  ('age_56_64', '56至64岁', '56 to 64', 56),
  ('age_65_up', '65岁以上', '65 and over', 65);

CREATE TABLE @registry@.finding_kind (
  code text CONSTRAINT finding_kind_pk PRIMARY KEY CONSTRAINT finding_kind_measure_fk REFERENCES @registry@.measure,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.finding_kind IS 'Kinds of inspection finding; each is a measure of the same code.';
INSERT INTO @registry@.finding_kind (code, label_zh, label_en)
  SELECT m.code, m.label_zh, m.label_en FROM @registry@.measure AS m
  WHERE m.relation OPERATOR(pg_catalog.=) 'finding' AND m.code OPERATOR(pg_catalog.<>) 'control_failure_person';

CREATE TABLE @registry@.fraud_case (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT fraud_case_pk PRIMARY KEY,
  case_no text CONSTRAINT fraud_case_no_not_blank CHECK (pg_catalog.btrim(case_no) OPERATOR(pg_catalog.<>) ''),
  unit text NOT NULL CONSTRAINT fraud_case_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  filed_on date NOT NULL CONSTRAINT fraud_case_filed_on_finite CHECK (pg_catalog.isfinite(filed_on)),
  happened_on date CONSTRAINT fraud_case_happened_on_finite CHECK (pg_catalog.isfinite(happened_on)),
  category text CONSTRAINT fraud_case_category_fk REFERENCES @registry@.fraud_category,
  loss numeric CONSTRAINT fraud_case_loss_not_negative CHECK (loss OPERATOR(pg_catalog.>=) 0 AND loss OPERATOR(pg_catalog.<) 1e14),
  recovered numeric CONSTRAINT fraud_case_recovered_not_negative CHECK (recovered OPERATOR(pg_catalog.>=) 0 AND recovered OPERATOR(pg_catalog.<) 1e14),
  victim text CONSTRAINT fraud_case_victim_not_blank CHECK (pg_catalog.btrim(victim) OPERATOR(pg_catalog.<>) ''),
  victim_group text CONSTRAINT fraud_case_victim_group_fk REFERENCES @registry@.victim_group,
  victim_age_band text CONSTRAINT fraud_case_victim_age_band_fk REFERENCES @registry@.age_band,
  victim_sex text CONSTRAINT fraud_case_victim_sex_known CHECK (victim_sex OPERATOR(pg_catalog.=) ANY ('{M,F}')),
  victim_is_staff boolean,
  victim_serves boolean,
  alert_before boolean,
  publicity_reached boolean,
  in_group boolean,
  app_installed boolean,
  followed_up boolean,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT fraud_case_filed_after_act CHECK (filed_on OPERATOR(pg_catalog.>=) happened_on),
  CONSTRAINT fraud_case_serves_as_staff CHECK (NOT victim_serves OR victim_is_staff IS TRUE),
  CONSTRAINT fraud_case_recovered_of_loss CHECK (recovered OPERATOR(pg_catalog.<=) loss),
  CONSTRAINT fraud_case_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
-- with voided_at, so that cases are counted without being read
CREATE INDEX fraud_case_unit ON @registry@.fraud_case (unit, filed_on) INCLUDE (voided_at);
CREATE INDEX fraud_case_victim ON @registry@.fraud_case (victim);
CREATE UNIQUE INDEX fraud_case_no ON @registry@.fraud_case (case_no) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX fraud_case_source_key ON @registry@.fraud_case (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.fraud_case IS 'Cases of telecom fraud. A case belongs to the unit where the victim usually lives.';
COMMENT ON COLUMN @registry@.fraud_case.case_no IS 'Number under which the police filed it.';
COMMENT ON COLUMN @registry@.fraud_case.filed_on IS 'Day on which it was filed: the day that counts, unless a rubric says otherwise.';
COMMENT ON COLUMN @registry@.fraud_case.happened_on IS 'Day of the act; null where it is not known.';
COMMENT ON COLUMN @registry@.fraud_case.category IS 'Kind of fraud; see fraud_category.';
COMMENT ON COLUMN @registry@.fraud_case.loss IS 'Gross loss at filing, in yuan; null where it is not known.';
COMMENT ON COLUMN @registry@.fraud_case.recovered IS 'Part of the loss that came back, in yuan.';
COMMENT ON COLUMN @registry@.fraud_case.victim IS 'Surrogate key of the victim. No name and no citizen id.';
COMMENT ON COLUMN @registry@.fraud_case.victim_group IS 'Group of the victim; see victim_group.';
COMMENT ON COLUMN @registry@.fraud_case.victim_age_band IS 'Band of age of the victim; see age_band. Never the age itself.';
COMMENT ON COLUMN @registry@.fraud_case.victim_sex IS 'M or F; null: not recorded.';
COMMENT ON COLUMN @registry@.fraud_case.victim_is_staff IS 'Whether the victim works or worked for the unit. Left out, it is true where the roster (officer) has the victim, else null.';
COMMENT ON COLUMN @registry@.fraud_case.victim_serves IS 'Whether the victim worked for the unit on that day, former staff not among them. Left out, the roster decides; null where it does not have the victim.';
COMMENT ON COLUMN @registry@.fraud_case.alert_before IS 'Whether an alert reached the victim before the act. Null: the table alert decides.';
COMMENT ON COLUMN @registry@.fraud_case.publicity_reached IS 'Whether publicity had reached the victim; null: not asked.';
COMMENT ON COLUMN @registry@.fraud_case.in_group IS 'Whether the victim was in the message group; null: not asked.';
COMMENT ON COLUMN @registry@.fraud_case.app_installed IS 'Whether the victim had the anti-fraud app; null: not asked.';
COMMENT ON COLUMN @registry@.fraud_case.followed_up IS 'Whether the victim was called on afterwards; null: not known.';

CREATE TABLE @registry@.finding (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT finding_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT finding_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT finding_kind_fk REFERENCES @registry@.finding_kind,
  found_on date NOT NULL CONSTRAINT finding_found_on_finite CHECK (pg_catalog.isfinite(found_on)),
  quantity bigint NOT NULL DEFAULT 1 CONSTRAINT finding_quantity_not_negative CHECK (quantity OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT finding_quantity_credible CHECK (quantity OPERATOR(pg_catalog.<=) 10000000000),
  subject text,
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT finding_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX finding_unit ON @registry@.finding (unit, kind, found_on);
CREATE UNIQUE INDEX finding_source_key ON @registry@.finding (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.finding IS 'What inspections found wanting.';
COMMENT ON COLUMN @registry@.finding.kind IS 'What was found; see finding_kind.';
COMMENT ON COLUMN @registry@.finding.found_on IS 'Day of the inspection.';
COMMENT ON COLUMN @registry@.finding.quantity IS 'How many of them.';
COMMENT ON COLUMN @registry@.finding.subject IS 'Surrogate key of the person or file concerned. No name and no citizen id.';
COMMENT ON COLUMN @registry@.finding.note IS 'Remark of the inspector.';

CREATE TABLE @registry@.den (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT den_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT den_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  found_on date NOT NULL CONSTRAINT den_found_on_finite CHECK (pg_catalog.isfinite(found_on)),
  persons integer CONSTRAINT den_persons_not_negative CHECK (persons OPERATOR(pg_catalog.>=) 0),
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT den_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX den_unit ON @registry@.den (unit, found_on);
CREATE UNIQUE INDEX den_source_key ON @registry@.den (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.den IS 'Places from which fraud was committed, found in the area of a unit.';
COMMENT ON COLUMN @registry@.den.found_on IS 'Day on which it was found.';
COMMENT ON COLUMN @registry@.den.persons IS 'Persons found there.';
COMMENT ON COLUMN @registry@.den.note IS 'Remark.';

CREATE FUNCTION @registry@.complete_case() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  day date := coalesce(NEW.happened_on, NEW.filed_on);
  staff boolean;
  serves boolean;
BEGIN
  -- What the roster says on the day of recording is part of the fact, so that
  -- a later change of the roster does not change earlier scores.
  SELECT bool_or(r.staff), bool_or(r.serves) INTO staff, serves
  FROM (
    SELECT o.left_on IS NULL OR o.left_on >= day OR i.former_staff_days IS NULL OR day - o.left_on <= i.former_staff_days AS staff,
           o.left_on IS NULL OR o.left_on >= day AS serves
    FROM @registry@.officer AS o CROSS JOIN @registry@.registry_info AS i
    WHERE o.subject = NEW.victim AND o.unit = NEW.unit AND (o.joined_on IS NULL OR o.joined_on <= day)
  ) AS r;
  IF staff AND NEW.victim_is_staff IS NULL THEN
    NEW.victim_is_staff := true;
  END IF;
  IF NEW.victim_is_staff AND NEW.victim_serves IS NULL THEN
    NEW.victim_serves := serves;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_case() IS 'Trigger: a case whose victim stands on the roster of its unit is marked so, as staff or former staff (registry_info.former_staff_days) and as serving or not, unless the clerk said otherwise.';

CREATE TRIGGER fraud_case_1_staff BEFORE INSERT ON @registry@.fraud_case
  FOR EACH ROW WHEN (NEW.victim IS NOT NULL AND NEW.victim_is_staff IS NOT FALSE) EXECUTE FUNCTION @registry@.complete_case();

SELECT @registry@.guard_facts('{fraud_case,finding,den}', true);
SELECT @registry@.comment_code_lists('{fraud_category,victim_group,age_band,finding_kind}');
