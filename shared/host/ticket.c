#include "host/ticket.h"

#include "host/process.h"

#include <sodium.h>
#include <string.h>

/* What the MAC covers: everything before its own place. */
#define TICKET_COVERED_BYTES 12
#define TICKET_COUNT_MAX 4095

_Static_assert(FC_TICKET_KEY_BYTES == crypto_shorthash_KEYBYTES, "the key is SipHash's");

enum fc_rc fc_ticket_init(struct fc_ticket *ticket, const char *key_hex, struct fc_err *ret_err)
{
    unsigned char key[FC_TICKET_KEY_BYTES];
    size_t len = 0;
    size_t digits = strlen(key_hex);

    if (sodium_init() < 0)
        return fc_err_set(ret_err, FC_CURE_EXIT, "sodium_init", "libsodium could not be set up");
    /* An odd last digit is an error to sodium_hex2bin only by its end pointer. */
    if (digits != sizeof(key) * 2 ||
        sodium_hex2bin(key, sizeof(key), key_hex, digits, NULL, &len, NULL) != 0 ||
        len != sizeof(key))
        return fc_err_set(ret_err, FC_CURE_EXIT, "fc_ticket_init",
                          "the ticket key must be 32 hexadecimal digits");
    memset(ticket, 0, sizeof(*ticket));
    memcpy(ticket->key, key, sizeof(key));
    sodium_memzero(key, sizeof(key));
    ticket->chance = (uint32_t)fc_process_chance();
    return FC_OK;
}

static uint32_t ticket_mac(const struct fc_ticket *ticket, const struct fc_uuid *id)
{
    unsigned char hash[crypto_shorthash_BYTES];

    (void)crypto_shorthash(hash, id->bytes, TICKET_COVERED_BYTES, ticket->key);
    return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

struct fc_uuid fc_ticket_next(struct fc_ticket *ticket, struct fc_instant now)
{
    int64_t ms = now.us / 1000;

    if (ms > ticket->last_ms) {
        ticket->last_ms = ms;
        ticket->count = 0;
    } else if (ticket->count == TICKET_COUNT_MAX + 1) {
        ticket->last_ms++;
        ticket->count = 0;
    }
    struct fc_instant at = {ticket->last_ms * 1000};
    struct fc_uuid id = fc_uuid_v8(at, ticket->count++, ticket->chance);

    fc_uuid_mac_set(&id, ticket_mac(ticket, &id));
    return id;
}

bool fc_ticket_is_ours(const struct fc_ticket *ticket, const struct fc_uuid *id)
{
    return fc_uuid_mac(id) == ticket_mac(ticket, id);
}

bool fc_secret_eq(struct fc_str a, struct fc_str b)
{
    bool same_len = a.len == b.len;
    /* Of different lengths: the same work over `a`, for nothing. */
    const char *other = same_len ? b.ptr : a.ptr;

    if (a.len == 0)
        return same_len;
    return sodium_memcmp(a.ptr, other, a.len) == 0 && same_len;
}
