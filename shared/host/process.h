/*
 * What every program does as a process: exit codes that a supervisor acts on, stop flags set by
 * signal handlers and asked for by the loop, chance, and the four words that every program
 * understands (--help --version --print-config --check).
 */
#ifndef FC_HOST_PROCESS_H
#define FC_HOST_PROCESS_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define FC_EXIT_OK 0          /* asked to stop, and stopped */
#define FC_EXIT_FAILED 1      /* a command line's "no": the check found something */
#define FC_EXIT_USAGE 2       /* a command line's words are off */
#define FC_EXIT_PERMANENT 100 /* settings, schema: never restart me */
#define FC_EXIT_LATER 111     /* try again later */

/* SIGTERM and SIGINT set the stop flag (a second one ends at once with 111), SIGPIPE is ignored.
 * The handlers also write into a pipe whose reading end is returned, so that a loop that waits on
 * descriptors wakes. */
FC_MUST_USE enum fc_rc fc_process_signals(int *ret_fd, struct fc_err *ret_err);
bool fc_process_stopping(void);

/* Nobody but root may look into this process from now on (memory, environment, descriptors), and it
 * leaves no core when it dies: it holds secrets. First thing of every program; fc_process_words
 * does it. */
void fc_process_close(void);

/* From the kernel's generator (getrandom). */
uint64_t fc_process_chance(void);

/* The same for who wants many: a system call brings so many of them. Begins zeroed. */
#define FC_CHANCES 32

struct fc_chances {
    uint64_t items[FC_CHANCES];
    int32_t left; /* the first ones, not given yet */
};

uint64_t fc_chances_next(struct fc_chances *chances);

enum fc_process_word {
    FC_WORD_RUN,
    FC_WORD_CHECK,        /* --check: connect, check schema and topology, leave */
    FC_WORD_PRINT_CONFIG, /* --print-config */
    FC_WORD_DONE          /* --help or --version was answered, or the words were wrong */
};

/* Reads a daemon's arguments; on FC_WORD_DONE *ret_exit is the exit code. */
enum fc_process_word fc_process_words(int argc, char **argv, const char *program,
                                      const char *sentence, int *ret_exit);

#endif
