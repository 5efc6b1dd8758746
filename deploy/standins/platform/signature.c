#include "platform/signature.h"

#include <sodium.h>
#include <string.h>

#define MAC_BYTES crypto_auth_hmacsha256_BYTES
#define SECONDS_MAX 253402300799

enum fc_rc signature_key_parse(struct fc_str secret, struct signature_key *ret_key,
                               struct fc_err *ret_err)
{
    const struct fc_str prefix = FC_STR("whsec_");

    if (fc_str_starts_with(secret, prefix) &&
        sodium_base642bin(ret_key->bytes, sizeof(ret_key->bytes), secret.ptr + prefix.len,
                          secret.len - prefix.len, NULL, &ret_key->count, NULL,
                          sodium_base64_VARIANT_ORIGINAL) == 0 &&
        ret_key->count > 0)
        return FC_OK;
    return fc_err_set(ret_err, FC_CURE_EXIT, "signature_key_parse",
                      "FIRSTCOME_PLATFORM_SECRET is not whsec_ and base64");
}

static void mac_of(const struct signature_key *key, const struct signed_message *message,
                   unsigned char ret_mac[MAC_BYTES])
{
    const struct fc_str parts[] = {message->id, FC_STR("."), message->timestamp, FC_STR("."),
                                   message->body};
    crypto_auth_hmacsha256_state state;

    (void)crypto_auth_hmacsha256_init(&state, key->bytes, key->count);
    for (size_t i = 0; i < FC_ARRAY_COUNT(parts); i++)
        (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].ptr,
                                            parts[i].len);
    (void)crypto_auth_hmacsha256_final(&state, ret_mac);
}

/* One of "v1,base64 v1,base64 v1a,…": those of other versions are passed over. */
static bool has_mac(struct fc_str signatures, const unsigned char mac[MAC_BYTES])
{
    while (signatures.len > 0) {
        struct fc_str base64 = fc_str_cut(&signatures, ' ');
        struct fc_str version = fc_str_cut(&base64, ',');
        unsigned char given[MAC_BYTES];
        size_t count = 0;

        if (fc_str_eq(version, FC_STR("v1")) &&
            sodium_base642bin(given, sizeof(given), base64.ptr, base64.len, NULL, &count, NULL,
                              sodium_base64_VARIANT_ORIGINAL) == 0 &&
            count == MAC_BYTES && sodium_memcmp(given, mac, MAC_BYTES) == 0)
            return true;
    }
    return false;
}

const char *signature_check(const struct signature_key *key, const struct signed_message *message,
                            struct fc_instant now)
{
    unsigned char mac[MAC_BYTES];
    int64_t seconds;
    int64_t now_s = now.us / FC_US_PER_S;

    if (message->id.len == 0)
        return "webhook-id is missing";
    if (!fc_str_to_i64(message->timestamp, 0, SECONDS_MAX, &seconds))
        return "webhook-timestamp is no number of seconds";
    if (seconds < now_s - SIGNATURE_TOLERANCE_S || seconds > now_s + SIGNATURE_TOLERANCE_S)
        return "webhook-timestamp is too far from now";
    mac_of(key, message, mac);
    return has_mac(message->signatures, mac) ? NULL : "webhook-signature is not ours";
}
