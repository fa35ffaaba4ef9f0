/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/manners.h"

#include "base/buf.h"

enum {
    /* A connection does not outlive a change of addresses for long. */
    CONNECTION_LIFE_S = 600,
    OPTION_TEXT_MAX = 65536
};

bool manners_are_header_text(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = (uint8_t)text.ptr[i];
        if (c < 0x20 || c == 0x7F) {
            return false;
        }
    }
    return text.len < OPTION_TEXT_MAX;
}

/* RFC 9110 10.1.2: From is a mail address; contact may be a URL instead. */
static bool is_mail_address(str contact)
{
    const size_t at = str_find_byte(contact, '@', 0);
    return at != SIZE_MAX && at > 0 && str_find(contact, STR("://"), 0) == SIZE_MAX &&
           str_find_byte(contact, ' ', 0) == SIZE_MAX;
}

bool manners_add_header(struct curl_slist **list, struct arena *scratch, str name, str value)
{
    struct buf line;
    buf_init(&line, scratch, 2 * OPTION_TEXT_MAX);
    buf_add(&line, name);
    buf_add(&line, value);
    buf_add_byte(&line, '\0');
    struct curl_slist *longer =
        buf_failed(&line) ? NULL : curl_slist_append(*list, buf_str(&line).ptr);
    *list = longer ? longer : *list;
    return longer != NULL;
}

static bool add_headers(const struct settings *settings, struct curl_slist **list,
                        struct arena *scratch, str authorization)
{
    const str contact = settings->contact;
    return manners_add_header(list, scratch, STR("Accept-Encoding: "), STR("gzip, deflate")) &&
           (!is_mail_address(contact) ||
            manners_add_header(list, scratch, STR("From: "), contact)) &&
           (!authorization.len ||
            manners_add_header(list, scratch, STR("Authorization: "), authorization));
}

static const char *make_user_agent(const struct settings *settings, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, 2 * OPTION_TEXT_MAX);
    buf_add(&out, settings->user_agent);
    buf_add(&out, STR("/" QUERN_VERSION));
    if (settings->contact.len) {
        buf_add(&out, STR(" (+"));
        buf_add(&out, settings->contact);
        buf_add(&out, STR(")"));
    }
    buf_add_byte(&out, '\0');
    return buf_failed(&out) ? NULL : buf_str(&out).ptr;
}

static bool options_are_sound(const struct settings *settings, str authorization,
                              struct fault *fault)
{
    const struct {
        const char *name;
        str value;
    } texts[] = {
        {"contact", settings->contact},   {"user_agent", settings->user_agent},
        {"proxy", settings->proxy},       {"ca_file", settings->ca_file},
        {"authorization", authorization},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!manners_are_header_text(texts[i].value)) {
            fault_tell(fault, FAULT_internal, -1, "%s: holds a control character, or is too long",
                       texts[i].name);
            return false;
        }
    }
    return true;
}

static bool make(struct manners *manners, str authorization)
{
    const struct settings *settings = manners->settings;
    struct arena *arena = &manners->arena;
    manners->user_agent = make_user_agent(settings, arena);
    manners->proxy = arena_terminated(arena, settings->proxy).ptr;
    manners->ca_file = arena_terminated(arena, settings->ca_file).ptr;
    return manners->user_agent && manners->proxy && manners->ca_file &&
           add_headers(settings, &manners->headers, arena, STR("")) &&
           add_headers(settings, &manners->authorised_headers, arena, authorization);
}

bool manners_open(struct manners *manners, const struct settings *settings, str authorization,
                  struct fault *fault)
{
    *manners = (struct manners){.settings = settings};
    arena_init(&manners->arena, (size_t)16 * OPTION_TEXT_MAX);
    if (!options_are_sound(settings, authorization, fault)) {
        return false;
    }
    if (!make(manners, authorization)) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory for a connection");
        manners_close(manners);
        return false;
    }
    return true;
}

void manners_close(struct manners *manners)
{
    curl_slist_free_all(manners->headers);
    curl_slist_free_all(manners->authorised_headers);
    arena_release(&manners->arena);
    *manners = (struct manners){.settings = NULL};
}

#define SET(option, value) (curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

/* Everything that libcurl would otherwise decide from the environment or on its own. */
static bool set_fixed(CURL *easy)
{
    return SET(CURLOPT_PROTOCOLS_STR, "http,https") && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
           SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_QUICK_EXIT, 1L) &&
           SET(CURLOPT_PATH_AS_IS, 1L) && SET(CURLOPT_HTTP_CONTENT_DECODING, 0L) &&
           SET(CURLOPT_HTTP09_ALLOWED, 0L) && SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
           SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
           SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           SET(CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE_S) &&
           SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L);
}

bool manners_apply(const struct manners *manners, CURL *easy)
{
    const struct settings *settings = manners->settings;
    /* Set to something, neither is read from the environment: "" is no proxy, "*" exempts all. */
    return set_fixed(easy) && SET(CURLOPT_PROXY, manners->proxy) &&
           SET(CURLOPT_NOPROXY, *manners->proxy ? "" : "*") &&
           (!*manners->ca_file || (SET(CURLOPT_CAINFO, manners->ca_file) &&
                                   SET(CURLOPT_PROXY_CAINFO, manners->ca_file))) &&
           SET(CURLOPT_USERAGENT, manners->user_agent) &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
}
