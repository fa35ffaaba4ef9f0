/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the one parser of URLs: each address has one spelling, whatever was written, and nothing
 * that is no http URL gets through. The rows follow the rules of the URL Standard. */
#include "base/url.h"
#include "harness/test.h"

struct row {
    const char *text;
    const char *base;     /* NULL: none */
    const char *expected; /* NULL: URL_BAD */
};

static const struct row rows[] = {
    /* The scheme and what is cut away. */
    {"http://a.example", NULL, "http://a.example/"},
    {"HTTP://A.Example/B", NULL, "http://a.example/B"},
    {"  \t http://a/ \n", NULL, "http://a/"},
    {"ht\ntp://a/b\tc\r", NULL, "http://a/bc"},
    {"http://a:80/", NULL, "http://a/"},
    {"http://a:/", NULL, "http://a/"},
    {"https://a:443/", NULL, "https://a/"},
    {"https://a:80/", NULL, "https://a:80/"},
    {"http://a:00000000000000000080/", NULL, "http://a/"},
    {"http://a:0/", NULL, "http://a:0/"},
    {"http://a:65536/", NULL, NULL},
    {"http://a:8x/", NULL, NULL},
    {"http://a:99999999999999999999/", NULL, NULL},
    {"http:a", NULL, "http://a/"},
    {"http:///////a", NULL, "http://a/"},
    {"http:\\\\a\\b", NULL, "http://a/b"},
    {"http://", NULL, NULL},
    {"http://?", NULL, NULL},
    {"http:///", NULL, NULL},
    {"http://:80/", NULL, NULL},
    {"a/b", NULL, NULL},
    {"", NULL, NULL},
    /* User information never survives. */
    {"http://user:pass@a/", NULL, "http://a/"},
    {"http://user@a:81/x", NULL, "http://a:81/x"},
    {"http://a.example@b.example@c/", NULL, "http://c/"},
    {"http://a\\@b/", NULL, "http://a/@b/"},
    {"http://user@/", NULL, NULL},
    {"http://a/@b:c", NULL, "http://a/@b:c"},
    /* Dots, backslashes, encoding. */
    {"http://a/b/./c/../d", NULL, "http://a/b/d"},
    {"http://a/../../x", NULL, "http://a/x"},
    {"http://a/b/..", NULL, "http://a/"},
    {"http://a/b/.", NULL, "http://a/b/"},
    {"http://a/b/%2e%2E/c", NULL, "http://a/c"},
    {"http://a/b/%2e./c", NULL, "http://a/c"},
    {"http://a/b/...", NULL, "http://a/b/..."},
    {"http://a/b/%2e%2e%2e", NULL, "http://a/b/%2e%2e%2e"},
    {"http://a/b//c/../d", NULL, "http://a/b//d"},
    {"http://a\\b\\..\\c", NULL, "http://a/c"},
    {"http://a/b c\"<>`{}^|", NULL, "http://a/b%20c%22%3C%3E%60%7B%7D%5E|"},
    {"http://a/%zz%4", NULL, "http://a/%zz%4"},
    {"http://a/权力?责=任#义", NULL, "http://a/%E6%9D%83%E5%8A%9B?%E8%B4%A3=%E4%BB%BB#%E4%B9%89"},
    {"http://a?q='\" <>#f`'", NULL, "http://a/?q=%27%22%20%3C%3E#f%60'"},
    {"http://a/?", NULL, "http://a/?"},
    {"http://a/#", NULL, "http://a/#"},
    {"http://a/?a?b/../c", NULL, "http://a/?a?b/../c"},
    {"http://a/#b#c?d", NULL, "http://a/#b#c?d"},
    {"http://a/\x01\x7F", NULL, "http://a/%01%7F"},
    /* Every spelling of an IPv4 address is one address. */
    {"http://127.0.0.1/", NULL, "http://127.0.0.1/"},
    {"http://2130706433/", NULL, "http://127.0.0.1/"},
    {"http://0x7f000001/", NULL, "http://127.0.0.1/"},
    {"http://0X7F.1/", NULL, "http://127.0.0.1/"},
    {"http://0177.0.0.1/", NULL, "http://127.0.0.1/"},
    {"http://017700000001/", NULL, "http://127.0.0.1/"},
    {"http://127.1/", NULL, "http://127.0.0.1/"},
    {"http://127.0.1/", NULL, "http://127.0.0.1/"},
    {"http://127.0.0.1./", NULL, "http://127.0.0.1/"},
    {"http://%31%32%37.0.0.1/", NULL, "http://127.0.0.1/"},
    {"http://１２７．０。０｡１/", NULL, "http://127.0.0.1/"},
    {"http://0/", NULL, "http://0.0.0.0/"},
    {"http://0x/", NULL, "http://0.0.0.0/"},
    {"http://4294967295/", NULL, "http://255.255.255.255/"},
    {"http://4294967296/", NULL, NULL},
    {"http://0x100000000000000000000/", NULL, NULL},
    {"http://256.0.0.1/", NULL, NULL},
    {"http://1.2.3.4.5/", NULL, NULL},
    {"http://1.2.65536/", NULL, NULL},
    {"http://1.2.65535/", NULL, "http://1.2.255.255/"},
    {"http://1..2/", NULL, NULL},
    {"http://09.1/", NULL, NULL},
    {"http://a.09/", NULL, NULL},
    {"http://a.0x7f/", NULL, NULL},
    {"http://1.2.3.4a/", NULL, "http://1.2.3.4a/"},
    {"http://1e2/", NULL, "http://1e2/"},
    /* IPv6 */
    {"http://[::1]/", NULL, "http://[::1]/"},
    {"http://[0:0:0:0:0:0:0:1]:80/", NULL, "http://[::1]/"},
    {"http://[::FFFF:127.0.0.1]:8080/", NULL, "http://[::ffff:7f00:1]:8080/"},
    {"http://[2001:DB8::0001:0:0:1]/", NULL, "http://[2001:db8::1:0:0:1]/"},
    {"http://[1:0:0:2:0:0:0:3]/", NULL, "http://[1:0:0:2::3]/"},
    {"http://[1:0:3:4:5:6:7:8]/", NULL, "http://[1:0:3:4:5:6:7:8]/"},
    {"http://[1::]/", NULL, "http://[1::]/"},
    {"http://[1:2:3:4:5:6:7::]/", NULL, "http://[1:2:3:4:5:6:7:0]/"},
    {"http://[1:2:3:4:5:6:7:8::]/", NULL, NULL},
    {"http://[1:2:3:4:5:6:7:8:9]/", NULL, NULL},
    {"http://[1:2:3:4:5:6:7]/", NULL, NULL},
    {"http://[::1::]/", NULL, NULL},
    {"http://[:1]/", NULL, NULL},
    {"http://[1:]/", NULL, NULL},
    {"http://[::127.0.0.01]/", NULL, NULL},
    {"http://[::127.0.0]/", NULL, NULL},
    {"http://[::127.0.0.1.2]/", NULL, NULL},
    {"http://[1:2:3:4:5:6:7:127.0.0.1]/", NULL, NULL},
    {"http://[::12345]/", NULL, NULL},
    {"http://[fe80::1%25eth0]/", NULL, NULL},
    {"http://[::1/", NULL, NULL},
    {"http://[]/", NULL, NULL},
    {"http://[::1]x/", NULL, NULL},
    /* Names */
    {"http://LocalHost/", NULL, "http://localhost/"},
    {"http://%61.b/", NULL, "http://a.b/"},
    {"http://a%00b/", NULL, NULL},
    {"http://a%2fb/", NULL, NULL},
    {"http://a b/", NULL, NULL},
    {"http://a<b/", NULL, NULL},
    {"http://a|b/", NULL, NULL},
    {"http://a%/", NULL, NULL},
    {"http://a_b.example/", NULL, "http://a_b.example/"},
    {"http://a.example./", NULL, "http://a.example./"},
    {"http://例子.中国/", NULL, "http://xn--fsqu00a.xn--fiqs8s/"},
    {"http://例子。中国/", NULL, "http://xn--fsqu00a.xn--fiqs8s/"},
    {"http://B\xC3\x9C"
     "cher.de/",
     NULL, "http://xn--bcher-kva.de/"},
    {"http://ПРИМЕР.рф/", NULL, "http://xn--e1afmkfd.xn--p1ai/"},
    {"http://ＡＢＣ.example/", NULL, "http://abc.example/"},
    {"http://XN--FSQU00A.example/", NULL, "http://xn--fsqu00a.example/"},
    {"http://xn--例.example/", NULL, NULL},
    {"http://％４１.example/", NULL, NULL},
    {"http://①②⑦.0.0.1/", NULL, NULL},
    {"http://1㉗.0.0.1/", NULL, NULL},
    {"http://a\xE2\x80\x8B"
     "b/",
     NULL, NULL},
    {"http://%ff/", NULL, NULL},
    /* Relative references (RFC 3986 5.4 reads the same). */
    {"g", "http://a/b/c/d;p?q", "http://a/b/c/g"},
    {"./g", "http://a/b/c/d;p?q", "http://a/b/c/g"},
    {"g/", "http://a/b/c/d;p?q", "http://a/b/c/g/"},
    {"/g", "http://a/b/c/d;p?q", "http://a/g"},
    {"//g", "http://a/b/c/d;p?q", "http://g/"},
    {"?y", "http://a/b/c/d;p?q", "http://a/b/c/d;p?y"},
    {"g?y", "http://a/b/c/d;p?q", "http://a/b/c/g?y"},
    {"#s", "http://a/b/c/d;p?q", "http://a/b/c/d;p?q#s"},
    {"g?y#s", "http://a/b/c/d;p?q", "http://a/b/c/g?y#s"},
    {";x", "http://a/b/c/d;p?q", "http://a/b/c/;x"},
    {"", "http://a/b/c/d;p?q#r", "http://a/b/c/d;p?q"},
    {".", "http://a/b/c/d;p?q", "http://a/b/c/"},
    {"..", "http://a/b/c/d;p?q", "http://a/b/"},
    {"../..", "http://a/b/c/d;p?q", "http://a/"},
    {"../../../g", "http://a/b/c/d;p?q", "http://a/g"},
    {"/../g", "http://a/b/c/d;p?q", "http://a/g"},
    {"..g", "http://a/b/c/d;p?q", "http://a/b/c/..g"},
    {"g/../h", "http://a/b/c/d;p?q", "http://a/b/c/h"},
    {"\\x", "http://a/b/c", "http://a/x"},
    {"\\\\x\\y", "http://a/b/c", "http://x/y"},
    {"/\\x/y", "http://a/b/c", "http://x/y"},
    {"///x/y", "http://a/b/c", "http://x/y"},
    {"http:g", "http://a/b/c", "http://a/b/g"},
    {"http:/g", "http://a/b/c", "http://a/g"},
    {"http:", "http://a/b/c?d", "http://a/b/c?d"},
    {"https:g", "http://a/b/c", "https://g/"},
    {"https:/g", "http://a/b/c", "https://g/"},
    {":x", "http://a/b/c", "http://a/b/:x"},
    {"x", "http://a", "http://a/x"},
    {"x", "http://a:81", "http://a:81/x"},
    {"x", "http://u:p@a/", "http://a/x"},
    {"//u@b/", "http://a/", "http://b/"},
    {"//", "http://a/b", NULL},
};

