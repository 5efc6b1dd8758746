/*
 * A JSON text opened for wire/read.h, over the arena of support/bodies.h, and what came of reading
 * it.
 */
#ifndef FC_TESTS_SUPPORT_READER_H
#define FC_TESTS_SUPPORT_READER_H

#include "wire/read.h"

struct reader {
    struct fc_arena *arena;
    struct wire_faults faults;
    struct wire_node node;
};

#define RANGE(min, max) ((struct wire_range){(min), (max)})

/* The scan must let the text pass; what else it has to say is among the faults. */
void reader_open(struct reader *reader, const char *text);

/* The faults there were, as faults_text_put has them, must be these. */
void reader_close(struct reader *reader, const char *want);

#endif
