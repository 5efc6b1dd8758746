/*
 * Scenarios: the rules of the core as tables, a line each, run by SCENARIO in a test. A line that
 * does not come true fails the test and is printed with its number. Times are seconds.
 *
 * The state before (rows as if loaded). u1 is a user, c1 a coupon, other ids are bare; product 7
 * has, unless told otherwise, the single option 70:
 *     user u1 [balance N] [held N] [no_wallet]
 *     product 7 [name X] [category X] [price N] [stock N] [reserved N] [ordered] [bare]
 *               [first_come] [stopped]
 *     option 71 of 7 [name X] [surcharge N] [stock N] [reserved N] [ordered]
 *     template 9 [amount N | rate N] [quantity N] [issued N] [from T] [until T] [days N] [min N]
 *     coupon c1 of 9 user u1 [amount N | rate N] [min N] [expires T] [used | expired | cancelled]
 *     policy [charge_min N] [charge_max N] [unit N]... [balance_max N] [refund_within]
 *            [price_step N] [options_max N] [refuse_excess] [valid_days N] [no_days] [no_amount]
 *            [no_rate] [welcome RATE] [welcome_days N] [bank RATE] [bank_seconds N] [no_cancel]
 *            [no_change]
 *     at T              when the next commands are accepted and decided
 *     decided_at T      when they are decided, if not then
 *     batch             all that is so is stored and loaded anew
 * Commands and their verdicts; `as c5` gives the command its id (an order is named by it as o5),
 * `key u1 | p7 | t9 | s1 | d5` another key than its own (s: the policy's, d: a day's), a number
 * behind the verdict is the culprit:
 *     ask register u1 → succeeded
 *     ask charge u1 1000 → charge_not_allowed
 *     ask issue u1 9 as c5 → succeeded
 *     ask revoke c5 → coupon_used
 *     ask lapse 9 c1 c2 → succeeded                       (coupon.expire)
 *     ask template 9 [as the row, without issued] → succeeded
 *     ask drop_template 9 → unknown_template
 *     ask order u1 7x2 o71x1 7/71x3 [coupon c1] [bank] [from N] [ordered_at T]
 *                                                                  → insufficient_stock 70
 *     ask cancel o5 [because X] → order_not_cancellable
 *     ask change o5 7x2 o71x1 → insufficient_balance
 *     ask ship o5 o70x1 → shipment_exceeds_order 70
 *     ask settle o5 approved | declined | timed_out → payment_timed_out
 *     ask expire o5 → payment_timed_out
 *     ask product 7 [name X] [category X] [price N] [first_come] [stopped]
 *                   {option NAME [id N] [surcharge N] [stock N]}... → name_taken 8
 *     ask drop_product 7 → product_in_use 70
 *     ask restock 70 -3 [key p7] → insufficient_stock
 *     ask policy X → succeeded                            (X: its document)
 *     ask close 5 → invalid_request                       (day 5)
 * What is so now, and what came of the last command:
 *     wallet u1 30000 [held N] [version N] · stock 70 TOTAL [reserved N] [delta N] [ordered] ·
 *     issued 9 N · status c1 used · named 71 red ·
 *     gone product 7 | option 71 | template 9 | user u1
 *     state o5 paid [version N] [refunded N] [failure N] [until T] [70x2 71x1:1]... (:1 is shipped)
 *     events wallet.used stock.taken order.paid
 *     paid | placed | changed | cancelled TOTAL DISCOUNT PAID [70x2 71x1@1500]... (@ a piece costs)
 *     transfer FROM_BALANCE DISCOUNT (of the same) · category 70 X (of the same) · difference N ·
 *     moved stock.taken 70x2 71x1 · shipped part | all 70x1
 *     position N · expires T | never · ordered_at T
 *
 * Each command is decided twice on the same state, which must not change a byte of it and give the
 * same verdict; its events are applied.
 */
#ifndef FC_TESTS_SUPPORT_SCENARIO_H
#define FC_TESTS_SUPPORT_SCENARIO_H

#include "core/decide.h"

struct scenario {
    struct fc_arena arena;
    struct shop shop;
    struct policy policy;
    struct fc_instant accepted_at;
    struct fc_instant decided_at;
    struct decision decision; /* of the last command */
    int32_t command_count;
    const char *file; /* of the test */
    int file_line;
    int line;           /* in the table, from 1 */
    struct fc_str text; /* of the line */
    struct fc_str rest; /* of it that was not read yet */
};

#define SCENARIO(table) scenario_run((table), __FILE__, __LINE__)

void scenario_run(const char *table, const char *file, int file_line);

#endif
