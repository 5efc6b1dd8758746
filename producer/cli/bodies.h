/*
 * The requests that the command line makes, each with identity, idempotency key and body. `run`
 * names a repetition: the same request under the same run is the same command and done once. Pure.
 */
#ifndef FC_CLI_BODIES_H
#define FC_CLI_BODIES_H

#include "base/id.h"
#include "base/krw.h"
#include "base/time.h"
#include "producer/cli/client.h"

struct cli_option_row {
    int64_t option_id;
    struct fc_str name;
    int64_t surcharge;
    int64_t stock;
};

struct cli_product_row {
    int64_t product_id;
    struct fc_str name;
    struct krw price;
    struct fc_str category;
    bool first_come;
    const struct cli_option_row *options;
    int32_t option_count;
};

struct cli_template_row {
    int64_t template_id; /* 0: the shop chooses */
    struct fc_str name;
    int64_t discount_won;
    int64_t quantity;
    struct fc_instant issue_from;
    struct fc_instant issue_until;
};

struct cli_order_row {
    int64_t user_id;
    struct fc_str number;       /* part of the idempotency key */
    const int64_t *product_ids; /* options instead where `by_option` */
    const int64_t *quantities;
    int32_t line_count;
    bool by_option;
    bool has_ordered_at; /* only an administrator may say it */
    struct fc_instant ordered_at;
    struct fc_uuid coupon_id; /* zero: none */
};

/* What follows in a key must fit. */
#define CLI_RUN_BYTES_MAX 64

void cli_request_product(struct cli_request *request, const struct cli_product_row *product,
                         const char *run);
void cli_request_user(struct cli_request *request, int64_t user_id);
void cli_request_charge(struct cli_request *request, int64_t user_id, struct krw amount,
                        int32_t part, const char *run);
void cli_request_template(struct cli_request *request, const struct cli_template_row *template,
                          const char *run);
void cli_request_issue(struct cli_request *request, int64_t template_id, int64_t user_id,
                       int64_t number);
void cli_request_order(struct cli_request *request, const struct cli_order_row *order,
                       const char *run);
/* What became of a command. */
void cli_request_verdict(struct cli_request *request, const struct fc_uuid *command_id,
                         int64_t user_id);

#endif
