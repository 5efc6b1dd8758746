-- The roles and the one database of an installation. Run as often as you like, as superuser.
-- deploy/up sets :rights of the operator's role (SUPERUSER for the test servers, else NOSUPERUSER)
-- and the passwords: :password of the operator's, :password_x of the program firstcome-x.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- Passwords do not belong into the log, however long a statement takes.
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
SET log_statement = 'none';

SELECT format('CREATE ROLE %I LOGIN', wanted.name)
  FROM unnest(array['firstcome', 'firstcome_ingress', 'firstcome_coupon', 'firstcome_order',
                    'firstcome_stats', 'firstcome_payment', 'firstcome_platform',
                    'firstcome_clock']) AS wanted (name)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name)
\gexec

ALTER ROLE firstcome :rights PASSWORD :'password';
ALTER ROLE firstcome_ingress PASSWORD :'password_ingress';
ALTER ROLE firstcome_coupon PASSWORD :'password_coupon';
ALTER ROLE firstcome_order PASSWORD :'password_order';
ALTER ROLE firstcome_stats PASSWORD :'password_stats';
ALTER ROLE firstcome_payment PASSWORD :'password_payment';
ALTER ROLE firstcome_platform PASSWORD :'password_platform';
ALTER ROLE firstcome_clock PASSWORD :'password_clock';

-- The operator sees who works, and may end a session that hangs.
GRANT pg_monitor, pg_signal_backend TO firstcome;

SELECT 'CREATE DATABASE firstcome OWNER firstcome'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'firstcome')
\gexec

-- The other databases are nobody's business but the superuser's.
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