static enum url_verdict parse(struct arena *arena, const struct row *row, struct url *out)
{
    struct url base;
    if (!row->base) {
        return url_parse(arena, str_of(row->text), NULL, out);
    }
    CHECK_INT(url_parse(arena, str_of(row->base), NULL, &base), URL_OK);
    return url_parse(arena, str_of(row->text), &base, out);
}

TEST(url_has_one_spelling)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct url url;
        const enum url_verdict verdict = parse(&arena, &rows[i], &url);
        if (!CHECK_INT(verdict, rows[i].expected ? URL_OK : URL_BAD)) {
            fprintf(stderr, "  row %zu: %s\n", i, rows[i].text);
        } else if (rows[i].expected && !CHECK_STR(url.whole, str_of(rows[i].expected))) {
            fprintf(stderr, "  row %zu: %s\n", i, rows[i].text);
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
}

TEST(url_parsed_again_is_itself)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct url url;
        struct url again;
        if (parse(&arena, &rows[i], &url) == URL_OK) {
            CHECK_INT(url_parse(&arena, url.whole, NULL, &again), URL_OK);
            CHECK_STR(again.whole, url.whole);
            CHECK_STR(again.request, url.request);
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
}

TEST(url_is_told_apart_into_its_parts)
{
    struct arena arena;
    struct url url;
    arena_init(&arena, 1 << 20);
    CHECK_INT(url_parse(&arena, STR("https://u:p@A.b:8443/c/d?e=f#g"), NULL, &url), URL_OK);
    CHECK_STR(url.whole, STR("https://a.b:8443/c/d?e=f#g"));
    CHECK_STR(url.request, STR("https://a.b:8443/c/d?e=f"));
    CHECK_STR(url.scheme, STR("https"));
    CHECK_STR(url.host, STR("a.b"));
    CHECK_STR(url.web_host, STR("a.b:8443"));
    CHECK_STR(url.path, STR("/c/d?e=f"));
    CHECK_INT(url.port, 8443);
    CHECK(url.had_userinfo);
    CHECK_INT(url_parse(&arena, STR("http://[::1]"), NULL, &url), URL_OK);
    CHECK_STR(url.host, STR("[::1]"));
    CHECK_STR(url.web_host, STR("[::1]"));
    CHECK_INT(url.port, 80);
    CHECK(!url.had_userinfo);
    arena_release(&arena);
}

