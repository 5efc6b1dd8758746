#include "producer/health.h"

#include "producer/answer.h"
#include "producer/ingress.h"
#include "producer/openapi.h"
#include "producer/routes.h"
#include "wire/words.h"

/* Commands are taken, reads are answered: all of it has to stand. */
static bool put_ready(struct ingress *ingress, struct fc_buf *buf)
{
    const struct broker *broker = &ingress->broker;
    bool connected = broker->publisher != NULL && broker->consumer != NULL;
    bool blocked = connected && mq_publisher_is_blocked(broker->publisher, NULL);
    bool database = ingress->database.db != NULL;
    bool ready =
        connected && !blocked && database && ingress->database.schema_ok && !ingress->stopping;
    const char *broker_word = "disconnected";
    struct wire_json json;

    if (connected)
        broker_word = blocked ? "blocked" : "connected";
    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    wire_put_bool(&json, "ready", ready);
    wire_put_word(&json, "broker", broker_word);
    wire_put_word(&json, "database", database ? "connected" : "disconnected");
    wire_put_word(&json, "schema", ingress->database.schema_ok ? "current" : "not_checked");
    wire_put_bool(&json, "stopping", ingress->stopping);
    wire_json_object_end(&json);
    return ready;
}

static void put_metrics(struct ingress *ingress, struct fc_buf *buf)
{
    struct numbers *numbers = &ingress->numbers;
    struct mq_publisher *publisher = ingress->broker.publisher;
    int32_t requests;
    int32_t connections;

    http_count(ingress->http, &requests, &connections);
    numbers_set(numbers, NUMBER_REQUESTS_NOW, requests);
    numbers_set(numbers, NUMBER_CONNECTIONS_NOW, connections);
    numbers_raise(numbers, NUMBER_CONNECTIONS_CUT, http_moved(ingress->http));
    numbers_set(numbers, NUMBER_WAITING_NOW, ingress->status.waits.count);
    numbers_set(numbers, NUMBER_UNCONFIRMED_BYTES_NOW,
                publisher == NULL ? 0 : (int64_t)mq_publisher_unconfirmed_bytes(publisher));
    numbers_set(numbers, NUMBER_CATALOG_NOW, ingress->catalog.count);
    numbers_set(numbers, NUMBER_ESTIMATED_WAIT_NOW,
                (backlog_longest_us(&ingress->backlog, ingress->now) + 500000) / 1000000);
    numbers_set(numbers, NUMBER_BROKER_UP, publisher != NULL && ingress->broker.consumer != NULL);
    numbers_set(numbers, NUMBER_BROKER_BLOCKED,
                publisher != NULL && mq_publisher_is_blocked(publisher, NULL));
    numbers_set(numbers, NUMBER_DATABASE_UP, ingress->database.db != NULL);
    numbers_put(numbers, buf);
}

void health_answer(struct ingress *ingress, struct request *request)
{
    struct fc_buf body = answer_begin(ingress);
    bool ready = true;

    if (request->route->name == ROUTE_METRICS) {
        put_metrics(ingress, &body);
        answer_text(ingress, request, &body, 200, "text/plain; version=0.0.4; charset=utf-8");
        return;
    }
    if (request->route->name == ROUTE_OPENAPI) {
        fc_buf_put(&body, (struct fc_str){openapi_text, openapi_bytes});
        answer_tagged(ingress, request, &body);
        return;
    }
    if (request->route->name == ROUTE_READYZ)
        ready = put_ready(ingress, &body);
    else
        fc_buf_put_text(&body, "{\"live\":true}");
    answer_text(ingress, request, &body, ready ? 200 : 503, "application/json");
}

static void source_metrics(void *arg, struct fc_buf *buf)
{
    put_metrics(arg, buf);
}

static bool source_ready(void *arg, struct fc_buf *buf)
{
    return put_ready(arg, buf);
}

struct fc_exporter_source health_source(struct ingress *ingress)
{
    return (struct fc_exporter_source){source_metrics, source_ready, ingress};
}
