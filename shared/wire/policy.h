/*
 * A shop's policy as a document: what `firstcome policy apply` sends, the policy table keeps and
 * every worker reads. deploy/policies/policy.schema.json says the same to editors.
 */
#ifndef FC_WIRE_POLICY_H
#define FC_WIRE_POLICY_H

#include "core/policy.h"
#include "wire/json.h"
#include "wire/problem.h"
#include "wire/read.h"

/* What a setting may say of itself under "about". */
#define WIRE_POLICY_SENTENCE_BYTES_MAX 500
/* The canonical document is shorter. */
#define WIRE_POLICY_BYTES_MAX 2048

/*
 * Reads a document over policy_default: what it does not name stays as there; unknown members are
 * faults. Every fault is added, with its place: form, bounds, and settings that contradict each
 * other (a smallest charge above the largest, a unit outside of both, a welcome coupon of a
 * discount that is not allowed). "about" may hold a sentence for each setting, under its pointer,
 * and "$schema" a text; both are for people and editors and passed over. False when there was a
 * fault, or the arena, which must be that of the faults, was full (faults->arena_full). `version`
 * stays 0. The policy keeps nothing of the arena.
 */
FC_MUST_USE bool wire_policy_parse(struct fc_str json, struct fc_arena *arena,
                                   struct policy *ret_policy, struct wire_faults *faults);

/* The same of a node inside of another document; ending the node is left to the caller. */
void wire_policy_read(struct wire_node *node, struct policy *ret_policy);

/* The canonical document: every setting in fixed order, without sentences; equal policies give
 * equal bytes, whatever their versions. */
void wire_policy_put(struct fc_buf *buf, const struct policy *policy);

/* The settings one by one, in the order of the canonical document. */
#define WIRE_POLICY_SETTINGS 22

/* The setting's JSON Pointer in the document: "/balance/charge_min". */
const char *wire_policy_pointer(int32_t setting);
/* Its value as JSON. */
void wire_policy_value_put(struct fc_buf *buf, int32_t setting, const struct policy *policy);

#endif
