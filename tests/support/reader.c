#include "support/reader.h"

#include "support/bodies.h"
#include "support/expect.h"

void reader_open(struct reader *reader, const char *text)
{
    reader->arena = body_arena();
    wire_faults_init(&reader->faults, reader->arena);
    assert_true(wire_scan(fc_str_of(text), &reader->faults));
    wire_node_begin(&reader->node, fc_str_of(text), &reader->faults);
}

void reader_close(struct reader *reader, const char *want)
{
    struct fc_buf buf = fc_arena_buf_begin(reader->arena);

    faults_text_put(&buf, &reader->faults);
    assert_false(buf.overflow);
    assert_str_equal(fc_buf_str(&buf), want);
}
