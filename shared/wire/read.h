/*
 * Reads members of JSON objects by name and type, and collects what is wrong with them: every
 * fault, each with its place, so that a caller reads all members straight on and asks once at the
 * end. Reads the text where it stands (wire/value.h), which wire_scan must have let pass and which
 * must live as long as the reading. A member that may be left out may be null as well.
 */
#ifndef FC_WIRE_READ_H
#define FC_WIRE_READ_H

#include "base/id.h"
#include "base/limits.h"
#include "wire/place.h"
#include "wire/scan.h"
#include "wire/value.h"

/* As many members of an object are remembered as the contract's objects have, or nearly so; those
 * behind are looked for anew. */
#define WIRE_NODE_MEMBERS_MAX 12

/* An object that is being read. Without one (it was no object, which is a fault by then) reading
 * finds nothing and adds no fault. Of a member that is named twice, which is a fault of the scan,
 * the first counts. */
struct wire_node {
    struct wire_place place;
    struct fc_str object; /* ptr NULL: there is none */
    struct wire_faults *faults;
    struct wire_member members[WIRE_NODE_MEMBERS_MAX]; /* the first ones, that were passed so far */
    int32_t member_count;
    struct wire_walk walk; /* behind these */
    uint64_t asked;        /* bit i: the object's i-th member was asked for */
};

struct wire_list {
    struct wire_place place;
    struct wire_faults *faults;
    struct fc_str array;
    int32_t count;
    struct wire_walk walk; /* behind `value` */
    struct fc_str value;   /* the element that was asked for last: one behind the other is cheap */
    int32_t next;          /* the index behind it */
};

enum wire_need { WIRE_REQUIRED, WIRE_OPTIONAL };

struct wire_range {
    int64_t min;
    int64_t max;
};

#define WIRE_IDS ((struct wire_range){1, ID_MAX})

/* The root of a text as an object. */
void wire_node_begin(struct wire_node *node, struct fc_str text, struct wire_faults *faults);
/* The object's members that were not asked for are faults. */
void wire_node_end(struct wire_node *node);

/* A fault of the node's member `name`. */
void wire_node_fault(struct wire_node *node, const char *name, const char *detail);
void wire_node_name_fault(struct wire_node *node, struct fc_str name, const char *detail);

/*
 * Each is true when the member is there and good, and only then sets its output. A required one
 * that is missing and any that is not good are faults. Texts are copied into the arena of the
 * faults.
 */
bool wire_read_i64(struct wire_node *node, const char *name, enum wire_need need,
                   struct wire_range range, int64_t *ret_value);
bool wire_read_bool(struct wire_node *node, const char *name, enum wire_need need, bool *ret_value);
/* Of `bytes.min` to `bytes.max` bytes without control characters. */
bool wire_read_text(struct wire_node *node, const char *name, enum wire_need need,
                    struct wire_range bytes, struct fc_str *ret_text);
bool wire_read_uuid(struct wire_node *node, const char *name, enum wire_need need,
                    struct fc_uuid *ret_id);
bool wire_read_instant(struct wire_node *node, const char *name, enum wire_need need,
                       struct fc_instant *ret_at);
bool wire_read_day(struct wire_node *node, const char *name, enum wire_need need,
                   struct fc_day *ret_day);
/* One of `words` (the last is NULL): its index. */
bool wire_read_word(struct wire_node *node, const char *name, enum wire_need need,
                    const char *const *words, int32_t *ret_index);
bool wire_read_object(struct wire_node *node, const char *name, enum wire_need need,
                      struct wire_node *ret_child);
/* An array of `count.min` to `count.max` elements. */
bool wire_read_list(struct wire_node *node, const char *name, enum wire_need need,
                    struct wire_range count, struct wire_list *ret_list);
/* The same of a required one, with zeroed memory in the arena for `size` bytes an element; NULL
 * when there is none or the arena is full. */
void *wire_read_items(struct wire_node *node, const char *name, struct wire_range count,
                      size_t size, struct wire_list *ret_list);
/* Whether the member is null, which says something in some places. */
bool wire_read_null(struct wire_node *node, const char *name);

void wire_list_object(struct wire_list *list, int32_t index, struct wire_node *ret_node);
/* A fault of an element. */
void wire_list_fault(const struct wire_list *list, int32_t index, const char *detail);
bool wire_list_i64(struct wire_list *list, int32_t index, struct wire_range range,
                   int64_t *ret_value);
bool wire_list_uuid(struct wire_list *list, int32_t index, struct fc_uuid *ret_id);
/* The element's string; empty when it is none. */
struct fc_str wire_list_peek_text(struct wire_list *list, int32_t index);

/* What the member's string means, of whatever content: a view of the text, or in the arena when it
 * has escapes; empty when there is none. Its presence is no fault. */
struct fc_str wire_peek_text(struct wire_node *node, const char *name);
/* The member as JSON text, written into the arena; empty when there is none. False: arena full. */
FC_MUST_USE bool wire_peek_json(struct wire_node *node, const char *name, struct fc_str *ret_json);
/* The whole object, which must be one, in the same way: one line. */
FC_MUST_USE bool wire_node_json(const struct wire_node *node, struct fc_str *ret_json);

#endif
