/*
 * The small HTTP endpoint of a program that otherwise speaks no HTTP: /metrics /livez /readyz on
 * an address of its own. Runs inside the program's loop: its descriptor joins the loop's wait and
 * fc_exporter_turn does what is ready; neither blocks.
 */
#ifndef FC_HOST_EXPORTER_H
#define FC_HOST_EXPORTER_H

#include "base/err.h"
#include "base/str.h"

struct fc_exporter;

struct fc_exporter_source {
    /* Puts the text of /metrics. */
    void (*metrics)(void *arg, struct fc_buf *buf);
    /* Puts a JSON object that says how the program is; true when it is ready. */
    bool (*ready)(void *arg, struct fc_buf *buf);
    void *arg;
};

/* `address` is host:port; empty: no endpoint (*ret_exporter is NULL, which all calls accept). */
FC_MUST_USE enum fc_rc fc_exporter_open(const char *address,
                                        const struct fc_exporter_source *source,
                                        struct fc_exporter **ret_exporter, struct fc_err *ret_err);
int fc_exporter_fd(const struct fc_exporter *exporter); /* -1 without an endpoint */
void fc_exporter_turn(struct fc_exporter *exporter);
void fc_exporter_close(struct fc_exporter *exporter);

#endif
