/*
 * TLS below a connection of the library: versions, who signs for the broker, under which name, and
 * writing in between the library's own writes. The broker's certificate and its name (or address)
 * are verified while shaking hands, TLS 1.2 is the least, and there is no way back to plain. This
 * floor's own.
 *
 * A write that the socket did not take ends in the middle of a record, which holds what was to be
 * written: until the rest has left nobody else may write (mq_tls_is_cut), the library neither.
 */
#ifndef FC_MQ_TLS_H
#define FC_MQ_TLS_H

#include "base/err.h"
#include "mq/conn.h"

struct amqp_connection_state_t_;
struct amqp_socket_t_;
struct ssl_st;

struct mq_tls {
    struct ssl_st *ssl; /* the library's; NULL: in plain, or not connected */
    bool cut;           /* a record was sent in part */
    char fault[160];    /* why the broker's certificate will not do; empty: it does */
};

/* A socket of `conn` that is ready to be opened. `tls` must stay where it is for the connection's
 * life. Files that cannot be read are trouble with cure EXIT. */
FC_MUST_USE enum fc_rc mq_tls_socket(struct mq_tls *tls, struct amqp_connection_state_t_ *conn,
                                     const struct mq_settings *settings,
                                     struct amqp_socket_t_ **ret_socket, struct fc_err *ret_err);

/* Why opening it failed, one sentence: the certificate's fault, or what the library says. */
const char *mq_tls_fault(const struct mq_tls *tls, const char *library_says);

/* Sends what the socket takes now of `size` bytes, 0 for none; after that the same bytes must come
 * first again. False when the connection is gone. */
FC_MUST_USE bool mq_tls_send(struct mq_tls *tls, const void *bytes, size_t size, size_t *ret_sent);

bool mq_tls_is_cut(const struct mq_tls *tls);

/* Bytes that are decrypted and not read yet: the socket does not tell of them. */
bool mq_tls_has_buffered(const struct mq_tls *tls);

#endif
