/*
 * The HTTP client with a scripted server before it, and what came of its calls in the order in
 * which they ended.
 */
#ifndef FC_SUPPORT_OUTGOING_RIG_H
#define FC_SUPPORT_OUTGOING_RIG_H

#include "outgoing/http.h"
#include "support/scripted.h"

struct outgoing_told {
    int64_t tag;
    enum outgoing_fate fate;
    int32_t status;
    int32_t retry_after_s;
    size_t body_len;
    char body[256]; /* its beginning */
    char trouble[256];
};

struct outgoing_rig {
    struct outgoing *outgoing;
    struct scripted server;
    bool serves;
    struct outgoing_told told[OUTGOING_CALLS_MAX];
    int32_t told_count;
};

/* Without a server. */
void outgoing_rig_open(struct outgoing_rig *rig);
void outgoing_rig_close(struct outgoing_rig *rig);
void outgoing_rig_serve(struct outgoing_rig *rig, scripted_fn *reply);

/* A GET of `url` that may take ten seconds. */
struct outgoing_request outgoing_rig_request(const char *url);
/* Starts one of the server's root. */
void outgoing_rig_start(struct outgoing_rig *rig, int64_t tag);
/* Until so many calls in all have ended. */
void outgoing_rig_await(struct outgoing_rig *rig, int32_t count);
/* For outgoing_turn: keeps what is told; `arg` is the rig. */
void outgoing_rig_hear(void *arg, int64_t tag, const struct outgoing_answer *answer);

#endif
