/* Nothing is oversold: options and coupon templates, from the journal and from the tables. */
#include "support/history_check_judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* --- options ---------------------------------------------------------------------------------- */

/* One thing that happened to an option, or one line of an order that holds some of it. */
struct move {
    int64_t option_id;
    int64_t seq;
    int32_t place;
    bool born;
    int64_t total; /* put in or taken out */
    int64_t reserved;
    int64_t supply; /* of these, what was not sold: births and restocks */
    int64_t sold;   /* of the tables: orders that are paid */
    int64_t waiting;
};

struct moves {
    struct move *moves;
    int64_t move_count;
    int64_t move_room;
};

static int compare_moves(const void *a, const void *b)
{
    const struct move *left = a;
    const struct move *right = b;

    if (left->option_id != right->option_id)
        return ORDER(left->option_id, right->option_id);
    if (left->seq != right->seq)
        return ORDER(left->seq, right->seq);
    return ORDER(left->place, right->place);
}

static struct move move_of(const struct evidence_event *event, const struct evidence_line *line)
{
    struct move move = {.option_id = line->option_id};
    int64_t quantity = line->quantity;

    if (event->told == TOLD_PRODUCT_PUT) {
        move.born = true;
        move.total = move.supply = quantity;
    } else if (event->told == TOLD_STOCK_RESERVED) {
        move.reserved = quantity;
    } else if (event->told == TOLD_STOCK_RELEASED) {
        move.reserved = -quantity;
    } else if (event->told == TOLD_STOCK_TAKEN) {
        move.total = -quantity;
        move.reserved = event->from_held ? -quantity : 0;
    } else if (event->told == TOLD_STOCK_RETURNED) {
        move.total = quantity;
    }
    return move;
}

static bool moves_stock(enum told told)
{
    return told == TOLD_PRODUCT_PUT || told == TOLD_STOCK_RESERVED || told == TOLD_STOCK_RELEASED ||
           told == TOLD_STOCK_TAKEN || told == TOLD_STOCK_RETURNED;
}

static void add_event(const struct evidence *evidence, const struct evidence_event *event,
                      struct moves *moves)
{
    int64_t seq = evidence->rows[event->row].seq;

    if (event->told == TOLD_STOCK_RESTOCKED)
        *ARRAY_ADD(moves, move) = (struct move){.option_id = event->thing,
                                                .seq = seq,
                                                .place = event->place,
                                                .total = event->amount,
                                                .supply = event->amount};
    for (int32_t i = 0; moves_stock(event->told) && i < event->line_count; i++) {
        struct move move = move_of(event, &evidence->lines[event->first_line + i]);

        move.seq = seq;
        move.place = event->place;
        *ARRAY_ADD(moves, move) = move;
    }
}

static int compare_orders(const void *a, const void *b)
{
    const struct evidence_order *left = a;
    const struct evidence_order *right = b;

    return fc_uuid_cmp(&left->id, &right->id);
}

/* Lines of living orders come last: no birth takes them away. */
static void add_orders(const struct evidence *evidence, struct moves *moves)
{
    struct evidence_order *orders = array_new(evidence->order_count, sizeof(*orders));

    for (int64_t i = 0; i < evidence->order_count; i++)
        orders[i] = evidence->orders[i];
    qsort(orders, (size_t)evidence->order_count, sizeof(*orders), compare_orders);
    for (int64_t i = 0; i < evidence->order_line_count; i++) {
        const struct evidence_order_line *line = &evidence->order_lines[i];
        const struct evidence_order wanted = {.id = line->order_id};
        const struct evidence_order *order =
            bsearch(&wanted, orders, (size_t)evidence->order_count, sizeof(wanted), compare_orders);
        const char *status = order == NULL ? "" : names_text(&evidence->names, order->status);
        bool waits = strcmp(status, "pending_payment") == 0;

        if (strcmp(status, "cancelled") == 0 || strcmp(status, "failed") == 0)
            continue;
        *ARRAY_ADD(moves, move) = (struct move){.option_id = line->option_id,
                                                .seq = INT64_MAX,
                                                .sold = waits ? 0 : line->quantity,
                                                .waiting = waits ? line->quantity : 0};
    }
    free(orders);
}

static int compare_options(const void *a, const void *b)
{
    const struct evidence_option *left = a;
    const struct evidence_option *right = b;

    return ORDER(left->option_id, right->option_id);
}

/* What the moves of one option come to; *at goes behind them. */
static struct move add_up(const struct moves *moves, int64_t *at)
{
    struct move sum = {.option_id = moves->moves[*at].option_id};

    for (; *at < moves->move_count && moves->moves[*at].option_id == sum.option_id; ++*at) {
        const struct move *move = &moves->moves[*at];

        /* An option that was deleted may come back: only its last life counts. */
        if (move->born)
            sum = (struct move){.option_id = sum.option_id};
        sum.total += move->total;
        sum.reserved += move->reserved;
        sum.supply += move->supply;
        sum.sold += move->sold;
        sum.waiting += move->waiting;
    }
    return sum;
}

