-- Words that files use for a code, besides its names. An office adds its own
-- here, once for all its files; a mapping adds those of one file (codes).

CREATE TABLE @registry@.import_alias (
  list text NOT NULL CONSTRAINT import_alias_list_form CHECK (list ~ '^[a-z][a-z0-9_]*$'),
  word text NOT NULL CONSTRAINT import_alias_word_not_blank CHECK (btrim(word) <> ''),
  code text NOT NULL,
  CONSTRAINT import_alias_pk PRIMARY KEY (list, word)
);
COMMENT ON TABLE @registry@.import_alias IS 'Words by which files name a code of a list, besides its code and its names in Chinese and English. An office may add its own. A word that names two codes is a fault of the cell.';
COMMENT ON COLUMN @registry@.import_alias.list IS 'The table of codes, such as fraud_category.';
COMMENT ON COLUMN @registry@.import_alias.word IS 'The word; blanks and full-width signs do not matter.';
COMMENT ON COLUMN @registry@.import_alias.code IS 'The code that it stands for; a word for a code that the list does not have stands for nothing.';

-- The types of telecom fraud as the police publish and count them (the ten
-- types of the Ministry of Public Security, most cases first), in the shorter
-- and longer forms that lists have: each with and without 类, 诈骗, 类诈骗.
INSERT INTO @registry@.import_alias (list, word, code)
SELECT 'fraud_category', s.stem || e.ending, s.code
FROM (
  SELECT c.code, t.stem
  FROM (VALUES
    ('brushing', '刷单返利,刷单,网络刷单,刷单返现,兼职刷单,网络兼职刷单,刷单刷信誉,虚假刷单,网络刷单返利'),
    ('investment', '虚假网络投资理财,虚假投资理财,网络投资理财,投资理财,虚假投资,虚假理财,虚假网络投资'),
    ('loan', '虚假网络贷款,网络贷款,虚假贷款,网贷,贷款,网络虚假贷款,贷款、代办信用卡,贷款代办信用卡'),
    ('customer_service', '冒充电商物流客服,冒充电商客服,冒充物流客服,冒充客服,冒充电商、物流客服,冒充购物客服,冒充快递客服,冒充客服退款,电商物流客服'),
    ('impersonation', '冒充公检法,冒充公检法及政府机关,冒充公检法机关,冒充公检法和政府机关,冒充公检法、政府机关,假冒公检法'),
    ('credit', '虚假征信,消除不良征信,消除不良记录,征信,注销校园贷'),
    ('shopping', '虚假购物服务,虚假购物、服务,虚假购物,虚假服务,虚假购物和服务'),
    ('acquaintance', '冒充领导熟人,冒充领导、熟人,冒充熟人领导,冒充熟人、领导,冒充领导,冒充熟人,冒充领导或熟人,冒充领导和熟人'),
    ('gaming', '网络游戏产品虚假交易,网络游戏虚假交易,游戏产品虚假交易,网络游戏产品交易,网络游戏交易,游戏交易,虚假游戏交易,游戏虚假交易'),
    ('romance', '婚恋交友,网络婚恋交友,网络婚恋、交友,婚恋、交友,网络交友,网络婚恋,杀猪盘'),
    ('other', '其他,其它,其他类型,其它类型')) AS c (code, stems)
  CROSS JOIN LATERAL string_to_table(c.stems, ',') AS t (stem)
) AS s
CROSS JOIN (VALUES (''), ('类'), ('诈骗'), ('类诈骗')) AS e (ending);
