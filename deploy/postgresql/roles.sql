-- The one role and the one database of an installation. Run as often as you like.
-- :password and :rights (SUPERUSER for the test servers, else NOSUPERUSER) are set by deploy/up.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT 'CREATE ROLE firstcome LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'firstcome')
\gexec

ALTER ROLE firstcome :rights PASSWORD :'password';

SELECT 'CREATE DATABASE firstcome OWNER firstcome'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'firstcome')
\gexec