static void judge_option(const struct evidence_option *option, const struct move *sum,
                         struct history_check *check)
{
    if (option->reserved < 0 || option->reserved > option->total)
        violated(check, "option %" PRId64 " is oversold: total %" PRId64 ", reserved %" PRId64,
                 option->option_id, option->total, option->reserved);
    if (option->total != sum->total || option->reserved != sum->reserved)
        violated(check,
                 "option %" PRId64 " has total %" PRId64 " and reserved %" PRId64
                 ", the journal comes to %" PRId64 " and %" PRId64,
                 option->option_id, option->total, option->reserved, sum->total, sum->reserved);
    if (option->total + sum->sold != sum->supply || option->reserved != sum->waiting)
        violated(check,
                 "option %" PRId64 ": put in %" PRId64 ", left %" PRId64 ", sold in orders %" PRId64
                 "; reserved %" PRId64 ", waiting in orders %" PRId64,
                 option->option_id, sum->supply, option->total, sum->sold, option->reserved,
                 sum->waiting);
}

void judge_stock(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct evidence_option *options = array_new(evidence->option_count, sizeof(*options));
    struct moves moves = {.moves = NULL};
    int64_t next = 0;
    int64_t at = 0;

    for (int64_t i = 0; i < evidence->option_count; i++)
        options[i] = evidence->options[i];
    for (int64_t i = 0; i < evidence->event_count; i++)
        add_event(evidence, &evidence->events[i], &moves);
    add_orders(evidence, &moves);
    if (moves.move_count > 0)
        qsort(moves.moves, (size_t)moves.move_count, sizeof(*moves.moves), compare_moves);
    qsort(options, (size_t)evidence->option_count, sizeof(*options), compare_options);
    while (at < moves.move_count || next < evidence->option_count) {
        bool has_moves =
            at < moves.move_count && (next == evidence->option_count ||
                                      moves.moves[at].option_id <= options[next].option_id);
        struct move sum = {.option_id = 0};

        if (has_moves)
            sum = add_up(&moves, &at);
        if (next < evidence->option_count &&
            (!has_moves || options[next].option_id == sum.option_id))
            judge_option(&options[next++], &sum, check);
        else if (sum.sold != 0 || sum.waiting != 0)
            violated(check, "option %" PRId64 " is sold and not there", sum.option_id);
    }
    check->compared = evidence->option_count;
    free(moves.moves);
    free(options);
}

/* --- coupon templates ------------------------------------------------------------------------- */

/* Coupons of the table (held) or issued by the journal. */
struct issue {
    int64_t template_id;
    int64_t position;
    bool held;
};

static int compare_issues(const void *a, const void *b)
{
    const struct issue *left = a;
    const struct issue *right = b;

    if (left->template_id != right->template_id)
        return ORDER(left->template_id, right->template_id);
    if (left->held != right->held)
        return ORDER(left->held, right->held);
    return ORDER(left->position, right->position);
}

static int compare_templates(const void *a, const void *b)
{
    const struct evidence_template *left = a;
    const struct evidence_template *right = b;

    return ORDER(left->template_id, right->template_id);
}

static int64_t find_issues(const struct evidence *evidence, struct issue *issues)
{
    int64_t count = 0;

    for (int64_t i = 0; i < evidence->coupon_count; i++) {
        const struct evidence_coupon *coupon = &evidence->coupons[i];

        if (coupon->template_id != 0)
            issues[count++] = (struct issue){coupon->template_id, coupon->position, true};
    }
    for (int64_t i = 0; i < evidence->event_count; i++) {
        const struct evidence_event *event = &evidence->events[i];

        if (event->told == TOLD_COUPON_ISSUED && event->thing != 0)
            issues[count++] = (struct issue){event->thing, event->after, false};
    }
    qsort(issues, (size_t)count, sizeof(*issues), compare_issues);
    return count;
}

static void judge_a_template(const struct evidence_template *template, const struct issue *issues,
                             int64_t count, struct history_check *check)
{
    int64_t held = 0;
    int64_t told = 0;
    int64_t out_of_place = 0;

    for (int64_t i = 0; i < count; i++) {
        int64_t *place = issues[i].held ? &held : &told;

        ++*place;
        out_of_place += issues[i].position != *place;
    }
    if (template->quantity >= 0 && held > template->quantity)
        violated(check, "template %" PRId64 " is oversold: %" PRId64 " coupons of %" PRId64,
                 template->template_id, held, template->quantity);
    if (held != template->issued || told != template->issued)
        violated(check,
                 "template %" PRId64 " has issued %" PRId64 ", there are %" PRId64
                 " coupons of it, and the journal issued %" PRId64,
                 template->template_id, template->issued, held, told);
    if (out_of_place > 0)
        violated(check,
                 "template %" PRId64 ": %" PRId64 " positions are not 1 to %" PRId64 ", each once",
                 template->template_id, out_of_place, held);
}

void judge_coupons(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct issue *issues =
        array_new(evidence->coupon_count + evidence->event_count, sizeof(*issues));
    struct evidence_template *templates = array_new(evidence->template_count, sizeof(*templates));
    int64_t count = find_issues(evidence, issues);
    int64_t at = 0;

    for (int64_t i = 0; i < evidence->template_count; i++)
        templates[i] = evidence->templates[i];
    qsort(templates, (size_t)evidence->template_count, sizeof(*templates), compare_templates);
    for (int64_t i = 0; i < evidence->template_count; i++) {
        const struct evidence_template *template = &templates[i];
        int64_t from;

        for (; at < count && issues[at].template_id < template->template_id; at++)
            violated(check, "there is no template %" PRId64 " for a coupon",
                     issues[at].template_id);
        from = at;
        while (at < count && issues[at].template_id == template->template_id)
            at++;
        judge_a_template(template, &issues[from], at - from, check);
    }
    for (; at < count; at++)
        violated(check, "there is no template %" PRId64 " for a coupon", issues[at].template_id);
    check->compared = evidence->template_count;
    free(templates);
    free(issues);
}
