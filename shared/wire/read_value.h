/*
 * What the readers of wire/read.h have in common, whether a value is a member or an element. All of
 * it takes a value of the kind that it reads, and text that wire_scan let pass.
 */
#ifndef FC_WIRE_READ_VALUE_H
#define FC_WIRE_READ_VALUE_H

#include "wire/read.h"

/* Longer than a UUID, an instant, a day and any word of the contract. */
#define WIRE_SHORT_BYTES_MAX 64

void wire_value_fault(struct wire_faults *faults, const struct wire_place *place,
                      const char *detail);

/* An integer; that it is out of the range, or of what 64 bits hold, is a fault. */
bool wire_value_i64(struct wire_faults *faults, const struct wire_place *place, struct fc_str value,
                    struct wire_range range, int64_t *ret_value);

/* What a string means: a view of the text, or in the arena where it has escapes; false when that is
 * full, which is kept with the faults. */
bool wire_value_text(struct wire_faults *faults, struct fc_str value, struct fc_str *ret_text);
/* The same of a value that may be none; empty then. */
struct fc_str wire_value_peek(struct wire_faults *faults, struct fc_str value);

/* A string that is a UUID. */
bool wire_value_uuid(struct fc_str value, struct fc_uuid *ret_id);

/* Where an object is read: anything else is a fault. */
void wire_node_init(struct wire_node *node, const struct wire_place *place, struct fc_str value,
                    struct wire_faults *faults);

/* An array. */
void wire_list_init(struct wire_list *list, const struct wire_place *place, struct fc_str array,
                    struct wire_faults *faults);

#endif
