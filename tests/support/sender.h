/*
 * A producer of its own, as the contract has them: publishes commands to the partition of their
 * key, one at a time, and waits for the verdict at reply_to. Without one it publishes the same
 * message again, which asks for the same command, until it has one.
 */
#ifndef FC_TESTS_SUPPORT_SENDER_H
#define FC_TESTS_SUPPORT_SENDER_H

#include "base/arena.h"
#include "base/err.h"
#include "support/told.h"
#include "wire/command.h"

/* `url` as in FIRSTCOME_BROKER; at most one is open. */
FC_MUST_USE enum fc_rc sender_open(const char *url, int32_t partitions, struct fc_err *ret_err);
void sender_close(void);

/* Messages that were published once more for want of a verdict. */
int64_t sender_repeats(void);

/* Keeps the connections alive; to be called every few seconds. */
FC_MUST_USE enum fc_rc sender_beat(struct fc_err *ret_err);

/* Fills key, body and reply_to from the command. False when its form is none that a worker takes:
 * it is not to be published. What is filled lives in the arena. */
FC_MUST_USE bool sender_write(struct wire_command *command, struct fc_arena *arena);

/* The verdict of what sender_write let pass; `ret_document` is to be put by the caller. */
FC_MUST_USE enum fc_rc sender_ask(const struct wire_command *command, struct told *ret_told,
                                  struct json_object **ret_document, struct fc_err *ret_err);

#endif
