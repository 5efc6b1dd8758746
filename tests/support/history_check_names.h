/*
 * What the evidence of a history check is kept in: arrays that grow, and texts by number, each
 * once. Number 0 is the empty text. Heap, for as long as the program runs or until names_close;
 * running out of it is an assertion.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_CHECK_NAMES_H
#define FC_TESTS_SUPPORT_HISTORY_CHECK_NAMES_H

#include "base/str.h"

struct names {
    char *bytes; /* each text with its NUL */
    int64_t len;
    int64_t room;
    int64_t *starts; /* of each text, in bytes */
    int64_t starts_room;
    int32_t count;
    int32_t *slots; /* by hash: the text's number, 0: free */
    int64_t slot_count;
};

/* The text's number, new or old. */
int32_t names_put(struct names *names, struct fc_str text);
/* The text's number; -1 when it was never put. */
int32_t names_find(const struct names *names, struct fc_str text);
/* Valid until the next names_put. */
const char *names_text(const struct names *names, int32_t number);
void names_close(struct names *names);

/* `items` with room for one more of `size` bytes behind `count`; *room is how many there can be. */
void *array_grown(void *items, int64_t count, int64_t *room, size_t size);
/* Zeroed memory for `count` things, at least one; free() it. */
void *array_new(int64_t count, size_t size);

/* An item behind the last one: array##s, array##_count and array##_room are members of *owner. */
#define ARRAY_ADD(owner, array)                                                           \
    ((owner)->array##s = array_grown((owner)->array##s, (owner)->array##_count,           \
                                     &(owner)->array##_room, sizeof(*(owner)->array##s)), \
     &(owner)->array##s[(owner)->array##_count++])

#endif
