/* SPDX-License-Identifier: Apache-2.0 */
/* Guards politeness: no host is asked before its delay has passed, however many hosts there are. */
#include "fetch/turns.h"
#include "harness/refuse.h"
#include "harness/test.h"

static str name_of(char buffer[32], int i)
{
    const int len = snprintf(buffer, 32, "host%d.example:8080", i);
    return (str){.ptr = buffer, .len = (size_t)len};
}

TEST(a_host_waits_for_its_delay_and_others_do_not)
{
    struct turns *turns = turns_open(1000);
    CHECK_INT(turns_wait_ms(turns, STR("a"), 5000), 0);
    CHECK(turns_end(turns, STR("a"), 5000));
    CHECK_INT(turns_wait_ms(turns, STR("a"), 5000), 1000);
    CHECK_INT(turns_wait_ms(turns, STR("a"), 5999), 1);
    CHECK_INT(turns_wait_ms(turns, STR("a"), 6000), 0);
    CHECK_INT(turns_wait_ms(turns, STR("b"), 5000), 0);
    CHECK_INT(turns_wait_ms(turns, STR("a:81"), 5000), 0);
    turns_close(turns);
}

TEST(a_parked_host_waits_longer_and_never_shorter)
{
    struct turns *turns = turns_open(1000);
    CHECK(turns_end(turns, STR("a"), 0));
    CHECK(turns_park(turns, STR("a"), 500, 0));
    CHECK_INT(turns_wait_ms(turns, STR("a"), 0), 1000);
    CHECK(turns_park(turns, STR("a"), 60000, 0));
    CHECK_INT(turns_wait_ms(turns, STR("a"), 0), 60000);
    CHECK(turns_end(turns, STR("a"), 10));
    CHECK_INT(turns_wait_ms(turns, STR("a"), 0), 60000);
    turns_close(turns);
}

TEST(the_table_is_bounded_and_forgets_only_hosts_whose_delay_has_passed)
{
    char buffer[32];
    struct turns *turns = turns_open(1000);
    for (int i = 0; i < TURNS_HOSTS_MAX; i++) {
        CHECK(turns_end(turns, name_of(buffer, i), 0));
    }
    /* Full, and all of them are waiting: a stranger waits for the first place. */
    CHECK_INT(turns_wait_ms(turns, STR("stranger"), 400), 600);
    for (int i = 0; i < TURNS_HOSTS_MAX; i++) {
        CHECK_INT(turns_wait_ms(turns, name_of(buffer, i), 400), 600);
    }
    CHECK(turns_park(turns, name_of(buffer, 7), 90000, 400));
    CHECK_INT(turns_wait_ms(turns, STR("stranger"), 1000), 0);
    for (int i = 0; i < TURNS_HOSTS_MAX - 1; i++) {
        CHECK(turns_end(turns, name_of(buffer, TURNS_HOSTS_MAX + i), 1000));
    }
    CHECK_INT(turns_wait_ms(turns, name_of(buffer, 7), 1000), 89000);
    CHECK_INT(turns_wait_ms(turns, name_of(buffer, 8), 1000), 1000); /* forgotten: no place */
    CHECK_INT(turns_wait_ms(turns, name_of(buffer, 2 * TURNS_HOSTS_MAX - 2), 1000), 1000);
    turns_close(turns);
}

TEST(without_memory_a_host_that_cannot_be_remembered_is_told)
{
    refuse_from(1, true);
    CHECK(turns_open(1000) == NULL);
    refuse_stop();
    struct turns *turns = turns_open(1000);
    refuse_from(1, true);
    CHECK(!turns_end(turns, STR("a"), 0));
    refuse_stop();
    CHECK(turns_end(turns, STR("a"), 0));
    turns_close(turns);
}

TEST_MAIN()
