/*
 * What http.c calls: a complete request is looked up, its caller's rights are checked, and it goes
 * to whoever serves its kind. Also the requests' ends: logged, counted, forgotten everywhere.
 */
#ifndef FC_PRODUCER_SERVE_H
#define FC_PRODUCER_SERVE_H

#include "base/err.h"
#include "producer/http.h"

/* The handler whose argument is a struct ingress. */
struct http_handler serve_handler(void *ingress);

/* Trouble that somebody should look into, with the request's and the command's id. */
void serve_log_trouble(const struct request *request, const char *sentence,
                       const struct fc_err *err);

#endif