TEST(url_of_another_scheme_is_told_from_a_bad_one)
{
    static const char *const others[] = {
        "ftp://a/",   "file:///etc/passwd", "javascript:alert(1)", "data:,x",
        "mailto:a@b", "java\nscript:x",     "gopher://a",          "ws://a/",
        "x:"};
    struct arena arena;
    struct url base;
    struct url url;
    arena_init(&arena, 1 << 20);
    CHECK_INT(url_parse(&arena, STR("http://a/b"), NULL, &base), URL_OK);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        CHECK_INT(url_parse(&arena, str_of(others[i]), NULL, &url), URL_NOT_HTTP);
        CHECK_INT(url_parse(&arena, str_of(others[i]), &base, &url), URL_NOT_HTTP);
    }
    arena_release(&arena);
}

TEST(url_has_a_longest_length_and_says_no_memory_when_there_is_none)
{
    enum { LONG = 1 << 20 };
    static char text[LONG];
    struct arena arena;
    struct url url;
    memset(text, 'a', sizeof text);
    memcpy(text, "http://a/", 9);
    arena_init(&arena, 1 << 20);
    CHECK_INT(url_parse(&arena, (str){.ptr = text, .len = LONG}, NULL, &url), URL_BAD);
    CHECK_INT(url_parse(&arena, (str){.ptr = text, .len = 32768}, NULL, &url), URL_OK);
    CHECK_INT(url.request.len, 32768);
    CHECK_INT(url_parse(&arena, (str){.ptr = text, .len = 32769}, NULL, &url), URL_BAD);
    memcpy(text, "data:,aaa", 9);
    CHECK_INT(url_parse(&arena, (str){.ptr = text, .len = LONG}, NULL, &url), URL_NOT_HTTP);
    arena_release(&arena);
    int refused = 0;
    for (size_t limit = 0; limit < 40000; limit += 500) {
        arena_init(&arena, limit);
        const enum url_verdict verdict =
            url_parse(&arena, STR("http://例子.中国/权力?责任#x"), NULL, &url);
        CHECK(verdict == URL_OK || verdict == URL_NO_MEMORY);
        refused += verdict == URL_NO_MEMORY;
        arena_release(&arena);
    }
    CHECK(refused > 0 && refused < 80);
}

