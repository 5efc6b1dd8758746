/* Ids, instants, days and numbers as text: what is taken is written and read again as the same. */
#include "support/fuzz.h"

#include "base/id.h"
#include "base/limits.h"
#include "host/ticket.h"
#include "wire/command.h"

static void check_uuid(struct fc_str text)
{
    struct fc_buf buf = fuzz_buf();
    struct fc_uuid id;
    struct fc_uuid again;

    if (!fc_uuid_parse(text, &id))
        return;
    FC_ASSERT(text.len == FC_UUID_TEXT_BYTES);
    fc_uuid_put(&buf, &id);
    FC_ASSERT(buf.len == FC_UUID_TEXT_BYTES && fc_uuid_parse(fc_buf_str(&buf), &again));
    FC_ASSERT(fc_uuid_eq(&id, &again) && fc_uuid_cmp(&id, &again) == 0);
    FC_ASSERT(fc_id_derive(&id, 0) >= 1 && fc_id_derive(&id, 0) <= ID_MAX);
}

static void check_times(struct fc_str text)
{
    struct fc_buf buf = fuzz_buf();
    struct fc_buf other = fuzz_buf_other();
    struct fc_instant at;
    struct fc_instant at_again;
    struct fc_day day;
    struct fc_day day_again;

    if (fc_instant_parse(text, &at)) {
        fc_instant_put(&buf, at);
        FC_ASSERT(buf.len == FC_INSTANT_TEXT_BYTES);
        FC_ASSERT(fc_instant_parse(fc_buf_str(&buf), &at_again) && at.us == at_again.us);
        FC_ASSERT(fc_day_seoul_begin(fc_day_seoul(at)).us <= at.us);
        FC_ASSERT(at.us - fc_day_seoul_begin(fc_day_seoul(at)).us < FC_US_PER_DAY);
    }
    if (fc_day_parse(text, &day)) {
        fc_day_put(&other, day);
        FC_ASSERT(fc_str_eq(fc_buf_str(&other), text));
        FC_ASSERT(fc_day_parse(fc_buf_str(&other), &day_again) && day.days == day_again.days);
    }
}

static void check_number(struct fc_str text)
{
    struct fc_buf buf = fuzz_buf();
    int64_t value;
    int64_t again;

    if (!fc_str_to_i64(text, INT64_MIN, INT64_MAX, &value))
        return;
    fc_buf_put_i64(&buf, value);
    FC_ASSERT(fc_str_to_i64(fc_buf_str(&buf), value, value, &again) && again == value);
}

static void check_key(struct fc_str text)
{
    struct fc_buf buf = fuzz_buf();
    struct command_key key;
    struct command_key again;

    if (!wire_command_key_parse(text, &key))
        return;
    wire_command_key_put(&buf, key);
    FC_ASSERT(buf.len <= ROUTE_KEY_BYTES_MAX && wire_command_key_parse(fc_buf_str(&buf), &again));
    FC_ASSERT(key.kind == again.kind && key.id == again.id);
}

/* No change of a bit of an id that was given out makes another one that is ours, but by chance: a
 * keyed sum of 32 bits, and the key is always the same here. */
static void check_ticket(const uint8_t *data, size_t size)
{
    struct fc_ticket ticket;
    struct fc_err err;
    struct fc_uuid id;

    if (size < 2)
        return;
    FC_ASSERT(fc_ticket_init(&ticket, "000102030405060708090a0b0c0d0e0f", &err) == FC_OK);
    ticket.chance = 7;
    id = fc_ticket_next(&ticket, (struct fc_instant){1769903999999999 + data[0]});
    FC_ASSERT(fc_ticket_is_ours(&ticket, &id));
    id.bytes[data[0] & 15] ^= (uint8_t)(1 << (data[1] & 7));
    FC_ASSERT(!fc_ticket_is_ours(&ticket, &id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str text = fuzz_text(data, size);

    check_uuid(text);
    check_times(text);
    check_number(text);
    check_key(text);
    check_ticket(data, size);
    return 0;
}
