#include "support/outside_ask.h"

#include "host/clock.h"

#include <stdio.h>
#include <string.h>

#define WAIT_S 30
#define VERDICT_MS_MAX 120000

static bool ask_fails(const struct call *call, struct answer *ret_answer,
                      char ret_why[OUTSIDE_WHY_BYTES])
{
    const char *trouble;

    OUTSIDE_SAME(caller_ask(call, ret_answer, &trouble), "%s %s: %s", call->method, call->path,
                 trouble);
    OUTSIDE_SAME(ret_answer->status < 500, "%s %s is answered %d: " FC_STR_FMT, call->method,
                 call->path, (int)ret_answer->status, FC_STR_ARG(ret_answer->body));
    return false;
}

static bool read_fails(const struct answer *answer, const struct call *call,
                       struct outside_asked *asked, char ret_why[OUTSIDE_WHY_BYTES])
{
    asked->document = told_parse(answer->body);
    OUTSIDE_SAME(told_read(asked->document, &asked->told),
                 "%s %s: no command document: " FC_STR_FMT, call->method, call->path,
                 FC_STR_ARG(answer->body));
    asked->is_command = true;
    (void)fc_str_copy(fc_str_of(asked->told.code), asked->code, sizeof(asked->code));
    return false;
}

/* The document at that path, decided. */
static bool follow_fails(const struct call *call, const char *path, struct outside_asked *asked,
                         char ret_why[OUTSIDE_WHY_BYTES])
{
    struct call look = {
        .method = "GET", .user_id = call->user_id, .admin = call->admin, .wait_s = WAIT_S};
    struct fc_mono since = fc_clock_mono();

    OUTSIDE_SAME(fc_str_starts_with(fc_str_of(path), FC_STR("/v1/commands/")),
                 "%s %s: its command is at \"%s\"", call->method, call->path, path);
    (void)fc_str_copy(fc_str_of(path), look.path, sizeof(look.path));
    do {
        struct answer answer;

        (void)json_object_put(asked->document);
        asked->document = NULL;
        if (ask_fails(&look, &answer, ret_why) || read_fails(&answer, &look, asked, ret_why))
            return true;
        asked->status = answer.status;
        asked->replayed = answer.replayed;
    } while (strcmp(asked->told.state, "accepted") == 0 &&
             fc_clock_ms_since(since) < VERDICT_MS_MAX);
    OUTSIDE_SAME(asked->told.decided_at.us != 0, "%s: %s", path,
                 json_object_to_json_string(asked->document));
    return false;
}

/* The document of a refusal, which must say what the problem said. */
static bool refusal_fails(const struct call *call, const struct answer *answer,
                          struct outside_asked *asked, char ret_why[OUTSIDE_WHY_BYTES])
{
    int32_t status = asked->status;
    bool replayed = asked->replayed;
    char code[sizeof(asked->code)];

    memcpy(code, asked->code, sizeof(code));
    if (follow_fails(call, answer->content_location, asked, ret_why))
        return true;
    OUTSIDE_SAME(strcmp(asked->told.code, code) == 0 && asked->told.status == status &&
                     asked->replayed == replayed,
                 "%s %s is answered %d %s, its document: %s", call->method, call->path, (int)status,
                 code, json_object_to_json_string(asked->document));
    asked->status = status;
    return false;
}

bool outside_ask_fails(const struct call *call, struct outside_asked *ret_asked,
                       char ret_why[OUTSIDE_WHY_BYTES])
{
    struct outside_asked *asked = ret_asked;
    struct answer answer;

    *asked = (struct outside_asked){.document = NULL};
    if (ask_fails(call, &answer, ret_why))
        return true;
    asked->status = answer.status;
    asked->replayed = answer.replayed;
    asked->is_late = answer.status == 202;
    if (asked->is_late)
        return follow_fails(call, answer.location, asked, ret_why);
    if (answer.status < 300)
        return read_fails(&answer, call, asked, ret_why);
    struct json_object *problem = told_parse(answer.body);

    (void)fc_str_copy(told_text(problem, "code"), asked->code, sizeof(asked->code));
    (void)json_object_put(problem);
    if (answer.content_location[0] == '\0')
        return false;
    return refusal_fails(call, &answer, asked, ret_why);
}