TEST(url_is_known_by_its_scheme)
{
    CHECK(url_is_absolute(STR("http://a")));
    CHECK(url_is_absolute(STR("HTTPS:x")));
    CHECK(url_is_absolute(STR("keep:folder")));
    CHECK(!url_is_absolute(STR("C:\\a")));
    CHECK(!url_is_absolute(STR("a/b:c")));
    CHECK(!url_is_absolute(STR("a")));
    CHECK(!url_is_absolute(STR("")));
    CHECK(!url_is_absolute(STR(":a")));
    CHECK(!url_is_absolute(STR("1a:b")));
    CHECK(!url_is_absolute(STR("权:力")));
}

TEST(file_url_becomes_a_path)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    CHECK_STR(url_file_path(&arena, STR("file:///a/b")), STR("/a/b"));
    CHECK_STR(url_file_path(&arena, STR("FILE:/a/%E6%9D%83%20x.txt")), STR("/a/权 x.txt"));
    CHECK_STR(url_file_path(&arena, STR("file:///a/权 x.txt")), STR("/a/权 x.txt"));
    CHECK_STR(url_file_path(&arena, STR("file://localhost/a/../b")), STR("/b"));
    CHECK_STR(url_file_path(&arena, STR("file:///a?x#y")), STR("/a"));
    CHECK_STR(url_file_path(&arena, STR("file:///a%3Fx%23y")), STR("/a?x#y"));
    CHECK(!url_file_path(&arena, STR("file://example.org/a")).ptr);
    CHECK(!url_file_path(&arena, STR("file:///a%00b")).ptr);
    CHECK(!url_file_path(&arena, STR("http:///a")).ptr);
    CHECK(!url_file_path(&arena, STR("/a")).ptr);
    arena_release(&arena);
}

