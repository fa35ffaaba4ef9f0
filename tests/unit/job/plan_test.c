/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the plan: every input is in exactly one split, web hosts stay together, secrets stay out. */
#include "base/memory.h"
#include "harness/test.h"
#include "job/plan.h"
#include "job/target.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void make_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL);
    if (file) {
        fputs("x\n", file);
        fclose(file);
    }
}

static void make_folder(void)
{
    char path[256];
    snprintf(folder, sizeof folder, "/tmp/quern-plan-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/b", folder);
    CHECK(mkdir(path, 0755) == 0);
    make_file("c.txt");
    make_file("a.txt");
    make_file("b/\xB2\xE2.txt");
    snprintf(path, sizeof path, "%s/b/loop", folder);
    CHECK(symlink("..", path) == 0);
}

static void remove_folder(void)
{
    static const char *const names[] = {"b/loop", "b/\xB2\xE2.txt", "b", "a.txt", "c.txt", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        CHECK(remove(path) == 0);
    }
}

static struct plan *open_plan(struct settings *settings, const str *inputs, size_t count)
{
    struct fault fault;
    settings->input = (struct str_list){.items = inputs, .count = count};
    struct plan *plan = plan_open(settings, &fault);
    CHECK(plan != NULL);
    return plan;
}

TEST(a_folder_is_walked_in_byte_order_and_links_to_folders_are_not_entered)
{
    struct settings settings = settings_default();
    struct plan_split split;
    struct fault fault;
    struct arena arena;
    struct targets targets;
    make_folder();
    const str inputs[] = {str_of(folder)};
    settings.split_inputs_max = 2;
    struct plan *plan = open_plan(&settings, inputs, 1);
    arena_init(&arena, 1 << 20);
    CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
    CHECK_INT(split.documents, 2);
    CHECK(targets_read(&arena, str_bytes(split.bytes), &targets));
    CHECK(bytes_equal(targets.items[0].name, str_bytes(STR("a.txt"))));
    CHECK(bytes_equal(targets.items[1].name, (bytes){(const uint8_t *)"b/\xB2\xE2.txt", 8}));
    CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
    CHECK(targets_read(&arena, str_bytes(split.bytes), &targets));
    CHECK_INT(targets.count, 1);
    CHECK(bytes_equal(targets.items[0].name, str_bytes(STR("c.txt"))));
    CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
    CHECK_INT(split.bytes.len, 0);
    plan_close(plan);
    arena_release(&arena);
    remove_folder();
}

TEST(urls_of_one_web_host_stay_together_and_are_asked_for_once)
{
    struct settings settings = settings_default();
    struct plan_split split;
    struct fault fault;
    struct arena arena;
    struct targets targets;
    const str inputs[] = {STR("http://a.example/1"), STR("http://b.example/1"),
                          STR("HTTP://A.example:80/2#part"), STR("http://a.example/1"),
                          STR("http://c.example/1")};
    settings.split_inputs_max = 2;
    struct plan *plan = open_plan(&settings, inputs, 5);
    arena_init(&arena, 1 << 20);
    CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
    CHECK(targets_read(&arena, str_bytes(split.bytes), &targets));
    CHECK_INT(targets.count, 2);
    CHECK(bytes_equal(targets.items[1].text, str_bytes(STR("http://a.example/2"))));
    CHECK_STR(split.summary, STR("{\"files\":0,\"web_hosts\":[{\"web_host\":\"a.example\","
                                 "\"requests\":2,\"delay_ms\":1000}]}"));
    CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
    CHECK_INT(split.documents, 2);
    CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
    CHECK_INT(split.bytes.len, 0);
    plan_close(plan);
    arena_release(&arena);
}

TEST(what_cannot_be_asked_for_is_a_target_all_the_same_and_userinfo_is_cut)
{
    struct settings settings = settings_default();
    struct plan_split split;
    struct fault fault;
    struct arena arena;
    struct targets targets;
    const str inputs[] = {STR("ftp://user:secret@x.example/1"), STR("/nowhere/at/all"),
                          STR("http://user:secret@"), STR("http://user:secret@ok.example/")};
    struct plan *plan = open_plan(&settings, inputs, 4);
    arena_init(&arena, 1 << 20);
    CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
    CHECK_INT(split.documents, 3);
    CHECK(str_find(split.bytes, STR("secret"), 0) == SIZE_MAX);
    CHECK(targets_read(&arena, str_bytes(split.bytes), &targets));
    CHECK(targets.items[0].kind == TARGET_BAD && targets.items[0].fault == FAULT_bad_url);
    CHECK(targets.items[1].kind == TARGET_BAD && targets.items[1].fault == FAULT_not_found);
    CHECK(targets.items[2].kind == TARGET_BAD && targets.items[2].fault == FAULT_bad_url);
    CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
    CHECK(str_find(split.bytes, STR("secret"), 0) == SIZE_MAX);
    CHECK(str_find(split.bytes, STR("http://ok.example/"), 0) != SIZE_MAX);
    plan_close(plan);
    arena_release(&arena);
}

