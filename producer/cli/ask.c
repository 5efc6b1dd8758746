#include "producer/cli/ask.h"

#include "base/assert.h"
#include "host/backoff.h"
#include "host/process.h"

#include <string.h>

struct asked {
    bool following; /* accepted: its verdict is being asked for */
    struct cli_outcome outcome;
    struct fc_backoff backoff;
};

struct asking {
    const struct cli_asker *asker;
    int32_t url; /* the ingresses take turns */
    struct asked lanes[CLI_LANES_MAX];
};

static enum cli_next on_next(void *arg, int32_t lane, struct cli_request *request)
{
    struct asking *asking = arg;
    struct asked *asked = &asking->lanes[lane];
    enum cli_next next = asking->asker->next(asking->asker->arg, request);

    if (next != CLI_NEXT_SEND)
        return next;
    FC_ASSERT(request->method == CLI_GET || request->idempotency_key[0] != '\0');
    *asked = (struct asked){.following = request->method == CLI_GET};
    fc_backoff_init(&asked->backoff, fc_process_chance());
    request->wait_s = asking->asker->manner == CLI_HELD ? CLI_WAIT_S : 0;
    request->url = asking->url++ & INT16_MAX;
    return CLI_NEXT_SEND;
}

static enum cli_then settle(struct asking *asking, int32_t lane, const struct cli_request *request,
                            enum cli_end end)
{
    const struct cli_asker *asker = asking->asker;
    struct cli_outcome *outcome = &asking->lanes[lane].outcome;

    outcome->end = end;
    if (asker->tally != NULL)
        cli_tally_add(asker->tally, outcome);
    if (asker->settled != NULL)
        asker->settled(asker->arg, request->tag, outcome);
    if (asker->progress != NULL)
        cli_progress_add(asker->progress, 1);
    return CLI_THEN_FREE;
}

/* The command was accepted: from now on its verdict is asked for. */
static void follow(struct asked *asked, struct cli_request *request)
{
    struct fc_buf path = fc_buf_of(request->path, sizeof(request->path) - 1);

    asked->following = true;
    fc_backoff_reset(&asked->backoff);
    fc_buf_put_text(&path, "/v1/commands/");
    fc_uuid_put(&path, &asked->outcome.verdict.command_id);
    FC_ASSERT(!path.overflow);
    request->path[path.len] = '\0';
    request->method = CLI_GET;
    request->body.len = 0;
    request->idempotency_key[0] = '\0';
    request->wait_s = CLI_WAIT_S;
    request->delay_ms = 0;
}

static bool worth_repeating(const struct cli_answer *answer)
{
    return answer->fate == CLI_FAILED || answer->status >= 500 || answer->status == 429;
}

/* Again after a pause, unless it has taken too long: then it is lost or failed. */
static enum cli_then repeat(struct asking *asking, int32_t lane, struct cli_request *request,
                            const struct cli_answer *answer)
{
    struct asked *asked = &asking->lanes[lane];
    struct cli_outcome *outcome = &asked->outcome;
    bool accepted = outcome->accepted.us != 0;
    struct fc_mono since = accepted ? outcome->accepted : outcome->sent;
    int64_t limit_ms = asked->following ? CLI_VERDICT_MS_MAX : CLI_RETRY_MS_MAX;

    outcome->trouble = answer->fate == CLI_FAILED ? answer->trouble : "the ingress answers 5xx";
    if (fc_clock_ms_since(since) >= limit_ms)
        return settle(asking, lane, request, asked->following ? CLI_END_LOST : CLI_END_FAILED);
    request->delay_ms = fc_backoff_next_ms(&asked->backoff);
    /* Another ingress may be better off. */
    request->url++;
    return CLI_THEN_AGAIN;
}

