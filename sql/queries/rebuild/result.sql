-- What there is now: events counted, and rows of counters.
select (select count(*) from counted_event) as events,
       (select count(*) from sales_daily) + (select count(*) from sales_option_daily)
           + (select count(*) from sales_category_daily)
           + (select count(*) from sales_total_daily) as rows
