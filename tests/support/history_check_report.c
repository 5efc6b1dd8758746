#include "support/history_check_judge.h"

#include "base/assert.h"

#include <json-c/json.h>

#include <inttypes.h>
#include <string.h>

static const struct {
    const char *name;
    const char *sentence;
    void (*judge)(const struct court *court, struct history_check *check);
} checks[CHECK_COUNT] = {
    [CHECK_ACCEPTED_IS_DECIDED] = {"accepted_is_decided",
                                   "every accepted command has one verdict, of what was asked",
                                   judge_accepted},
    [CHECK_VERDICT_IS_TOLD] = {"verdict_is_told",
                               "whatever a client was told of a command is what was decided",
                               judge_told},
    [CHECK_NOTHING_INVENTED] = {"nothing_invented", "nothing was decided that was never sent",
                                judge_invented},
    [CHECK_KEY_HAS_ONE_OWNER] = {"key_has_one_owner",
                                 "all copies of an idempotency key are one command", judge_keys},
    [CHECK_EFFECT_IS_ONE] = {"effect_is_one",
                             "a success has its effect in the tables once, a repeat has none",
                             judge_effects},
    [CHECK_STOCK_IS_THERE] = {"stock_is_there", "no option is oversold", judge_stock},
    [CHECK_COUPONS_ARE_THERE] = {"coupons_are_there", "no coupon template is oversold",
                                 judge_coupons},
    [CHECK_WALLET_IS_ITS_EVENTS] = {"wallet_is_its_events",
                                    "each wallet is what the journal comes to, to the won",
                                    judge_wallet_events},
    [CHECK_WALLET_IS_ITS_ORDERS] = {"wallet_is_its_orders",
                                    "each wallet is its charges less its orders, to the won",
                                    judge_wallet_orders},
    [CHECK_WINNERS_CAME_FIRST] = {"winners_came_first",
                                  "no coupon went past somebody who certainly came before",
                                  judge_winners},
    [CHECK_DECIDED_IN_ORDER] = {"decided_in_order",
                                "within a key, what was accepted before is decided before",
                                judge_order},
    [CHECK_COUNTERS_ARE_THE_FOLD] = {"counters_are_the_fold",
                                     "the daily counters are what the events come to, each once",
                                     judge_counters},
    [CHECK_PLATFORM_HAS_ALL] = {"platform_has_all",
                                "the data platform has all paid and cancelled orders, in order",
                                judge_platform},
    [CHECK_GATEWAY_AGREES] = {"gateway_agrees",
                              "the gateway took once what is paid, and kept nothing else",
                              judge_gateway},
};

const char *history_check_name(enum history_check_name check)
{
    FC_ASSERT(check < CHECK_COUNT);
    return checks[check].name;
}

const char *history_check_sentence(enum history_check_name check)
{
    FC_ASSERT(check < CHECK_COUNT);
    return checks[check].sentence;
}

void history_judge(const struct evidence *evidence, struct history_verdict *ret_verdict)
{
    struct court court;

    memset(ret_verdict, 0, sizeof(*ret_verdict));
    ret_verdict->ops = evidence->op_count;
    ret_verdict->tries = evidence->attempt_count;
    ret_verdict->sightings = evidence->sighting_count;
    ret_verdict->rows = evidence->row_count;
    for (int64_t i = 0; i < evidence->attempt_count; i++) {
        ret_verdict->accepted += evidence->attempts[i].fate == FATE_ACCEPTED;
        ret_verdict->unknown += evidence->attempts[i].fate == FATE_UNKNOWN;
    }
    court_open(evidence, &court);
    for (int i = 0; i < CHECK_COUNT; i++) {
        checks[i].judge(&court, &ret_verdict->checks[i]);
        ret_verdict->violations += ret_verdict->checks[i].violations;
    }
    court_close(&court);
}

static int64_t sample_count(const struct history_check *check)
{
    return check->violations < HISTORY_SAMPLES ? check->violations : HISTORY_SAMPLES;
}

void history_verdict_print(const struct history_verdict *verdict, FILE *file)
{
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct history_check *check = &verdict->checks[i];

        if (check->violations > 0)
            (void)fprintf(file,
                          "VIOLATED  %-22s compared %" PRId64 "  violations %" PRId64 "  (%s)",
                          checks[i].name, check->compared, check->violations, checks[i].sentence);
        else if (check->left_out)
            (void)fprintf(file, "left out  %-22s nothing was given to hold against it",
                          checks[i].name);
        else
            (void)fprintf(file, "ok        %-22s compared %" PRId64, checks[i].name,
                          check->compared);
        if (check->set_aside > 0)
            (void)fprintf(file, "  set aside %" PRId64, check->set_aside);
        (void)fputc('\n', file);
        for (int64_t k = 0; k < sample_count(check); k++)
            (void)fprintf(file, "    %s\n", check->samples[k]);
    }
    (void)fprintf(file,
                  "ops %" PRId64 ", tries %" PRId64 " (accepted %" PRId64 ", unknown %" PRId64
                  "), verdicts seen %" PRId64 ", commands decided %" PRId64 ", violations %" PRId64
                  "\n",
                  verdict->ops, verdict->tries, verdict->accepted, verdict->unknown,
                  verdict->sightings, verdict->rows, verdict->violations);
}

static void put_number(struct json_object *object, const char *name, int64_t value)
{
    (void)json_object_object_add(object, name, json_object_new_int64(value));
}

static struct json_object *check_json(const struct history_check *check, int at)
{
    struct json_object *object = json_object_new_object();
    struct json_object *samples = json_object_new_array();

    (void)json_object_object_add(object, "name", json_object_new_string(checks[at].name));
    (void)json_object_object_add(object, "holds", json_object_new_string(checks[at].sentence));
    (void)json_object_object_add(object, "left_out", json_object_new_boolean(check->left_out));
    put_number(object, "compared", check->compared);
    put_number(object, "violations", check->violations);
    put_number(object, "set_aside", check->set_aside);
    for (int64_t i = 0; i < sample_count(check); i++)
        (void)json_object_array_add(samples, json_object_new_string(check->samples[i]));
    (void)json_object_object_add(object, "first", samples);
    return object;
}

void history_verdict_json(const struct history_verdict *verdict, FILE *file)
{
    struct json_object *root = json_object_new_object();
    struct json_object *list = json_object_new_array();

    put_number(root, "violations", verdict->violations);
    put_number(root, "ops", verdict->ops);
    put_number(root, "tries", verdict->tries);
    put_number(root, "accepted", verdict->accepted);
    put_number(root, "unknown", verdict->unknown);
    put_number(root, "verdicts_seen", verdict->sightings);
    put_number(root, "commands_decided", verdict->rows);
    for (int i = 0; i < CHECK_COUNT; i++)
        (void)json_object_array_add(list, check_json(&verdict->checks[i], i));
    (void)json_object_object_add(root, "checks", list);
    (void)fprintf(file, "%s\n",
                  json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
                                                           JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(root);
}
