#include "producer/cli/load.h"
#include "producer/cli/load_scan.h"
#include "producer/cli/report.h"

/* A closed loop of that many requests. False, and told, when one did not go well. */
static bool run_some(const struct cli *cli, struct load *load,
                     const struct load_run_settings *settings, int *ret_exit)
{
    const struct load_tally *tally = &load->run.tally;
    const char *name = load_kind_name(settings->work->kind);

    *ret_exit = FC_EXIT_LATER;
    if (!load_run(&load->run, settings)) {
        cli_say(cli, "out of memory");
        return false;
    }
    int64_t unexpected = load_tally_unexpected(tally, FC_STR("user_exists"));

    *ret_exit = FC_EXIT_FAILED;
    if (unexpected > 0)
        cli_say(cli, "%s: %lld of %lld did not go well (%s)", name, (long long)unexpected,
                (long long)load->run.sent,
                tally->code_count > 0 ? tally->codes[tally->code_count - 1].name : tally->trouble);
    if (fc_process_stopping())
        cli_say(cli, "%s: stopped after %lld", name, (long long)tally->answered.all);
    return unexpected == 0 && !fc_process_stopping();
}

/* --- what there has to be --------------------------------------------------------------------- */

static void put_phase(const struct load_run *run, const char *name, struct cli_report *report)
{
    int64_t took_us = load_run_took_us(run);

    cli_report_group_begin(report, name, name);
    cli_report_int(report, "completed", "completed", run->tally.answered.all);
    cli_report_int(report, "new", "  done just now",
                   run->tally.states[CLI_VERDICT_SUCCEEDED].all - run->tally.replayed.all);
    cli_report_milli(report, "seconds", "in seconds", took_us / 1000);
    cli_report_int(report, "per_s", "a second", run->tally.answered.all * FC_US_PER_S / took_us);
    cli_report_group_end(report);
}

/* Who asks a second time for the same balance gets the first answer: by the key. */
static uint64_t keys_of(const struct load *load, enum load_kind kind)
{
    return kind == LOAD_PREPARE_BALANCES ? (uint64_t)load->world.balance : 0;
}

int load_prepare(struct cli *cli, struct load *load)
{
    static const enum load_kind phases[] = {LOAD_PREPARE_USERS, LOAD_PREPARE_BALANCES,
                                            LOAD_PREPARE_PRODUCTS, LOAD_PREPARE_TEMPLATES};
    struct cli_report report;
    int exit = FC_EXIT_LATER;

    if (!cli_report_begin(&report, cli->json)) {
        cli_say(cli, "out of memory");
        return exit;
    }
    cli_report_str(&report, "name", "load", FC_STR("load prepare"));
    for (size_t i = 0; i < FC_ARRAY_COUNT(phases); i++) {
        struct load_work work = {.kind = phases[i], .world = &load->world};
        struct load_run_settings settings = load_settings(load, &work);
        uint64_t keys = keys_of(load, phases[i]);

        settings.rate = 0;
        settings.requests = load_work_count(&work);
        settings.keep_records = false;
        if (!load_manner(cli, load, keys != 0, keys, &exit) ||
            !run_some(cli, load, &settings, &exit))
            return exit;
        put_phase(&load->run, load_kind_name(phases[i]), &report);
    }
    cli_report_end(&report);
    return FC_EXIT_OK;
}

/* --- commands to poll ------------------------------------------------------------------------- */

struct collection {
    const struct load_world *world;
    struct load_id *ids;
    int64_t count;
    int64_t room;
};

/* From the document, or else from where the answer says that it is. */
static void collect(void *arg, int64_t number, const struct load_answer *answer)
{
    struct collection *collection = arg;
    struct load_id *id = &collection->ids[collection->count];
    struct fc_str text = answer->head.location;
    struct fc_str path = FC_STR("/v1/commands/");

    if (answer->fate != LOAD_ANSWERED || answer->head.status >= 300 ||
        collection->count == collection->room)
        return;
    if (!load_scan_member(answer->body, FC_STR("command_id"), &text)) {
        if (!fc_str_starts_with(text, path))
            return;
        text.ptr += path.len;
        text.len -= path.len;
    }
    if (!fc_str_copy(text, id->text, sizeof(id->text)))
        return;
    id->user_id = load_work_user(collection->world, number);
    collection->count++;
}

bool load_collect(const struct cli *cli, struct load *load, int *ret_exit)
{
    struct load_work work = {.kind = LOAD_PREPARE_IDS, .world = &load->world};
    struct load_run_settings settings = load_settings(load, &work);
    struct collection collection = {.world = &load->world,
                                    .ids = cli_memory((size_t)load->ids * sizeof(struct load_id)),
                                    .room = load->ids};

    *ret_exit = FC_EXIT_LATER;
    if (collection.ids == NULL) {
        cli_say(cli, "out of memory");
        return false;
    }
    settings.rate = 0;
    settings.requests = load->ids;
    settings.keep_records = false;
    settings.settled = collect;
    settings.arg = &collection;
    if (!run_some(cli, load, &settings, ret_exit))
        return false;
    *ret_exit = FC_EXIT_FAILED;
    if (collection.count == 0) {
        cli_say(cli, "no answer named a command whose status could be asked for");
        return false;
    }
    load->world.ids = collection.ids;
    load->world.id_count = collection.count;
    return true;
}
