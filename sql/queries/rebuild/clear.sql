-- Forgets the counters and what is in them. What was kept when days were closed stays.
with events as (delete from counted_event),
options as (delete from sales_option_daily),
categories as (delete from sales_category_daily),
totals as (delete from sales_total_daily)
delete from sales_daily
