/*
 * What a program writes to one of its descriptors, caught in a pipe: capture_begin, write at most
 * what a pipe takes (64 KiB), capture_end. Nothing else reaches the descriptor in between, cmocka's
 * own lines neither.
 */
#ifndef FC_TESTS_SUPPORT_CAPTURE_H
#define FC_TESTS_SUPPORT_CAPTURE_H

#include "base/str.h"

struct capture {
    int fd;      /* what is caught */
    int saved;   /* where it led before */
    int reading; /* the pipe's other end */
    char text[65536];
};

void capture_begin(struct capture *capture, int fd);

/* What was written; the view lives as long as `capture`. */
struct fc_str capture_end(struct capture *capture);

#endif
