-- What each program may do: what its statements in sql/queries need, and no more. Run after every
-- `firstcome migrate`, as superuser, in the database; as often as you like, beside programs that
-- run. A table of a later migration is nobody's until it stands here, as
-- tests/security/test_least_privilege.sh holds.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

BEGIN;

-- ---- what everybody may do by PostgreSQL's own habit, and shall not

-- Make temporary tables, enter the database, look into the schema.
REVOKE ALL ON DATABASE firstcome FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON FUNCTION must_touch(bigint, bigint, text) FROM PUBLIC;
-- Hold a partition's lock, which stops a worker; keep large objects, which fills the disk.
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN
        SELECT p.oid FROM pg_proc p
         WHERE p.pronamespace = 'pg_catalog'::regnamespace
           AND (p.proname ~ '^pg_(try_)?advisory_' OR p.proname ~ '^(lo_|lowrite$|loread$)')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO firstcome', f);
    END LOOP;
END
$$;

-- ---- from nothing

REVOKE ALL ON ALL TABLES IN SCHEMA public
  FROM PUBLIC, firstcome_ingress, firstcome_coupon, firstcome_order, firstcome_stats,
       firstcome_payment, firstcome_platform, firstcome_clock;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public
  FROM PUBLIC, firstcome_ingress, firstcome_coupon, firstcome_order, firstcome_stats,
       firstcome_payment, firstcome_platform, firstcome_clock;

-- ---- all of them: enter, and see whether the schema is theirs

GRANT CONNECT ON DATABASE firstcome
   TO firstcome_ingress, firstcome_coupon, firstcome_order, firstcome_stats, firstcome_payment,
      firstcome_platform, firstcome_clock;
GRANT USAGE ON SCHEMA public
   TO firstcome_ingress, firstcome_coupon, firstcome_order, firstcome_stats, firstcome_payment,
      firstcome_platform, firstcome_clock;
GRANT SELECT (version, sha256) ON schema_migration
   TO firstcome_ingress, firstcome_coupon, firstcome_order, firstcome_stats, firstcome_payment,
      firstcome_platform, firstcome_clock;

-- ---- workers and clocks: their leases (sql/queries/lease)

GRANT EXECUTE ON FUNCTION pg_advisory_lock_shared(integer, integer),
                          pg_advisory_unlock(integer, integer),
                          pg_try_advisory_lock(integer, integer)
   TO firstcome_coupon, firstcome_order, firstcome_stats, firstcome_payment, firstcome_platform,
      firstcome_clock;

-- ---- workers: what they set aside (queries/park/insert)

GRANT INSERT (queue, command_id, reason, bytes, delivery_count, worker, times),
      SELECT (queue, digest, times, resolved_at), UPDATE (times) ON parked
   TO firstcome_coupon, firstcome_order, firstcome_stats, firstcome_payment, firstcome_platform;

-- ---- the ingress: reads, and cannot write (queries/read)

GRANT SELECT ON customer, wallet, wallet_history, product, product_option, coupon_template, coupon,
                orders, order_line, policy, sales_daily, sales_option_daily, sales_category_daily,
                sales_total_daily, sales_closed, day_closed
   TO firstcome_ingress;
GRANT SELECT (seq, command_id, type, actor_id, user_id, accepted_at, decided_at, verdict, result,
              events, replay_of, order_id) ON journal
   TO firstcome_ingress;
GRANT SELECT (command_id, parked_at, resolution) ON parked TO firstcome_ingress;
ALTER ROLE firstcome_ingress IN DATABASE firstcome SET default_transaction_read_only = on;

-- ---- coupon and order: commands (queries/journal, park, policy)

GRANT SELECT,
      INSERT (command_id, type, partition, key, actor_id, user_id, idempotency_key, accepted_at,
              decided_at, verdict, body, result, events, traceparent, replay_of, order_id)
   ON journal TO firstcome_coupon, firstcome_order;
GRANT SELECT (command_id, resolution), UPDATE (resolved_at, resolution) ON parked
   TO firstcome_coupon, firstcome_order;
GRANT SELECT, INSERT, UPDATE (attempts, last_at, workers), DELETE ON poison_attempt
   TO firstcome_coupon, firstcome_order;
GRANT SELECT ON policy TO firstcome_coupon, firstcome_order;
GRANT EXECUTE ON FUNCTION must_touch(bigint, bigint, text) TO firstcome_coupon, firstcome_order;

-- Rows that both touch (queries/load, store).
GRANT SELECT ON customer, wallet, coupon TO firstcome_coupon, firstcome_order;
GRANT INSERT, UPDATE (status, order_id, version) ON coupon TO firstcome_coupon, firstcome_order;

-- ---- coupon

GRANT SELECT, INSERT, DELETE,
      UPDATE (name, discount_type, discount_value, quantity, issued, issue_from, issue_until,
              valid_days, min_total, version)
   ON coupon_template TO firstcome_coupon;
-- Whose an order is, and its coupon.
GRANT SELECT (order_id, user_id, coupon_id) ON orders TO firstcome_coupon;
-- It locks wallets and changes none; a lock asks for the right to change something.
GRANT UPDATE (version) ON wallet TO firstcome_coupon;

-- ---- order

GRANT INSERT ON customer, policy TO firstcome_order;
GRANT INSERT, UPDATE (balance, held, version) ON wallet TO firstcome_order;
GRANT SELECT, INSERT, DELETE,
      UPDATE (name, price, category, status, first_come, version) ON product TO firstcome_order;
GRANT SELECT, INSERT, DELETE,
      UPDATE (product_id, name, surcharge, total, reserved, ordered)
   ON product_option TO firstcome_order;
GRANT SELECT, INSERT,
      UPDATE (status, total, discount, paid, from_balance, transfer_discount, refunded, paid_at,
              expires_at, failure, version)
   ON orders TO firstcome_order;
GRANT SELECT, INSERT, DELETE ON order_line TO firstcome_order;

-- ---- stats (queries/stats)

GRANT SELECT, INSERT ON counted_event TO firstcome_stats;
GRANT SELECT, INSERT,
      UPDATE (orders, quantity, revenue, cancelled_orders, cancelled_quantity, cancelled_revenue)
   ON sales_daily, sales_option_daily, sales_category_daily, sales_total_daily TO firstcome_stats;
GRANT SELECT, INSERT, UPDATE (orders, quantity, revenue), DELETE ON sales_closed
   TO firstcome_stats;
GRANT SELECT, INSERT, UPDATE (closed_at) ON day_closed TO firstcome_stats;

-- ---- payment and platform: nothing but what all workers may

-- ---- clock (queries/clock)

GRANT SELECT (coupon_id, template_id, status, expires_at) ON coupon TO firstcome_clock;
GRANT SELECT (order_id, key, status, expires_at) ON orders TO firstcome_clock;
GRANT SELECT, INSERT (schedule, due_at, commands), DELETE ON schedule_run TO firstcome_clock;

COMMIT;
