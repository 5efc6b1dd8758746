#include "mq/wire.h"

#include "base/assert.h"
#include "base/limits.h"
#include "host/clock.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define GOODBYE_MS_MAX 500

static struct timeval timeval_of_ms(int64_t ms)
{
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

static struct fc_str str_of(amqp_bytes_t bytes)
{
    return (struct fc_str){bytes.bytes, bytes.len};
}

static amqp_table_entry_t entry_true(const char *key)
{
    return (amqp_table_entry_t){
        .key = amqp_cstring_bytes(key),
        .value = {.kind = AMQP_FIELD_KIND_BOOLEAN, .value = {.boolean = 1}}};
}

static amqp_table_entry_t entry_text(const char *key, const char *text)
{
    return (amqp_table_entry_t){
        .key = amqp_cstring_bytes(key),
        .value = {.kind = AMQP_FIELD_KIND_UTF8, .value = {.bytes = amqp_cstring_bytes(text)}}};
}

/* The library declares none of these by itself; without them the broker keeps silent about alarms
 * and deleted queues. */
static enum fc_rc wire_login(struct mq_wire *wire, const struct mq_settings *settings,
                             struct fc_err *ret_err)
{
    amqp_table_entry_t capabilities[] = {
        entry_true("connection.blocked"), entry_true("consumer_cancel_notify"),
        entry_true("publisher_confirms"), entry_true("basic.nack")};
    amqp_table_entry_t properties[] = {
        entry_text("product", "firstcome"),
        entry_text("connection_name", settings->name),
        {.key = amqp_cstring_bytes("capabilities"),
         .value = {.kind = AMQP_FIELD_KIND_TABLE,
                   .value = {.table = {FC_ARRAY_COUNT(capabilities), capabilities}}}}};
    amqp_table_t table = {FC_ARRAY_COUNT(properties), properties};
    amqp_rpc_reply_t reply = amqp_login_with_properties(
        wire->conn, settings->vhost, MQ_CHANNELS_MAX, MQ_FRAME_BYTES_MAX, HEARTBEAT_S, &table,
        AMQP_SASL_METHOD_PLAIN, settings->user, settings->password);

    /* A broker that waits for TLS cannot say so to who speaks plainly. */
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && !settings->tls)
        return mq_wire_lose(wire, ret_err, "mq_wire_open",
                            "%s port %d: %s; if it wants TLS, "
                            "FIRSTCOME_BROKER begins with amqps://",
                            settings->host, (int)settings->port,
                            amqp_error_string2(reply.library_error));
    if (mq_wire_reply(wire, 0, &reply, "mq_wire_open", ret_err) != FC_OK) {
        /* Only credentials can be refused here: a human has to look at them. */
        if (strcmp(ret_err->code, "403") == 0)
            ret_err->cure = FC_CURE_EXIT;
        return FC_FAIL;
    }
    return FC_OK;
}

/* The major number of "3.10.8"; 0 when the broker does not say. */
static int32_t wire_broker_major(struct mq_wire *wire)
{
    const amqp_table_t *properties = amqp_get_server_properties(wire->conn);

    for (int i = 0; i < properties->num_entries; i++) {
        const amqp_table_entry_t *entry = &properties->entries[i];
        int64_t major;

        if (entry->value.kind != AMQP_FIELD_KIND_UTF8 ||
            !fc_str_eq(str_of(entry->key), FC_STR("version")))
            continue;
        struct fc_str version = str_of(entry->value.value.bytes);

        if (fc_str_to_i64(fc_str_cut(&version, '.'), 0, 1000, &major))
            return (int32_t)major;
    }
    return 0;
}

static enum fc_rc wire_socket(struct mq_wire *wire, const struct mq_settings *settings,
                              amqp_socket_t **ret_socket, struct fc_err *ret_err)
{
    if (settings->tls)
        return mq_tls_socket(&wire->tls, wire->conn, settings, ret_socket, ret_err);
    *ret_socket = amqp_tcp_socket_new(wire->conn);
    if (*ret_socket == NULL)
        return mq_wire_lose(wire, ret_err, "mq_wire_open", "no memory for a socket");
    return FC_OK;
}

