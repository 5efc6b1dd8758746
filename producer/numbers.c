#include "producer/numbers.h"

#include <string.h>

#define COUNTER(name, labels, help)                                       \
    {                                                                     \
        "firstcome_ingress_" name, labels, help, FC_METRIC_COUNTER, 0, 0, \
        {                                                                 \
            0                                                             \
        }                                                                 \
    }
#define GAUGE(name, help)                                             \
    {                                                                 \
        "firstcome_ingress_" name, NULL, help, FC_METRIC_GAUGE, 0, 0, \
        {                                                             \
            0                                                         \
        }                                                             \
    }
#define SECONDS(name, help)                                             \
    {                                                                   \
        "firstcome_ingress_" name, NULL, help, FC_METRIC_SECONDS, 0, 0, \
        {                                                               \
            0                                                           \
        }                                                               \
    }

#define ANSWERS "Answers by the class of their status."
#define COMMANDS "Commands by what became of them here."
#define REFUSED "Requests answered 503, by what there was too much or too little of."
#define POLLS "Questions for a command's document by where it is taken from."

static const struct fc_metric table[NUMBER_COUNT] = {
    [NUMBER_ANSWERS_1XX_TO_3XX] = COUNTER("answers_total", "status=\"2xx\"", ANSWERS),
    [NUMBER_ANSWERS_4XX] = COUNTER("answers_total", "status=\"4xx\"", ANSWERS),
    [NUMBER_ANSWERS_5XX] = COUNTER("answers_total", "status=\"5xx\"", ANSWERS),
    [NUMBER_REQUEST_SECONDS] =
        SECONDS("request_seconds", "From the headers of a request to the end of its answer."),
    [NUMBER_COMMANDS_ACCEPTED] = COUNTER("commands_total", "fate=\"accepted\"", COMMANDS),
    [NUMBER_COMMANDS_REFUSED_BUSY] = COUNTER("commands_total", "fate=\"busy\"", COMMANDS),
    [NUMBER_COMMANDS_LOST] = COUNTER("commands_total", "fate=\"unknown\"", COMMANDS),
    [NUMBER_COMMANDS_REROUTED] = COUNTER("commands_total", "fate=\"rerouted\"", COMMANDS),
    [NUMBER_REFUSED_BACKLOG] = COUNTER("refused_total", "reason=\"backlog\"", REFUSED),
    [NUMBER_REFUSED_WINDOW] = COUNTER("refused_total", "reason=\"window\"", REFUSED),
    [NUMBER_REFUSED_BROKER] = COUNTER("refused_total", "reason=\"broker\"", REFUSED),
    [NUMBER_REFUSED_DATABASE] = COUNTER("refused_total", "reason=\"database\"", REFUSED),
    [NUMBER_REFUSED_REQUESTS] = COUNTER("refused_total", "reason=\"requests\"", REFUSED),
    [NUMBER_CONNECTIONS_CUT] =
        COUNTER("connections_cut_total", NULL, "Connections closed to make room for others."),
    [NUMBER_MESSAGES] = COUNTER("messages_total", NULL, "Messages published."),
    [NUMBER_CONFIRM_SECONDS] =
        SECONDS("confirm_seconds", "From a message's publication to its confirm."),
    [NUMBER_VERDICTS] = COUNTER("verdicts_total", NULL, "Verdicts received at the reply queue."),
    [NUMBER_LOOKS] = COUNTER("looks_total", NULL, "Queries for the state of commands."),
    [NUMBER_POLLS_FROM_MEMORY] = COUNTER("polls_total", "from=\"memory\"", POLLS),
    [NUMBER_POLLS_FROM_DATABASE] = COUNTER("polls_total", "from=\"database\"", POLLS),
    [NUMBER_READS] = COUNTER("reads_total", NULL, "Queries for reads."),
    [NUMBER_READ_SECONDS] = SECONDS("read_seconds", "From a read's request to its rows."),
    [NUMBER_REQUESTS_NOW] = GAUGE("requests", "Requests in flight."),
    [NUMBER_CONNECTIONS_NOW] = GAUGE("connections", "Connections of clients."),
    [NUMBER_WAITING_NOW] = GAUGE("waiting", "Requests that wait for a verdict."),
    [NUMBER_UNCONFIRMED_BYTES_NOW] =
        GAUGE("unconfirmed_bytes", "Bytes published and not yet confirmed."),
    [NUMBER_CATALOG_NOW] = GAUGE("catalog_entries", "Products and options known for routing."),
    [NUMBER_ESTIMATED_WAIT_NOW] =
        GAUGE("estimated_wait_seconds",
              "How long a command put into the longest of the queues would wait for its verdict."),
    [NUMBER_BROKER_UP] = GAUGE("broker_up", "1: both connections to the broker stand."),
    [NUMBER_BROKER_BLOCKED] = GAUGE("broker_blocked", "1: the broker has raised an alarm."),
    [NUMBER_DATABASE_UP] = GAUGE("database_up", "1: the connection to the database stands."),
};

void numbers_init(struct numbers *numbers)
{
    memcpy(numbers->table, table, sizeof(table));
}

void numbers_add(struct numbers *numbers, enum number number)
{
    fc_metric_add(&numbers->table[number], 1);
}

void numbers_raise(struct numbers *numbers, enum number number, int64_t value)
{
    struct fc_metric *metric = &numbers->table[number];

    fc_metric_add(metric, value - metric->value);
}

void numbers_set(struct numbers *numbers, enum number number, int64_t value)
{
    fc_metric_set(&numbers->table[number], value);
}

void numbers_observe_us(struct numbers *numbers, enum number number, int64_t us)
{
    fc_metric_observe_us(&numbers->table[number], us);
}

void numbers_answered(struct numbers *numbers, int32_t status, int64_t us)
{
    enum number number = NUMBER_ANSWERS_1XX_TO_3XX;

    if (status >= 500)
        number = NUMBER_ANSWERS_5XX;
    else if (status >= 400)
        number = NUMBER_ANSWERS_4XX;
    numbers_add(numbers, number);
    numbers_observe_us(numbers, NUMBER_REQUEST_SECONDS, us);
}

void numbers_put(const struct numbers *numbers, struct fc_buf *buf)
{
    fc_metrics_put(buf, numbers->table, NUMBER_COUNT, true);
}
