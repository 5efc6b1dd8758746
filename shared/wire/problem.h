/*
 * The problem codes of the contract (RFC 9457): each with its HTTP status, title and type. Verdicts
 * map onto them; some exist over HTTP only. Also the list of faults that a bad request is answered
 * with: every fault found, not the first.
 */
#ifndef FC_WIRE_PROBLEM_H
#define FC_WIRE_PROBLEM_H

#include "base/arena.h"
#include "core/event.h"
#include "core/verdict.h"

/* A problem's type is this and its code. */
#define WIRE_PROBLEM_TYPE_PREFIX "urn:firstcome:problem:"

struct wire_problem {
    const char *code;  /* insufficient_stock */
    int32_t status;    /* 409 */
    const char *title; /* one short phrase, the same every time */
};

/* NULL for VERDICT_SUCCEEDED. */
const struct wire_problem *wire_problem_of(enum verdict verdict);
/* What became of a failed order: payment_declined, or payment_timed_out when it expired as well.
 * The sentence is wire_problem_detail of that verdict. */
const struct wire_problem *wire_problem_of_failure(enum order_failure failure);
/* Also those that are no verdict: invalid_json, unauthenticated, forbidden, unknown_command,
 * not_found, method_not_allowed, payload_too_large, unsupported_media_type, unavailable. NULL when
 * there is no such code. */
const struct wire_problem *wire_problem_named(struct fc_str code);

/* A sentence for this refusal: `culprit` is the id it is about, or 0. */
void wire_problem_detail(struct fc_buf *buf, enum verdict verdict, int64_t culprit);

#define WIRE_FAULTS_MAX 32

struct wire_fault {
    struct fc_str pointer; /* JSON Pointer (RFC 6901) into the body, or "" for all of it */
    struct fc_str detail;
};

struct wire_faults {
    struct fc_arena *arena;
    struct wire_fault items[WIRE_FAULTS_MAX];
    int32_t count;   /* faults found; more than WIRE_FAULTS_MAX are counted, not kept */
    bool no_json;    /* the bytes are no JSON at all: invalid_json, else invalid_request */
    bool arena_full; /* the arena had no room: that says nothing against the bytes */
};

void wire_faults_init(struct wire_faults *faults, struct fc_arena *arena);
/* Keeps copies of the pointer and of the sentence, which is cut after 255 bytes. */
FC_PRINTF(3, 4)
void wire_fault_add(struct wire_faults *faults, struct fc_str pointer, const char *format, ...);

/* application/problem+json: type, title, status, detail, code, and errors when faults (may be NULL)
 * has some. */
void wire_problem_put(struct fc_buf *buf, const struct wire_problem *problem, struct fc_str detail,
                      const struct wire_faults *faults);

#endif
