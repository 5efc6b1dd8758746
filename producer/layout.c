#include "producer/layout.h"

#include <string.h>

#define LINE_END_BYTES 2
/* A colon, and blanks and tabs at will. */
#define COLON_BYTES_MAX 256

struct fc_str layout_target(const char *text)
{
    struct fc_str target = fc_str_of(text);

    for (size_t i = 0; i < target.len; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7F)
            return FC_STR_NONE;
    return target;
}

void layout_begin(struct layout *layout, const char *method, struct fc_str target,
                  const char *version)
{
    uintptr_t at = (uintptr_t)version;

    layout->begin = (uintptr_t)method;
    layout->end = at + strlen(version);
    layout->whole = (uintptr_t)target.ptr == layout->begin + strlen(method) + 1 &&
                    at == (uintptr_t)target.ptr + target.len + 1;
}

void layout_add(struct layout *layout, struct fc_str name, struct fc_str value)
{
    uintptr_t name_at = (uintptr_t)name.ptr;
    uintptr_t value_at = (uintptr_t)value.ptr;

    if (name_at != layout->end + LINE_END_BYTES || value_at <= name_at + name.len ||
        value_at - name_at - name.len > COLON_BYTES_MAX)
        layout->whole = false;
    layout->end = value_at + value.len;
}

bool layout_is_whole(const struct layout *layout, size_t size)
{
    return layout->whole && layout->end - layout->begin + 2 * LINE_END_BYTES == size;
}
