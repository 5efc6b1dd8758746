#include "platform/chunks.h"

#include "support/expect.h"

#define EVENTS 300

/* One event that is as long as it says; whether the platform refuses it. */
struct given {
    struct wire_told_event events[EVENTS];
    bool refused[EVENTS];
    int32_t count;
};

static struct given given_of(int32_t count, size_t bytes)
{
    static const char text[MESSAGE_BYTES_MAX];
    struct given given = {.count = count};

    assert_true(count <= EVENTS);
    for (int32_t i = 0; i < count; i++)
        given.events[i].json = (struct fc_str){text, bytes};
    return given;
}

/* What the platform saw. */
struct seen {
    int32_t taken[EVENTS]; /* in order */
    int32_t taken_count;
    int32_t parked[EVENTS];
    int32_t parked_count;
    int32_t requests;
    int32_t longest;
};

/* A platform that refuses a whole chunk for one event of it. */
static struct seen deliver(const struct given *given)
{
    struct seen seen = {.requests = 0};
    struct chunks chunks;
    int32_t count;

    chunks_init(&chunks, given->events, given->count);
    while ((count = chunks_next(&chunks)) > 0) {
        int32_t at = chunks.at;
        bool refused = false;

        for (int32_t i = at; i < at + count; i++)
            refused = refused || given->refused[i];
        seen.requests++;
        seen.longest = count > seen.longest ? count : seen.longest;
        if (!refused) {
            for (int32_t i = at; i < at + count; i++)
                seen.taken[seen.taken_count++] = i;
            chunks_taken(&chunks);
            continue;
        }
        const struct wire_told_event *event = chunks_refused(&chunks);

        if (event != NULL)
            seen.parked[seen.parked_count++] = (int32_t)(event - given->events);
    }
    return seen;
}

static void assert_all_in_order(const struct given *given, const struct seen *seen)
{
    int32_t taken = 0;
    int32_t parked = 0;

    for (int32_t i = 0; i < given->count; i++) {
        if (given->refused[i])
            assert_int_equal(seen->parked[parked++], i);
        else
            assert_int_equal(seen->taken[taken++], i);
    }
    assert_int_equal(seen->taken_count, taken);
    assert_int_equal(seen->parked_count, parked);
}

static void test_chunks_nothing_is_nothing_to_send(void **state)
{
    struct given given = given_of(0, 1);
    struct seen seen = deliver(&given);

    (void)state;
    assert_int_equal(seen.requests, 0);
}

static void test_chunks_are_bounded_in_events(void **state)
{
    struct given given = given_of(CHUNK_EVENTS_MAX + 1, 10);
    struct seen seen = deliver(&given);

    (void)state;
    assert_all_in_order(&given, &seen);
    assert_int_equal(seen.requests, 2);
    assert_int_equal(seen.longest, CHUNK_EVENTS_MAX);
}

/* With its newline an event of a quarter fills a quarter exactly. */
static void test_chunks_are_bounded_in_bytes(void **state)
{
    struct given given = given_of(9, CHUNK_BYTES_MAX / 4 - 1);
    struct seen seen = deliver(&given);

    (void)state;
    assert_all_in_order(&given, &seen);
    assert_int_equal(seen.longest, 4);
    assert_int_equal(seen.requests, 3);
    given = given_of(9, CHUNK_BYTES_MAX / 4);
    seen = deliver(&given);
    assert_int_equal(seen.longest, 3);
}

static void test_chunks_a_longer_event_goes_alone(void **state)
{
    struct given given = given_of(3, CHUNK_BYTES_MAX + 1);
    struct seen seen = deliver(&given);

    (void)state;
    assert_all_in_order(&given, &seen);
    assert_int_equal(seen.requests, 3);
}

static void test_chunks_a_refused_event_is_found_by_halving(void **state)
{
    (void)state;
    for (int32_t bad = 0; bad < CHUNK_EVENTS_MAX; bad++) {
        struct given given = given_of(CHUNK_EVENTS_MAX, 10);

        given.refused[bad] = true;
        struct seen seen = deliver(&given);

        assert_all_in_order(&given, &seen);
        /* The whole, a halving for each power of two in 200, the rest behind it. */
        assert_true(seen.requests <= 1 + 8 + 2);
    }
}

static void test_chunks_all_refused_are_all_parked(void **state)
{
    struct given given = given_of(20, 10);

    (void)state;
    for (int32_t i = 0; i < given.count; i++)
        given.refused[i] = true;
    struct seen seen = deliver(&given);

    assert_all_in_order(&given, &seen);
}

/* Whatever is refused of up to ten: everything else goes through, each once, in order. */
static void test_chunks_any_refusals_leave_the_others_in_order(void **state)
{
    (void)state;
    for (int32_t count = 1; count <= 10; count++) {
        for (uint32_t refused = 0; refused < 1u << count; refused++) {
            struct given given = given_of(count, 10);

            for (int32_t i = 0; i < count; i++)
                given.refused[i] = (refused >> i & 1) != 0;
            struct seen seen = deliver(&given);

            assert_all_in_order(&given, &seen);
        }
    }
}

/* A platform that refused a chunk for its length takes its halves. */
static void test_chunks_whose_halves_are_taken_park_nothing(void **state)
{
    struct given given = given_of(8, 10);
    struct chunks chunks;

    (void)state;
    chunks_init(&chunks, given.events, given.count);
    assert_int_equal(chunks_next(&chunks), 8);
    assert_null(chunks_refused(&chunks));
    assert_int_equal(chunks_next(&chunks), 4);
    chunks_taken(&chunks);
    assert_int_equal(chunks_next(&chunks), 2);
    chunks_taken(&chunks);
    assert_int_equal(chunks_next(&chunks), 1);
    chunks_taken(&chunks);
    assert_int_equal(chunks_next(&chunks), 1);
    chunks_taken(&chunks);
    assert_int_equal(chunks_next(&chunks), 0);
}

static void test_chunks_beyond_the_end_are_a_mistake(void **state)
{
    struct given given = given_of(1, 10);
    struct chunks chunks;

    (void)state;
    chunks_init(&chunks, given.events, given.count);
    chunks_taken(&chunks);
    EXPECT_ASSERT(chunks_taken(&chunks));
    EXPECT_ASSERT((void)chunks_refused(&chunks));
}

static void test_chunk_is_one_line_an_event(void **state)
{
    const struct wire_told_event events[] = {{.json = FC_STR_INIT("{\"a\":1}")},
                                             {.json = FC_STR_INIT("{}")}};
    char memory[32];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    chunk_put(&buf, events, 2);
    assert_str_equal(fc_buf_str(&buf), "{\"a\":1}\n{}\n");
    assert_int_equal(chunk_bytes(events, 2), buf.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunks_nothing_is_nothing_to_send),
        cmocka_unit_test(test_chunks_are_bounded_in_events),
        cmocka_unit_test(test_chunks_are_bounded_in_bytes),
        cmocka_unit_test(test_chunks_a_longer_event_goes_alone),
        cmocka_unit_test(test_chunks_a_refused_event_is_found_by_halving),
        cmocka_unit_test(test_chunks_all_refused_are_all_parked),
        cmocka_unit_test(test_chunks_any_refusals_leave_the_others_in_order),
        cmocka_unit_test(test_chunks_whose_halves_are_taken_park_nothing),
        cmocka_unit_test(test_chunks_beyond_the_end_are_a_mistake),
        cmocka_unit_test(test_chunk_is_one_line_an_event),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
