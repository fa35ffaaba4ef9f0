/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/address.h"

#include <arpa/inet.h>
#include <stdio.h>

struct special_v4 {
    uint32_t first;
    unsigned prefix_bits;
    const char *use;
};

/* IANA IPv4 Special-Purpose Address Registry (RFC 6890), the multicast and reserved blocks, and
 * one address that is routable but never a web host. */
static const struct special_v4 specials_v4[] = {
    {0x00000000, 8, "this network, RFC 791"},
    {0x0A000000, 8, "private use, RFC 1918"},
    {0x64400000, 10, "shared address space, RFC 6598"},
    {0x7F000000, 8, "loopback, RFC 1122"},
    {0xA9FE0000, 16, "link-local, RFC 3927"},
    {0xAC100000, 12, "private use, RFC 1918"},
    {0xC0000000, 24, "protocol assignments, RFC 6890"},
    {0xC0000200, 24, "documentation, RFC 5737"},
    {0xC01FC400, 24, "AS112, RFC 7535"},
    {0xC034C100, 24, "multicast tunnelling, RFC 7450"},
    {0xC0586300, 24, "6to4 relay, RFC 7526"},
    {0xC0A80000, 16, "private use, RFC 1918"},
    {0xC0AF3000, 24, "AS112, RFC 7534"},
    {0xC6120000, 15, "benchmarking, RFC 2544"},
    {0xC6336400, 24, "documentation, RFC 5737"},
    {0xCB007100, 24, "documentation, RFC 5737"},
    {0xE0000000, 4, "multicast, RFC 5771"},
    {0xF0000000, 4, "reserved, RFC 1112"},
    {0xA83F8110, 32, "a cloud's host agent"},
};

struct special_v6 {
    uint64_t first; /* the upper half of the address */
    unsigned prefix_bits;
    const char *use;
};

/* IANA IPv6 Special-Purpose Address Registry (RFC 6890) inside the global unicast range, and the
 * ranges outside of it that have a name. */
static const struct special_v6 specials_v6[] = {
    {0x2001000000000000, 23, "protocol assignments, RFC 2928"},
    {0x20010DB800000000, 32, "documentation, RFC 3849"},
    {0x2002000000000000, 16, "6to4, RFC 3056"},
    {0x2620004F80000000, 48, "AS112, RFC 7534"},
    {0x3FFF000000000000, 20, "documentation, RFC 9637"},
    {0x0064FF9B00010000, 48, "local NAT64, RFC 8215"},
    {0x0100000000000000, 64, "discard-only, RFC 6666"},
    {0x0100000000000001, 64, "dummy prefix, RFC 9780"},
    {0x5F00000000000000, 16, "segment routing, RFC 9602"},
    {0xFC00000000000000, 7, "unique local, RFC 4193"},
    {0xFE80000000000000, 10, "link-local, RFC 4291"},
    {0xFEC0000000000000, 10, "site-local, RFC 3879"},
    {0xFF00000000000000, 8, "multicast, RFC 4291"},
};

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
/* RFC 6052 2.1 */
static const uint8_t nat64_prefix[12] = {0, 0x64, 0xFF, 0x9B};

static bool is_v4(const uint8_t ip[16])
{
    return memcmp(ip, mapped_prefix, sizeof mapped_prefix) == 0;
}

static uint32_t last_four(const uint8_t ip[16])
{
    return (uint32_t)ip[12] << 24 | (uint32_t)ip[13] << 16 | (uint32_t)ip[14] << 8 | ip[15];
}

static uint64_t upper_half(const uint8_t ip[16])
{
    uint64_t half = 0;
    for (size_t i = 0; i < 8; i++) {
        half = half << 8 | ip[i];
    }
    return half;
}

/* A NAT64 address reaches the IPv4 address inside it, and is judged as that one. */
static struct address unwrapped(const struct address *address)
{
    struct address out = *address;
    if (memcmp(address->ip, nat64_prefix, sizeof nat64_prefix) == 0) {
        memcpy(out.ip, mapped_prefix, sizeof mapped_prefix);
    }
    return out;
}

static const char *special_use_v4(uint32_t ip)
{
    for (size_t i = 0; i < sizeof specials_v4 / sizeof *specials_v4; i++) {
        if ((ip ^ specials_v4[i].first) >> (32 - specials_v4[i].prefix_bits) == 0) {
            return specials_v4[i].use;
        }
    }
    return NULL;
}

static const char *special_use_v6(const uint8_t ip[16])
{
    static const uint8_t loopback[16] = {[15] = 1};
    const uint64_t half = upper_half(ip);
    for (size_t i = 0; i < sizeof specials_v6 / sizeof *specials_v6; i++) {
        if ((half ^ specials_v6[i].first) >> (64 - specials_v6[i].prefix_bits) == 0) {
            return specials_v6[i].use;
        }
    }
    if (memcmp(ip, loopback, sizeof loopback) == 0) {
        return "loopback, RFC 4291";
    }
    /* Only 2000::/3 is handed out: this refuses ::, ::a.b.c.d and whatever comes into use later. */
    return half >> 61 == 1 ? NULL : "not global unicast, RFC 4291";
}

