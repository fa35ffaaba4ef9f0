/* SPDX-License-Identifier: Apache-2.0 */
/* Guards politeness: no host is asked before its delay has passed nor over more connections than it
 * may have, however many hosts there are; who came first is asked first, and no host starves. */
#include "fetch/turns.h"
#include "harness/refuse.h"
#include "harness/test.h"

enum { DELAY_MS = 1000, CROWD = 500 };

static const struct turns_rules one_a_second = {.delay_ms = DELAY_MS, .connections_per_host = 1};

static str name_of(char buffer[32], int i)
{
    const int len = snprintf(buffer, 32, "host%d.example:8080", i);
    return (str){.ptr = buffer, .len = (size_t)len};
}

static void join(struct turns *turns, str web_host, struct waiter *waiter, int64_t now_ms)
{
    waiter->owner = waiter;
    CHECK_INT(turns_join(turns, web_host, waiter, false, now_ms), TURNS_OK);
}

TEST(a_host_waits_for_its_delay_and_others_do_not)
{
    struct turns *turns = turns_open(one_a_second);
    struct waiter a[3];
    struct waiter b;
    str host;
    join(turns, STR("a"), &a[0], 5000);
    join(turns, STR("a"), &a[1], 5000);
    join(turns, STR("a"), &a[2], 5000);
    join(turns, STR("a:81"), &b, 5000);
    CHECK(turns_next(turns, 5000) == &a[0]);
    CHECK(turns_next(turns, 5000) == &b);
    CHECK(turns_next(turns, 5000) == NULL); /* one connection, and that is in use */
    CHECK_INT(turns_due_ms(turns, &host), INT64_MAX);
    turns_end(turns, STR("a"), 5300);
    CHECK_INT(turns_wait_ms(turns, STR("a"), 5300), 1000);
    CHECK_INT(turns_wait_ms(turns, STR("b"), 5300), 0);
    CHECK_INT(turns_due_ms(turns, &host), 6300);
    CHECK_STR(host, STR("a"));
    CHECK(turns_next(turns, 6299) == NULL);
    CHECK(turns_next(turns, 6300) == &a[1]);
    turns_end(turns, STR("a"), 6300);
    CHECK(turns_next(turns, 7300) == &a[2]);
    turns_close(turns);
}

TEST(a_parked_host_waits_longer_and_never_shorter)
{
    struct turns *turns = turns_open(one_a_second);
    struct waiter a[2];
    str host;
    join(turns, STR("a"), &a[0], 0);
    join(turns, STR("a"), &a[1], 0);
    CHECK(turns_next(turns, 0) == &a[0]);
    turns_end(turns, STR("a"), 0);
    turns_park(turns, STR("a"), 500);
    CHECK_INT(turns_wait_ms(turns, STR("a"), 0), 1000);
    turns_park(turns, STR("a"), 60000);
    CHECK_INT(turns_wait_ms(turns, STR("a"), 0), 60000);
    CHECK_INT(turns_due_ms(turns, &host), 60000);
    turns_end(turns, STR("a"), 10);
    CHECK_INT(turns_wait_ms(turns, STR("a"), 0), 60000);
    turns_close(turns);
}

TEST(what_was_begun_goes_before_what_begins)
{
    struct turns *turns = turns_open(one_a_second);
    struct waiter begins[2];
    struct waiter again = {.owner = &again};
    join(turns, STR("a"), &begins[0], 0);
    join(turns, STR("a"), &begins[1], 0);
    CHECK_INT(turns_join(turns, STR("a"), &again, true, 0), TURNS_OK);
    CHECK(turns_next(turns, 0) == &again);
    turns_leave(turns, STR("a"), &begins[0]);
    turns_leave(turns, STR("a"), &begins[0]); /* once more changes nothing */
    turns_end(turns, STR("a"), 0);
    CHECK(turns_next(turns, 1000) == &begins[1]);
    turns_end(turns, STR("a"), 1000);
    CHECK(turns_next(turns, 9000) == NULL);
    join(turns, STR("a"), &begins[0], 9000);
    CHECK(turns_dismiss(turns, STR("a")) == &begins[0]);
    CHECK(turns_dismiss(turns, STR("a")) == NULL);
    CHECK(turns_next(turns, 99000) == NULL);
    turns_close(turns);
}

