/*
 * Asks for commands and brings what became of them: sends, sends again under the same idempotency
 * key while the answer is 503 or none comes, follows a command that was accepted until its verdict,
 * each bounded in time.
 */
#ifndef FC_CLI_ASK_H
#define FC_CLI_ASK_H

#include "producer/cli/progress.h"
#include "producer/cli/tally.h"
#include "producer/cli/window.h"

enum cli_manner {
    CLI_HELD,         /* the ingress holds the answer until the verdict (Prefer: wait) */
    CLI_FOLLOWED,     /* it answers 202 at once; the verdict is asked for behind it */
    CLI_ACCEPTED_ONLY /* the 202 is enough */
};

#define CLI_RETRY_MS_MAX 60000
#define CLI_VERDICT_MS_MAX 120000
#define CLI_WAIT_S 30

struct cli_asker {
    /* Fills the next command's request: it has a key of its own. */
    enum cli_next (*next)(void *arg, struct cli_request *request);
    /* What became of it; may be NULL. `tag` is the request's. */
    void (*settled)(void *arg, int64_t tag, const struct cli_outcome *outcome);
    void *arg;
    enum cli_manner manner;
    int32_t width;
    struct cli_tally *tally;       /* NULL: none */
    struct cli_progress *progress; /* NULL: none */
};

void cli_ask(struct cli_client *client, const struct cli_asker *asker);

/* One command, held until its verdict. The body is the caller's memory. */
void cli_ask_one(struct cli_client *client, const struct cli_request *request,
                 struct cli_outcome *ret_outcome);

/* A read: its body goes to `ret_body`, whose memory is the caller's. Trouble when there is no
 * answer within CLI_RETRY_MS_MAX, or one that is not 200: RETRY, but for 404 and 4xx: PARK. */
FC_MUST_USE enum fc_rc cli_fetch(struct cli_client *client, const char *path,
                                 struct fc_buf *ret_body, struct fc_err *ret_err);

/* Whether an ingress is there and ready; waits `wait_ms` for it. */
FC_MUST_USE enum fc_rc cli_await_ready(struct cli_client *client, int32_t wait_ms,
                                       struct fc_err *ret_err);

/* The identity under which the command line does what only administrators may. */
#define CLI_ADMIN_ID 1

#endif
