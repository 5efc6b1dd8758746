#include "support/history_check_deeds.h"

#include <string.h>

int64_t deed_row_of(const struct evidence *evidence, const struct fc_uuid *id)
{
    for (int64_t i = 0; i < evidence->row_count; i++)
        if (fc_uuid_eq(&evidence->rows[i].id, id))
            return i;
    return -1;
}

int64_t deed_try_of(const struct evidence *evidence, const struct fc_uuid *id)
{
    for (int64_t i = 0; i < evidence->attempt_count; i++)
        if (evidence->attempts[i].has_id && fc_uuid_eq(&evidence->attempts[i].id, id))
            return i;
    return -1;
}

bool deed_was_seen(const struct evidence *evidence, const struct fc_uuid *id)
{
    for (int64_t i = 0; i < evidence->sighting_count; i++)
        if (fc_uuid_eq(&evidence->sightings[i].id, id))
            return true;
    return false;
}

bool deed_was_repeated(const struct evidence *evidence, const struct fc_uuid *id)
{
    for (int64_t i = 0; i < evidence->row_count; i++)
        if (evidence->rows[i].is_replay && fc_uuid_eq(&evidence->rows[i].replay_of, id))
            return true;
    return false;
}

/* Known to a client by its 202, with nothing hanging on it. */
static bool is_loose(const struct evidence *evidence, int64_t row)
{
    const struct evidence_row *one = &evidence->rows[row];
    int64_t attempt = deed_try_of(evidence, &one->id);

    return attempt >= 0 && evidence->attempts[attempt].fate == FATE_ACCEPTED &&
           one->event_count == 0 && !deed_was_seen(evidence, &one->id) &&
           !deed_was_repeated(evidence, &one->id);
}

static struct fc_uuid another_id(const struct evidence *evidence, struct chance *chance)
{
    struct fc_instant at = {900000000000 + evidence->row_count};

    return fc_uuid_v8(at, 7, (uint32_t)chance_below(chance, 1 << 30));
}

/* Takes the row out; nothing may point at it. */
static void drop_row(struct evidence *evidence, int64_t row)
{
    for (int64_t i = row; i + 1 < evidence->row_count; i++)
        evidence->rows[i] = evidence->rows[i + 1];
    evidence->row_count--;
    for (int64_t i = 0; i < evidence->event_count; i++)
        evidence->events[i].row -= evidence->events[i].row > row;
}

/* --- lost, changed ---------------------------------------------------------------------------- */

static bool lose_command(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count, is_loose(evidence, i));
    if (row < 0)
        return false;
    drop_row(evidence, row);
    return true;
}

static bool park_command(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count, is_loose(evidence, i));
    if (row < 0)
        return false;
    *ARRAY_ADD(evidence, parking) =
        (struct evidence_parked){.id = evidence->rows[row].id, .open = true};
    drop_row(evidence, row);
    return true;
}

static bool park_and_decide(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count, is_loose(evidence, i));
    if (row < 0)
        return false;
    *ARRAY_ADD(evidence, parking) =
        (struct evidence_parked){.id = evidence->rows[row].id, .open = true};
    return true;
}

static bool change_actor(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count,
         is_loose(evidence, i) && evidence->rows[i].idempotency_key == 0 &&
             !evidence->rows[i].is_replay);
    if (row < 0)
        return false;
    evidence->rows[row].actor_id += 1000000;
    return true;
}

static bool change_line(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count,
         is_loose(evidence, i) &&
             evidence->ops[evidence->attempts[deed_try_of(evidence, &evidence->rows[i].id)].op]
                     .key != 0);
    if (row < 0)
        return false;
    evidence->rows[row].key = names_put(&evidence->names, FC_STR("user:999"));
    return true;
}

static bool decide_twice(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count, is_loose(evidence, i) && evidence->rows[i].idempotency_key == 0);
    if (row < 0)
        return false;
    struct evidence_row copy = evidence->rows[row];

    copy.seq = evidence->row_count + 1;
    *ARRAY_ADD(evidence, row) = copy;
    return true;
}

/* --- told otherwise --------------------------------------------------------------------------- */

static bool tell_success(struct evidence *evidence, struct chance *chance)
{
    int64_t sighting;

    PICK(sighting, evidence->sighting_count, evidence->sightings[i].code != 0);
    if (sighting < 0)
        return false;
    evidence->sightings[sighting].state = names_put(&evidence->names, FC_STR("succeeded"));
    evidence->sightings[sighting].code = 0;
    return true;
}

