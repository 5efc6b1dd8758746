#include "wire/place.h"

#include "base/assert.h"

static void put_name(struct fc_buf *buf, struct fc_str name)
{
    for (size_t at = 0; at < name.len && !buf->overflow; at++) {
        if (name.ptr[at] == '~')
            fc_buf_put(buf, FC_STR("~0"));
        else if (name.ptr[at] == '/')
            fc_buf_put(buf, FC_STR("~1"));
        else
            fc_buf_put_char(buf, name.ptr[at]);
    }
}

/* False when this place or one above it did not fit; what fits has been written. */
static bool put_place(struct fc_buf *buf, const struct wire_place *place)
{
    if (place->parent == NULL)
        return true;
    if (!put_place(buf, place->parent))
        return false;
    size_t before = buf->len;

    fc_buf_put_char(buf, '/');
    if (place->name.ptr != NULL)
        put_name(buf, place->name);
    else
        fc_buf_put_i64(buf, place->index);
    if (!buf->overflow)
        return true;
    buf->len = before;
    return false;
}

struct fc_str wire_place_pointer(const struct wire_place *place,
                                 char memory[WIRE_POINTER_BYTES_MAX])
{
    FC_ASSERT(place != NULL);
    struct fc_buf buf = fc_buf_of(memory, WIRE_POINTER_BYTES_MAX);

    /* A pointer that was cut short names an ancestor, which is as true. */
    (void)put_place(&buf, place);
    return fc_buf_str(&buf);
}
