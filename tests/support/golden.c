#include "support/golden.h"

#include "support/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_BYTES_MAX (256 * 1024)

static char golden_bytes[GOLDEN_BYTES_MAX];

static FILE *golden_open(const char *name, const char *mode)
{
    const char *source = getenv("FIRSTCOME_SOURCE");
    char path[512];
    struct fc_buf buf = fc_buf_of(path, sizeof(path));

    fc_buf_put_fmt(&buf, "%s/tests/golden/%s", source != NULL ? source : ".", name);
    assert_false(buf.overflow);
    FILE *file = fopen(path, mode);

    if (file == NULL)
        fail_msg("cannot open %s", path);
    return file;
}

struct fc_str golden_read(const char *name)
{
    FILE *file = golden_open(name, "rb");
    size_t len = fread(golden_bytes, 1, sizeof(golden_bytes), file);

    assert_int_equal(fclose(file), 0);
    assert_true(len > 0 && len < sizeof(golden_bytes));
    assert_int_equal(golden_bytes[len - 1], '\n');
    return (struct fc_str){golden_bytes, len - 1};
}

void golden_check(const char *name, struct fc_str text)
{
    const char *mode = getenv("FIRSTCOME_GOLDEN");

    if (mode != NULL && strcmp(mode, "write") == 0) {
        FILE *file = golden_open(name, "wb");

        assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
        assert_int_equal(fputc('\n', file), '\n');
        assert_int_equal(fclose(file), 0);
    }
    struct fc_str wanted = golden_read(name);

    if (!fc_str_eq(wanted, text))
        fail_msg("tests/golden/%s differs; this is what came:\n" FC_STR_FMT, name,
                 FC_STR_ARG(text));
}
