#include "support/torture_cases.h"

#define EVIL_BODY "{\"amount\":" TORTURE_EVIL_AMOUNT "}"
#define EVIL                                                                           \
    "POST /v1/users/7/charges HTTP/1.1\r\nHost: a\r\nX-User-Id: 7\r\n"                 \
    "X-Role: user\r\nContent-Type: application/json\r\nX-Request-Id: " TORTURE_EVIL_ID \
    "\r\nContent-Length: 20\r\n\r\n" EVIL_BODY
/* An honest beginning: a registration that is there already, as user 7. */
#define LINE "POST /v1/users HTTP/1.1\r\n"
#define HEAD                                                             \
    "Host: a\r\nX-User-Id: 7\r\nX-Role: user\r\nX-Request-Id: first\r\n" \
    "Content-Type: application/json\r\n"
#define POST LINE HEAD
#define BODY "{\"user_id\":7}"
#define GET "GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: first\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define CHUNK "d\r\n" BODY "\r\n"
#define SIZE_13 "Content-Length: 13\r\n"

#define CASE(name, wish, text)                    \
    {                                             \
        (name), TORTURE_##wish, FC_STR_INIT(text) \
    }
/* The head says two things of its length: whoever believes one of them sees a second request. */
#define DOUBT(name, headers) CASE(name, REFUSED, POST headers "\r\n0\r\n\r\n" EVIL)
/* A chunk that is none. */
#define CHUNKS(name, chunks) CASE(name, REFUSED, POST CHUNKED "\r\n" chunks EVIL)
/* Nothing follows; the server may wait for more. */
#define SILENT(name, text) CASE(name, CUT, text)

