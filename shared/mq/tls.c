#include "mq/tls.h"

#include "base/assert.h"

#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define WHERE "mq_wire_open"

/*
 * Called for each certificate while the broker's chain is verified. Here the library's connection
 * comes into our hands, and what is wrong with the certificate; afterwards the library knows no
 * more than that something is.
 */
static int on_certificate(int is_good, X509_STORE_CTX *chain)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct mq_tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

    tls->ssl = ssl;
    if (is_good != 1 && tls->fault[0] == '\0')
        (void)snprintf(tls->fault, sizeof(tls->fault), "the broker's certificate is refused: %s",
                       X509_verify_cert_error_string(X509_STORE_CTX_get_error(chain)));
    return is_good;
}

/* The name that the certificate must have: an address is no name. The library knows names only. */
static bool expect_host(SSL_CTX *context, const char *host)
{
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(context);

    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1 ||
           X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

static enum fc_rc files_read(amqp_socket_t *socket, SSL_CTX *context,
                             const struct mq_settings *settings, struct fc_err *ret_err)
{
    if (settings->ca_file[0] == '\0') {
        if (SSL_CTX_set_default_verify_paths(context) != 1)
            return fc_err_set(ret_err, FC_CURE_EXIT, WHERE,
                              "the certificates that this system trusts cannot be read");
    } else if (amqp_ssl_socket_set_cacert(socket, settings->ca_file) != AMQP_STATUS_OK) {
        return fc_err_set(ret_err, FC_CURE_EXIT, WHERE,
                          "FIRSTCOME_BROKER: %s cannot be read, or holds no certificate",
                          settings->ca_file);
    }
    if (settings->cert_file[0] != '\0' &&
        amqp_ssl_socket_set_key(socket, settings->cert_file, settings->key_file) != AMQP_STATUS_OK)
        return fc_err_set(ret_err, FC_CURE_EXIT, WHERE,
                          "FIRSTCOME_BROKER: %s and %s cannot be read, or do not belong together",
                          settings->cert_file, settings->key_file);
    return FC_OK;
}

enum fc_rc mq_tls_socket(struct mq_tls *tls, struct amqp_connection_state_t_ *conn,
                         const struct mq_settings *settings, struct amqp_socket_t_ **ret_socket,
                         struct fc_err *ret_err)
{
    amqp_socket_t *socket = amqp_ssl_socket_new(conn);

    *tls = (struct mq_tls){.ssl = NULL};
    if (socket == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, WHERE, "no memory for a socket");
    SSL_CTX *context = amqp_ssl_socket_get_context(socket);

    if (files_read(socket, context, settings, ret_err) != FC_OK)
        return FC_FAIL;
    /* Verified by what follows, while shaking hands, before anything is said to the other side. */
    amqp_ssl_socket_set_verify_hostname(socket, 0);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_certificate);
    (void)SSL_CTX_set_app_data(context, tls);
    (void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    /* What is to be sent moves to the front of its buffer now and then. */
    (void)SSL_CTX_set_mode(context,
                           SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        !expect_host(context, settings->host))
        return fc_err_set(ret_err, FC_CURE_EXIT, WHERE, "TLS cannot be set up for %s",
                          settings->host);
    *ret_socket = socket;
    return FC_OK;
}

const char *mq_tls_fault(const struct mq_tls *tls, const char *library_says)
{
    return tls->fault[0] != '\0' ? tls->fault : library_says;
}

bool mq_tls_send(struct mq_tls *tls, const void *bytes, size_t size, size_t *ret_sent)
{
    int sent;

    FC_ASSERT(tls->ssl != NULL);
    FC_ASSERT(size > 0);
    ERR_clear_error();
    sent = SSL_write(tls->ssl, bytes, size > INT_MAX ? INT_MAX : (int)size);
    tls->cut = false;
    *ret_sent = sent > 0 ? (size_t)sent : 0;
    if (sent > 0)
        return true;
    switch (SSL_get_error(tls->ssl, sent)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        tls->cut = true;
        return true;
    default:
        return false;
    }
}

bool mq_tls_is_cut(const struct mq_tls *tls)
{
    return tls->cut;
}

bool mq_tls_has_buffered(const struct mq_tls *tls)
{
    return tls->ssl != NULL && SSL_pending(tls->ssl) > 0;
}
