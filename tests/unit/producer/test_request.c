#include "support/expect.h"

#include "producer/request.h"

#include <string.h>

/* "Name: value" lines, parted by newlines, into a head. */
static struct request_head head_of(const char *lines)
{
    struct request_head head = {.wait_s = 0};
    struct fc_str rest = fc_str_of(lines);

    while (rest.len > 0) {
        struct fc_str value = fc_str_cut(&rest, '\n');
        struct fc_str name = fc_str_cut(&value, ':');

        request_head_add(&head, name, value);
    }
    return head;
}

static void test_request_framing_takes_one_length_or_chunked(void **state)
{
    static const struct {
        const char *lines;
        enum request_framing framing;
    } rows[] = {
        {"Host: a", REQUEST_FRAMED},
        {"Host: a\nContent-Length: 0", REQUEST_FRAMED},
        {"Host: a\nContent-Length: 131072", REQUEST_FRAMED},
        {"Host: a\nContent-Length: 131073", REQUEST_TOO_LARGE},
        {"Host: a\nContent-Length: 99999999999999999999", REQUEST_TOO_LARGE},
        {"Host: a\nContent-Length: 1\ncontent-length: 1", REQUEST_MISFRAMED},
        {"Host: a\nContent-Length: 1,1", REQUEST_MISFRAMED},
        {"Host: a\nContent-Length: +1", REQUEST_MISFRAMED},
        {"Host: a\nContent-Length: -1", REQUEST_MISFRAMED},
        {"Host: a\nContent-Length: ", REQUEST_MISFRAMED},
        {"Host: a\nTransfer-Encoding: chunked", REQUEST_FRAMED},
        {"Host: a\nTransfer-Encoding: Chunked", REQUEST_FRAMED},
        {"Host: a\nTransfer-Encoding: gzip, chunked", REQUEST_MISFRAMED},
        {"Host: a\nTransfer-Encoding: identity", REQUEST_MISFRAMED},
        {"Host: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", REQUEST_MISFRAMED},
        {"Host: a\nContent-Length: 5\nTransfer-Encoding: chunked", REQUEST_MISFRAMED},
        {"Host: a\nHost: b", REQUEST_MISFRAMED},
        {"Accept: x", REQUEST_MISFRAMED},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct request_head head = head_of(rows[i].lines);

        if (request_head_framing(&head, true) != rows[i].framing)
            fail_msg("%s", rows[i].lines);
    }
}

static void test_request_framing_of_http_1_0_needs_no_host_and_knows_no_chunks(void **state)
{
    struct request_head plain = head_of("Accept: x");
    struct request_head chunked = head_of("Transfer-Encoding: chunked");

    (void)state;
    assert_int_equal(request_head_framing(&plain, false), REQUEST_FRAMED);
    assert_int_equal(request_head_framing(&chunked, false), REQUEST_MISFRAMED);
}

static void test_request_stray_byte_in_any_header_is_misframed(void **state)
{
    static const struct {
        struct fc_str name;
        struct fc_str value;
        bool good;
    } rows[] = {
        {{"X-Other", 7}, {"a\tb c", 5}, true},
        {{"X-Other", 7}, {"a\0b", 3}, false},
        {{"X-Other", 7}, {"a\rb", 3}, false},
        {{"X-Other", 7}, {"a\x01", 2}, false},
        {{"X-Other ", 8}, {"a", 1}, false},
        {{"X(Other", 7}, {"a", 1}, false},
        {{"", 0}, {"a", 1}, false},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct request_head head = head_of("Host: a");

        request_head_add(&head, rows[i].name, rows[i].value);
        if ((request_head_framing(&head, true) == REQUEST_FRAMED) != rows[i].good)
            fail_msg("row %zu", i);
    }
}

static void test_request_prefer_may_stand_in_several_lines(void **state)
{
    struct request_head head = head_of("Prefer: respond-async\nPrefer: wait=4\nPrefer: wait=9");

    (void)state;
    assert_int_equal(head.wait_s, 4);
}