const struct torture_case torture_cases[] = {
    /* two lengths */
    DOUBT("length and chunks", "Content-Length: 5\r\n" CHUNKED),
    DOUBT("chunks and length", CHUNKED "Content-Length: 5\r\n"),
    DOUBT("chunks and a length of 0", CHUNKED "Content-Length: 0\r\n"),
    DOUBT("two equal lengths", "Content-Length: 5\r\nContent-Length: 5\r\n"),
    DOUBT("two lengths", "Content-Length: 5\r\nContent-Length: 139\r\n"),
    DOUBT("two lengths in a line", "Content-Length: 5, 5\r\n"),
    DOUBT("length with a sign", "Content-Length: +5\r\n"),
    DOUBT("length below 0", "Content-Length: -5\r\n"),
    DOUBT("length in hex", "Content-Length: 0x5\r\n"),
    DOUBT("length with a blank", "Content-Length: 1 3\r\n"),
    DOUBT("length with a fraction", "Content-Length: 5.0\r\n"),
    DOUBT("empty length", "Content-Length: \r\n"),
    DOUBT("length beyond 64 bits", "Content-Length: 18446744073709551621\r\n"),
    DOUBT("length in a folded line", "Content-Length:\r\n 5\r\nContent-Length: 5\r\n"),
    DOUBT("length behind NUL", "Content-Length: 5\0\r\n"),
    /* codings */
    DOUBT("chunked twice", "Transfer-Encoding: chunked, chunked\r\n"),
    DOUBT("two codings", CHUNKED CHUNKED),
    DOUBT("identity", "Transfer-Encoding: identity\r\n"),
    DOUBT("compressed chunks", "Transfer-Encoding: gzip, chunked\r\n"),
    DOUBT("chunked and more", "Transfer-Encoding: chunked;q=1\r\n"),
    DOUBT("a coding that is like it", "Transfer-Encoding: xchunked\r\n"),
    DOUBT("a blank before the colon", "Transfer-Encoding : chunked\r\n"),
    DOUBT("a tab before the colon", "Transfer-Encoding\t: chunked\r\n"),
    DOUBT("a blank before the name", " Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
    DOUBT("a folded coding", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n"),
    DOUBT("a vertical tab", "Transfer-Encoding: \x0b"
                            "chunked\r\n"),
    DOUBT("NUL in a header", "X-Other: a\0b\r\nContent-Length: 5\r\n"),
    DOUBT("NUL in a name", "Transfer\0-Encoding: chunked\r\nContent-Length: 5\r\n"),
    DOUBT("a header without a colon", "Transfer-Encoding chunked\r\nContent-Length: 5\r\n"),
    DOUBT("no name", ": chunked\r\nContent-Length: 5\r\n"),
    CASE("chunks of HTTP/1.0", REFUSED,
         "POST /v1/users HTTP/1.0\r\n" HEAD CHUNKED "\r\n0\r\n\r\n" EVIL),
    DOUBT("a bare line feed", "X-Other: a\nContent-Length: 5\r\n"),
    DOUBT("a bare line feed before the end", "Content-Length: 5\n"),
    DOUBT("a folded header", "X-Other: a\r\n b\r\nContent-Length: 5\r\n"),
    DOUBT("a bare carriage return", "X-Other: a\rContent-Length: 5\r\n"),
    /* hosts */
    CASE("two hosts", REFUSED, GET "Host: b\r\n\r\n" EVIL),
    CASE("no host", REFUSED, "GET /livez HTTP/1.1\r\nX-Request-Id: first\r\n\r\n" EVIL),
    /* request lines */
    CASE("HTTP/0.9", REFUSED, "GET /livez\r\n\r\n"),
    CASE("HTTP/2.0", REFUSED, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" EVIL),
    CASE("HTTP/3.7", REFUSED, "GET /livez HTTP/3.7\r\nHost: a\r\n\r\n" EVIL),
    CASE("no protocol", REFUSED, "GET /livez FTP/1.1\r\nHost: a\r\n\r\n" EVIL),
    CASE("a blank in the target", REFUSED, "GET /livez /x HTTP/1.1\r\nHost: a\r\n\r\n" EVIL),
    CASE("a lower-case method", REFUSED_ONCE,
         "post /v1/users HTTP/1.1\r\n" HEAD SIZE_13 "\r\n" BODY),
    CASE("an absolute target", REFUSED_ONCE,
         "GET http://b/livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: first\r\n\r\n"),
    CASE("CONNECT", REFUSED_ONCE, "CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\n"),
    CASE("TRACE", REFUSED_ONCE, "TRACE /livez HTTP/1.1\r\nHost: a\r\n\r\n"),
    CASE("NUL in the target", REFUSED_ONCE, "GET /livez\0/x HTTP/1.1\r\nHost: a\r\n\r\n"),
    CASE("dots in the target", REFUSED_ONCE,
         "GET /v1/../livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: first\r\n\r\n"),
    CASE("an encoded slash", REFUSED_ONCE,
         "GET /%6civez HTTP/1.1\r\nHost: a\r\nX-Request-Id: first\r\n\r\n"),
    /* chunks */
    CHUNKS("a size that is none", "zz\r\n" BODY "\r\n0\r\n\r\n"),
    CHUNKS("a size below 0", "-1\r\n" BODY "\r\n0\r\n\r\n"),
    CHUNKS("a size beyond 64 bits", "1000000000000000d\r\n" BODY "\r\n0\r\n\r\n"),
    CHUNKS("a size of 2^64 - 1", "ffffffffffffffff\r\n" BODY "\r\n0\r\n\r\n"),
    CHUNKS("a size with 0x", "0xd\r\n" BODY "\r\n0\r\n\r\n"),
    CHUNKS("no size", "\r\n" BODY "\r\n0\r\n\r\n"),
    CHUNKS("a size that is too small", "c\r\n" BODY "\r\n0\r\n\r\n"),
    CHUNKS("a size that is too large", "f\r\n" BODY "\r\n0\r\n\r\n"),
    CHUNKS("no line end behind a chunk", "d\r\n" BODY "0\r\n\r\n"),
    CHUNKS("a size with a sign", "+d\r\n" BODY "\r\n0\r\n\r\n"),
    SILENT("no last chunk", POST CHUNKED "\r\n" CHUNK),
    SILENT("half a size", POST CHUNKED "\r\nd"),
    SILENT("half a body", POST SIZE_13 "\r\n{\"user"),
    SILENT("half a head", POST),
    SILENT("half a line", "POST /v1/us"),
    SILENT("nothing but line ends", "\r\n\r\n\r\n"),
    /* what is honest, and only looks like the above: two requests are two */
    CASE("two requests at once", SERVED_TWICE,
         GET "\r\nGET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: second\r\n\r\n"),
    CASE("a chunked body and another request", SERVED_TWICE,
         POST CHUNKED "\r\n" CHUNK
                      "0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: second\r\n\r\n"),
    CASE("chunks with trailers", SERVED_TWICE,
         POST CHUNKED "\r\n" CHUNK "0\r\nX-Trailer: a\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n"
                      "X-Request-Id: second\r\n\r\n"),
    CASE("a trailer that says a length", SERVED_TWICE,
         POST CHUNKED "\r\n" CHUNK
                      "0\r\nContent-Length: 500\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n"
                      "X-Request-Id: second\r\n\r\n"),
    CASE("an extension of a chunk", SERVED_TWICE,
         POST CHUNKED
         "\r\nd;name=value\r\n" BODY
         "\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: second\r\n\r\n"),
    CASE("the evil one as a body that nobody reads", SERVED_ONCE,
         GET "Content-Length: 166\r\n\r\n" EVIL),
    CASE("the evil one as a body that is no JSON", REFUSED_ONCE,
         POST "Content-Length: 166\r\n\r\n" EVIL),
    CASE("the evil one in chunks", REFUSED_ONCE, POST CHUNKED "\r\na6\r\n" EVIL "\r\n0\r\n\r\n"),
};
const size_t torture_cases_count = FC_ARRAY_COUNT(torture_cases);