static bool tell_code(struct evidence *evidence, struct chance *chance)
{
    int64_t sighting;

    PICK(sighting, evidence->sighting_count, evidence->sightings[i].code != 0);
    if (sighting < 0)
        return false;
    evidence->sightings[sighting].code = names_put(&evidence->names, FC_STR("coupon_expired"));
    return true;
}

static bool tell_body(struct evidence *evidence, struct chance *chance)
{
    int64_t sighting;

    PICK(sighting, evidence->sighting_count, evidence->sightings[i].has_body);
    if (sighting < 0)
        return false;
    evidence->sightings[sighting].body_hash++;
    return true;
}

static bool tell_repeat(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count, is_loose(evidence, i) && !evidence->rows[i].is_replay);
    if (row < 0)
        return false;
    evidence->attempts[deed_try_of(evidence, &evidence->rows[row].id)].replayed = true;
    return true;
}

/* --- invented --------------------------------------------------------------------------------- */

static bool invent_verdict(struct evidence *evidence, struct chance *chance)
{
    *ARRAY_ADD(evidence, row) = (struct evidence_row){
        .id = another_id(evidence, chance),
        .seq = evidence->row_count + 1,
        .actor_id = 1 + chance_below(chance, 6),
        .type = names_put(&evidence->names, FC_STR("wallet.charge")),
        .key = names_put(&evidence->names, FC_STR("user:1")),
        .idempotency_key = names_put(&evidence->names, FC_STR("nobody's")),
        .verdict = names_put(&evidence->names, FC_STR("charge_not_allowed")),
    };
    return true;
}

/* What was lost in one try was taken twice. */
static bool take_lost_twice(struct evidence *evidence, struct chance *chance)
{
    struct evidence_row copy;
    int64_t row;

    PICK(row, evidence->row_count,
         deed_try_of(evidence, &evidence->rows[i].id) < 0 && evidence->rows[i].verdict != 0 &&
             evidence->rows[i].idempotency_key != 0 &&
             !deed_was_repeated(evidence, &evidence->rows[i].id));
    if (row < 0)
        return false;
    copy = evidence->rows[row];
    for (int times = 0; times < 4; times++) {
        copy.id = another_id(evidence, chance);
        copy.is_replay = true;
        copy.replay_of = evidence->rows[row].id;
        copy.idempotency_key = 0;
        copy.seq = evidence->row_count + 1;
        *ARRAY_ADD(evidence, row) = copy;
    }
    return true;
}

/* A try that was turned away at the door has a verdict all the same. */
static bool decide_what_was_turned_away(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count,
         deed_try_of(evidence, &evidence->rows[i].id) < 0 &&
             evidence->rows[i].idempotency_key != 0);
    if (row < 0)
        return false;
    for (int64_t i = 0; i < evidence->attempt_count; i++) {
        const struct evidence_op *op = &evidence->ops[evidence->attempts[i].op];

        if (op->idempotency_key == evidence->rows[row].idempotency_key &&
            evidence->attempts[i].fate == FATE_UNKNOWN)
            evidence->attempts[i].fate = FATE_NOT_TAKEN;
    }
    return true;
}

#define IS CHECK_ACCEPTED_IS_DECIDED
#define KEYS MAY(CHECK_KEY_HAS_ONE_OWNER)

const struct history_deed history_deeds_on_commands[] = {
    {"a command is lost", IS, 0, lose_command},
    {"a command is set aside", IS, 0, park_command},
    {"a command is set aside and decided", IS, 0, park_and_decide},
    {"a command is decided for another user", IS, 0, change_actor},
    {"a command stands in another line", IS, 0, change_line},
    {"a command is decided twice", IS, MAY(CHECK_NOTHING_INVENTED) | KEYS, decide_twice},
    {"a refusal is told as a success", CHECK_VERDICT_IS_TOLD, 0, tell_success},
    {"a refusal is told with another code", CHECK_VERDICT_IS_TOLD, 0, tell_code},
    {"a verdict is told with another body", CHECK_VERDICT_IS_TOLD, 0, tell_body},
    {"a first one is told to be a repeat", CHECK_VERDICT_IS_TOLD, 0, tell_repeat},
    {"a verdict is invented", CHECK_NOTHING_INVENTED, 0, invent_verdict},
    {"what was lost once was taken often", CHECK_NOTHING_INVENTED, 0, take_lost_twice},
    {"what was turned away was decided", CHECK_NOTHING_INVENTED, 0, decide_what_was_turned_away},
};

const int32_t history_deeds_on_commands_count = FC_ARRAY_COUNT(history_deeds_on_commands);
