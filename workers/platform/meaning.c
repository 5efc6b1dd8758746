#include "platform/meaning.h"

/* 4xx that say nothing about the events. */
static const int32_t for_later[] = {401, 403, 404, 405, 407, 408, 410, 425, 429};

enum meaning meaning_of(const struct outgoing_answer *answer)
{
    if (answer->fate != OUTGOING_ANSWERED)
        return MEANING_LATER;
    if (answer->status >= 200 && answer->status <= 299)
        return MEANING_TAKEN;
    if (answer->status < 400 || answer->status > 499)
        return MEANING_LATER;
    for (size_t i = 0; i < FC_ARRAY_COUNT(for_later); i++)
        if (answer->status == for_later[i])
            return MEANING_LATER;
    return MEANING_REFUSED;
}
