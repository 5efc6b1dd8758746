/*
 * The contract's table of routes: a command as the request that asks for it over HTTP.
 */
#ifndef FC_TESTS_SUPPORT_CALLER_ROUTE_H
#define FC_TESTS_SUPPORT_CALLER_ROUTE_H

#include "core/command.h"
#include "support/caller.h"

/* Where a command may be asked for in two ways (POST or PUT of a product), `second` takes the
 * other. The body is written into `body`. False for a command that has no route. */
FC_MUST_USE bool caller_route(const struct command *command, bool second, struct fc_buf *body,
                              struct call *ret_call);

/* Only administrators may ask for it. */
bool caller_route_is_admins(enum command_type type);

/* 201, where a success makes something new, or 200. */
int32_t caller_route_status(const struct call *call);

#endif
