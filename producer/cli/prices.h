/*
 * What the catalogue asks for the products of a plan. A product of several options, or none, has no
 * price of its own: an order may not name it alone.
 */
#ifndef FC_CLI_PRICES_H
#define FC_CLI_PRICES_H

#include "producer/cli/cli.h"
#include "producer/cli/client.h"
#include "producer/cli/plan.h"

/* Fills the plan's products. Trouble when the ingress does not answer in time, or the command was
 * asked to stop. */
FC_MUST_USE enum fc_rc cli_prices_fetch(const struct cli *cli, struct cli_client *client,
                                        struct plan *plan, int32_t width, struct fc_err *ret_err);

#endif
