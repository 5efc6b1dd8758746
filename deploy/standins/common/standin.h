/*
 * What the stand-ins share: an HTTP server of a process of its own, that plays another party and
 * can be as nasty as one. One thread, one loop; a request is handed over whole and answered at
 * once, later, never, or by cutting the connection. For demonstrations and tests, not for the
 * open network: it asks nobody who he is.
 */
#ifndef FC_STANDINS_STANDIN_H
#define FC_STANDINS_STANDIN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "host/config.h"

/* What a client may send at most, and be answered at most. */
#define STANDIN_BODY_BYTES_MAX (4 * 1024 * 1024)
#define STANDIN_ANSWER_BYTES_MAX (32 * 1024 * 1024)
/* Requests at one time; more are cut off. */
#define STANDIN_REQUESTS_MAX 512
/* A request that is never answered is cut off after it. */
#define STANDIN_HANG_MS 120000

enum standin_method { STANDIN_GET, STANDIN_POST, STANDIN_PUT, STANDIN_DELETE, STANDIN_OTHER };

struct standin_request {
    enum standin_method method;
    struct fc_str path; /* "/v1/payments", as sent, without what stands behind a "?" */
    struct fc_str body;
    struct fc_instant at;   /* when it was complete */
    struct fc_arena *arena; /* for reading the body; emptied behind each request */
    void *connection;       /* the frame's own */
};

/* The header's value, of any case in its name; empty when there is none. */
struct fc_str standin_header(const struct standin_request *request, const char *name);
/* The value of ?name=value; empty when there is none. */
struct fc_str standin_arg(const struct standin_request *request, const char *name);

enum standin_manner {
    STANDIN_ANSWER, /* status and body, after delay_ms */
    STANDIN_DROP,   /* the connection is closed without a word, after delay_ms */
    STANDIN_HANG    /* nothing is ever said */
};

struct standin_answer {
    enum standin_manner manner;
    int32_t status;           /* preset: 200 */
    const char *content_type; /* preset: application/json */
    int32_t retry_after_s;    /* -1, preset: no such header */
    int32_t delay_ms;         /* preset: 0 */
    bool twice;               /* the whole answer is sent a second time behind itself */
};

/* Settings that every stand-in has (FIRSTCOME_STANDIN_…). */
struct standin_settings {
    char listen[128];     /* host:port */
    char behaviour[4096]; /* JSON: what PUT /behaviour would be given at the start */
    char file[1024];      /* where it keeps what it was told; empty: in memory only */
    int32_t seed;         /* of its chance */
    struct fc_common_settings common;
};

struct standin_program {
    const char *name;     /* firstcome-standin-gateway */
    const char *sentence; /* for --help */
    void *arg;
    /* Once, before anything is listened to. */
    enum fc_rc (*start)(void *arg, const struct standin_settings *settings, struct fc_err *ret_err);
    /* Writes the body of the answer and sets what is not as preset. May not block. */
    void (*handle)(void *arg, const struct standin_request *request, struct fc_buf *body,
                   struct standin_answer *ret_answer);
};

/* Runs until asked to stop; returns the exit code. GET /livez is answered by the frame. */
int standin_main(int argc, char **argv, const struct standin_program *program);

/* An answer of {"error":sentence} with that status. */
void standin_refuse(struct fc_buf *body, struct standin_answer *answer, int32_t status,
                    const char *sentence);

#endif
