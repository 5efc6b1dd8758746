-- What reads need: the history of an order, and the list of products that begins with the newest.
-- Only adds.

-- The order that a command is about. Not set by the command that places it, whose id is the
-- order's: the rows of the hot path are not in the index.
alter table journal add column order_id uuid;
create index journal_of_order on journal (order_id, seq) where order_id is not null;

create index product_newest on product (created_at, product_id);
