/*
 * Finds one member of a JSON object without reading the rest of it: at these rates a parser that
 * makes a tree of each answer would be the tool's largest expense. Right on well-formed JSON; of
 * other bytes it says that there is no such member, or cuts somewhere within them. Pure.
 */
#ifndef FC_CLI_LOAD_SCAN_H
#define FC_CLI_LOAD_SCAN_H

#include "base/str.h"

/*
 * The value of the member `name` of the outermost object: a string without its quotes and as it
 * stands (escapes are left alone), anything else as it is written. False when there is none.
 */
FC_MUST_USE bool load_scan_member(struct fc_str object, struct fc_str name,
                                  struct fc_str *ret_value);

#endif