const char *address_special_use(const struct address *address)
{
    const struct address real = unwrapped(address);
    return is_v4(real.ip) ? special_use_v4(last_four(real.ip)) : special_use_v6(real.ip);
}

bool address_is_loopback(const struct address *address)
{
    static const uint8_t v6[16] = {[15] = 1};
    return (is_v4(address->ip) && address->ip[12] == 127) || memcmp(address->ip, v6, 16) == 0;
}

static bool is_in_range(const uint8_t ip[16], const struct address_range *range)
{
    const unsigned whole = range->prefix_bits / 8;
    const unsigned rest = range->prefix_bits % 8;
    /* A range of IPv6 addresses, be it ::/0, says nothing about IPv4. */
    if (is_v4(ip) && range->prefix_bits < 96) {
        return false;
    }
    return memcmp(ip, range->ip, whole) == 0 &&
           (rest == 0 || (ip[whole] ^ range->ip[whole]) >> (8 - rest) == 0);
}

static bool is_in_allowed_range(const struct address_policy *policy, const struct address *address)
{
    const struct address real = unwrapped(address);
    for (size_t i = 0; i < policy->range_count; i++) {
        if (is_in_range(address->ip, &policy->ranges[i]) ||
            is_in_range(real.ip, &policy->ranges[i])) {
            return true;
        }
    }
    return false;
}

static bool is_allowed_port(const struct address_policy *policy, uint16_t port)
{
    bool found = port == 80 || port == 443;
    for (size_t i = 0; i < policy->port_count; i++) {
        found = found || policy->ports[i] == port;
    }
    return found;
}

enum address_verdict address_judge(const struct address_policy *policy,
                                   const struct address *address)
{
    const bool allowed = is_in_allowed_range(policy, address);
    const bool loopback = address_is_loopback(address);
    if (!allowed && address_special_use(address)) {
        return ADDRESS_SPECIAL;
    }
    if (!(allowed && loopback) && !is_allowed_port(policy, address->port)) {
        return ADDRESS_PORT;
    }
    return loopback || policy->has_contact ? ADDRESS_ALLOWED : ADDRESS_NO_CONTACT;
}

/* RFC 6761 6.3: localhost and the names under it. */
static bool is_localhost(str host)
{
    return str_equal(host, STR("localhost")) || str_ends(host, STR(".localhost")) ||
           str_equal(host, STR("localhost.")) || str_ends(host, STR(".localhost."));
}

enum address_verdict address_judge_host(const struct address_policy *policy, str host,
                                        uint16_t port)
{
    struct address address;
    if (address_of_host(host, port, &address)) {
        return address_judge(policy, &address);
    }
    /* RFC 7686: such a name must never be looked up. */
    if (str_ends(host, STR(".onion")) || str_ends(host, STR(".onion."))) {
        return ADDRESS_SPECIAL;
    }
    if (policy->has_proxy && is_localhost(host)) {
        return policy->allows_loopback ? ADDRESS_ALLOWED : ADDRESS_SPECIAL;
    }
    /* A name may lead to loopback where that is allowed; then the socket decides. */
    const bool undecided = policy->allows_loopback && !policy->has_proxy;
    if (!undecided && !is_allowed_port(policy, port)) {
        return ADDRESS_PORT;
    }
    if (!undecided && !policy->has_contact) {
        return is_localhost(host) ? ADDRESS_SPECIAL : ADDRESS_NO_CONTACT;
    }
    return ADDRESS_ALLOWED;
}

static void set_v4(struct address *out, const uint8_t four[4])
{
    memcpy(out->ip, mapped_prefix, sizeof mapped_prefix);
    memcpy(out->ip + 12, four, 4);
}

bool address_of_socket(const struct sockaddr *socket_address, struct address *out)
{
    *out = (struct address){.port = 0};
    if (socket_address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, socket_address, sizeof v4);
        set_v4(out, (const uint8_t *)&v4.sin_addr);
        out->port = ntohs(v4.sin_port);
        return true;
    }
    if (socket_address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, socket_address, sizeof v6);
        memcpy(out->ip, &v6.sin6_addr, sizeof out->ip);
        out->port = ntohs(v6.sin6_port);
        return true;
    }
    return false;
}

/* An address in its usual spelling; *out_bits says how many bits a prefix of it may have. */
static bool read_ip(str text, struct address *out, unsigned *out_bits)
{
    char terminated[INET6_ADDRSTRLEN];
    uint8_t four[4];
    if (text.len >= sizeof terminated) {
        return false;
    }
    memcpy(terminated, text.ptr, text.len);
    terminated[text.len] = '\0';
    *out_bits = 32;
    if (strlen(terminated) == text.len && inet_pton(AF_INET, terminated, four) == 1) {
        set_v4(out, four);
        return true;
    }
    *out_bits = 128;
    return strlen(terminated) == text.len && inet_pton(AF_INET6, terminated, out->ip) == 1;
}

bool address_of_host(str host, uint16_t port, struct address *out)
{
    unsigned ignored;
    *out = (struct address){.port = port};
    if (str_starts(host, STR("[")) && str_ends(host, STR("]"))) {
        host = str_slice(host, 1, host.len - 1);
    }
    return read_ip(host, out, &ignored);
}

