/* SPDX-License-Identifier: Apache-2.0 */
/* Guards who decides about proxies: the option alone, never the environment; and what can still be
 * refused when a proxy does the looking up. */
#include "unit/fetch/server.h"

static struct fetch_case proxied_case(char proxy[64])
{
    struct fetch_case fetch = fetch_case_open();
    const int len = snprintf(proxy, 64, "http://127.0.0.1:%d", server_port());
    fetch.settings.proxy = (str){.ptr = proxy, .len = (size_t)len};
    fetch.settings.contact = STR("a@example.org");
    fetch.settings.allow_addresses = (struct str_list){.count = 0};
    return fetch;
}

TEST(a_proxy_is_asked_for_names_that_only_it_knows)
{
    char proxy[64];
    struct fetch_case c = proxied_case(proxy);
    fetch_url(&c, "http://name-that-only-the-proxy-knows.example/echo");
    check_fault(&c, FAULT_none);
    CHECK(str_find(c.text, STR("Host: name-that-only-the-proxy-knows.example"), 0) != SIZE_MAX);
    fetch_case_close(&c);
}

TEST(a_proxy_is_no_way_to_addresses_that_are_refused)
{
    static const char *const urls[] = {"http://10.0.0.1/ok", "http://[::1]/ok",
                                       "http://localhost/ok", "http://0x7f.1/ok",
                                       "http://a.example:22/ok"};
    char proxy[64];
    struct fetch_case c = proxied_case(proxy);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        fetch_url(&c, urls[i]);
        check_fault(&c, FAULT_address_refused);
    }
    fetch_url(&c, "http://a.example/to?http://192.168.0.1/");
    check_fault(&c, FAULT_address_refused);
    fetch_case_close(&c);
    c = proxied_case(proxy);
    c.settings.contact = STR("");
    fetch_url(&c, "http://a.example/ok");
    check_fault(&c, FAULT_address_refused);
    fetch_case_close(&c);
}

TEST(the_environment_names_no_proxy)
{
    setenv("http_proxy", "http://127.0.0.1:9", 1);
    setenv("all_proxy", "http://127.0.0.1:9", 1);
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_none);
    fetch_case_close(&c);
    setenv("no_proxy", "*", 1);
    char proxy[64];
    c = proxied_case(proxy);
    fetch_url(&c, "http://name-that-only-the-proxy-knows.example/ok");
    check_fault(&c, FAULT_none);
    fetch_case_close(&c);
}

TEST_MAIN()
