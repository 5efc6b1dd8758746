#include "support/sim_told.h"

#include "base/assert.h"
#include "base/index.h"
#include "support/sim_world.h"

#include <string.h>

void sim_told_reset(struct sim_told *told)
{
    told->event_count = 0;
    memset(told->places, 0, sizeof(told->places));
}

static uint32_t place_of(const struct sim_told *told, const struct fc_uuid *id)
{
    uint32_t place = (uint32_t)fc_hash_uuid(id) % SIM_EVENT_PLACES;

    while (told->places[place] != 0 && !fc_uuid_eq(&told->events[told->places[place] - 1].id, id))
        place = (place + 1) % SIM_EVENT_PLACES;
    return place;
}

struct sim_told_event *sim_told_find(struct sim_told *told, const struct fc_uuid *id)
{
    int16_t at = told->places[place_of(told, id)];

    return at == 0 ? NULL : &told->events[at - 1];
}

/* Cuts what follows the next `head` out of *rest; false when there is none. */
static bool next_id(struct fc_str *rest, struct fc_str head, struct fc_uuid *ret_id)
{
    while (rest->len >= head.len + FC_UUID_TEXT_BYTES) {
        const char *at =
            memchr(rest->ptr, head.ptr[0], rest->len - head.len - FC_UUID_TEXT_BYTES + 1);

        if (at == NULL)
            return false;
        rest->len -= (size_t)(at - rest->ptr);
        rest->ptr = at;
        if (memcmp(at, head.ptr, head.len) == 0 &&
            fc_uuid_parse((struct fc_str){at + head.len, FC_UUID_TEXT_BYTES}, ret_id)) {
            rest->ptr += head.len;
            rest->len -= head.len;
            return true;
        }
        rest->ptr++;
        rest->len--;
    }
    return false;
}

static bool is_in_journal(const struct sim_world *world, const struct fc_uuid *id,
                          const struct fc_uuid *command_id)
{
    const struct sim_row *row = sim_db_find(&world->db, command_id);

    for (uint32_t i = 0; row != NULL && i < (uint32_t)row->event_count; i++) {
        struct fc_uuid its = fc_uuid_event(command_id, i);

        if (fc_uuid_eq(&its, id))
            return true;
    }
    return false;
}

static void hear_event(struct sim_world *world, const struct fc_uuid *id, struct fc_str bytes)
{
    struct sim_told *told = &world->told;
    uint32_t place = place_of(told, id);
    struct fc_uuid command_id;
    uint64_t hash = fc_hash_str(bytes);

    if (!next_id(&bytes, FC_STR("\"command_id\":\""), &command_id))
        FC_UNREACHABLE("an event names its command");
    if (told->places[place] != 0) {
        sim_count(world, SIM_EVENTS_TOLD_AGAIN);
        if (told->events[told->places[place] - 1].hash != hash)
            sim_violate(world, "an event was told again in other words");
        return;
    }
    if (!is_in_journal(world, id, &command_id))
        sim_violate(world, "an event was told that is in no row of the journal");
    FC_ASSERT(told->event_count < SIM_EVENTS_MAX);
    told->events[told->event_count++] = (struct sim_told_event){*id, hash, false};
    told->places[place] = (int16_t)told->event_count;
}

/* Each element of the array reaches to the comma before the next, or the bracket at the end. */
static void hear_events(struct sim_world *world, struct fc_str rest)
{
    struct fc_uuid id;
    struct fc_uuid next;
    bool more = next_id(&rest, FC_STR("{\"id\":\""), &id);

    while (more) {
        struct fc_str bytes = rest;

        more = next_id(&rest, FC_STR("{\"id\":\""), &next);
        bytes.len -= more ? rest.len + sizeof(",{\"id\":\"") - 1 : 1;
        hear_event(world, &id, bytes);
        id = next;
    }
}

/* Succeeded, refused or parked, as it is in the database. */
static void hear_verdicts(struct sim_world *world, struct fc_str rest)
{
    struct fc_uuid id;

    while (next_id(&rest, FC_STR("{\"command_id\":\""), &id)) {
        const struct sim_row *row = sim_db_find(&world->db, &id);
        const char *state = memchr(rest.ptr, '{', rest.len);
        struct fc_str before = {rest.ptr, state == NULL ? rest.len : (size_t)(state - rest.ptr)};
        struct fc_str word = row == NULL ? FC_STR("\"parked\"") : FC_STR("\"refused\"");
        bool found = false;

        if (row != NULL && row->verdict.len == 0)
            word = FC_STR("\"succeeded\"");
        for (size_t at = 0; at + word.len <= before.len && !found; at++)
            found = memcmp(before.ptr + at, word.ptr, word.len) == 0;
        if (!found || (row == NULL && !sim_db_is_parked(&world->db, &id)))
            sim_violate(world, "a verdict was told that is not in the journal");
        sim_count(world, SIM_VERDICTS_TOLD);
    }
}

void sim_told_hear(struct sim_world *world, struct fc_str bytes, bool is_event)
{
    if (is_event)
        hear_events(world, bytes);
    else
        hear_verdicts(world, bytes);
}
