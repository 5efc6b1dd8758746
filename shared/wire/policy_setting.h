/*
 * The table behind wire/policy.h: each setting once, with its place in the document and in struct
 * policy, its bounds and words. For policy.c and policy_read.c alone.
 */
#ifndef FC_WIRE_POLICY_SETTING_H
#define FC_WIRE_POLICY_SETTING_H

#include "wire/policy.h"

enum policy_setting_kind {
    POLICY_SETTING_NAME,
    POLICY_SETTING_NUMBER,
    POLICY_SETTING_FLAG,
    POLICY_SETTING_WORD,
    POLICY_SETTING_UNITS,
    POLICY_SETTING_DISCOUNTS,
    POLICY_SETTING_METHODS,
    POLICY_SETTING_WELCOME
};

/* Null has no meaning of its own: as if the member were left out. */
#define POLICY_NO_NULL (-1)

struct policy_setting {
    const char *pointer;
    const char *section; /* NULL: in the document itself */
    const char *name;
    enum policy_setting_kind kind;
    /* of a number, a flag and a word: its place in the policy */
    size_t offset;
    size_t size;
    struct wire_range range;  /* of a number */
    int64_t null_is;          /* of a number: what null stands for */
    const char *const *words; /* of a word */
};

extern const struct policy_setting wire_policy_settings[WIRE_POLICY_SETTINGS];

/* The value of a number, a flag or a word (its index). */
int64_t wire_policy_number(const struct policy_setting *setting, const struct policy *policy);
void wire_policy_number_set(const struct policy_setting *setting, int64_t value,
                            struct policy *policy);

#endif
