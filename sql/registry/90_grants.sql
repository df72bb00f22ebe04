-- Nobody but the owner sees anything until the owner grants it.
REVOKE ALL ON ALL TABLES IN SCHEMA @registry@ FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA @registry@ FROM PUBLIC;
REVOKE ALL ON SCHEMA @registry@ FROM PUBLIC;
