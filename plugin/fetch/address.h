/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses may be asked: public ones, and the ranges that the options allow.
 *
 *   host ──DNS──► address ──► address_judge ──► connect      on every connection, at the socket
 *
 * The name is never judged in place of the address, for a name says nothing about where it leads.
 * The exception is a proxy, which does the looking up itself: then the proxy's own address is
 * trusted (the option names it), a literal address of the target is judged as ever, and of the
 * names only those that always mean this machine are refused. Whoever sets a proxy moves the
 * policy for names into it.
 */
#ifndef FETCH_ADDRESS_H
#define FETCH_ADDRESS_H

#include "base/document.h"
#include "base/settings.h"

#include <netinet/in.h>

enum {
    ADDRESS_RANGES_MAX = 256, /* options allow_addresses: more is a list nobody reads */
    ADDRESS_PORTS_MAX = 256   /* option allow_ports */
};

/* IPv4 stands in its mapped form (::ffff:a.b.c.d), so that both spellings are one address. */
struct address {
    uint8_t ip[16];
    uint16_t port;
};

struct address_range {
    uint8_t ip[16];
    unsigned prefix_bits;
};

struct address_policy {
    struct address_range ranges[ADDRESS_RANGES_MAX];
    size_t range_count;
    uint16_t ports[ADDRESS_PORTS_MAX];
    size_t port_count;
    bool has_contact;
    bool allows_loopback; /* some range holds a loopback address */
    bool has_proxy;
};

enum address_verdict {
    ADDRESS_ALLOWED,
    ADDRESS_SPECIAL,   /* a range that is not public, and not allowed */
    ADDRESS_PORT,      /* a port that is not allowed */
    ADDRESS_NO_CONTACT /* not loopback, and the option contact is empty */
};

/* False: allow_addresses or allow_ports hold something else than ranges and ports; the fault names
 * it. [any thread] */
bool address_policy_read(struct address_policy *policy, const struct settings *settings,
                         struct fault *fault);

/* False: neither IPv4 nor IPv6. */
bool address_of_socket(const struct sockaddr *socket_address, struct address *out);

/* The host of a struct url, when it is an address and no name. */
bool address_of_host(str host, uint16_t port, struct address *out);

/* Why the address is not public, with its RFC; NULL for a public one. Static memory. */
const char *address_special_use(const struct address *address);

bool address_is_loopback(const struct address *address);

enum address_verdict address_judge(const struct address_policy *policy,
                                   const struct address *address);

/* The same before anything is looked up: what can be refused by host and port alone. */
enum address_verdict address_judge_host(const struct address_policy *policy, str host,
                                        uint16_t port);

/* "127.0.0.1:80", "[::1]:443"; NUL-terminated. */
enum { ADDRESS_TEXT_MAX = INET6_ADDRSTRLEN + 9 };
void address_write(const struct address *address, char out[ADDRESS_TEXT_MAX]);

/* Tells the refusal as FAULT_address_refused; `where` is the host, or the address itself. */
void address_tell(enum address_verdict verdict, const struct address *address, str where,
                  struct fault *fault);

#endif
