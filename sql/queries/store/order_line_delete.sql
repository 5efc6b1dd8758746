-- Lines of orders whose lines are written anew.
delete from order_line where order_id = any ($1::uuid[])
