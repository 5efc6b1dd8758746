#include "producer/cli/load_request.h"

#define CRLF "\r\n"

bool load_writer_init(struct load_writer *writer, const struct load_manner *manner,
                      int32_t url_count)
{
    writer->manner = *manner;
    for (int32_t i = 0; i < url_count; i++) {
        struct fc_buf buf = fc_buf_of(writer->common[i], LOAD_COMMON_BYTES);

        fc_buf_put_text(&buf, " HTTP/1.1" CRLF "Host: ");
        fc_buf_put(&buf, manner->hosts[i]);
        fc_buf_put_text(&buf, CRLF);
        if (manner->token.len > 0) {
            fc_buf_put_text(&buf, "X-Gateway-Token: ");
            fc_buf_put(&buf, manner->token);
            fc_buf_put_text(&buf, CRLF);
        }
        writer->get_len[i] = buf.len;
        fc_buf_put_text(&buf, "Content-Type: application/json" CRLF);
        if (manner->wait_s > 0)
            fc_buf_put_fmt(&buf, "Prefer: wait=%lld" CRLF, (long long)manner->wait_s);
        writer->common_len[i] = buf.len;
        if (buf.overflow)
            return false;
    }
    return true;
}

static void put_identity(const struct load_request *request, struct fc_buf *buf)
{
    if (request->user_id == 0)
        return;
    fc_buf_put(buf, FC_STR("X-User-Id: "));
    fc_buf_put_i64(buf, request->user_id);
    fc_buf_put(buf, request->admin ? FC_STR(CRLF "X-Role: admin" CRLF)
                                   : FC_STR(CRLF "X-Role: user" CRLF));
}

void load_request_put(const struct load_writer *writer, int32_t url,
                      const struct load_request *request, int64_t number, struct fc_buf *buf)
{
    size_t len = request->is_get ? writer->get_len[url] : writer->common_len[url];

    fc_buf_put(buf, request->is_get ? FC_STR("GET ") : FC_STR("POST "));
    fc_buf_put(buf, fc_buf_str(&request->path));
    fc_buf_put(buf, (struct fc_str){writer->common[url], len});
    put_identity(request, buf);
    if (request->is_get) {
        fc_buf_put(buf, FC_STR(CRLF));
        return;
    }
    if (writer->manner.keys)
        fc_buf_put_fmt(buf, "Idempotency-Key: \"load-%016llx-%lld\"" CRLF,
                       (unsigned long long)writer->manner.run, (long long)number);
    fc_buf_put(buf, FC_STR("Content-Length: "));
    fc_buf_put_i64(buf, (int64_t)request->body.len);
    fc_buf_put(buf, FC_STR(CRLF CRLF));
    fc_buf_put(buf, fc_buf_str(&request->body));
}
