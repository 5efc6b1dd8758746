-- One order as one call: what pgbench measures with tests/bench/pgbench/orders. Ids run on as a
-- service's would: :epoch and the client's count before, client and chance behind.
\set n :n + 1
\set head :epoch * 1048576 + :n
\set tail :client_id * 1099511627776 + random(0, 1099511627775)
\set asker random(1, :users)
\set one random(1, :options)
\set two random(1, :options)
\set other case when random(0, 1) = 0 then :one else :two end
select bench.place_order((lpad(to_hex(:head::bigint), 16, '0')
                          || lpad(to_hex(:tail::bigint), 16, '0'))::uuid,
                         :asker,
                         'pgbench-' || :head::bigint || '-' || :tail::bigint,
                         case when :one::bigint = :other::bigint then array[:one::bigint]
                              else array[least(:one::bigint, :other::bigint),
                                         greatest(:one::bigint, :other::bigint)] end);
