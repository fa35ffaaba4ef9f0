/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what names do: a lookup that hangs holds nobody up, and each address a name leads to is
 * judged by itself. The C library's getaddrinfo is replaced for libcurl, which calls ours:
 *
 *   hang.example     answers after HANG_S
 *   mixed.example    192.168.0.1, 10.0.0.1, then 127.0.0.1
 *   rebind.example   127.0.0.1 at the first lookup, 169.254.169.254 ever after
 *   private.example  10.0.0.1
 */
#include "unit/fetch/server.h"

#include <arpa/inet.h>
#include <netdb.h>

enum { HANG_S = 30 };

static int lookups; /* of rebind.example */

/* One block, as the C library's freeaddrinfo expects. */
static struct addrinfo *answer(const char *ip, int port, struct addrinfo *next)
{
    struct both {
        struct addrinfo info;
        struct sockaddr_in address;
    } *both = calloc(1, sizeof *both);
    both->address.sin_family = AF_INET;
    both->address.sin_port = htons((uint16_t)port);
    inet_pton(AF_INET, ip, &both->address.sin_addr);
    both->info = (struct addrinfo){
        .ai_family = AF_INET,
        .ai_socktype = SOCK_STREAM,
        .ai_protocol = IPPROTO_TCP,
        .ai_addrlen = sizeof both->address,
        .ai_addr = (struct sockaddr *)&both->address,
        .ai_next = next,
    };
    return &both->info;
}

__attribute__((visibility("default"))) int getaddrinfo(const char *restrict node,
                                                       const char *restrict service,
                                                       const struct addrinfo *restrict hints,
                                                       struct addrinfo **restrict out)
{
    const int port = service ? (int)strtol(service, NULL, 10) : 0;
    (void)hints;
    if (strcmp(node, "hang.example") == 0) {
        sleep(HANG_S);
        return EAI_AGAIN;
    }
    if (strcmp(node, "mixed.example") == 0) {
        *out =
            answer("192.168.0.1", port, answer("10.0.0.1", port, answer("127.0.0.1", port, NULL)));
        return 0;
    }
    if (strcmp(node, "rebind.example") == 0) {
        *out = answer(lookups++ ? "169.254.169.254" : "127.0.0.1", port, NULL);
        return 0;
    }
    if (strcmp(node, "private.example") == 0) {
        *out = answer("10.0.0.1", port, NULL);
        return 0;
    }
    return EAI_NONAME;
}

static void fetch_name(struct fetch_case *fetch, const char *name)
{
    char url[128];
    snprintf(url, sizeof url, "http://%s:%d/ok", name, server_port());
    fetch_url(fetch, url);
}

static bool is_late(void *context)
{
    return clock_ms() >= *(const int64_t *)context;
}

TEST(a_lookup_that_hangs_holds_nobody_up)
{
    struct fetch_case c = fetch_case_open();
    fetch_name(&c, "rebind.example"); /* the server runs, libcurl is set up */
    int64_t until_ms = clock_ms() + 300;
    fetch_close(c.fetcher);
    c.fetcher = NULL;
    c.watch = (struct fetch_watch){.context = &until_ms, .is_cancelled = is_late};
    fetch_name(&c, "hang.example");
    CHECK_INT(c.status, STATUS_CANCELLED);
    CHECK(c.took_ms >= 200 && c.took_ms < 5000);
    const int64_t before_ms = clock_ms();
    fetch_case_close(&c);
    CHECK(clock_ms() - before_ms < 5000);
}

TEST(a_lookup_that_hangs_ends_at_the_time_to_connect)
{
    struct fetch_case c = fetch_case_open();
    c.settings.connect_timeout_ms = 200;
    fetch_name(&c, "hang.example");
    check_fault(&c, FAULT_timeout);
    CHECK(c.out.retryable);
    CHECK(c.took_ms >= 600 && c.took_ms < 20000); /* asked three times */
    const int64_t before_ms = clock_ms();
    fetch_case_close(&c);
    CHECK(clock_ms() - before_ms < 5000);
}

TEST(a_refused_address_moves_on_to_the_next_one)
{
    struct fetch_case c = fetch_case_open();
    fetch_name(&c, "mixed.example");
    check_fault(&c, FAULT_none);
    CHECK(c.text.len > 0);
    fetch_case_close(&c);
}

TEST(a_name_that_leads_to_a_private_address_is_refused)
{
    struct fetch_case c = fetch_case_open();
    fetch_name(&c, "private.example");
    check_fault(&c, FAULT_address_refused);
    CHECK(strstr(c.out.fault.message, "10.0.0.1") != NULL);
    CHECK(strstr(c.out.fault.message, "private.example") != NULL);
    CHECK(!c.out.retryable);
    fetch_case_close(&c);
}

TEST(a_name_that_changes_its_address_is_judged_again)
{
    lookups = 0;
    struct fetch_case c = fetch_case_open();
    fetch_name(&c, "rebind.example");
    check_fault(&c, FAULT_none);
    fetch_close(c.fetcher);
    c.fetcher = NULL;
    fetch_name(&c, "rebind.example");
    check_fault(&c, FAULT_address_refused);
    CHECK_INT(lookups, 2);
    fetch_case_close(&c);
}

TEST(a_name_that_does_not_exist_is_no_connection)
{
    struct fetch_case c = fetch_case_open();
    fetch_name(&c, "missing.example");
    check_fault(&c, FAULT_connect);
    CHECK(strstr(c.out.fault.message, "missing.example") != NULL);
    fetch_case_close(&c);
}

TEST_MAIN()
