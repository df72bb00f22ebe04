-- Ticks each day, where pg_cron is installed.

CREATE FUNCTION @registry@.tick_job() RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN format('antifraud tick %I', @registry_literal@);
COMMENT ON FUNCTION @registry@.tick_job() IS 'Name of the job that schedule_ticks() makes.';

CREATE FUNCTION @registry@.schedule_ticks(at time DEFAULT '00:30', again integer DEFAULT 7) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  -- pg_cron runs in GMT; its later versions can be told another time zone
  zone text := coalesce(nullif(current_setting('cron.timezone', true), ''), 'GMT');
  there timestamp;
  command text := format('CALL %I.tick_days(NULL, (pg_catalog.now() AT TIME ZONE ''Asia/Shanghai'')::date, %s)', @registry_literal@, again);
  job bigint;
BEGIN
  IF at IS NULL OR again IS NULL OR again NOT BETWEEN 0 AND 366 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('ticks cannot be scheduled at %s, %s days again', coalesce(at::text, 'NULL'), coalesce(again::text, 'NULL')),
      HINT = 'Name a time of the day, in China, and from 0 to 366 days.';
  ELSIF NOT EXISTS (SELECT FROM pg_extension AS e WHERE e.extname = 'pg_cron') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = format('pg_cron is not installed in database "%s"', current_database()),
      DETAIL = 'It schedules from one database of the server, the one that cron.database_name names, and must be in shared_preload_libraries.',
      HINT = format('CREATE EXTENSION pg_cron where it can be, and call this again; from another database, or with another scheduler, run each night: %s', command);
  END IF;
  -- China has no summer time, and the day does not matter
  there := ((date '2000-01-02' + at) AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE zone;
  EXECUTE 'SELECT cron.schedule($1, $2, $3)' INTO job
    USING @registry@.tick_job(), format('%s %s * * *', extract(minute FROM there), extract(hour FROM there)), command;
  RETURN job;
END
$body$;
COMMENT ON FUNCTION @registry@.schedule_ticks(time, integer) IS 'Let pg_cron call tick_days() each day at this time, in China, up to that day there, with so many days before it again; replaces what was scheduled before. Gives the number of the job. For the owner of the registry, who needs USAGE on the schema cron.';

CREATE FUNCTION @registry@.unschedule_ticks() RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  job bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension AS e WHERE e.extname = 'pg_cron') THEN
    RETURN false;
  END IF;
  EXECUTE 'SELECT j.jobid FROM cron.job AS j WHERE j.jobname = $1 AND j.username = CURRENT_USER' INTO job USING @registry@.tick_job();
  IF job IS NULL THEN
    RETURN false;
  END IF;
  EXECUTE 'SELECT cron.unschedule($1)' USING job;
  RETURN true;
END
$body$;
COMMENT ON FUNCTION @registry@.unschedule_ticks() IS 'Take back schedule_ticks(); false: nothing was scheduled.';
