/*
 * The processor time of a whole PostgreSQL server on this machine, found by one of its backends:
 * all its processes, those that have ended included. Read from /proc each time it is asked for.
 */
#ifndef FC_SUPPORT_SERVER_CPU_H
#define FC_SUPPORT_SERVER_CPU_H

#include <stdint.h>

/* In microseconds, as fine as the kernel's ticks; 0 where the backend is not to be seen. */
int64_t server_cpu_us(int64_t backend_pid);

#endif