TEST(url_of_another_scheme_loses_userinfo_and_fragment_and_nothing_else)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    CHECK_STR(url_of_other_scheme(&arena, STR("s3a://key:se@cret@bucket/a/权 b?x=1#y")),
              STR("s3a://bucket/a/权%20b?x=1"));
    CHECK_STR(url_of_other_scheme(&arena, STR(" file:/a/b#c")), STR("file:/a/b"));
    CHECK_STR(url_of_other_scheme(&arena, STR("urn:isbn:1@2")), STR("urn:isbn:1@2"));
    CHECK_STR(url_of_other_scheme(&arena, STR("x-y://u:p@")), STR("x-y://"));
    CHECK(!url_of_other_scheme(&arena, STR("http://a/")).ptr);
    CHECK(!url_of_other_scheme(&arena, STR("C:\\a")).ptr);
    CHECK(!url_of_other_scheme(&arena, STR("a/b")).ptr);
    CHECK(!url_of_other_scheme(&arena, STR("")).ptr);
    arena_release(&arena);
}

TEST(any_bytes_can_stand_in_a_column)
{
    static const uint8_t raw[] = {'a', ' ',  '%',  0xFF, 0xE6, 0x9D, 0x83, 0xE6, 0x9D,
                                  0,   0xED, 0xA0, 0x80, 0xC0, 0x80, 0xF5, 'z'};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    CHECK_STR(url_percent_encode_bytes(&arena, (bytes){.ptr = raw, .len = sizeof raw}),
              STR("a%20%%FF权%E6%9D%00%ED%A0%80%C0%80%F5z"));
    CHECK_STR(url_percent_encode_bytes(&arena, (bytes){.ptr = raw, .len = 0}), STR(""));
    arena_release(&arena);
}

TEST_MAIN()
