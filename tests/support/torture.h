/*
 * What an HTTP server must bear (the program tests/support/programs/torture.c): each act is played
 * against the server on 127.0.0.1:port, says what it saw on stdout, and counts what must not be.
 * Blocks for half a minute at most. User 7 has to be registered.
 */
#ifndef FC_TESTS_SUPPORT_TORTURE_H
#define FC_TESTS_SUPPORT_TORTURE_H

#include "support/torture_wire.h"

/* Longer than any deadline of the server, on a machine that is busy with other things. */
#define TORTURE_WAIT_MS 60000

/* Requests that are framed to deceive (support/torture_cases.h), all at once. */
int32_t torture_table(int32_t port);

/* Honest requests that come a byte at a time, in halves, or from a client that has said all it will
 * say: answered. Clients that leave in the middle: nothing comes of it. */
int32_t torture_drips(int32_t port);

/* Targets, headers, chunk extensions, bodies and trailers without an end: refused or cut, and not
 * read on for ever. */
int32_t torture_floods(int32_t port);

/* So many that send a byte of a head or a body now and then: all are cut, and others are served
 * meanwhile. */
int32_t torture_slowloris(int32_t port, int32_t count);

/* Clients that send many requests ahead, in pieces that chance cuts: each gets its own answers, in
 * its own order. */
int32_t torture_crowd(int32_t port, uint64_t seed);

/* Says what must not be; returns 1, to be added up. */
FC_PRINTF(1, 2) int32_t torture_wrong(const char *format, ...);

#endif
