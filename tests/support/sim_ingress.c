#include "support/sim_ingress.h"

#include "base/assert.h"
#include "support/sim_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void sim_ingress_reset(struct sim_world *world)
{
    struct sim_ingress *ingress = &world->ingress;

    ingress->asked_count = ingress->rubbish_count = ingress->poison_count = 0;
    ingress->poison_copies = ingress->poison_deaths = 0;
    ingress->id_count = 0;
    memset(ingress->last, 0, sizeof(ingress->last));
    for (int32_t family = 0; family < WIRE_FAMILY_COUNT; family++)
        for (int32_t p = 0; p < SIM_PARTITIONS; p++)
            ingress->bundles[family][p].len = 0;
    for (int32_t i = 0; i < SIM_INGRESSES; i++)
        ingress->clocks_us[i] =
            world->size.clock_jump_s == 0 ? 0 : (int64_t)sim_draw(world, 4000) * 1000 - 2000000;
}

bool sim_ingress_has_room(const struct sim_ingress *ingress)
{
    return ingress->asked_count < SIM_ASKED_MAX - 16;
}

bool sim_ingress_is_poison(const struct sim_ingress *ingress, const struct fc_uuid *id)
{
    for (int32_t i = 0; i < ingress->asked_count && ingress->poison_count > 0; i++)
        if (ingress->asked[i].poison && fc_uuid_eq(&ingress->asked[i].id, id))
            return true;
    return false;
}

static void publish(struct sim_world *world, int32_t family, int32_t partition, struct fc_str bytes)
{
    struct sim_quorum *queue = &world->queues[family][partition];
    struct fc_str *last = &world->ingress.last[family][partition];

    /* Now and then the confirm of the one before did not come, and it is published again. */
    if (last->len > 0 && sim_percent(world, 4)) {
        sim_quorum_publish(queue, *last);
        world->ingress.poison_copies += world->ingress.poison_count;
        sim_count(world, SIM_MESSAGES_AGAIN);
    }
    *last = sim_db_keep(&world->db, bytes);
    sim_quorum_publish(queue, *last);
    sim_trace(world, "%s.%d: message %d", wire_family_name((enum wire_family)family), partition,
              queue->count - 1);
}

static void bundle_send(struct sim_world *world, int32_t family, int32_t partition)
{
    struct sim_bundle *bundle = &world->ingress.bundles[family][partition];

    if (bundle->len == 0)
        return;
    bundle->bytes[bundle->len] = ']';
    if (bundle->count > 1)
        sim_count(world, SIM_MESSAGES_OF_SEVERAL);
    /* One command alone is a message, too. */
    if (bundle->count == 1)
        publish(world, family, partition, (struct fc_str){bundle->bytes + 1, bundle->len - 1});
    else
        publish(world, family, partition, (struct fc_str){bundle->bytes, bundle->len + 1});
    bundle->len = 0;
}

static void bundle_add(struct sim_world *world, int32_t family, int32_t partition,
                       struct fc_str element)
{
    struct sim_bundle *bundle = &world->ingress.bundles[family][partition];

    if (bundle->len + element.len + 2 > sizeof(bundle->bytes))
        bundle_send(world, family, partition);
    if (bundle->len == 0)
        bundle->count = 0;
    bundle->bytes[bundle->len] = bundle->len == 0 ? '[' : ',';
    memcpy(bundle->bytes + bundle->len + 1, element.ptr, element.len);
    bundle->len += element.len + 1;
    bundle->count++;
}

void sim_ingress_turn(struct sim_world *world, bool all)
{
    for (int32_t family = 0; family < WIRE_FAMILY_COUNT; family++)
        for (int32_t p = 0; p < world->size.partitions; p++)
            if (all || sim_percent(world, 40))
                bundle_send(world, family, p);
}

static struct fc_uuid new_id(struct sim_world *world, struct fc_instant at)
{
    return fc_uuid_v8(at, world->ingress.id_count++ % 4096, sim_draw(world, UINT32_MAX));
}

