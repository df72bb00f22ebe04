-- How the lines of a file are cut into cells, and where its header is.

CREATE FUNCTION @registry@.import_plain(words text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN nullif(btrim(CASE WHEN words LIKE '="%"' THEN substr(words, 3, length(words) - 3)
                         WHEN words LIKE '''%' AND strpos('0123456789', substr(words, 2, 1)) > 0 THEN substr(words, 2)
                         ELSE words END, U&' \0009\000a\000d\3000\00a0\feff\200b'), '');
COMMENT ON FUNCTION @registry@.import_plain(text) IS 'A cell without blanks of any width around it, and without the marks by which spreadsheets keep digits as text; null where nothing is left.';

CREATE FUNCTION @registry@.import_name(words text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN lower(translate(regexp_replace(words, U&'[\0001-\0020\3000\00a0\feff\200b]', '', 'g'), '０１２３４５６７８９（）：，．／', '0123456789():,./'));
COMMENT ON FUNCTION @registry@.import_name(text) IS 'A name of a column, a unit or a code for comparison: without blanks, and with full-width digits and signs as usual.';

CREATE FUNCTION @registry@.import_quoted(words text, separator text) RETURNS text[]
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  piece text;
  held text[] := '{}';  -- of a cell that is open; put together once, as it may be the rest of a long line
  quotes bigint := 0;
  whole text;
  cells text[] := '{}';
BEGIN
  FOREACH piece IN ARRAY string_to_array(words, separator) LOOP
    IF cardinality(held) = 0 AND ltrim(piece, E' \ufeff') NOT LIKE '"%' THEN
      cells := cells || piece;
      CONTINUE;
    END IF;
    held := held || piece;
    quotes := quotes + length(piece) - length(replace(piece, '"', ''));
    IF quotes % 2 = 0 THEN
      whole := btrim(array_to_string(held, separator), E' \ufeff');
      cells := cells || CASE WHEN whole LIKE '"%"' THEN replace(substr(whole, 2, length(whole) - 2), '""', '"') ELSE whole END;
      held := '{}';
      quotes := 0;
    END IF;
  END LOOP;
  -- never closed: the caller may try with the next line; NULL marks it
  RETURN CASE WHEN cardinality(held) = 0 THEN cells ELSE cells || array_to_string(held, separator) || NULL::text END;
END
$body$;
COMMENT ON FUNCTION @registry@.import_quoted(text, text) IS 'The cells of a line with quotes (RFC 4180). A quote within a cell that does not begin with one is a character. Where a quote is never closed, a NULL is put at the end.';

CREATE FUNCTION @registry@.import_cells(words text, separator text) RETURNS text[]
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN CASE WHEN strpos(words, '"') = 0 THEN string_to_array(words, separator)
            -- every cell in quotes and none within one
            WHEN words LIKE '"%"' AND length(words) - length(replace(words, '"', '')) = 2 * cardinality(string_to_array(words, '"' || separator || '"'))
              THEN string_to_array(substr(words, 2, length(words) - 2), '"' || separator || '"')
            ELSE @registry@.import_quoted(words, separator) END;
COMMENT ON FUNCTION @registry@.import_cells(text, text) IS 'The cells of a line of a file.';

-- Not STRICT, so that it is inlined: a line of 40 columns is no value to pass.
CREATE FUNCTION @registry@.import_given(line @registry@.import_line) RETURNS text[]
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN ARRAY[$1.c1, $1.c2, $1.c3, $1.c4, $1.c5, $1.c6, $1.c7, $1.c8, $1.c9, $1.c10, $1.c11, $1.c12, $1.c13, $1.c14, $1.c15, $1.c16, $1.c17, $1.c18, $1.c19, $1.c20,
             $1.c21, $1.c22, $1.c23, $1.c24, $1.c25, $1.c26, $1.c27, $1.c28, $1.c29, $1.c30, $1.c31, $1.c32, $1.c33, $1.c34, $1.c35, $1.c36, $1.c37, $1.c38, $1.c39, $1.c40];
COMMENT ON FUNCTION @registry@.import_given(@registry@.import_line) IS 'The cells of a line that was given in cells.';

CREATE FUNCTION @registry@.import_split(batch bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  this @registry@.import_batch := @registry@.import_lock(batch, '{loading,checking,checked,applying,applied}');
  named text[];
  wanted text[];
  top record;
  separator text := ',';
  try text;
  header text[];
  names text[];
  header_line bigint := 0;
  header_ends bigint := 0;
  header_width integer;
  places integer[];
  held text;
  got text[];
  broken record;
  following bigint;
  all_words text[];
  merged_to bigint := 0;
  lines bigint;
BEGIN
  IF this.state <> 'loading' THEN
    RETURN this.lines_read;
  END IF;
  SELECT array_agg(f.header ORDER BY f.place), array_agg(@registry@.import_name(f.header) ORDER BY f.place) INTO named, wanted
    FROM @registry@.import_field AS f WHERE f.batch = import_split.batch AND f.header IS NOT NULL;

  -- The header is the first line that has all the names; it may hold line
  -- breaks. Titles may stand above it.
  FOR try IN
    SELECT s.sign FROM unnest(ARRAY[',', E'\t', ';', '|']) WITH ORDINALITY AS s (sign, rank)
    CROSS JOIN LATERAL (SELECT coalesce(sum(length(l.words) - length(replace(l.words, s.sign, ''))), 0) FROM
      (SELECT m.words FROM @registry@.import_line AS m WHERE m.batch = import_split.batch ORDER BY m.no LIMIT 60) AS l) AS c (times)
    ORDER BY c.times DESC, s.rank
  LOOP
    IF wanted IS NULL THEN
      separator := try;
      EXIT;
    END IF;
    held := NULL;
    FOR top IN
      SELECT row_number() OVER (ORDER BY l.no) AS line, l.words, @registry@.import_given(l) AS given FROM @registry@.import_line AS l WHERE l.batch = import_split.batch ORDER BY l.no LIMIT 60
    LOOP
      CONTINUE WHEN top.line <= this.skip_lines;
      IF top.words IS NULL THEN
        got := top.given;
      ELSE
        got := @registry@.import_cells(coalesce(held || E'\n', '') || top.words, try);
        IF got[cardinality(got)] IS NULL AND length(held) IS DISTINCT FROM 10000 THEN
          header_line := CASE WHEN held IS NULL THEN top.line ELSE header_line END;
          held := left(coalesce(held || E'\n', '') || top.words, 10000);
          CONTINUE;
        END IF;
      END IF;
      names := ARRAY(SELECT @registry@.import_name(c.cell) FROM unnest(got) WITH ORDINALITY AS c (cell, place) ORDER BY c.place);
      header_line := CASE WHEN held IS NULL THEN top.line ELSE header_line END;
      header_ends := top.line;
      held := NULL;
      IF wanted <@ names THEN
        separator := try;
        header := got;
        EXIT;
      END IF;
    END LOOP;
    EXIT WHEN header IS NOT NULL;
  END LOOP;

  IF wanted IS NULL THEN
    header_ends := this.skip_lines;
  ELSIF header IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_column',
      MESSAGE = format('import %s has no header with all the columns of its mapping', batch),
      DETAIL = coalesce((
        SELECT format('The line most like it lacks %s.', string_agg(quote_literal(w.named), ', ' ORDER BY w.place)) FROM (
          SELECT g.names
          FROM (SELECT l.no, ARRAY(SELECT @registry@.import_name(c.cell) FROM unnest(coalesce(@registry@.import_cells(l.words, s.sign), l.given)) AS c (cell)) AS names
                FROM (SELECT m.no, m.words, @registry@.import_given(m) AS given FROM @registry@.import_line AS m WHERE m.batch = import_split.batch ORDER BY m.no LIMIT 60) AS l
                CROSS JOIN unnest(ARRAY[',', E'\t', ';', '|']) AS s (sign) OFFSET 0) AS g
          ORDER BY cardinality(ARRAY(SELECT unnest(wanted) INTERSECT SELECT unnest(g.names))) DESC, g.no
          LIMIT 1) AS best
        CROSS JOIN unnest(named, wanted) WITH ORDINALITY AS w (named, wanted, place)
        WHERE array_position(best.names, w.wanted) IS NULL), 'It has no lines.'),
      HINT = 'Compare the mapping with the header of the file; where characters look wrong, load it with its encoding (GBK, GB18030). Cancel this batch (import_cancel) and begin again.';
  ELSE
    FOR try IN SELECT f.header FROM @registry@.import_field AS f WHERE f.batch = import_split.batch AND f.header IS NOT NULL
      AND (SELECT count(*) FROM unnest(names) AS n WHERE n = @registry@.import_name(f.header)) > 1 ORDER BY f.place LIMIT 1
    LOOP
      RAISE EXCEPTION USING
        ERRCODE = 'ambiguous_column',
        MESSAGE = format('the header of import %s has %L more than once', batch, try),
        HINT = 'Name the column by its number in the mapping.';
    END LOOP;
    UPDATE @registry@.import_field AS f SET cell = array_position(names, @registry@.import_name(f.header)) WHERE f.batch = import_split.batch AND f.header IS NOT NULL;
    -- a spreadsheet pads its lines with blank columns
    header_width := (SELECT max(c.place) FROM unnest(header) WITH ORDINALITY AS c (cell, place) WHERE @registry@.import_plain(c.cell) IS NOT NULL);
    FOR try IN SELECT f.header FROM @registry@.import_field AS f
      WHERE f.batch = import_split.batch AND f.kind = ANY ('{number,integer,bigint}') AND f.times IS NULL AND f.header ~ '[万亿]' ORDER BY f.place LIMIT 1
    LOOP
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('column %L of import %s says 万 or 亿', try, batch),
        DETAIL = 'Whether its numbers are to be multiplied must be said.',
        HINT = 'Write it with "times" in the mapping: {"column": "损失（万元）", "times": 10000}, or 1 where the cells hold yuan.';
    END LOOP;
  END IF;
  places := ARRAY(SELECT coalesce(f.cell, 0) FROM @registry@.import_field AS f WHERE f.batch = import_split.batch ORDER BY f.place);

  INSERT INTO @registry@.import_row (batch, line, excess, cells, verdict, faults)
    SELECT import_split.batch, c.line, c.excess,
           CASE WHEN w.aside IS NULL THEN ARRAY(SELECT c.cells[p] FROM unnest(places) WITH ORDINALITY AS u (p, place) ORDER BY u.place) END,
           CASE WHEN w.aside IS NULL THEN 'read' ELSE 'aside' END, CASE WHEN w.aside IS NULL THEN '{}' ELSE ARRAY[':' || w.aside] END
    FROM (
      SELECT l.line, l.cells, l.written,
             -- blank cells beyond the header are none
             CASE WHEN l.as_words AND l.cells[cardinality(l.cells)] IS NULL THEN -10000
                  WHEN cardinality(l.cells) > header_width AND NOT EXISTS (SELECT FROM unnest(l.cells[header_width + 1:]) AS x WHERE @registry@.import_plain(x) IS NOT NULL) THEN 0
                  ELSE cardinality(l.cells) - header_width END AS excess
      FROM (
        SELECT row_number() OVER (ORDER BY m.no) AS line, m.words IS NOT NULL AS as_words,
               CASE WHEN m.words IS NOT NULL THEN @registry@.import_cells(m.words, separator) ELSE @registry@.import_given(m) END AS cells,
               coalesce(m.words, array_to_string(@registry@.import_given(m), ',')) AS written
        FROM @registry@.import_line AS m WHERE m.batch = import_split.batch OFFSET 0) AS l) AS c
    CROSS JOIN LATERAL (SELECT CASE
      WHEN c.line <= header_ends THEN CASE WHEN c.line >= header_line AND wanted IS NOT NULL THEN 'header' ELSE 'title' END
      WHEN c.written IS NULL OR btrim(c.written, E' \t\r\u3000\u00a0\ufeff",;|') = '' THEN 'blank'
      WHEN c.written ~ E'^[ \t\u3000\ufeff",;|]*((合|总|小|共|累)[ \u3000]*计[ \u3000]*([",;|:：（(\t]|$)|(制表|填表|填报|审核|审批)(人|单位|日期|时间)?[ \u3000]*[:：]|(注|备注|说明)[:：])' THEN 'total'
      WHEN c.cells = header THEN 'header' END AS aside OFFSET 0) AS w;
  GET DIAGNOSTICS lines = ROW_COUNT;

  -- Cells with line breaks: a line whose quote is not closed is put together
  -- with those after it, if that gives as many cells as the header has.
  FOR broken IN
    SELECT w.line FROM (SELECT row_number() OVER (ORDER BY m.no) AS line, m.words FROM @registry@.import_line AS m WHERE m.batch = import_split.batch) AS w
    WHERE (length(w.words) - length(replace(w.words, '"', ''))) % 2 = 1 AND w.line > header_ends ORDER BY w.line
  LOOP
    CONTINUE WHEN broken.line <= merged_to;
    IF all_words IS NULL THEN
      all_words := ARRAY(SELECT m.words FROM @registry@.import_line AS m WHERE m.batch = import_split.batch ORDER BY m.no);
    END IF;
    held := all_words[broken.line];
    got := @registry@.import_cells(held, separator);
    CONTINUE WHEN got[cardinality(got)] IS NOT NULL;
    FOR following IN broken.line + 1 .. least(broken.line + 30, cardinality(all_words)) LOOP
      held := held || E'\n' || all_words[following];
      got := @registry@.import_cells(held, separator);
      CONTINUE WHEN got[cardinality(got)] IS NULL;
      IF header_width IS NULL OR cardinality(got) = header_width THEN
        merged_to := following;
        DELETE FROM @registry@.import_row AS r WHERE r.batch = import_split.batch AND r.line > broken.line AND r.line <= merged_to;
        lines := lines - (merged_to - broken.line);
        UPDATE @registry@.import_row AS r
          SET excess = 0, verdict = 'read', faults = '{}',
              cells = ARRAY(SELECT got[u.p] FROM unnest(places) WITH ORDINALITY AS u (p, place) ORDER BY u.place)
          WHERE r.batch = import_split.batch AND r.line = broken.line;
      END IF;
      EXIT;
    END LOOP;
  END LOOP;

  DELETE FROM @registry@.import_line AS l WHERE l.batch = import_split.batch;
  UPDATE @registry@.import_batch AS b SET state = 'checking', lines_read = lines, lines_checked = 0 WHERE b.id = import_split.batch;
  RETURN lines;
END
$body$;
COMMENT ON FUNCTION @registry@.import_split(bigint) IS 'Cut the lines of a batch into cells, find its header, and keep the cells that the mapping names; import_check() calls it. Gives how many lines there are; those that make one row, by line breaks within a cell, are one.';
