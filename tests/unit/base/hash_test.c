/* SPDX-License-Identifier: Apache-2.0 */
/* Guards content hashes and ids: the values FIPS 180-4's examples name, and parts that cannot be
 * mistaken for each other. */
#include "base/hash.h"

#include "harness/refuse.h"
#include "harness/test.h"

static str finish(struct hash *hash, char out[HASH_HEX_LEN])
{
    CHECK(hash_finish(hash, out));
    hash_close(hash);
    return (str){.ptr = out, .len = HASH_HEX_LEN};
}

TEST(sha256_of_the_examples_is_what_the_standard_says)
{
    char hex[HASH_HEX_LEN];
    struct hash *hash = hash_open();
    CHECK_STR(finish(hash, hex),
              STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    hash = hash_open();
    CHECK(hash_add(hash, str_bytes(STR("a"))));
    CHECK(hash_add(hash, (bytes){0}));
    CHECK(hash_add(hash, str_bytes(STR("bc"))));
    CHECK_STR(finish(hash, hex),
              STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST(counted_parts_differ_by_where_they_are_cut)
{
    char one[HASH_HEX_LEN];
    char other[HASH_HEX_LEN];
    struct hash *hash = hash_open();
    CHECK(hash_add_counted(hash, str_bytes(STR("ab"))));
    CHECK(hash_add_counted(hash, str_bytes(STR("c"))));
    const str first = finish(hash, one);
    hash = hash_open();
    CHECK(hash_add_counted(hash, str_bytes(STR("a"))));
    CHECK(hash_add_counted(hash, str_bytes(STR("bc"))));
    CHECK(!str_equal(first, finish(hash, other)));
}

TEST(opening_answers_null_when_memory_is_refused)
{
    refuse_from(1, true);
    CHECK(hash_open() == NULL);
    CHECK(refuse_refused() > 0);
    refuse_stop();
    hash_close(NULL);
}

TEST_MAIN()
