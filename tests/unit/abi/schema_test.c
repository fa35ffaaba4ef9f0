/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the schema that quern/record.h promises, spelt out once more by hand, and the lifetime
 * rules of the Arrow C data interface: a child may outlive its parent. */
#include "abi/schema.h"
#include "harness/refuse.h"
#include "harness/test.h"

#include <errno.h>

static struct layout layout;
static struct quern_error error;

static int32_t choose(const char *const *names, size_t count)
{
    error = (struct quern_error){.struct_size = sizeof error};
    return layout_choose(&layout, names, count, &error);
}

/* "name format" with ! for fields that are never null, children in brackets. */
static void describe(const struct ArrowSchema *schema, char *out, size_t size)
{
    size_t len = strlen(out);
    snprintf(out + len, size - len, "%s%s%s%s", schema->name, schema->name[0] ? " " : "",
             schema->format, schema->flags & ARROW_FLAG_NULLABLE ? "" : "!");
    for (int64_t i = 0; i < schema->n_children; i++) {
        len = strlen(out);
        snprintf(out + len, size - len, "%s", i == 0 ? "<" : ", ");
        describe(schema->children[i], out, size);
    }
    if (schema->n_children) {
        len = strlen(out);
        snprintf(out + len, size - len, ">");
    }
}

TEST(schema_is_what_the_header_promises)
{
    static const char expected[] =
        "+s!<id u!, parent_id u, url u, final_url u, member u, fetched_at tsu:UTC, "
        "http_status l, etag u, last_modified u, content_sha256 u, content_bytes l, converter u, "
        "parts +l<element +s<part l, url u, final_url u, http_status l, content_sha256 u, "
        "content_bytes l, fetched_at tsu:UTC>>, "
        "status u!, error_code u, error_message u, error_offset l, format u, media_type u, "
        "charset u, charset_source u, page_type u, language u, title u, doc_id u, category u, "
        "site u, uploader u, author u, published tdD, modified tdD, page_count l, "
        "declared_bytes l, declared_format u, keywords +l<element u>, tags +l<element u>, "
        "description u, licence u, links +l<element +s<rel u, url u, text u>>, "
        "rights +l<element u>, complete b, incomplete_reason u, preview_pages l, seams l, "
        "title_match g, replaced l, repaired l, text u, "
        "blocks +l<element +s<kind u, level l, page_number l, text u, src_part u, src_start l, "
        "src_end l>>, "
        "dropped +l<element +s<reason u, column u, text u, src_part u, src_start l, src_end l>>, "
        "notes +l<element +s<code u, offset l, count l>>, markdown u, "
        "dropped_rules +l<element u>>";
    char actual[4096] = "";
    struct ArrowSchema schema;
    CHECK(choose(NULL, 0) == QUERN_OK);
    CHECK_INT(schema_write(&layout, &schema), 0);
    describe(&schema, actual, sizeof actual);
    CHECK_STR(str_of(actual), str_of(expected));
    CHECK(layout.node_count <= NODE_MAX);
    schema.release(&schema);
    CHECK(schema.release == NULL);
}

TEST(schema_carries_its_version_as_metadata)
{
    struct ArrowSchema schema;
    struct {
        int32_t pair_count;
        int32_t key_len;
        char key[12];
        int32_t value_len;
        char value;
    } seen;
    CHECK(choose(NULL, 0) == QUERN_OK);
    CHECK_INT(schema_write(&layout, &schema), 0);
    memcpy(&seen, schema.metadata, 25);
    CHECK_INT(seen.pair_count, 1);
    CHECK_STR(((str){.ptr = seen.key, .len = (size_t)seen.key_len}), STR("quern.schema"));
    CHECK_INT(seen.value_len, 1);
    CHECK(seen.value == '1');
    schema.release(&schema);
}

TEST(schema_has_the_columns_asked_for_in_that_order)
{
    static const char *const names[] = {"notes", "title", "id", "tags"};
    char actual[512] = "";
    struct ArrowSchema schema;
    CHECK(choose(names, 4) == QUERN_OK);
    CHECK_INT(schema_write(&layout, &schema), 0);
    describe(&schema, actual, sizeof actual);
    CHECK_STR(str_of(actual), STR("+s!<notes +l<element +s<code u, offset l, count l>>, title u, "
                                  "id u!, tags +l<element u>>"));
    schema.release(&schema);
    CHECK(choose(names, 0) == QUERN_OK);
    CHECK_INT(schema_write(&layout, &schema), 0);
    CHECK_INT(schema.n_children, 0);
    schema.release(&schema);
}

TEST(schema_names_a_column_that_is_unknown_or_asked_for_twice)
{
    static const char *const unknown[] = {"id", "titel"};
    static const char *const twice[] = {"id", "title", "id"};
    static const char *const null[] = {"id", NULL};
    CHECK(choose(unknown, 2) == QUERN_INVALID_ARGUMENT);
    CHECK(strstr(error.message, "titel") != NULL);
    CHECK_STR(str_of(error.where), STR("columns"));
    CHECK(choose(twice, 3) == QUERN_INVALID_ARGUMENT);
    CHECK(strstr(error.message, "id is asked for twice") != NULL);
    CHECK(choose(null, 2) == QUERN_INVALID_ARGUMENT);
}

TEST(schema_children_outlive_their_parent_when_they_were_moved)
{
    struct ArrowSchema schema;
    static const char *const names[] = {"id", "blocks"};
    CHECK(choose(names, 2) == QUERN_OK);
    CHECK_INT(schema_write(&layout, &schema), 0);
    struct ArrowSchema blocks = *schema.children[1];
    schema.children[1]->release = NULL;
    schema.release(&schema);
    CHECK_STR(str_of(blocks.name), STR("blocks"));
    struct ArrowSchema element = *blocks.children[0];
    blocks.children[0]->release = NULL;
    blocks.release(&blocks);
    CHECK_INT(element.n_children, 7);
    CHECK_STR(str_of(element.children[6]->name), STR("src_end"));
    element.release(&element);
}

TEST(schema_can_be_asked_for_many_times_and_moved)
{
    struct ArrowSchema first;
    struct ArrowSchema second;
    CHECK(choose(NULL, 0) == QUERN_OK);
    CHECK_INT(schema_write(&layout, &first), 0);
    CHECK_INT(schema_write(&layout, &second), 0);
    struct ArrowSchema moved = first;
    first = (struct ArrowSchema){0};
    second.release(&second);
    CHECK_STR(str_of(moved.children[COLUMN_COUNT - 1]->name), STR("dropped_rules"));
    moved.release(&moved);
}

TEST(schema_without_memory_says_so)
{
    struct ArrowSchema schema;
    CHECK(choose(NULL, 0) == QUERN_OK);
    refuse_from(1, true);
    CHECK_INT(schema_write(&layout, &schema), ENOMEM);
    refuse_stop();
    CHECK(schema.release == NULL);
}

TEST_MAIN()
