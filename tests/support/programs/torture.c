/*
 * Tortures the HTTP server on 127.0.0.1 (support/torture.h): torture PORT ACT [NUMBER]. Ends with 0
 * when it bore it.
 */
#include "support/torture.h"

#include "host/process.h"

#include <stdio.h>
#include <string.h>

static int usage(void)
{
    (void)fputs("Usage: torture PORT table|drips|floods|slowloris COUNT|crowd SEED\n", stderr);
    return FC_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    int64_t port;
    int64_t number = 0;
    int32_t wrong;

    if (argc < 3 || argc > 4 || !fc_str_to_i64(fc_str_of(argv[1]), 1, 65535, &port) ||
        (argc == 4 && !fc_str_to_i64(fc_str_of(argv[3]), 0, 1000000000, &number)))
        return usage();
    if (strcmp(argv[2], "table") == 0)
        wrong = torture_table((int32_t)port);
    else if (strcmp(argv[2], "drips") == 0)
        wrong = torture_drips((int32_t)port);
    else if (strcmp(argv[2], "floods") == 0)
        wrong = torture_floods((int32_t)port);
    else if (strcmp(argv[2], "slowloris") == 0)
        wrong = torture_slowloris((int32_t)port, (int32_t)number);
    else if (strcmp(argv[2], "crowd") == 0)
        wrong = torture_crowd((int32_t)port, (uint64_t)number);
    else
        return usage();
    return wrong == 0 ? FC_EXIT_OK : FC_EXIT_FAILED;
}