static enum cli_then on_accepted(struct asking *asking, int32_t lane, struct cli_request *request,
                                 const struct cli_answer *answer)
{
    struct asked *asked = &asking->lanes[lane];

    if (!asked->following && asked->outcome.accepted.us == 0)
        asked->outcome.accepted = answer->answered;
    if (asking->asker->manner == CLI_ACCEPTED_ONLY)
        return settle(asking, lane, request, CLI_END_ACCEPTED);
    struct fc_mono since =
        asked->outcome.accepted.us != 0 ? asked->outcome.accepted : asked->outcome.sent;

    if (fc_clock_ms_since(since) >= CLI_VERDICT_MS_MAX) {
        asked->outcome.trouble = "accepted, and no verdict in time";
        return settle(asking, lane, request, CLI_END_LOST);
    }
    follow(asked, request);
    return CLI_THEN_AGAIN;
}

static enum cli_then on_verdict(struct asking *asking, int32_t lane, struct cli_request *request,
                                const struct cli_answer *answer)
{
    struct asked *asked = &asking->lanes[lane];
    struct cli_outcome *outcome = &asked->outcome;
    bool no_document = asked->following && answer->status != 200;

    outcome->replayed = answer->replayed;
    /* An id that the ingress gave out, and knows no more. */
    if (no_document) {
        outcome->trouble = "the ingress does not know a command that it accepted";
        return settle(asking, lane, request, CLI_END_LOST);
    }
    outcome->decided = answer->answered;
    outcome->trouble = NULL;
    switch (outcome->verdict.state) {
    case CLI_VERDICT_SUCCEEDED:
        return settle(asking, lane, request, CLI_END_SUCCEEDED);
    case CLI_VERDICT_REFUSED:
        return settle(asking, lane, request, CLI_END_REFUSED);
    case CLI_VERDICT_PARKED:
        return settle(asking, lane, request, CLI_END_PARKED);
    case CLI_VERDICT_ACCEPTED:
        break;
    }
    FC_UNREACHABLE("accepted is no verdict");
}

static enum cli_then on_answered(void *arg, int32_t lane, struct cli_request *request,
                                 const struct cli_answer *answer)
{
    struct asking *asking = arg;
    struct asked *asked = &asking->lanes[lane];
    struct cli_outcome *outcome = &asked->outcome;

    if (outcome->sent.us == 0)
        outcome->sent = answer->sent;
    if (!asked->following)
        outcome->tries++;
    outcome->status = answer->status;
    if (answer->fate == CLI_STOPPED) {
        outcome->trouble = answer->trouble;
        return settle(asking, lane, request, CLI_END_STOPPED);
    }
    if (worth_repeating(answer))
        return repeat(asking, lane, request, answer);
    if (!cli_verdict_parse(answer->body, &outcome->verdict)) {
        outcome->trouble = "an answer that is no JSON of ours: is this the ingress?";
        return settle(asking, lane, request, CLI_END_FAILED);
    }
    if (outcome->verdict.state == CLI_VERDICT_ACCEPTED)
        return on_accepted(asking, lane, request, answer);
    return on_verdict(asking, lane, request, answer);
}

void cli_ask(struct cli_client *client, const struct cli_asker *asker)
{
    static struct asking asking; /* one at a time: it is too large for a stack */
    struct cli_source source = {on_next, on_answered, &asking};

    asking.asker = asker;
    asking.url = 0;
    cli_window_run(client, asker->width, &source);
}

/* --- one -------------------------------------------------------------------------------------- */

struct one {
    const struct cli_request *request;
    bool given;
    struct cli_outcome outcome;
};

static enum cli_next one_next(void *arg, struct cli_request *request)
{
    struct one *one = arg;

    if (one->given)
        return CLI_NEXT_DONE;
    one->given = true;
    *request = *one->request;
    return CLI_NEXT_SEND;
}

static void one_settled(void *arg, int64_t tag, const struct cli_outcome *outcome)
{
    struct one *one = arg;

    (void)tag;
    one->outcome = *outcome;
}

void cli_ask_one(struct cli_client *client, const struct cli_request *request,
                 struct cli_outcome *ret_outcome)
{
    struct one one = {.request = request};
    struct cli_asker asker = {
        .next = one_next, .settled = one_settled, .arg = &one, .manner = CLI_HELD, .width = 1};

    one.outcome.end = CLI_END_STOPPED;
    cli_ask(client, &asker);
    *ret_outcome = one.outcome;
}
