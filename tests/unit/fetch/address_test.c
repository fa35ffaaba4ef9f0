/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the address policy: every range that is not public is refused in every spelling of its
 * addresses, the neighbours of each range are not, and options open exactly what they name. */
#include "fetch/address.h"
#include "harness/test.h"

#include <arpa/inet.h>

static struct address_policy policy_of(const str *ranges, size_t range_count, const str *ports,
                                       size_t port_count, str contact)
{
    struct address_policy policy;
    struct fault fault = {.code = FAULT_none};
    struct settings settings = settings_default();
    settings.allow_addresses = (struct str_list){.items = ranges, .count = range_count};
    settings.allow_ports = (struct str_list){.items = ports, .count = port_count};
    settings.contact = contact;
    CHECK(address_policy_read(&policy, &settings, &fault));
    return policy;
}

static enum address_verdict judge(const struct address_policy *policy, const char *ip,
                                  uint16_t port)
{
    struct address address;
    if (!CHECK(address_of_host(str_of(ip), port, &address))) {
        fprintf(stderr, "  %s\n", ip);
    }
    return address_judge(policy, &address);
}

/* First and last address of each range, and the public ones beside them (NULL: none). */
static const struct {
    const char *before, *first, *last, *after;
} ranges[] = {
    {NULL, "0.0.0.0", "0.255.255.255", "1.0.0.0"},
    {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
    {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
    {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
    {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
    {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
    {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
    {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
    {"192.31.195.255", "192.31.196.0", "192.31.196.255", "192.31.197.0"},
    {"192.52.192.255", "192.52.193.0", "192.52.193.255", "192.52.194.0"},
    {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
    {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
    {"192.175.47.255", "192.175.48.0", "192.175.48.255", "192.175.49.0"},
    {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
    {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
    {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
    {"223.255.255.255", "224.0.0.0", "255.255.255.255", NULL},
    {"168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"},
    {NULL, "::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::"},
    {"2000:ffff::", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
    {"2001:db7:ffff::", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
    {"2001:ffff::", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
    {"2620:4f:7fff::", "2620:4f:8000::", "2620:4f:8000:ffff::", "2620:4f:8001::"},
    {"3ffe:ffff::", "3fff::", "3fff:fff:ffff::", "3fff:1000::"},
    {"3fff:ffff:ffff:ffff::", "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
};

TEST(ranges_that_are_not_public_are_refused_from_their_first_to_their_last_address)
{
    const struct address_policy policy = policy_of(NULL, 0, NULL, 0, STR("a@example.org"));
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        CHECK_INT(judge(&policy, ranges[i].first, 80), ADDRESS_SPECIAL);
        CHECK_INT(judge(&policy, ranges[i].last, 443), ADDRESS_SPECIAL);
        if (ranges[i].before) {
            CHECK_INT(judge(&policy, ranges[i].before, 80), ADDRESS_ALLOWED);
        }
        if (ranges[i].after) {
            CHECK_INT(judge(&policy, ranges[i].after, 80), ADDRESS_ALLOWED);
        }
    }
}

TEST(addresses_inside_addresses_are_judged_as_what_they_reach)
{
    static const char *const refused[] = {
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:a00:1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:0:8.8.8.8",
        "64:ff9b::10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::",
        "2001:0:1::",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "100::1",
        "100:0:0:1::1",
        "5f00::1",
        "::169.254.169.254",
    };
    const struct address_policy policy = policy_of(NULL, 0, NULL, 0, STR("a@example.org"));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (!CHECK_INT(judge(&policy, refused[i], 80), ADDRESS_SPECIAL)) {
            fprintf(stderr, "  %s\n", refused[i]);
        }
    }
    CHECK_INT(judge(&policy, "::ffff:8.8.8.8", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "64:ff9b::8.8.8.8", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "2a00:1450:4001::1", 80), ADDRESS_ALLOWED);
}

TEST(each_refusal_names_its_rule)
{
    static const struct {
        const char *ip, *rule;
    } rows[] = {
        {"127.0.0.1", "RFC 1122"},   {"10.1.2.3", "RFC 1918"},  {"::1", "RFC 4291"},
        {"169.254.1.1", "RFC 3927"}, {"fe80::1", "link-local"}, {"::ffff:10.0.0.1", "RFC 1918"},
        {"fd00::1", "RFC 4193"},     {"5f00::1", "RFC 9602"},   {"64:ff9b::a00:1", "RFC 1918"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address address;
        struct fault fault = {.code = FAULT_none};
        CHECK(address_of_host(str_of(rows[i].ip), 80, &address));
        address_tell(ADDRESS_SPECIAL, &address, STR("a.example"), &fault);
        CHECK_INT(fault.code, FAULT_address_refused);
        CHECK(strstr(fault.message, rows[i].rule) != NULL);
        CHECK(strstr(fault.message, "a.example") != NULL);
    }
}

TEST(options_open_exactly_what_they_name)
{
    static const str allowed[] = {STR_INIT("10.1.0.0/16"), STR_INIT("fd00:1::/32"),
                                  STR_INIT("192.168.7.9"), STR_INIT("172.16.0.0/30")};
    const struct address_policy policy = policy_of(allowed, 4, NULL, 0, STR("a@example.org"));
    CHECK_INT(judge(&policy, "10.1.0.0", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "10.1.255.255", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "::ffff:10.1.2.3", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "64:ff9b::10.1.2.3", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "10.2.0.0", 80), ADDRESS_SPECIAL);
    CHECK_INT(judge(&policy, "10.0.255.255", 80), ADDRESS_SPECIAL);
    CHECK_INT(judge(&policy, "fd00:1:ffff::1", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "fd00:2::1", 80), ADDRESS_SPECIAL);
    CHECK_INT(judge(&policy, "192.168.7.9", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "192.168.7.8", 80), ADDRESS_SPECIAL);
    CHECK_INT(judge(&policy, "172.16.0.3", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "172.16.0.4", 80), ADDRESS_SPECIAL);
    CHECK_INT(judge(&policy, "127.0.0.1", 80), ADDRESS_SPECIAL);
    CHECK_INT(judge(&policy, "10.1.0.0", 8080), ADDRESS_PORT);
}

TEST(everything_of_one_family_says_nothing_of_the_other)
{
    static const str all_v6[] = {STR_INIT("::/0")};
    static const str all_v4[] = {STR_INIT("0.0.0.0/0")};
    const struct address_policy v6 = policy_of(all_v6, 1, NULL, 0, STR("a@example.org"));
    const struct address_policy v4 = policy_of(all_v4, 1, NULL, 0, STR("a@example.org"));
    CHECK_INT(judge(&v6, "::1", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&v6, "127.0.0.1", 80), ADDRESS_SPECIAL);
    CHECK_INT(judge(&v6, "::ffff:127.0.0.1", 80), ADDRESS_SPECIAL);
    CHECK_INT(judge(&v4, "127.0.0.1", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&v4, "::ffff:127.0.0.1", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&v4, "::1", 80), ADDRESS_SPECIAL);
}

TEST(ports_are_web_ports_unless_an_option_says_more)
{
    static const str ports[] = {STR_INIT("8080")};
    static const str loopback[] = {STR_INIT("127.0.0.1/32")};
    const struct address_policy plain = policy_of(NULL, 0, NULL, 0, STR("a@example.org"));
    const struct address_policy more = policy_of(loopback, 1, ports, 1, STR("a@example.org"));
    CHECK_INT(judge(&plain, "8.8.8.8", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&plain, "8.8.8.8", 443), ADDRESS_ALLOWED);
    CHECK_INT(judge(&plain, "8.8.8.8", 22), ADDRESS_PORT);
    CHECK_INT(judge(&plain, "8.8.8.8", 0), ADDRESS_PORT);
    CHECK_INT(judge(&more, "8.8.8.8", 8080), ADDRESS_ALLOWED);
    CHECK_INT(judge(&more, "8.8.8.8", 8081), ADDRESS_PORT);
    CHECK_INT(judge(&more, "127.0.0.1", 50123), ADDRESS_ALLOWED);
    CHECK_INT(judge(&more, "127.0.0.2", 8080), ADDRESS_SPECIAL);
}

TEST(without_a_contact_only_loopback_is_asked)
{
    static const str allowed[] = {STR_INIT("127.0.0.0/8"), STR_INIT("10.0.0.0/8")};
    const struct address_policy policy = policy_of(allowed, 2, NULL, 0, STR(""));
    CHECK_INT(judge(&policy, "127.0.0.1", 80), ADDRESS_ALLOWED);
    CHECK_INT(judge(&policy, "10.0.0.1", 80), ADDRESS_NO_CONTACT);
    CHECK_INT(judge(&policy, "8.8.8.8", 80), ADDRESS_NO_CONTACT);
}

TEST(what_can_be_refused_by_name_is_refused_before_it_is_looked_up)
{
    static const str loopback[] = {STR_INIT("127.0.0.0/8")};
    struct address_policy policy = policy_of(NULL, 0, NULL, 0, STR("a@example.org"));
    CHECK_INT(address_judge_host(&policy, STR("a.example"), 80), ADDRESS_ALLOWED);
    CHECK_INT(address_judge_host(&policy, STR("a.example"), 25), ADDRESS_PORT);
    CHECK_INT(address_judge_host(&policy, STR("127.0.0.1"), 80), ADDRESS_SPECIAL);
    CHECK_INT(address_judge_host(&policy, STR("[::1]"), 80), ADDRESS_SPECIAL);
    CHECK_INT(address_judge_host(&policy, STR("abc.onion"), 80), ADDRESS_SPECIAL);
    policy.has_proxy = true; /* the proxy looks names up: only the sure ones can be refused */
    CHECK_INT(address_judge_host(&policy, STR("localhost"), 80), ADDRESS_SPECIAL);
    CHECK_INT(address_judge_host(&policy, STR("x.localhost"), 80), ADDRESS_SPECIAL);
    CHECK_INT(address_judge_host(&policy, STR("10.0.0.1"), 80), ADDRESS_SPECIAL);
    CHECK_INT(address_judge_host(&policy, STR("a.example"), 80), ADDRESS_ALLOWED);
    policy = policy_of(NULL, 0, NULL, 0, STR(""));
    CHECK_INT(address_judge_host(&policy, STR("a.example"), 80), ADDRESS_NO_CONTACT);
    CHECK_INT(address_judge_host(&policy, STR("localhost"), 80), ADDRESS_SPECIAL);
    policy = policy_of(loopback, 1, NULL, 0, STR(""));
    CHECK_INT(address_judge_host(&policy, STR("a.example"), 8080), ADDRESS_ALLOWED);
    policy.has_proxy = true;
    CHECK_INT(address_judge_host(&policy, STR("a.example"), 80), ADDRESS_NO_CONTACT);
    CHECK_INT(address_judge_host(&policy, STR("localhost"), 8080), ADDRESS_ALLOWED);
}

TEST(what_is_no_range_or_port_is_named)
{
    static const str bad[] = {
        STR_INIT("10.0.0.0/33"),
        STR_INIT("10.0.0/8"),
        STR_INIT("a.example"),
        STR_INIT("::/129"),
        STR_INIT("10.0.0.0/"),
        STR_INIT("/8"),
        STR_INIT(""),
        STR_INIT("10.0.0.0/-1"),
        STR_INIT("1.2.3.4 "),
        STR_INIT("010.0.0.0/8"),
    };
    static const str bad_ports[] = {STR_INIT("0"), STR_INIT("65536"), STR_INIT("http"),
                                    STR_INIT("-1"), STR_INIT("")};
    struct address_policy policy;
    struct settings settings = settings_default();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fault fault = {.code = FAULT_none};
        settings.allow_addresses = (struct str_list){.items = &bad[i], .count = 1};
        CHECK(!address_policy_read(&policy, &settings, &fault));
        CHECK(strstr(fault.message, "allow_addresses") != NULL);
    }
    settings.allow_addresses = (struct str_list){.count = 0};
    for (size_t i = 0; i < sizeof bad_ports / sizeof *bad_ports; i++) {
        struct fault fault = {.code = FAULT_none};
        settings.allow_ports = (struct str_list){.items = &bad_ports[i], .count = 1};
        CHECK(!address_policy_read(&policy, &settings, &fault));
        CHECK(strstr(fault.message, "allow_ports") != NULL);
    }
    static str many[ADDRESS_RANGES_MAX + 1];
    for (size_t i = 0; i <= ADDRESS_RANGES_MAX; i++) {
        many[i] = STR("10.0.0.0/8");
    }
    struct fault fault = {.code = FAULT_none};
    settings.allow_ports = (struct str_list){.count = 0};
    settings.allow_addresses = (struct str_list){.items = many, .count = ADDRESS_RANGES_MAX + 1};
    CHECK(!address_policy_read(&policy, &settings, &fault));
    CHECK_INT(fault.code, FAULT_limit);
}

TEST(only_internet_sockets_have_an_address)
{
    struct address address;
    const struct sockaddr local = {.sa_family = AF_UNIX};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(80)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
    char text[ADDRESS_TEXT_MAX];
    inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
    inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
    CHECK(!address_of_socket(&local, &address));
    CHECK(address_of_socket((const struct sockaddr *)&v4, &address));
    address_write(&address, text);
    CHECK_STR(str_of(text), STR("192.0.2.1:80"));
    CHECK(address_of_socket((const struct sockaddr *)&v6, &address));
    address_write(&address, text);
    CHECK_STR(str_of(text), STR("[2001:db8::1]:443"));
}

TEST_MAIN()
