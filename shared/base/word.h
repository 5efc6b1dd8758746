/*
 * Eight bytes of a text at once, for loops over bytes that are mostly of one kind. Of a test's
 * result the lowest bit that is set belongs to the first byte that meets it, and tells nothing of
 * those behind that.
 */
#ifndef FC_BASE_WORD_H
#define FC_BASE_WORD_H

#include <stddef.h>
#include <stdint.h>

#define FC_WORD_BYTES 8

/* `byte` in each place of a word. */
#define FC_WORD_OF(byte) (0x0101010101010101u * (uint64_t)(byte))

/* The first byte in the lowest place, whatever the machine's order is: one load on most. */
static inline uint64_t fc_word_load(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
           (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
           (uint64_t)at[7] << 56;
}

/* Bytes below `bound`, which is from 1 to 128. */
static inline uint64_t fc_word_below(uint64_t word, unsigned char bound)
{
    return (word - FC_WORD_OF(bound)) & ~word & FC_WORD_OF(0x80);
}

/* Bytes that are `byte`. */
static inline uint64_t fc_word_equal(uint64_t word, unsigned char byte)
{
    return fc_word_below(word ^ FC_WORD_OF(byte), 1);
}

/* Bytes of 128 and above. */
static inline uint64_t fc_word_high(uint64_t word)
{
    return word & FC_WORD_OF(0x80);
}

/* How many bytes stand before the first that met a test; one must have. */
static inline size_t fc_word_first(uint64_t met)
{
    return (size_t)__builtin_ctzll(met) / 8;
}

#endif
