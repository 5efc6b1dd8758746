/*
 * `firstcome load`: what was asked for, and what its parts share.
 */
#ifndef FC_CLI_LOAD_H
#define FC_CLI_LOAD_H

#include "producer/cli/load_run.h"

struct load {
    struct load_world world;
    struct load_wire *wire;
    struct load_writer writer;
    struct load_run run;
    int64_t clients;
    int64_t wait_s;
    int64_t rate;
    int64_t seed;
    int64_t seconds;
    int64_t warm_up;
    int64_t requests;
    int64_t ids;
    const char *allow;
    const char *histogram;
    const char *history;
    bool no_wait;
    bool keys;
    bool even;
    bool hot;
    bool prove;
};

/* How requests go out from now on. `keys_of` makes their keys those of every run that says the
 * same; 0: of this run alone. False, and told, when a header is too long. */
FC_MUST_USE bool load_manner(const struct cli *cli, struct load *load, bool keys, uint64_t keys_of,
                             int *ret_exit);

/* What all runs have in common. */
struct load_run_settings load_settings(const struct load *load, struct load_work *work);

/* Users with a balance, products and templates: makes what is not there. */
int load_prepare(struct cli *cli, struct load *load);

/* Places `ids` charges, whose status is to be polled. On failure it is told. */
FC_MUST_USE bool load_collect(const struct cli *cli, struct load *load, int *ret_exit);

#endif
