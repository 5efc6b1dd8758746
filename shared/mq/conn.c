#include "mq/conn.h"

#include <string.h>

#define SCHEME "amqp://"
#define SCHEME_TLS "amqps://"
#define PORT_DEFAULT 5672
#define PORT_DEFAULT_TLS 5671

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* %xx undone. False for a broken escape, for NUL, and for what does not fit. */
static bool unescape(struct fc_str text, char ret_text[MQ_TEXT_MAX])
{
    char plain[MQ_TEXT_MAX];
    size_t len = 0;

    for (size_t at = 0; at < text.len; at++) {
        int c = (unsigned char)text.ptr[at];

        if (c == '%') {
            if (text.len - at < 3)
                return false;
            int high = hex_value(text.ptr[at + 1]);
            int low = hex_value(text.ptr[at + 2]);

            if (high < 0 || low < 0)
                return false;
            c = high << 4 | low;
            at += 2;
        }
        if (c == 0 || len == MQ_TEXT_MAX - 1)
            return false;
        plain[len++] = (char)(unsigned char)c;
    }
    plain[len] = '\0';
    memcpy(ret_text, plain, len + 1);
    return true;
}

static bool has_char(struct fc_str text, char c)
{
    return text.len > 0 && memchr(text.ptr, c, text.len) != NULL;
}

/* What stands between @ and the next slash: a name, an IPv4 address, or an IPv6 one in brackets,
 * and perhaps a port. */
static const char *parse_address(struct fc_str address, struct mq_settings *settings)
{
    struct fc_str host;
    struct fc_str port = FC_STR_NONE;
    int64_t number = settings->tls ? PORT_DEFAULT_TLS : PORT_DEFAULT;

    if (has_char(address, '@') || has_char(address, '?') || has_char(address, '#'))
        return "@ ? or # stands where it may not (write %40 %3F %23)";
    if (fc_str_starts_with(address, FC_STR("["))) {
        host = (struct fc_str){address.ptr + 1, address.len - 1};
        if (!has_char(host, ']'))
            return "the bracket around the address is not closed";
        port = host;
        host = fc_str_cut(&port, ']');
        if (port.len > 0 && port.ptr[0] != ':')
            return "behind the bracket stands no :port";
        address = port;
        (void)fc_str_cut(&port, ':');
    } else {
        port = address;
        host = fc_str_cut(&port, ':');
    }
    if (host.len == 0)
        return "the host is missing";
    if (!unescape(host, settings->host))
        return "the host is malformed or too long";
    if (has_char(address, ':') && !fc_str_to_i64(port, 1, 65535, &number))
        return "the port is no number from 1 to 65535";
    settings->port = (int32_t)number;
    return NULL;
}

static const char *parse_user(struct fc_str user_info, struct mq_settings *settings)
{
    struct fc_str password = user_info;
    struct fc_str user = fc_str_cut(&password, ':');

    if (user.len == 0)
        return "the user is missing";
    if (!unescape(user, settings->user))
        return "the user is malformed or too long";
    if (password.len == 0)
        return "the password is missing";
    if (!unescape(password, settings->password))
        return "the password is malformed or too long";
    return NULL;
}

static const char *parse_vhost(struct fc_str path, bool given, struct mq_settings *settings)
{
    if (!given)
        path = FC_STR("/");
    else if (path.len == 0)
        return "the virtual host is empty";
    else if (has_char(path, '/') || has_char(path, '#'))
        return "the virtual host holds / or # (write %2F %23)";
    if (!unescape(path, settings->vhost))
        return "the virtual host is malformed or too long";
    return NULL;
}

/* One of the files behind the question mark. */
static const char *parse_file(struct fc_str pair, struct mq_settings *settings)
{
    struct fc_str value = pair;
    struct fc_str name = fc_str_cut(&value, '=');
    char *file;

    if (fc_str_eq(name, FC_STR("cacertfile")))
        file = settings->ca_file;
    else if (fc_str_eq(name, FC_STR("certfile")))
        file = settings->cert_file;
    else if (fc_str_eq(name, FC_STR("keyfile")))
        file = settings->key_file;
    else
        return "only cacertfile=, certfile= and keyfile= may stand behind ?";
    if (value.len == 0)
        return "a file behind ? has no name";
    if (!unescape(value, file))
        return "a file behind ? is malformed or too long";
    return NULL;
}

static const char *parse_files(struct fc_str query, struct mq_settings *settings)
{
    if (!settings->tls)
        return "files behind ? belong to " SCHEME_TLS;
    while (query.len > 0) {
        const char *fault = parse_file(fc_str_cut(&query, '&'), settings);

        if (fault != NULL)
            return fault;
    }
    if ((settings->cert_file[0] == '\0') != (settings->key_file[0] == '\0'))
        return "certfile= and keyfile= go together";
    return NULL;
}

static bool cut_scheme(struct fc_str *url, const char *scheme)
{
    if (!fc_str_starts_with(*url, fc_str_of(scheme)))
        return false;
    *url = (struct fc_str){url->ptr + strlen(scheme), url->len - strlen(scheme)};
    return true;
}

static const char *parse_url(struct fc_str url, struct mq_settings *settings)
{
    struct fc_str path = url;

    settings->tls = cut_scheme(&path, SCHEME_TLS);
    if (!settings->tls && !cut_scheme(&path, SCHEME))
        return "it starts neither with " SCHEME " nor with " SCHEME_TLS;
    bool has_path = has_char(path, '/');
    struct fc_str authority = fc_str_cut(&path, '/');
    struct fc_str query = path;
    bool has_query = has_char(path, '?');
    const char *fault;

    if (!has_char(authority, '@'))
        return "user:password@ is missing";
    struct fc_str address = authority;
    struct fc_str user_info = fc_str_cut(&address, '@');

    path = fc_str_cut(&query, '?');
    fault = parse_user(user_info, settings);
    if (fault == NULL)
        fault = parse_address(address, settings);
    if (fault == NULL)
        fault = parse_vhost(path, has_path, settings);
    if (fault == NULL && has_query)
        fault = parse_files(query, settings);
    return fault;
}

enum fc_rc mq_settings_parse(struct fc_str url, const char *name, struct mq_settings *ret_settings,
                             struct fc_err *ret_err)
{
    struct mq_settings settings = {.port = 0};
    const char *fault = parse_url(url, &settings);

    /* The URL is not shown: it holds the password. */
    if (fault != NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "mq_settings_parse",
                          "FIRSTCOME_BROKER is not amqp[s]://user:password@host:port/vhost: %s",
                          fault);
    (void)fc_str_copy(fc_str_of(name), settings.name, sizeof(settings.name));
    *ret_settings = settings;
    return FC_OK;
}
