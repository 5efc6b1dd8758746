#include "support/chaos_choose.h"

#include "base/assert.h"

#define CHARGE_STEP 1000
#define CHARGE_STEPS 50
#define QUANTITY_MOST 3
#define RESTOCK_MOST 20

static const char *const mix_names[CHAOS_MIX_COUNT] = {"coupon", "order", "charge", "cancel",
                                                       "restock"};

static bool percent(struct chaos_choice *choice, int64_t share)
{
    return chance_below(&choice->chance, 100) < share;
}

static int64_t any_of(struct chaos_choice *choice, struct chaos_range range)
{
    return range.first + chance_below(&choice->chance, range.count);
}

/* --- what is said on the command line --------------------------------------------------------- */

static bool share_parse(struct fc_str text, struct chaos_mix *mix)
{
    struct fc_str name = fc_str_cut(&text, '=');

    for (int i = 0; i < CHAOS_MIX_COUNT; i++)
        if (fc_str_eq(name, fc_str_of(mix_names[i])))
            return fc_str_to_i64(text, 0, 1000, &mix->shares[i]);
    return false;
}

bool chaos_mix_parse(struct fc_str text, struct chaos_mix *ret_mix)
{
    struct chaos_mix mix = {{0}};
    int64_t sum = 0;

    while (text.len > 0)
        if (!share_parse(fc_str_cut(&text, ','), &mix))
            return false;
    for (int i = 0; i < CHAOS_MIX_COUNT; i++)
        sum += mix.shares[i];
    if (sum == 0)
        return false;
    *ret_mix = mix;
    return true;
}