static void test_request_identity_is_what_the_gateway_sets_once(void **state)
{
    static const struct {
        const char *lines;
        bool good;
        bool identified;
        bool admin;
        int64_t user_id;
    } rows[] = {
        {"X-User-Id: 7\nX-Role: user", true, true, false, 7},
        {"X-User-Id: 7", true, true, false, 7},
        {"x-user-id: 9007199254740991\nx-role: admin", true, true, true, 9007199254740991},
        {"Host: a", true, false, false, 0},
        {"X-Role: admin", false, false, false, 0},
        {"X-User-Id: 0", false, false, false, 0},
        {"X-User-Id: 9007199254740992", false, false, false, 0},
        {"X-User-Id: seven", false, false, false, 0},
        {"X-User-Id: ", false, false, false, 0},
        {"X-User-Id: 7\nX-User-Id: 8", false, false, false, 0},
        {"X-User-Id: 7\nX-Role: user\nX-Role: admin", false, false, false, 0},
        {"X-User-Id: 7\nX-Role: root", false, false, false, 0},
        {"X-User-Id: 7\nX-Role: Admin", false, false, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct request request = {.head = head_of(rows[i].lines)};
        bool good = request_identify(&request);

        if (good != rows[i].good || request.identified != rows[i].identified ||
            request.admin != rows[i].admin)
            fail_msg("%s", rows[i].lines);
        if (rows[i].identified)
            assert_int_equal(request.user_id, rows[i].user_id);
    }
}

static void test_request_id_is_the_clients_when_it_is_fit_to_be_echoed(void **state)
{
    char longest[REQUEST_ID_BYTES_MAX + 2];
    struct request request = {.head = head_of("X-Request-Id: abc-1")};

    (void)state;
    request_id_set(&request, 1, 2);
    assert_string_equal(request.id, "abc-1");
    memset(longest, 'i', sizeof(longest));
    request.head.values[REQUEST_REQUEST_ID] = (struct fc_str){longest, REQUEST_ID_BYTES_MAX};
    request_id_set(&request, 1, 2);
    assert_int_equal(strlen(request.id), REQUEST_ID_BYTES_MAX);
    request.head.values[REQUEST_REQUEST_ID].len++;
    request_id_set(&request, 1, 2);
    assert_string_equal(request.id, "10000000000000002000000000000000");
    request.head.values[REQUEST_REQUEST_ID] = FC_STR("a b");
    request_id_set(&request, 3, 4);
    assert_string_equal(request.id, "30000000000000004000000000000000");
}

static void test_request_methods_are_known_by_name_and_head_is_a_get(void **state)
{
    (void)state;
    assert_int_equal(request_method_parse(FC_STR("GET")), REQUEST_GET);
    assert_int_equal(request_method_parse(FC_STR("HEAD")), REQUEST_GET);
    assert_int_equal(request_method_parse(FC_STR("DELETE")), REQUEST_DELETE);
    assert_int_equal(request_method_parse(FC_STR("get")), REQUEST_OTHER);
    assert_int_equal(request_method_parse(FC_STR("OTHER")), REQUEST_OTHER);
    assert_string_equal(request_method_name(REQUEST_PATCH), "PATCH");
    EXPECT_ASSERT(request_method_name(REQUEST_METHOD_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_framing_takes_one_length_or_chunked),
        cmocka_unit_test(test_request_framing_of_http_1_0_needs_no_host_and_knows_no_chunks),
        cmocka_unit_test(test_request_stray_byte_in_any_header_is_misframed),
        cmocka_unit_test(test_request_prefer_may_stand_in_several_lines),
        cmocka_unit_test(test_request_identity_is_what_the_gateway_sets_once),
        cmocka_unit_test(test_request_id_is_the_clients_when_it_is_fit_to_be_echoed),
        cmocka_unit_test(test_request_methods_are_known_by_name_and_head_is_a_get),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
