-- Messages to the outside: written in the transaction that causes them, and
-- delivered by programs elsewhere, at least once. Each has a key, by which a
-- receiver knows one that comes twice. Unlike the rest of the registry, which
-- looks as of a day, this is about moments: it reads the server's clock.

CREATE TABLE @registry@.outbox_setting (
  singleton boolean NOT NULL DEFAULT true CONSTRAINT outbox_setting_pk PRIMARY KEY CONSTRAINT outbox_setting_one_row CHECK (singleton),
  max_attempts integer NOT NULL DEFAULT 10 CONSTRAINT outbox_setting_max_attempts_range CHECK (max_attempts BETWEEN 1 AND 1000),
  first_retry interval NOT NULL DEFAULT '1 minute' CONSTRAINT outbox_setting_first_retry_range CHECK (first_retry BETWEEN '0' AND '1 day'),
  retry_factor numeric NOT NULL DEFAULT 2 CONSTRAINT outbox_setting_retry_factor_range CHECK (retry_factor BETWEEN 1 AND 100),
  longest_retry interval NOT NULL DEFAULT '6 hours' CONSTRAINT outbox_setting_longest_retry_range CHECK (longest_retry BETWEEN '0' AND '30 days')
);
COMMENT ON TABLE @registry@.outbox_setting IS 'One row: how often and after what time a message that could not be delivered is tried again. The pause after the n-th failure is first_retry times retry_factor to the power of n - 1, at most longest_retry.';
COMMENT ON COLUMN @registry@.outbox_setting.singleton IS 'Always true: there is one row.';
COMMENT ON COLUMN @registry@.outbox_setting.max_attempts IS 'After so many attempts a message is dead: see outbox_dead.';
COMMENT ON COLUMN @registry@.outbox_setting.first_retry IS 'Pause after the first failure.';
COMMENT ON COLUMN @registry@.outbox_setting.retry_factor IS 'By what each pause is longer than the one before.';
COMMENT ON COLUMN @registry@.outbox_setting.longest_retry IS 'The longest pause.';
INSERT INTO @registry@.outbox_setting DEFAULT VALUES;

CREATE TABLE @registry@.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pk PRIMARY KEY,
  key text NOT NULL CONSTRAINT outbox_key_once UNIQUE CONSTRAINT outbox_key_form CHECK (key OPERATOR(pg_catalog.~) '^[!-~]{1,200}$'),
  topic text NOT NULL CONSTRAINT outbox_topic_form CHECK (topic OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_.]{0,62}$'),
  payload jsonb NOT NULL DEFAULT '{}' CONSTRAINT outbox_payload_object CHECK (pg_catalog.jsonb_typeof(payload) OPERATOR(pg_catalog.=) 'object')
    -- nobody's identity leaves by this way: receivers look persons up, by id,
    -- under their own rights
    CONSTRAINT outbox_payload_names_nobody CHECK (
      NOT pg_catalog.jsonb_path_exists(payload, '$.** ? (@.type() == "object").keyvalue() ? (@.key like_regex "^(name|full_name|citizen_id|document_no|phone|born_on|victim_name|person_name|姓名|身份证号?|身份证号码|电话|手机号?)$" flag "i")')
      AND payload::text OPERATOR(pg_catalog.!~) '(^|[^0-9])[1-9][0-9]{5}(19|20)[0-9]{9}[0-9Xx]([^0-9]|$)'),
  created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  not_before timestamptz NOT NULL DEFAULT pg_catalog.now(),
  attempts integer NOT NULL DEFAULT 0 CONSTRAINT outbox_attempts_not_negative CHECK (attempts OPERATOR(pg_catalog.>=) 0),
  attempts_allowed integer,
  claimed_by text,
  claimed_until timestamptz,
  delivered_at timestamptz,
  dead_at timestamptz,
  last_error text,
  CONSTRAINT outbox_claim_whole CHECK (pg_catalog.num_nulls(claimed_by, claimed_until) OPERATOR(pg_catalog.<>) 1),
  CONSTRAINT outbox_one_end CHECK (delivered_at IS NULL OR dead_at IS NULL)
);
-- The end of a lease and of a pause are both kept in not_before: so the index
-- leads straight to what may be claimed, however much was delivered before.
CREATE INDEX outbox_waiting ON @registry@.outbox (not_before, id) WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_claimed ON @registry@.outbox (claimed_until) WHERE claimed_by IS NOT NULL;
CREATE INDEX outbox_dead_at ON @registry@.outbox (dead_at) WHERE dead_at IS NOT NULL;
COMMENT ON TABLE @registry@.outbox IS 'Messages to be delivered by programs outside: see claim_outbox(), settle_outbox(), outbox_dead.';
COMMENT ON COLUMN @registry@.outbox.id IS 'Identity; not in order of commit.';
COMMENT ON COLUMN @registry@.outbox.key IS 'Idempotency key: a message that is delivered twice has the same key both times. A second one of the same key is not entered.';
COMMENT ON COLUMN @registry@.outbox.topic IS 'What it is about, for deliverers that take only some: escalation, reminder, source_change.';
COMMENT ON COLUMN @registry@.outbox.payload IS 'What it says: ids, units, rungs, days; never a name, a telephone number or the number of a document.';
COMMENT ON COLUMN @registry@.outbox.created_at IS 'When it was entered: start of the transaction.';
COMMENT ON COLUMN @registry@.outbox.not_before IS 'It is not handed out before this moment: the first delivery, the end of a lease, or of the pause after a failure.';
COMMENT ON COLUMN @registry@.outbox.attempts IS 'How often it was handed out. Each attempt has its own number, by which a late answer is known.';
COMMENT ON COLUMN @registry@.outbox.attempts_allowed IS 'Dead after this attempt; null: after max_attempts of outbox_setting.';
COMMENT ON COLUMN @registry@.outbox.claimed_by IS 'Who has it now; null: nobody.';
COMMENT ON COLUMN @registry@.outbox.claimed_until IS 'Until when; later another may claim it.';
COMMENT ON COLUMN @registry@.outbox.delivered_at IS 'When it was reported delivered; null: not yet.';
COMMENT ON COLUMN @registry@.outbox.dead_at IS 'When it was given up; null: it was not. requeue_outbox() tries again.';
COMMENT ON COLUMN @registry@.outbox.last_error IS 'What went wrong the last time; null: nothing did.';