static enum fc_rc wire_connect(struct mq_wire *wire, const struct mq_settings *settings,
                               struct fc_err *ret_err)
{
    const char *where = "mq_wire_open";
    struct fc_mono begun = fc_clock_mono();
    amqp_socket_t *socket;
    struct timeval left = timeval_of_ms(DB_CONNECT_S_MAX * 1000);

    if (wire_socket(wire, settings, &socket, ret_err) != FC_OK)
        return FC_FAIL;
    int status = amqp_socket_open_noblock(socket, settings->host, settings->port, &left);

    if (status != AMQP_STATUS_OK)
        return mq_wire_lose(wire, ret_err, where, "%s port %d: %s", settings->host,
                            (int)settings->port,
                            mq_tls_fault(&wire->tls, amqp_error_string2(status)));
    int64_t left_ms = DB_CONNECT_S_MAX * 1000 - fc_clock_ms_since(begun);

    left = timeval_of_ms(left_ms > 1 ? left_ms : 1);
    status = amqp_set_handshake_timeout(wire->conn, &left);
    if (status != AMQP_STATUS_OK)
        return mq_wire_lose(wire, ret_err, where, "%s", amqp_error_string2(status));
    if (wire_login(wire, settings, ret_err) != FC_OK)
        return FC_FAIL;
    left = timeval_of_ms(MQ_RPC_MS_MAX);
    status = amqp_set_rpc_timeout(wire->conn, &left);
    if (status != AMQP_STATUS_OK)
        return mq_wire_lose(wire, ret_err, where, "%s", amqp_error_string2(status));
    return FC_OK;
}

enum fc_rc mq_wire_open(struct mq_wire *wire, const struct mq_settings *settings, size_t out_bytes,
                        struct fc_err *ret_err)
{
    *wire = (struct mq_wire){.memory = malloc(out_bytes)}; /* heap: at open */
    wire->conn = amqp_new_connection();
    if (wire->memory == NULL || wire->conn == NULL) {
        (void)mq_wire_lose(wire, ret_err, "mq_wire_open", "no memory for a connection");
        goto out;
    }
    mq_out_init(&wire->out, wire->memory, out_bytes, MQ_FRAME_BYTES_MAX);
    if (wire_connect(wire, settings, ret_err) != FC_OK) {
        wire->lost = true;
        goto out;
    }
    wire->out.frame_max = (size_t)amqp_get_frame_max(wire->conn);
    if (wire->out.frame_max < AMQP_FRAME_MIN_SIZE) {
        (void)mq_wire_lose(wire, ret_err, "mq_wire_open", "the broker wants frames of %zu bytes",
                           wire->out.frame_max);
        goto out;
    }
    wire->channel_max = (uint16_t)amqp_get_channel_max(wire->conn);
    wire->broker_major = wire_broker_major(wire);
    wire->heard = fc_clock_mono();
    FC_ASSERT(wire->channel_max >= 1);
    FC_ASSERT(wire->channel_max <= MQ_CHANNELS_MAX);
    return FC_OK;
out:
    mq_wire_close(wire);
    return FC_FAIL;
}

void mq_wire_close(struct mq_wire *wire)
{
    if (wire->conn != NULL) {
        /* A broker under alarm does not read, and half a frame would swallow the goodbye. */
        if (!wire->lost && !wire->blocked && !mq_wire_is_cut(wire)) {
            struct timeval goodbye = timeval_of_ms(GOODBYE_MS_MAX);

            if (amqp_set_rpc_timeout(wire->conn, &goodbye) == AMQP_STATUS_OK)
                (void)amqp_connection_close(wire->conn, AMQP_REPLY_SUCCESS);
        }
        (void)amqp_destroy_connection(wire->conn);
    }
    free(wire->memory);
    *wire = (struct mq_wire){.lost = true};
}
