-- Folds order events into daily counters, each event once however often it is told: the arrays are
-- one row a line of an order; an event that was counted before adds nothing. No two events of the
-- arrays may have one id.
WITH fresh AS (
    INSERT INTO counted_event (event_id)
    SELECT DISTINCT event_id FROM unnest($1::uuid[]) AS told (event_id)
    ON CONFLICT DO NOTHING
    RETURNING event_id
)
INSERT INTO sales_daily AS s (day, product_id, orders, quantity, revenue)
SELECT line.day, line.product_id, count(DISTINCT line.event_id), sum(line.quantity),
       sum(line.revenue)
FROM fresh
JOIN unnest($1::uuid[], $2::date[], $3::bigint[], $4::bigint[], $5::bigint[])
    AS line (event_id, day, product_id, quantity, revenue) USING (event_id)
GROUP BY line.day, line.product_id
ORDER BY line.day, line.product_id
ON CONFLICT (day, product_id) DO UPDATE
SET orders = s.orders + excluded.orders, quantity = s.quantity + excluded.quantity,
    revenue = s.revenue + excluded.revenue