static void accept(struct sim_world *world, struct wire_command *command, bool repeats, bool astray)
{
    static char bytes[SIM_BUNDLE_BYTES / 2];
    static char body_bytes[4096];
    struct sim_ingress *ingress = &world->ingress;
    struct fc_buf buf = fc_buf_of(bytes, sizeof(bytes));
    struct fc_buf body = fc_buf_of(body_bytes, sizeof(body_bytes));
    const struct fc_uuid *order_id = command_order_id(&command->command);
    struct sim_asked *asked = &ingress->asked[ingress->asked_count];

    FC_ASSERT(ingress->asked_count < SIM_ASKED_MAX);
    wire_body_put(&body, &command->command);
    command->body = fc_buf_str(&body);
    wire_command_put(&buf, command);
    FC_ASSERT(!body.overflow && !buf.overflow);
    *asked = (struct sim_asked){
        .id = command->command.id,
        .family = wire_command_family(command->command.type),
        .type = command->command.type,
        .accepted_us = command->command.accepted_at.us,
        .repeats = repeats,
        .astray = astray,
    };
    (void)fc_str_copy(command->key, asked->key, sizeof(asked->key));
    if (order_id != NULL)
        asked->order_id = *order_id;
    ingress->asked_count++;
    int32_t partition = wire_route_partition(command->key, world->size.partitions);

    if (astray)
        partition = (partition + 1) % world->size.partitions;
    bundle_add(world, (int32_t)asked->family, partition, fc_buf_str(&buf));
}

static void poison(struct sim_world *world)
{
    struct sim_ingress *ingress = &world->ingress;

    ingress->asked[ingress->asked_count - 1].poison = true;
    ingress->poison_count++;
    sim_count(world, SIM_POISON_SENT);
}

void sim_ingress_ask(struct sim_world *world, const struct command *body, const char *key)
{
    struct wire_command command = {.command = *body, .key = fc_str_of(key)};
    char idempotency_key[16];
    /* By a producer that does not know where to, or wants to jump a queue. */
    bool astray = world->size.partitions > 1 && sim_percent(world, 2);

    command.command.accepted_at.us =
        world->now.us + world->ingress.clocks_us[sim_draw(world, SIM_INGRESSES)];
    command.command.id = new_id(world, command.command.accepted_at);
    if (sim_percent(world, 40)) {
        (void)snprintf(idempotency_key, sizeof(idempotency_key), "k%u", sim_draw(world, 10));
        command.idempotency_key = fc_str_of(idempotency_key);
    }
    if (sim_percent(world, 30))
        command.reply_to = sim_percent(world, 50) ? FC_STR("amq.gen-1") : FC_STR("amq.gen-2");
    if (!wire_command_key_parse(command.key, &command.command.key))
        FC_UNREACHABLE("a simulated key is a key");
    accept(world, &command, false, astray);
    if (astray)
        sim_count(world, SIM_SENT_ASTRAY);
    if (world->size.poison > 0 && world->ingress.poison_count < 2 &&
        sim_percent(world, (uint32_t)world->size.poison))
        poison(world);
    if (sim_percent(world, 10)) {
        accept(world, &command, true, astray);
        world->ingress.poison_copies += world->ingress.poison_count;
        sim_count(world, SIM_SAME_ID_AGAIN);
    }
    if (command.idempotency_key.len > 0 && sim_percent(world, 30)) {
        command.command.id = new_id(world, command.command.accepted_at);
        accept(world, &command, false, false);
        sim_count(world, SIM_SAME_KEY_AGAIN);
    }
}

void sim_ingress_send_rubbish(struct sim_world *world)
{
    struct sim_ingress *ingress = &world->ingress;
    int32_t family = (int32_t)sim_draw(world, WIRE_FAMILY_COUNT);
    int32_t partition = (int32_t)sim_draw(world, (uint32_t)world->size.partitions);
    bool alone = sim_percent(world, 50);
    char text[64];

    if (ingress->rubbish_count == SIM_RUBBISH_MAX)
        return;
    (void)snprintf(text, sizeof(text), alone ? "[%" PRId32 "," : "{\"no\":\"command %" PRId32 "\"}",
                   ingress->rubbish_count);
    struct fc_str kept = sim_db_keep(&world->db, fc_str_of(text));

    ingress->rubbish[ingress->rubbish_count++] = kept;
    sim_count(world, SIM_RUBBISH_SENT);
    if (alone)
        publish(world, family, partition, kept);
    else
        bundle_add(world, family, partition, kept);
}
