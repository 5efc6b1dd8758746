#include "producer/cli/replay_check.h"

#include "host/clock.h"
#include "producer/cli/cli.h"

#include <errno.h>
#include <sys/mman.h>

/* Address space for the state; memory is taken as it is touched. */
#define STATE_BYTES ((size_t)64 * 1024 * 1024 * 1024)
/* Rows that the tables of the state have room for before they grow. */
#define STATE_ROWS 4096

static void keep_sentence(void *arg, struct fc_str sentence)
{
    struct replay_check *check = arg;

    if (check->shown == REPLAY_SHOWN_MAX)
        return;
    (void)fc_str_copy(sentence, check->sentences[check->shown++], REPLAY_SENTENCE_BYTES);
}

static enum fc_rc memory_take(struct fc_arena *state, struct fc_arena *scratch,
                              struct fc_err *ret_err)
{
    void *memory = mmap(NULL, STATE_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    void *other = cli_memory(SHOP_REPLAY_SCRATCH_BYTES);

    if (memory == MAP_FAILED)
        return fc_err_set_sys(ret_err, FC_CURE_RETRY, "mmap", errno);
    if (other == NULL)
        return fc_err_set(ret_err, FC_CURE_RETRY, "replay", "out of memory");
    fc_arena_init(state, memory, STATE_BYTES);
    fc_arena_init(scratch, other, SHOP_REPLAY_SCRATCH_BYTES);
    return FC_OK;
}

enum fc_rc replay_check_run(struct db *db, struct fc_instant until, bool compare,
                            struct replay_check *ret_check, struct fc_err *ret_err)
{
    static struct fc_arena state;
    static struct fc_arena scratch;
    struct fc_mono began = fc_clock_mono();

    *ret_check = (struct replay_check){.differences = 0};
    if (memory_take(&state, &scratch, ret_err) != FC_OK)
        return FC_FAIL;
    shop_init(&ret_check->shop, &state, STATE_ROWS);
    ret_check->replay =
        (struct shop_replay){.db = db, .scratch = &scratch, .shop = &ret_check->shop};
    if (shop_replay_run(&ret_check->replay, until, ret_err) != FC_OK)
        return FC_FAIL;
    if (compare && shop_replay_compare(&ret_check->replay, keep_sentence, ret_check,
                                       &ret_check->differences, ret_err) != FC_OK)
        return FC_FAIL;
    ret_check->us = fc_clock_mono().us - began.us;
    return shop_replay_end(&ret_check->replay, ret_err);
}
