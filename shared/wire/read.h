/*
 * Reads members of JSON objects by name and type, and collects what is wrong with them: every
 * fault, each with its place, so that a caller reads all members straight on and asks once at the
 * end. json-c builds the tree; its objects stay inside this floor. A member that may be left out
 * may be null as well.
 */
#ifndef FC_WIRE_READ_H
#define FC_WIRE_READ_H

#include "base/id.h"
#include "base/limits.h"
#include "wire/place.h"
#include "wire/problem.h"

struct json_object;

/* The tree of a text that wire_scan let pass. */
struct wire_tree {
    struct json_object *root;
};

/* False when json-c does not take what the scan took (no_json). */
FC_MUST_USE bool wire_tree_open(struct wire_tree *tree, struct fc_str text,
                                struct wire_faults *faults);
/* Accepts a tree that did not open. Every node and list of it ends here. */
void wire_tree_close(struct wire_tree *tree);
/* The index-th element of a root that is an array; of any other root, the root itself. */
struct json_object *wire_tree_element(const struct wire_tree *tree, int32_t index);

#define WIRE_NODE_NAMES_MAX 16

/* An object that is being read. Without one (it was no object, which is a fault by then) reading
 * finds nothing and adds no fault. */
struct wire_node {
    struct wire_place place;
    struct json_object *object; /* NULL: there is none */
    struct wire_faults *faults;
    const char *names[WIRE_NODE_NAMES_MAX]; /* that were asked for */
    int32_t name_count;
    int32_t found_count; /* of these names, those that are members */
};

struct wire_list {
    struct wire_place place;
    struct json_object *array;
    struct wire_faults *faults;
    int32_t count;
};

enum wire_need { WIRE_REQUIRED, WIRE_OPTIONAL };

struct wire_range {
    int64_t min; /* above INT64_MIN */
    int64_t max; /* below INT64_MAX */
};

#define WIRE_IDS ((struct wire_range){1, ID_MAX})

/* The root as an object. */
void wire_node_begin(struct wire_node *node, struct json_object *value, struct wire_faults *faults);
/* The object's members that were not asked for are faults. */
void wire_node_end(struct wire_node *node);

/* A fault of the node's member `name`. */
void wire_node_fault(struct wire_node *node, const char *name, const char *detail);

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

/* The root as an array of any length. */
bool wire_list_begin(struct wire_list *list, struct json_object *value, struct wire_faults *faults);
void wire_list_object(const struct wire_list *list, int32_t index, struct wire_node *ret_node);
/* A fault of an element. */
void wire_list_fault(const struct wire_list *list, int32_t index, const char *detail);
bool wire_list_i64(const struct wire_list *list, int32_t index, struct wire_range range,
                   int64_t *ret_value);
bool wire_list_uuid(const struct wire_list *list, int32_t index, struct fc_uuid *ret_id);

/* The member's string as it is in the tree (valid as long as that), of whatever content; empty when
 * there is none. Its presence is no fault. */
struct fc_str wire_peek_text(struct wire_node *node, const char *name);
/* The member as JSON text, written into the arena; empty when there is none. False: arena full. */
FC_MUST_USE bool wire_peek_json(struct wire_node *node, const char *name, struct fc_str *ret_json);
/* The whole object, which must be one, in the same way: one line. */
FC_MUST_USE bool wire_node_json(const struct wire_node *node, struct fc_str *ret_json);

#endif
