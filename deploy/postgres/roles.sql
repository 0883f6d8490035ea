-- Two roles for Mingbai's database. The owner makes and changes the tables; the bot writes rows.
--
-- Run it in Mingbai's database, as a superuser or the database's owner, before the first start and
-- again after each `run_bot.py db migrate`; a second time does no harm:
--
--   psql --dbname mingbai --file deploy/postgres/roles.sql
--
-- Then give both a password (\password mingbai_owner, \password mingbai_app), or a line in
-- pg_hba.conf. Whoever takes over a bot that runs as mingbai_app can drop no table, delete no
-- line of the audit log, and change nothing in one but its words, which `audit verify` shows.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mingbai_owner') THEN
    CREATE ROLE mingbai_owner LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mingbai_app') THEN
    CREATE ROLE mingbai_app LOGIN;
  END IF;
END
$$;

-- Nobody else comes in, and the bot makes nothing of its own.
DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO mingbai_owner, mingbai_app', current_database());
END
$$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO mingbai_owner;
GRANT USAGE ON SCHEMA public TO mingbai_app;

-- What another role made before becomes the owner's.
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE public.%I OWNER TO mingbai_owner', one.tablename);
  END LOOP;
END
$$;

-- Tables of later versions are the bot's to write as well, without running this again.
ALTER DEFAULT PRIVILEGES FOR ROLE mingbai_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mingbai_app;
ALTER DEFAULT PRIVILEGES FOR ROLE mingbai_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO mingbai_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO mingbai_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO mingbai_app;

DO $$
BEGIN
  -- The audit log is appended to. Retention takes out the words of a line, and nothing else:
  -- who did what, and when, stays, and so does the chain of digests.
  IF to_regclass('public.audit') IS NOT NULL THEN
    REVOKE UPDATE, DELETE ON public.audit FROM mingbai_app;
    GRANT UPDATE (why, text, salt) ON public.audit TO mingbai_app;
  END IF;
  -- Which version the tables are of is the owner's to write.
  IF to_regclass('public.alembic_version') IS NOT NULL THEN
    REVOKE INSERT, UPDATE, DELETE ON public.alembic_version FROM mingbai_app;
  END IF;
END
$$;
