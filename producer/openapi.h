/*
 * docs/openapi.json as it was at build time: the HTTP half of the contract for programs, served at
 * /openapi.json. Its source is written by cmake/embed.awk.
 */
#ifndef FC_PRODUCER_OPENAPI_H
#define FC_PRODUCER_OPENAPI_H

#include <stddef.h>

extern const char openapi_text[]; /* ends in a 0 that is not counted */
extern const size_t openapi_bytes;

#endif
