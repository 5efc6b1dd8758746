#include "support/sim_run.h"

#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES_MAX 64

/* What a process tells while it runs, and leaves when it dies. */
struct part {
    uint64_t seed; /* under way */
    struct sim_outcome outcome;
};

struct board {
    atomic_bool stop;
    struct part parts[PROCESSES_MAX];
};

static struct sim_world world;

static void note(struct sim_outcome *outcome, uint64_t seed, const char *why)
{
    if (outcome->failed && outcome->seed < seed)
        return;
    outcome->failed = true;
    outcome->seed = seed;
    (void)snprintf(outcome->why, sizeof(outcome->why), "%s", why);
}

void sim_run_here(struct sim_world *here, uint64_t first, int64_t count,
                  struct sim_outcome *ret_outcome)
{
    *ret_outcome = (struct sim_outcome){0};
    for (uint64_t seed = first; seed < first + (uint64_t)count && !ret_outcome->failed; seed++) {
        ret_outcome->seeds++;
        if (!sim_world_run(here, seed))
            note(ret_outcome, seed, here->why);
    }
    ret_outcome->totals = here->totals;
}

static void run_part(struct board *board, struct part *part, uint64_t last, uint64_t stride)
{
    sim_world_open(&world);
    for (; part->seed <= last && !atomic_load(&board->stop); part->seed += stride) {
        part->outcome.seeds++;
        if (!sim_world_run(&world, part->seed)) {
            note(&part->outcome, part->seed, world.why);
            atomic_store(&board->stop, true);
        }
    }
    part->outcome.totals = world.totals;
    sim_world_close(&world);
}

static struct board *board_open(void)
{
    FILE *file = tmpfile();
    struct board *board;

    FC_ASSERT(file != NULL);
    FC_ASSERT(ftruncate(fileno(file), sizeof(*board)) == 0);
    board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    FC_ASSERT(board != MAP_FAILED);
    (void)fclose(file);
    return board;
}

static void wait_part(struct board *board, struct part *part, pid_t pid,
                      struct sim_outcome *outcome)
{
    int status;

    FC_ASSERT(waitpid(pid, &status, 0) == pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        atomic_store(&board->stop, true);
        note(outcome, part->seed, "the process died, see above");
    }
    if (part->outcome.failed)
        note(outcome, part->outcome.seed, part->outcome.why);
    outcome->seeds += part->outcome.seeds;
    sim_totals_add(&outcome->totals, &part->outcome.totals);
}

void sim_run(uint64_t first, int64_t count, struct sim_outcome *ret_outcome)
{
    struct board *board = board_open();
    int32_t processes = (int32_t)sysconf(_SC_NPROCESSORS_ONLN);
    pid_t pids[PROCESSES_MAX];

    if (processes < 1)
        processes = 1;
    if (processes > PROCESSES_MAX)
        processes = PROCESSES_MAX;
    *ret_outcome = (struct sim_outcome){0};
    for (int32_t i = 0; i < processes; i++) {
        board->parts[i].seed = first + (uint64_t)i;
        pids[i] = fork();
        FC_ASSERT(pids[i] >= 0);
        if (pids[i] == 0) {
            run_part(board, &board->parts[i], first + (uint64_t)count - 1, (uint64_t)processes);
            exit(0);
        }
    }
    for (int32_t i = 0; i < processes; i++)
        wait_part(board, &board->parts[i], pids[i], ret_outcome);
    (void)munmap(board, sizeof(*board));
}
