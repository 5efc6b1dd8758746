/*
 * What the fuzz targets (tests/fuzz/fuzz_x.c) have in common: the input as a view, cut into parts,
 * and memory for what is parsed, behind which nobody writes. A property that does not hold is an
 * FC_ASSERT, which ends the process, as libFuzzer and tests/fuzz/replay.c want it.
 */
#ifndef FC_TESTS_SUPPORT_FUZZ_H
#define FC_TESTS_SUPPORT_FUZZ_H

#include "base/arena.h"
#include "base/assert.h"

/* libFuzzer's entry; each target defines it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fc_str fuzz_text(const uint8_t *data, size_t size);

/* Cuts the first line off; its first word says what to do with the rest. */
struct fc_str fuzz_word(struct fc_str *text);

/* Two empty arenas of a size that no input of a run exceeds, and writers of as much. */
struct fc_arena *fuzz_arena(void);
struct fc_arena *fuzz_arena_other(void);
struct fc_buf fuzz_buf(void);
struct fc_buf fuzz_buf_other(void);

/*
 * An arena of `size` bytes or somewhat less; fuzz_arena_narrow_end asserts that nothing was written
 * behind it, and that nothing is taken unless `fits`.
 */
struct fc_arena *fuzz_arena_narrow(size_t size);
void fuzz_arena_narrow_end(bool fits);

#endif