void chaos_choice_seed(struct chaos_choice *choice, int64_t seed)
{
    /* The golden ratio's bits: xorshift begins badly with few of them set. */
    choice->chance.state = ((uint64_t)seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
    if (choice->chance.state == 0)
        choice->chance.state = 1;
}

/* --- wishes ----------------------------------------------------------------------------------- */

/* Mostly it is given away; seldom it is named a second time, which has to be refused. */
static bool take(struct chaos_choice *choice, struct chaos_shelf *shelf,
                 struct chaos_kept *ret_kept)
{
    if (shelf->count == 0)
        return false;
    int32_t index = (int32_t)chance_below(&choice->chance, shelf->count);

    *ret_kept = shelf->items[index];
    if (!percent(choice, 10))
        shelf->items[index] = shelf->items[--shelf->count];
    return true;
}

void chaos_keep(struct chaos_choice *choice, struct chaos_shelf *shelf,
                const struct chaos_kept *kept)
{
    int32_t index = shelf->count < CHAOS_KEPT_MAX
                        ? shelf->count++
                        : (int32_t)chance_below(&choice->chance, CHAOS_KEPT_MAX);

    shelf->items[index] = *kept;
}

void chaos_template_is_sold_out(struct chaos_choice *choice, int64_t template_id)
{
    int64_t until = template_id - choice->templates.first + 1;

    if (until > choice->sold_out && until < choice->templates.count)
        choice->sold_out = until;
}

/* All clients race for the first template of which something is left, and move on to the next
 * together. */
static void wish_coupon(struct chaos_choice *choice, struct chaos_wish *wish)
{
    wish->subject_id = choice->templates.first + choice->sold_out;
    if (percent(choice, 15))
        wish->subject_id = any_of(choice, choice->templates);
}

static struct chaos_line any_line(struct chaos_choice *choice)
{
    int64_t product_id = any_of(choice, choice->products);

    return (struct chaos_line){
        .product_id = product_id,
        .option = (int32_t)chance_below(&choice->chance, chaos_option_count(product_id)),
        .quantity = (int32_t)chance_below(&choice->chance, QUANTITY_MOST) + 1,
    };
}

/* An order may hold one first-come product; a second one is left out. */
static void wish_order(struct chaos_choice *choice, struct chaos_wish *wish)
{
    int64_t wanted = chance_below(&choice->chance, CHAOS_LINES_MAX) + 1;
    bool has_first_come = false;
    struct chaos_kept coupon;

    for (int64_t i = 0; i < wanted; i++) {
        struct chaos_line line = any_line(choice);
        bool first_come = chaos_is_first_come(line.product_id);

        if (first_come && has_first_come)
            continue;
        has_first_come = has_first_come || first_come;
        wish->lines[wish->line_count++] = line;
    }
    if (percent(choice, 40) && take(choice, &choice->coupons, &coupon)) {
        wish->coupon_id = coupon.id;
        wish->user_id = coupon.user_id;
    }
    wish->by_transfer = percent(choice, choice->transfer_percent);
}

static void wish_restock(struct chaos_choice *choice, struct chaos_wish *wish)
{
    wish->user_id = CHAOS_ADMIN_ID;
    wish->line_count = 1;
    wish->lines[0] = any_line(choice);
    wish->subject_id = wish->lines[0].product_id;
    wish->amount = chance_below(&choice->chance, RESTOCK_MOST) + 1;
}

static enum chaos_kind any_kind(struct chaos_choice *choice)
{
    int64_t sum = 0;
    int kind = 0;

    for (int i = 0; i < CHAOS_MIX_COUNT; i++)
        sum += choice->mix.shares[i];
    FC_ASSERT(sum > 0);
    int64_t at = chance_below(&choice->chance, sum);

    while (at >= choice->mix.shares[kind])
        at -= choice->mix.shares[kind++];
    return (enum chaos_kind)kind;
}

void chaos_choose(struct chaos_choice *choice, struct chaos_wish *ret_wish)
{
    struct chaos_wish wish = {.kind = any_kind(choice), .user_id = any_of(choice, choice->users)};
    struct chaos_kept order;

    if (wish.kind == CHAOS_CANCEL && !take(choice, &choice->orders, &order))
        wish.kind = CHAOS_CHARGE;
    if (wish.kind == CHAOS_COUPON) {
        wish_coupon(choice, &wish);
    } else if (wish.kind == CHAOS_ORDER) {
        wish_order(choice, &wish);
    } else if (wish.kind == CHAOS_RESTOCK) {
        wish_restock(choice, &wish);
    } else if (wish.kind == CHAOS_CANCEL) {
        wish.user_id = order.user_id;
        wish.order_id = order.id;
        wish.key = order.key;
    } else {
        wish.amount = (chance_below(&choice->chance, CHARGE_STEPS) + 1) * CHARGE_STEP;
    }
    chaos_wish_key(&wish);
    *ret_wish = wish;
}

/* --- manners ---------------------------------------------------------------------------------- */

struct chaos_manner chaos_choose_manner(struct chaos_choice *choice)
{
    struct chaos_manner manner = {
        .keyed = !percent(choice, 8),
        .over_amqp = percent(choice, choice->amqp_percent),
    };

    if (percent(choice, 40))
        manner.wait_s = (int32_t)chance_below(&choice->chance, 10) + 1;
    if (!manner.keyed)
        return manner;
    manner.copied = percent(choice, 4);
    if (percent(choice, 10))
        manner.patience_ms = (int32_t)chance_below(&choice->chance, 500) + 5;
    return manner;
}

void chaos_retry_init(struct fc_backoff *backoff, struct chaos_choice *choice)
{
    fc_backoff_init_between(backoff, CHAOS_RETRY_MS_MIN, CHAOS_RETRY_MS_MAX,
                            (uint64_t)chance_below(&choice->chance, INT64_C(1) << 50));
}

int32_t chaos_retry_ms(struct fc_backoff *backoff, int32_t retry_after_s)
{
    int32_t ms = fc_backoff_next_ms(backoff);
    int32_t least_s =
        retry_after_s < CHAOS_RETRY_AFTER_S_MAX ? retry_after_s : CHAOS_RETRY_AFTER_S_MAX;

    /* All those that were told the same second do not come back in the same moment. */
    return ms < least_s * 1000 ? least_s * 1000 + ms % 1000 : ms;
}