static bool read_range(str text, struct address_range *out)
{
    struct address address = {.port = 0};
    unsigned bits;
    int64_t prefix;
    const size_t slash = str_find_byte(text, '/', 0);
    if (!read_ip(str_slice(text, 0, slash), &address, &bits)) {
        return false;
    }
    prefix = bits;
    if (slash != SIZE_MAX &&
        (!str_read_integer(str_slice(text, slash + 1, text.len), &prefix) || prefix > bits)) {
        return false;
    }
    memcpy(out->ip, address.ip, sizeof out->ip);
    out->prefix_bits = (unsigned)prefix + (128 - bits);
    return true;
}

/* Do the two have an address in common? */
static bool holds_loopback(const struct address_range *range)
{
    static const struct address_range v4 = {{[10] = 0xFF, 0xFF, 127}, 104};
    static const struct address_range v6 = {{[15] = 1}, 128};
    return is_in_range(v6.ip, range) || is_in_range(v4.ip, range) || is_in_range(range->ip, &v4);
}

/* For %.*s: a message quotes no more than this. */
static int quoted_len(str text)
{
    return (int)(text.len < 100 ? text.len : 100);
}

static bool read_ranges(struct address_policy *policy, struct str_list texts, struct fault *fault)
{
    if (texts.count > ADDRESS_RANGES_MAX) {
        fault_tell(fault, FAULT_limit, -1, "allow_addresses: %zu ranges, at most %d are taken",
                   texts.count, ADDRESS_RANGES_MAX);
        return false;
    }
    for (size_t i = 0; i < texts.count; i++) {
        struct address_range *range = &policy->ranges[policy->range_count];
        if (!read_range(texts.items[i], range)) {
            fault_tell(fault, FAULT_address_refused, -1,
                       "allow_addresses: %.*s is no address range (write 10.0.0.0/8 or fd00::/8)",
                       quoted_len(texts.items[i]), texts.items[i].ptr);
            return false;
        }
        policy->range_count++;
        policy->allows_loopback = policy->allows_loopback || holds_loopback(range);
    }
    return true;
}

static bool read_ports(struct address_policy *policy, struct str_list texts, struct fault *fault)
{
    if (texts.count > ADDRESS_PORTS_MAX) {
        fault_tell(fault, FAULT_limit, -1, "allow_ports: %zu ports, at most %d are taken",
                   texts.count, ADDRESS_PORTS_MAX);
        return false;
    }
    for (size_t i = 0; i < texts.count; i++) {
        int64_t port;
        if (!str_read_integer(texts.items[i], &port) || port < 1 || port > UINT16_MAX) {
            fault_tell(fault, FAULT_address_refused, -1,
                       "allow_ports: %.*s is no port (write a number from 1 to 65535)",
                       quoted_len(texts.items[i]), texts.items[i].ptr);
            return false;
        }
        policy->ports[policy->port_count++] = (uint16_t)port;
    }
    return true;
}

bool address_policy_read(struct address_policy *policy, const struct settings *settings,
                         struct fault *fault)
{
    *policy = (struct address_policy){
        .has_contact = settings->contact.len > 0,
        .has_proxy = settings->proxy.len > 0,
    };
    return read_ranges(policy, settings->allow_addresses, fault) &&
           read_ports(policy, settings->allow_ports, fault);
}

void address_write(const struct address *address, char out[ADDRESS_TEXT_MAX])
{
    char ip[INET6_ADDRSTRLEN] = "";
    if (is_v4(address->ip)) {
        (void)inet_ntop(AF_INET, address->ip + 12, ip, sizeof ip);
        (void)snprintf(out, ADDRESS_TEXT_MAX, "%s:%u", ip, (unsigned)address->port);
    } else {
        (void)inet_ntop(AF_INET6, address->ip, ip, sizeof ip);
        (void)snprintf(out, ADDRESS_TEXT_MAX, "[%s]:%u", ip, (unsigned)address->port);
    }
}

void address_tell(enum address_verdict verdict, const struct address *address, str where,
                  struct fault *fault)
{
    char text[ADDRESS_TEXT_MAX] = "a name that always means this machine";
    const char *use = NULL;
    const int len = quoted_len(where);
    if (address) {
        address_write(address, text);
        use = address_special_use(address);
    }
    switch (verdict) {
    case ADDRESS_ALLOWED:
        return;
    case ADDRESS_SPECIAL:
        fault_tell(fault, FAULT_address_refused, -1,
                   "%.*s is %s (%s); allow_addresses can allow its range", len, where.ptr, text,
                   use ? use : "not public");
        return;
    case ADDRESS_PORT:
        fault_tell(fault, FAULT_address_refused, -1,
                   "%.*s: this port is not asked; allow_ports can allow it", len, where.ptr);
        return;
    case ADDRESS_NO_CONTACT:
        fault_tell(fault, FAULT_address_refused, -1,
                   "%.*s is not this machine: set contact to a mail address or URL where you can "
                   "be reached",
                   len, where.ptr);
        return;
    }
}
