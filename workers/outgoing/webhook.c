#include "outgoing/webhook.h"

#include "base/assert.h"

#include <sodium.h>
#include <string.h>

#define ID_BYTES_MAX 64
#define SIGNATURE_TEXT_BYTES \
    sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, sodium_base64_VARIANT_ORIGINAL)

enum fc_rc webhook_key_parse(struct fc_str secret, struct webhook_key *ret_key,
                             struct fc_err *ret_err)
{
    const struct fc_str prefix = FC_STR("whsec_");
    struct webhook_key key = {{0}, 0};

    if (!fc_str_starts_with(secret, prefix) ||
        sodium_base642bin(key.bytes, sizeof(key.bytes), secret.ptr + prefix.len,
                          secret.len - prefix.len, NULL, &key.count, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        key.count < WEBHOOK_KEY_BYTES_MIN)
        return fc_err_set(ret_err, FC_CURE_EXIT, "webhook_key_parse",
                          "the secret must be whsec_ and base64 of %d to %d bytes",
                          WEBHOOK_KEY_BYTES_MIN, WEBHOOK_KEY_BYTES_MAX);
    *ret_key = key;
    return FC_OK;
}

void webhook_id_of(struct fc_str body, char ret_id[WEBHOOK_ID_TEXT_BYTES + 1])
{
    static const char prefix[] = "msg_";
    unsigned char hash[crypto_generichash_BYTES_MIN];
    size_t at = sizeof(prefix) - 1;

    /* Not the hash of the signature: this one costs a third of it, over each byte that is told. */
    (void)crypto_generichash(hash, sizeof(hash), (const unsigned char *)body.ptr, body.len, NULL,
                             0);
    memcpy(ret_id, prefix, at);
    (void)sodium_bin2hex(ret_id + at, WEBHOOK_ID_TEXT_BYTES + 1 - at, hash,
                         (WEBHOOK_ID_TEXT_BYTES - at) / 2);
}

static void header_put(char header[WEBHOOK_HEADER_BYTES_MAX], const char *name, const char *value)
{
    struct fc_buf buf = fc_buf_of(header, WEBHOOK_HEADER_BYTES_MAX);

    fc_buf_put_fmt(&buf, "%s: %s", name, value);
    fc_buf_put_char(&buf, '\0');
    FC_ASSERT(!buf.overflow);
}

static void hash_add(crypto_auth_hmacsha256_state *state, struct fc_str text)
{
    (void)crypto_auth_hmacsha256_update(state, (const unsigned char *)text.ptr, text.len);
}

void webhook_sign(const struct webhook_key *key, const char *id, struct fc_instant at,
                  struct fc_str body, struct webhook_headers *ret_headers)
{
    char seconds[24];
    char signature[3 + SIGNATURE_TEXT_BYTES] = "v1,";
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    struct fc_buf buf = fc_buf_of(seconds, sizeof(seconds));

    FC_ASSERT(key->count >= WEBHOOK_KEY_BYTES_MIN);
    FC_ASSERT(fc_str_of(id).len <= ID_BYTES_MAX);
    FC_ASSERT(strchr(id, '.') == NULL);
    fc_buf_put_i64(&buf, at.us / FC_US_PER_S);
    fc_buf_put_char(&buf, '\0');
    (void)crypto_auth_hmacsha256_init(&state, key->bytes, key->count);
    hash_add(&state, fc_str_of(id));
    hash_add(&state, FC_STR("."));
    hash_add(&state, fc_str_of(seconds));
    hash_add(&state, FC_STR("."));
    hash_add(&state, body);
    (void)crypto_auth_hmacsha256_final(&state, mac);
    (void)sodium_bin2base64(signature + 3, SIGNATURE_TEXT_BYTES, mac, sizeof(mac),
                            sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(&state, sizeof(state));
    header_put(ret_headers->id, "webhook-id", id);
    header_put(ret_headers->timestamp, "webhook-timestamp", seconds);
    header_put(ret_headers->signature, "webhook-signature", signature);
}
