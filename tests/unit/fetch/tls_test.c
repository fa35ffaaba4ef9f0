/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the encrypted way: who is not proven to be the web host is not listened to, and nobody
 * leads from https to http. The certificate is made anew, for the name localhost only. */
#include "unit/fetch/server.h"

static char folder[] = "/tmp/quern-tls-XXXXXX";
static char certificate[64];
static char key[64];

static void remove_files(void)
{
    unlink(certificate);
    unlink(key);
    rmdir(folder);
}

static bool make_certificate(void)
{
    if (!mkdtemp(folder)) {
        return false;
    }
    atexit(remove_files);
    snprintf(certificate, sizeof certificate, "%s/certificate.pem", folder);
    snprintf(key, sizeof key, "%s/key.pem", folder);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        freopen("/dev/null", "w", stderr);
        execlp("openssl", "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
               "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key,
               "-out", certificate, (char *)NULL);
        _exit(127);
    }
    int how = -1;
    return waitpid(child, &how, 0) == child && how == 0;
}

static int port(void)
{
    static bool made;
    if (!made && !CHECK(make_certificate())) {
        return 0;
    }
    made = true;
    return tls_server_port(certificate, key);
}

static void fetch_tls(struct fetch_case *fetch, const char *host, const char *path)
{
    char url[256];
    snprintf(url, sizeof url, "https://%s:%d%s", host, port(), path);
    fetch_url(fetch, url);
}

static struct fetch_case trusting_case(void)
{
    struct fetch_case fetch = fetch_case_open();
    (void)port();
    fetch.settings.ca_file = str_of(certificate);
    return fetch;
}

TEST(a_page_comes_over_tls_when_its_authority_is_trusted)
{
    struct fetch_case c = trusting_case();
    fetch_tls(&c, "localhost", "/gzip");
    check_fault(&c, FAULT_none);
    CHECK(str_starts(c.text, STR("权力")));
    fetch_tls(&c, "localhost", "/redirect/2");
    check_fault(&c, FAULT_none);
    CHECK_INT(c.out.redirect_count, 2);
    fetch_tls(&c, "localhost", "/short");
    check_fault(&c, FAULT_truncated);
    CHECK_INT(c.text.len, 400);
    fetch_case_close(&c);
}

TEST(a_server_that_nobody_vouches_for_is_not_listened_to)
{
    struct fetch_case c = fetch_case_open();
    fetch_tls(&c, "localhost", "/ok");
    check_fault(&c, FAULT_connect);
    CHECK(strstr(c.out.fault.message, "certificate") != NULL);
    CHECK(!c.out.retryable && !c.out.content);
    fetch_case_close(&c);
}

TEST(a_certificate_for_another_name_is_not_enough)
{
    struct fetch_case c = trusting_case();
    fetch_tls(&c, "127.0.0.1", "/ok");
    check_fault(&c, FAULT_connect);
    CHECK(!c.out.retryable && !c.out.content);
    fetch_case_close(&c);
}

TEST(a_ca_file_that_is_not_there_is_told)
{
    struct fetch_case c = fetch_case_open();
    c.settings.ca_file = STR("/nowhere/ca.pem");
    fetch_tls(&c, "localhost", "/ok");
    check_fault(&c, FAULT_connect);
    CHECK(strstr(c.out.fault.message, "/nowhere/ca.pem") != NULL);
    CHECK(!c.out.retryable);
    fetch_case_close(&c);
}

TEST(a_host_of_the_secret_may_be_named_with_its_port_only)
{
    char named[32];
    struct fetch_case c = trusting_case();
    const int len = snprintf(named, sizeof named, "LocalHost:%d", port());
    const str hosts[] = {STR("localhost"), STR("localhost:1"), {.ptr = named, .len = (size_t)len}};
    c.authorization = STR("Basic planted-secret");
    c.settings.authorization_hosts = (struct str_list){.items = hosts, .count = 2};
    fetch_tls(&c, "localhost", "/echo");
    check_fault(&c, FAULT_none);
    CHECK(str_find(c.text, STR("secret"), 0) == SIZE_MAX);
    c.settings.authorization_hosts.count = 3;
    fetch_tls(&c, "localhost", "/echo");
    CHECK(str_find(c.text, STR("Authorization: Basic planted-secret"), 0) != SIZE_MAX);
    fetch_case_close(&c);
}

TEST(nobody_leads_from_https_to_http)
{
    char path[128];
    struct fetch_case c = trusting_case();
    snprintf(path, sizeof path, "/to?http://127.0.0.1:%d/ok", server_port());
    fetch_tls(&c, "localhost", path);
    check_fault(&c, FAULT_redirect);
    CHECK(strstr(c.out.fault.message, "https to http") != NULL);
    snprintf(path, sizeof path, "/to?https://localhost:%d/ok", port());
    fetch_path(&c, path); /* upwards is fine */
    check_fault(&c, FAULT_none);
    CHECK(str_starts(c.out.final_url, STR("https://localhost:")));
    fetch_case_close(&c);
}

TEST_MAIN()
