/*
 * What json-c makes of a JSON text, as a judge over wire/value.h: the two know nothing of each
 * other.
 */
#ifndef FC_TESTS_SUPPORT_JSON_ORACLE_H
#define FC_TESTS_SUPPORT_JSON_ORACLE_H

#include "wire/scan.h"

/*
 * Whether both read the same out of a text: kinds, members and elements in their order, what texts
 * mean, numbers; and whether the text in one line is the same value. True of one that wire_scan
 * refuses or finds faults in, of which json-c makes something else, and of one with characters that
 * json-c spoils.
 */
bool json_oracle_agrees(struct fc_str text);

#endif
