#include "skeleton/exchange.h"

int32_t exchange_send(struct exchange *exchange, const struct sql_query *query,
                      const struct db_params *params)
{
    db_send(exchange->db, query, params);
    return exchange->sent++;
}
