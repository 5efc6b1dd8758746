/*
 * 128-bit ids (RFC 9562). A command's id is a UUIDv8: 48 bits of milliseconds, 12 bits of count
 * within the millisecond, 30 bits of chance, and 32 bits of a keyed MAC over the rest, by which
 * any ingress knows an id that the system gave out. This floor lays the bits out; the clock, the
 * chance and the MAC come from above (host/ticket.h).
 */
#ifndef FC_BASE_ID_H
#define FC_BASE_ID_H

#include "base/str.h"
#include "base/time.h"

struct fc_uuid {
    uint8_t bytes[16];
};

#define FC_UUID_TEXT_BYTES 36

/* Without a NUL. */
void fc_uuid_text(const struct fc_uuid *id, char ret_text[FC_UUID_TEXT_BYTES]);
void fc_uuid_put(struct fc_buf *buf, const struct fc_uuid *id);

/* The 8-4-4-4-12 form, either case; false for anything else. */
FC_MUST_USE bool fc_uuid_parse(struct fc_str text, struct fc_uuid *ret_id);

bool fc_uuid_eq(const struct fc_uuid *a, const struct fc_uuid *b);
bool fc_uuid_is_zero(const struct fc_uuid *id);

/* Bytewise, which is the order in time of UUIDv8 made here. */
int fc_uuid_cmp(const struct fc_uuid *a, const struct fc_uuid *b);

/* Lays out a UUIDv8 with a zero MAC; count < 4096, only 30 bits of chance are used. */
struct fc_uuid fc_uuid_v8(struct fc_instant at, uint32_t count, uint32_t chance);

/* The MAC's place: the last 32 bits. */
uint32_t fc_uuid_mac(const struct fc_uuid *id);
void fc_uuid_mac_set(struct fc_uuid *id, uint32_t mac);

/*
 * The id of the index-th event of a command: the command's first 48 bits, which are time where we
 * made the id, and a hash of all its bits and the index. Producers of their own choose ids as they
 * like; no part of them is taken to be unique.
 */
struct fc_uuid fc_uuid_event(const struct fc_uuid *command_id, uint32_t index);

/*
 * The id of the index-th command that something named `name` sends for an instant: the same however
 * often and wherever it is made. The instant's milliseconds, then a hash of all three.
 */
struct fc_uuid fc_uuid_named(struct fc_instant at, struct fc_str name, uint32_t index);

/*
 * A positive integer id below 2^53 for a thing that a command creates without naming its id:
 * the same for the same command and index (64-bit FNV-1a over both, folded to 53 bits).
 */
int64_t fc_id_derive(const struct fc_uuid *command_id, uint32_t index);

#endif