TEST(a_host_has_as_many_requests_open_as_it_may_and_not_one_more)
{
    struct turns *turns = turns_open((struct turns_rules){.connections_per_host = 3});
    struct waiter waiters[8];
    for (int i = 0; i < 8; i++) {
        join(turns, STR("a"), &waiters[i], 0);
    }
    for (int i = 0; i < 3; i++) {
        CHECK(turns_next(turns, 0) == &waiters[i]);
    }
    CHECK(turns_next(turns, 5) == NULL);
    turns_end(turns, STR("a"), 5);
    CHECK(turns_next(turns, 5) == &waiters[3]);
    CHECK(turns_next(turns, 5) == NULL);
    turns_close(turns);
}

/* Every host has a long queue and answers at once: each is asked as often as any other. */
TEST(no_host_starves_beside_others)
{
    enum { HOSTS = 7, EACH = 20 };
    static struct waiter waiters[HOSTS][EACH];
    struct turns *turns = turns_open((struct turns_rules){.connections_per_host = 1});
    char buffer[32];
    for (int host = 0; host < HOSTS; host++) {
        for (int i = 0; i < EACH; i++) {
            join(turns, name_of(buffer, host), &waiters[host][i], 0);
        }
    }
    for (int i = 0; i < EACH; i++) {
        for (int host = 0; host < HOSTS; host++) {
            CHECK(turns_next(turns, 0) == &waiters[host][i]);
            turns_end(turns, name_of(buffer, host), 0);
        }
    }
    CHECK(turns_next(turns, 0) == NULL);
    turns_close(turns);
}

/* Against the plainest way of doing the same: the host with the smallest time, looked for. */
TEST(the_heap_gives_hosts_in_the_order_of_their_times)
{
    static struct waiter waiters[CROWD];
    int64_t times[CROWD];
    uint32_t seed = 46449279;
    char buffer[32];
    struct turns *turns = turns_open(one_a_second);
    for (int i = 0; i < CROWD; i++) {
        seed = seed * 1664525 + 1013904223;
        times[i] = seed >> 20;
        join(turns, name_of(buffer, i), &waiters[i], 0);
        turns_park(turns, name_of(buffer, i), times[i]);
    }
    for (int left = CROWD; left > 0; left--) {
        str host;
        int soonest = -1;
        for (int i = 0; i < CROWD; i++) {
            soonest = times[i] >= 0 && (soonest < 0 || times[i] < times[soonest]) ? i : soonest;
        }
        CHECK_INT(turns_due_ms(turns, &host), times[soonest]);
        const struct waiter *waiter = turns_next(turns, times[soonest]);
        CHECK(waiter >= waiters && waiter < waiters + CROWD &&
              times[waiter - waiters] == times[soonest]);
        times[waiter - waiters] = -1;
    }
    turns_close(turns);
}

TEST(the_table_is_bounded_and_forgets_only_hosts_whose_delay_has_passed)
{
    char buffer[32];
    struct waiter waiter = {.owner = &waiter};
    struct turns *turns = turns_open(one_a_second);
    for (int i = 0; i < TURNS_HOSTS_MAX; i++) {
        join(turns, name_of(buffer, i), &waiter, 0);
        CHECK(turns_next(turns, 0) == &waiter);
        turns_end(turns, name_of(buffer, i), 0);
    }
    /* Full, and all of them wait for their delay: a stranger finds no place. */
    CHECK_INT(turns_join(turns, STR("stranger"), &waiter, false, 400), TURNS_FULL);
    CHECK_INT(turns_wait_ms(turns, name_of(buffer, 0), 400), 600);
    turns_park(turns, name_of(buffer, 7), 90000);
    CHECK_INT(turns_join(turns, STR("stranger"), &waiter, false, 1000), TURNS_OK);
    CHECK_INT(turns_wait_ms(turns, name_of(buffer, 7), 1000), 89000);
    CHECK(turns_next(turns, 1000) == &waiter);
    turns_close(turns);
}

TEST(without_memory_a_host_that_cannot_be_remembered_is_told)
{
    struct waiter waiter = {.owner = &waiter};
    refuse_from(1, true);
    CHECK(turns_open(one_a_second) == NULL);
    refuse_stop();
    struct turns *turns = turns_open(one_a_second);
    for (int n = 1; n <= 2; n++) {
        refuse_from(n, true);
        CHECK_INT(turns_join(turns, STR("a"), &waiter, false, 0), TURNS_NO_MEMORY);
        refuse_stop();
    }
    CHECK_INT(turns_join(turns, STR("a"), &waiter, false, 0), TURNS_OK);
    turns_close(turns);
}

TEST_MAIN()