TEST(no_spelling_of_a_bad_url_keeps_its_userinfo)
{
    static const struct {
        const char *input;
        const char *kept;
    } cases[] = {
        {"http://user:secret@", "http://"},
        {"http:\\\\user:secret@[bad", "http:\\\\[bad"},
        {"https:user:secret@[bad", "https:[bad"},
        {"http:///user:secret@[bad/a@2x", "http:///2x"},
        {"http://user:secr/et@[bad", "http://[bad"},
        {"http://secret@[bad", "http://[bad"},
        {"http://user:secret@a@[bad?x@y", "http://[bad?x@y"},
        {"http://user:sec?ret@ok.example/", "http://ok.example/"},
        {"http://user:sec#ret@ok.example/", "http://ok.example/"},
        {"ftp://host/photos@2x", "ftp://host/photos@2x"},
        {"ftp://host/?a:b@c", "ftp://host/?a:b@c"},
        {"http://[bad", "http://[bad"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings settings = settings_default();
        struct plan_split split;
        struct fault fault;
        struct arena arena;
        struct targets targets = {0};
        const str input = str_of(cases[i].input);
        struct plan *plan = open_plan(&settings, &input, 1);
        arena_init(&arena, 1 << 20);
        CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
        CHECK(targets_read(&arena, str_bytes(split.bytes), &targets));
        if (CHECK_INT(targets.count, 1)) {
            const bytes text = targets.items[0].text;
            CHECK(targets.items[0].kind == TARGET_BAD);
            CHECK_STR(((str){.ptr = (const char *)text.ptr, .len = text.len}),
                      str_of(cases[i].kept));
        }
        plan_close(plan);
        arena_release(&arena);
    }
}

TEST(a_missing_list_is_an_error_that_names_it)
{
    struct settings settings = settings_default();
    struct fault fault;
    settings.input_file = STR("/nowhere/list.txt");
    CHECK(plan_open(&settings, &fault) == NULL);
    CHECK(fault.code == FAULT_not_found);
    CHECK(strstr(fault.message, "/nowhere/list.txt") != NULL);
}

/* A plan over a list of this text; the split's bytes, or what is wrong. */
static void check_list(const char *text, const char *expected, const char *wrong)
{
    struct settings settings = settings_default();
    struct plan_split split;
    struct fault fault;
    char list[] = "/tmp/quern-list-XXXXXX";
    FILE *file = fdopen(mkstemp(list), "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    settings.input_file = str_of(list);
    struct plan *plan = plan_open(&settings, &fault);
    CHECK((plan == NULL) == (wrong != NULL));
    if (plan) {
        CHECK(plan_next(plan, &split, &fault) == STATUS_OK);
        CHECK_STR(split.bytes, str_of(expected));
    } else {
        CHECK(strstr(fault.message, wrong) != NULL);
    }
    plan_close(plan);
    CHECK(remove(list) == 0);
}

TEST(a_list_may_be_a_sitemap_or_a_feed)
{
    check_list("<?xml version='1.0'?><urlset><url><loc>http://a.b/1?x&amp;y</loc></url>"
               "<url><loc>http://a.b/2</loc></url></urlset>",
               "{\"v\":1,\"targets\":[{\"url\":\"http://a.b/1?x&y\"},{\"url\":\"http://a.b/2\"}]}",
               NULL);
    check_list("<rss><channel><item><link>http://a.b/1</link><enclosure url='http://a.b/f'/></item>"
               "</channel></rss>",
               "{\"v\":1,\"targets\":[{\"url\":\"http://a.b/1\"},{\"url\":\"http://a.b/f\"}]}",
               NULL);
    check_list("<urlset><url><loc>http://a.b/1</loc></url><url>", NULL,
               "cannot be read whole: cut");
}

TEST(more_urls_of_one_host_than_a_split_holds_are_an_error_that_names_it)
{
    struct settings settings = settings_default();
    struct fault fault;
    char list[] = "/tmp/quern-list-XXXXXX";
    FILE *file = fdopen(mkstemp(list), "w");
    CHECK(file != NULL);
    for (int i = 0; i < TARGETS_MAX; i++) {
        fprintf(file, "http://a.b/%x\n", (unsigned)i);
    }
    settings.input_file = str_of(list);
    CHECK(fputs("http://c.d/\nhttp://a.b/one-more\n", file) >= 0 && fclose(file) == 0);
    CHECK(plan_open(&settings, &fault) == NULL);
    CHECK(fault.code == FAULT_limit && strstr(fault.message, "a.b: more than 1000000"));
    CHECK(remove(list) == 0);
}

static int allocations_left;

static bool refuse(size_t size_bytes)
{
    (void)size_bytes;
    return allocations_left-- == 0;
}

TEST(any_allocation_may_fail)
{
    int refused = 0;
    make_folder();
    const str inputs[] = {str_of(folder), STR("http://a.example/1")};
    for (int n = 0; n < 60; n++) {
        struct settings settings = settings_default();
        struct plan_split split = {0};
        struct fault fault;
        settings.input = (struct str_list){.items = inputs, .count = 2};
        allocations_left = n;
        memory_refuse = refuse;
        struct plan *plan = plan_open(&settings, &fault);
        enum status status = plan ? STATUS_OK : STATUS_NO_MEMORY;
        for (int i = 0; i < 5 && status == STATUS_OK; i++) {
            status = plan_next(plan, &split, &fault);
        }
        memory_refuse = NULL;
        refused += status != STATUS_OK;
        CHECK(status == STATUS_OK || fault.code == FAULT_no_memory);
        plan_close(plan);
    }
    CHECK(refused > 5);
    remove_folder();
}

TEST_MAIN()
