-- What nobody may do to a merge by hand. Numbers of documents are made up.
\ir setup.psql

SELECT no_plan();
\ir registry_setup.psql

INSERT INTO fraud.person (document_kind, document_no, name, unit, enrolled_on) VALUES
  ('other', 'A1', '甲某', '370323002002', '2024-01-01'), ('other', 'A2', '甲某', '370323002002', '2024-03-01'), ('other', 'A3', '乙某', '370323002002', '2024-03-01');

-- who may write the status could hide a person from all lists by it
SELECT is(pg_temp.error_of($$UPDATE fraud.person SET status = 'merged', enrolled_on = '9999-12-31', ended_on = '9999-12-31' WHERE id = 3$$),
  E'55000\nthe status of person 3 cannot be ''merged''\nIt says that the row was merged into another, and no merge of it is in force.\nCall merge_persons().', 'nobody is merged by hand');
SELECT matches(pg_temp.message_of($$INSERT INTO fraud.person (document_kind, document_no, name, unit, status, enrolled_on, ended_on) VALUES ('other', 'A4', '丙某', '370323002002', 'merged', '9999-12-31', '9999-12-31')$$),
  '^55000 the status of person [0-9]+ cannot be ''merged''$', 'nor enters so');
SELECT fraud.merge_persons(1, 2, 'same', 'office', 'two numbers of one person') AS merge \gset
SELECT is(pg_temp.error_of($$UPDATE fraud.person SET status = 'listed', enrolled_on = '2024-03-01', ended_on = NULL WHERE id = 2$$),
  E'55000\nthe status of person 2 cannot be ''listed''\nThe row was merged into that of the same person.\nRecord it for the person that merged_person names, or call unmerge_persons().', 'nor comes back by hand');
SELECT matches(pg_temp.message_of($$SELECT fraud.merge_persons(2, 1, 'x', 'y', 'z')$$), '^[0-9A-Z]{5} person 1 cannot be merged into person 2', 'no merge goes round in a circle');
SELECT fraud.unmerge_persons(:merge, 'two persons') \g /dev/null
SELECT is((SELECT string_agg(concat_ws(' ', p.id, p.status, p.enrolled_on, p.ended_on), ', ' ORDER BY p.id) FROM fraud.person AS p), '1 listed 2024-01-01, 2 listed 2024-03-01, 3 listed 2024-03-01', 'undone, both are as they were');
SELECT is(pg_temp.message_of($$UPDATE fraud.person SET status = 'merged', enrolled_on = '9999-12-31', ended_on = '9999-12-31' WHERE id = 2$$), '55000 the status of person 2 cannot be ''merged''', 'and a merge that was undone is none');

SELECT * FROM finish();
