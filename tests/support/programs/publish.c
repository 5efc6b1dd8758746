/*
 * A producer of its own kind, for the end-to-end tests: what stands on stdin goes to a queue of
 * commands line by line, each line a message, whether it is a command or not. Ends with 0 when the
 * broker has confirmed all of it. Where the broker is it takes from FIRSTCOME_BROKER.
 */
#include "base/limits.h"
#include "host/process.h"
#include "mq/publisher.h"
#include "mq/topology.h"
#include "wire/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 30000

struct line {
    char bytes[MESSAGE_BYTES_MAX + 1];
    size_t len;
};

static int usage(void)
{
    (void)fputs("Usage: publish coupon|order KEY [PARTITION] <messages, one a line\n"
                "Publishes to the partition of KEY among FIRSTCOME_PARTITIONS (16), or to the one\n"
                "that is named.\n",
                stderr);
    return FC_EXIT_USAGE;
}

static int trouble(const struct fc_err *err)
{
    (void)fprintf(stderr, "publish: %s: %s\n", err->where, err->text);
    return FC_EXIT_LATER;
}

/* False at the end of the input. A longer line is cut into several. */
static bool next_line(struct line *line)
{
    if (fgets(line->bytes, sizeof(line->bytes), stdin) == NULL)
        return false;
    line->len = strcspn(line->bytes, "\n");
    return true;
}

static enum fc_rc publish_all(struct mq_publisher *publisher, const char *queue, int64_t *ret_count,
                              struct fc_err *ret_err)
{
    static struct line line;
    int64_t count = 0;

    while (next_line(&line)) {
        struct mq_message message = {.exchange = FC_STR(MQ_EXCHANGE_COMMANDS),
                                     .routing_key = fc_str_of(queue),
                                     .type = FC_STR("firstcome.commands.v1"),
                                     .body = {line.bytes, line.len},
                                     .mandatory = true};
        uint64_t seq = 0;

        if (mq_publisher_put(publisher, &message, &seq, ret_err) == FC_FAIL) {
            /* The buffer is full: let it empty itself, then try once more. */
            if (ret_err->cure != FC_CURE_RETRY ||
                mq_publisher_wait(publisher, WAIT_MS, ret_err) == FC_FAIL ||
                mq_publisher_put(publisher, &message, &seq, ret_err) == FC_FAIL)
                return FC_FAIL;
        }
        count++;
    }
    *ret_count = count;
    return mq_publisher_wait(publisher, WAIT_MS, ret_err);
}

static bool number_of(const char *text, int64_t max, int32_t *ret_value)
{
    int64_t value = 0;

    if (!fc_str_to_i64(fc_str_of(text), 0, max, &value))
        return false;
    *ret_value = (int32_t)value;
    return true;
}

int main(int argc, char **argv)
{
    const char *broker = getenv("FIRSTCOME_BROKER");
    const char *partitions_text = getenv("FIRSTCOME_PARTITIONS");
    struct mq_settings settings;
    struct mq_publisher *publisher = NULL;
    struct fc_err err;
    char queue[WIRE_QUEUE_TEXT_MAX];
    int32_t partitions = 16;
    int64_t count = 0;

    if (argc < 3 || argc > 4 || broker == NULL)
        return usage();
    bool is_coupon = strcmp(argv[1], wire_family_name(WIRE_FAMILY_COUPON)) == 0;
    enum wire_family family = is_coupon ? WIRE_FAMILY_COUPON : WIRE_FAMILY_ORDER;

    if (partitions_text != NULL && !number_of(partitions_text, PARTITIONS_MAX, &partitions))
        return usage();
    int32_t partition = wire_route_partition(fc_str_of(argv[2]), partitions);

    if (argc == 4 && !number_of(argv[3], partitions - 1, &partition))
        return usage();
    wire_route_queue(family, partition, queue);
    if (mq_settings_parse(fc_str_of(broker), "publish", &settings, &err) == FC_FAIL ||
        mq_publisher_open(&settings, &publisher, &err) == FC_FAIL)
        return trouble(&err);
    enum fc_rc rc = publish_all(publisher, queue, &count, &err);

    mq_publisher_close(publisher);
    if (rc == FC_FAIL)
        return trouble(&err);
    (void)printf("%s %lld\n", queue, (long long)count);
    return FC_EXIT_OK;
}