-- Without a conflict target: who may only add messages need not read them.
CREATE FUNCTION @registry@.enqueue(key text, topic text, payload jsonb DEFAULT '{}', not_before timestamptz DEFAULT NULL) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO @registry@.outbox (key, topic, payload, not_before)
  VALUES ($1, $2, COALESCE($3, '{}'), COALESCE($4, pg_catalog.now()))
  ON CONFLICT DO NOTHING;
END;
COMMENT ON FUNCTION @registry@.enqueue(text, text, jsonb, timestamptz) IS 'Enter a message in the outbox, in this transaction, to be delivered after it commits (or not before a moment). A key that is there already is left as it is.';

-- Who has no more attempts left is given up here, and not at the end of the
-- last lease: the deliverer may have crashed.
CREATE FUNCTION @registry@.claim_outbox(n integer DEFAULT 10, lease interval DEFAULT '5 minutes', claimer text DEFAULT NULL, topics text[] DEFAULT NULL)
RETURNS TABLE (id bigint, key text, topic text, payload jsonb, attempt integer, claimed_until timestamptz)
ROWS 10
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  moment timestamptz := clock_timestamp();
  allowed integer;
BEGIN
  IF n IS NULL OR n NOT BETWEEN 1 AND 10000 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('cannot claim %s messages', coalesce(n::text, 'NULL')),
      HINT = 'Claim from 1 to 10000 at a time.';
  ELSIF lease IS NULL OR NOT lease BETWEEN '1 second' AND '1 day' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('a lease of %s is out of range', coalesce(lease::text, 'NULL')),
      DETAIL = 'While it lasts nobody else gets the message.',
      HINT = 'From 1 second to 1 day: longer than a delivery takes.';
  END IF;
  SELECT s.max_attempts INTO STRICT allowed FROM @registry@.outbox_setting AS s;
  WITH spent AS MATERIALIZED (
    SELECT o.id FROM @registry@.outbox AS o
    WHERE o.claimed_by IS NOT NULL AND o.claimed_until <= moment AND o.attempts >= coalesce(o.attempts_allowed, allowed)
    FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE @registry@.outbox AS o
  SET dead_at = moment, claimed_by = NULL, claimed_until = NULL,
      last_error = left(concat_ws('; before that: ', format('no answer to attempt %s from %s until %s', o.attempts, o.claimed_by, o.claimed_until), o.last_error), 2000)
  FROM spent AS s
  WHERE o.id = s.id;
  RETURN QUERY
  -- the rows are chosen once, before they are changed
  WITH chosen AS MATERIALIZED (
    SELECT o.id FROM @registry@.outbox AS o
    WHERE o.delivered_at IS NULL AND o.dead_at IS NULL AND o.not_before <= moment
      AND (o.claimed_by IS NULL OR o.attempts < coalesce(o.attempts_allowed, allowed))
      AND (topics IS NULL OR o.topic = ANY (topics))
    ORDER BY o.not_before, o.id
    LIMIT n
    FOR NO KEY UPDATE SKIP LOCKED
  ), claimed AS (
    UPDATE @registry@.outbox AS o
    SET attempts = o.attempts + 1,
        claimed_by = coalesce(nullif(claimer, ''), format('%s, process %s', session_user, pg_backend_pid())),
        claimed_until = moment + lease,
        not_before = moment + lease
    FROM chosen AS c
    WHERE o.id = c.id
    RETURNING o.id, o.key, o.topic, o.payload, o.attempts, o.claimed_until
  )
  SELECT c.id, c.key, c.topic, c.payload, c.attempts, c.claimed_until FROM claimed AS c ORDER BY c.id;
END
$body$;
COMMENT ON FUNCTION @registry@.claim_outbox(integer, interval, text, text[]) IS 'Take up to n messages that wait for delivery, of any topic or of these: nobody else gets them until the lease ends. Commit, deliver each with its key, and report with settle_outbox(id, attempt). Never waits for others. A message whose lease ended without an answer is handed out anew, and given up after its last attempt.';

CREATE FUNCTION @registry@.settle_outbox(id bigint, attempt integer, error text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  moment timestamptz := clock_timestamp();
  message @registry@.outbox;
  setting @registry@.outbox_setting;
  is_current boolean;
  is_last boolean;
BEGIN
  SELECT o.* INTO message FROM @registry@.outbox AS o WHERE o.id = settle_outbox.id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('the outbox has no message %s', coalesce(settle_outbox.id::text, 'NULL')),
      DETAIL = 'Either it does not exist, or you may not see it.',
      HINT = 'Report the id that claim_outbox() gave. For roles that deliver see set_deliverer().';
  ELSIF attempt IS NULL OR attempt NOT BETWEEN 1 AND message.attempts THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('message %s has no attempt %s', message.id, coalesce(attempt::text, 'NULL')),
      DETAIL = format('It was handed out %s times.', message.attempts),
      HINT = 'Report the attempt that claim_outbox() gave.';
  END IF;
  IF message.delivered_at IS NOT NULL THEN
    RETURN 'delivered';
  END IF;
  is_current := message.claimed_by IS NOT NULL AND attempt = message.attempts;
  IF error IS NULL THEN
    -- also when it comes late: delivered is delivered
    UPDATE @registry@.outbox AS o
    SET delivered_at = moment, dead_at = NULL, claimed_by = NULL, claimed_until = NULL, last_error = NULL
    WHERE o.id = message.id;
    RETURN 'delivered';
  ELSIF NOT is_current THEN
    -- somebody else has it by now, or it was given up
    RETURN CASE WHEN message.dead_at IS NULL THEN 'late' ELSE 'dead' END;
  END IF;
  SELECT s.* INTO STRICT setting FROM @registry@.outbox_setting AS s;
  is_last := message.attempts >= coalesce(message.attempts_allowed, setting.max_attempts);
  UPDATE @registry@.outbox AS o
  SET claimed_by = NULL, claimed_until = NULL,
      last_error = left(coalesce(nullif(btrim(settle_outbox.error), ''), 'failed, no reason given'), 2000),
      dead_at = CASE WHEN is_last THEN moment END,
      not_before = moment + @registry@.outbox_pause(message.attempts - coalesce(message.attempts_allowed - setting.max_attempts, 0))
  WHERE o.id = message.id;
  RETURN CASE WHEN is_last THEN 'dead' ELSE 'retry' END;
END
$body$;
COMMENT ON FUNCTION @registry@.settle_outbox(bigint, integer, text) IS 'Report what became of a message: delivered (no error), or failed, with the error. Gives delivered; retry: it waits for another attempt; dead: that was the last one, see outbox_dead; late: the lease had ended, and another has it. Can be repeated.';

-- The exponent is cut where any factor has long passed 30 days or stays 1.
CREATE FUNCTION @registry@.outbox_pause(failures integer) RETURNS interval
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (
  SELECT interval '1 second' * LEAST(EXTRACT(epoch FROM s.longest_retry),
    EXTRACT(epoch FROM s.first_retry) * power(s.retry_factor, LEAST(GREATEST(failures, 1), 100)::numeric - 1))::double precision
  FROM @registry@.outbox_setting AS s);
COMMENT ON FUNCTION @registry@.outbox_pause(integer) IS 'How long a message waits after so many failures, by outbox_setting.';

CREATE FUNCTION @registry@.requeue_outbox(id bigint, reason text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  message @registry@.outbox;
BEGIN
  IF coalesce(btrim(reason), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'a message is tried again for a reason',
      HINT = 'Say what was mended.';
  END IF;
  SELECT o.* INTO message FROM @registry@.outbox AS o WHERE o.id = requeue_outbox.id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('the outbox has no message %s', coalesce(requeue_outbox.id::text, 'NULL')),
      DETAIL = 'Either it does not exist, or you may not see it.',
      HINT = 'The view outbox_dead lists those that were given up.';
  ELSIF message.dead_at IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('message %s was not given up', message.id),
      DETAIL = CASE WHEN message.delivered_at IS NOT NULL THEN format('It was delivered at %s.', message.delivered_at)
                    ELSE format('It waits until %s.', message.not_before) END,
      HINT = 'The view outbox_dead lists those that were given up.';
  END IF;
  -- attempts go on counting, so that a late answer to an old one is known
  UPDATE @registry@.outbox AS o
  SET dead_at = NULL, not_before = clock_timestamp(),
      attempts_allowed = o.attempts + (SELECT s.max_attempts FROM @registry@.outbox_setting AS s),
      last_error = left(format('tried again, %s, by %s; before that: %s', btrim(reason), CURRENT_USER, coalesce(o.last_error, 'nothing')), 2000)
  WHERE o.id = message.id;
END
$body$;
COMMENT ON FUNCTION @registry@.requeue_outbox(bigint, text) IS 'Try a message again that was given up, with the reason: it gets max_attempts more.';

CREATE VIEW @registry@.outbox_dead WITH (security_invoker = true) AS
SELECT o.id, o.key, o.topic, o.payload, o.created_at, o.attempts, o.dead_at, o.last_error
FROM @registry@.outbox AS o
WHERE o.dead_at IS NOT NULL;
COMMENT ON VIEW @registry@.outbox_dead IS 'Messages that were given up. Mend the cause, then call requeue_outbox().';
SELECT @registry@.comment_columns('{outbox_dead}', '{id,key,topic,payload,created_at,attempts,dead_at,last_error}',
  ARRAY['The message, for requeue_outbox().', 'Its idempotency key.', 'What it is about.', 'What it says.', 'When it was entered.',
        'How often it was handed out.', 'When it was given up.', 'What went wrong the last time.']);

CREATE VIEW @registry@.outbox_status (topic, waiting, leased, retrying, delivered, dead, oldest_waiting) WITH (security_invoker = true) AS
SELECT o.topic,
       count(*) FILTER (WHERE o.delivered_at IS NULL AND o.dead_at IS NULL AND NOT o.is_leased AND o.last_error IS NULL),
       count(*) FILTER (WHERE o.is_leased),
       count(*) FILTER (WHERE o.delivered_at IS NULL AND o.dead_at IS NULL AND NOT o.is_leased AND o.last_error IS NOT NULL),
       count(o.delivered_at),
       count(o.dead_at),
       min(o.created_at) FILTER (WHERE o.delivered_at IS NULL AND o.dead_at IS NULL)
FROM (SELECT x.*, COALESCE(x.claimed_until > clock_timestamp(), false) AS is_leased FROM @registry@.outbox AS x) AS o
GROUP BY o.topic;
COMMENT ON VIEW @registry@.outbox_status IS 'How delivery goes, one row a topic.';
SELECT @registry@.comment_columns('{outbox_status}', '{topic,waiting,leased,retrying,delivered,dead,oldest_waiting}',
  ARRAY['What the messages are about.', 'Not delivered, and nothing went wrong so far.', 'With a deliverer now.', 'Waiting for another attempt.',
        'Delivered.', 'Given up.', 'When the oldest that is neither delivered nor given up was entered; null: there is none.']);

-- Deliverers see the outbox and nothing else of the registry; those who have
-- a scope see the registry and not the outbox.
ALTER TABLE @registry@.outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY enter ON @registry@.outbox FOR INSERT TO PUBLIC WITH CHECK (true);
CREATE POLICY deliver ON @registry@.outbox TO pg_database_owner USING (true);
COMMENT ON POLICY enter ON @registry@.outbox IS 'Who has the right to insert may enter messages.';
COMMENT ON POLICY deliver ON @registry@.outbox IS 'Roles named with set_deliverer().';

CREATE FUNCTION @registry@.set_deliverer(role name, may_deliver boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  registry_oid oid := to_regnamespace(quote_ident(registry));
  roles text;
  rights text;
  verb text := CASE WHEN may_deliver THEN 'GRANT' ELSE 'REVOKE' END;
  whom text := CASE WHEN may_deliver THEN 'TO' ELSE 'FROM' END;
BEGIN
  IF may_deliver IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'may_deliver cannot be NULL',
      HINT = 'Say whether the role delivers messages: true or false.';
  ELSIF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = role) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('role %L does not exist', coalesce(role, 'NULL')),
      HINT = 'CREATE ROLE first: the registry creates none.';
  ELSIF role = (SELECT pg_get_userbyid(c.relowner) FROM pg_class AS c WHERE c.relname = 'outbox' AND c.relnamespace = registry_oid) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_grant_operation',
      MESSAGE = format('role %I owns the registry and need not be let deliver', role),
      DETAIL = 'To take that back would take rights from the owner.',
      HINT = 'Name another role: deliverers see the outbox and nothing else.';
  END IF;
  SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname) INTO roles
  FROM pg_roles AS r
  WHERE r.rolname = 'pg_database_owner'
     OR r.rolname = role AND may_deliver
     OR r.rolname <> role AND r.oid = ANY (SELECT unnest(y.polroles) FROM pg_policy AS y WHERE y.polname = 'deliver' AND y.polrelid = (
          SELECT c.oid FROM pg_class AS c WHERE c.relname = 'outbox' AND c.relnamespace = registry_oid));
  EXECUTE format('ALTER POLICY deliver ON %I.outbox TO %s', registry, roles);
  FOREACH rights IN ARRAY ARRAY[
    'SELECT, UPDATE (not_before, attempts, attempts_allowed, claimed_by, claimed_until, delivered_at, dead_at, last_error) ON %I.outbox',
    'SELECT ON %1$I.outbox_setting, %1$I.outbox_dead, %1$I.outbox_status',
    'EXECUTE ON FUNCTION %1$I.claim_outbox(integer, interval, text, text[]), %1$I.settle_outbox(bigint, integer, text), %1$I.outbox_pause(integer), %1$I.requeue_outbox(bigint, text)']
  LOOP
    EXECUTE format('%s %s %s %I', verb, format(rights, registry), whom, role);
  END LOOP;
  -- the schema stays open to a role that has a scope in it
  IF may_deliver THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', registry, role);
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.set_deliverer(name, boolean) IS 'Let a role claim and settle messages of the outbox (false: no longer), and see nothing else by it. For the owner of the registry; the role exists already.';

-- A channel is listened to only where somebody wants to be woken: NOTIFY takes
-- a lock over the whole server at commit, and a distributed database refuses
-- it. Losing it loses nothing, since what counts is the table.
CREATE FUNCTION @registry@.wake_listeners() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  PERFORM pg_notify(TG_ARGV[0], '');
  RETURN NULL;
END
$body$;
COMMENT ON FUNCTION @registry@.wake_listeners() IS 'Trigger: sends an empty NOTIFY, once a transaction, when a message was entered or is to be tried again. See notify_outbox().';

CREATE FUNCTION @registry@.notify_outbox(channel text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $body$
DECLARE
  registry text := @registry_literal@;
BEGIN
  IF octet_length(channel) NOT BETWEEN 1 AND 63 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('%L cannot be the name of a channel', channel),
      DETAIL = format('It has %s bytes.', octet_length(channel)),
      HINT = 'From 1 to 63 bytes; NULL for no NOTIFY at all.';
  END IF;
  EXECUTE format('DROP TRIGGER IF EXISTS outbox_9_notify ON %I.outbox', registry);
  IF channel IS NOT NULL THEN
    EXECUTE format('CREATE TRIGGER outbox_9_notify AFTER INSERT OR UPDATE OF attempts_allowed ON %1$I.outbox FOR EACH ROW EXECUTE FUNCTION %1$I.wake_listeners(%2$L)', registry, channel);
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.notify_outbox(text) IS 'Wake those who LISTEN on this channel whenever messages were entered or requeued (null: no longer, as in a new registry). For the owner. Deliverers look into the outbox from time to time all the same.';
