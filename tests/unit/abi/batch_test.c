/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what a host reads out of a batch: values, nulls, lists of structs, and who owns it. */
#include "abi/batch.h"
#include "base/memory.h"
#include "harness/refuse.h"
#include "harness/test.h"

static struct layout layout;
static struct batch batch;
static struct record record;
static struct measure measure;

static void begin(const char *const *names, size_t count)
{
    CHECK(layout_choose(&layout, names, count, NULL) == QUERN_OK);
    batch_init(&batch, &layout);
    record = (struct record){0};
    record.cells[COLUMN_id] = (struct cell){.known = true, .as.text = STR("0123")};
    record.cells[COLUMN_status] = (struct cell){.known = true, .as.text = STR("converted")};
}

static enum status append(void)
{
    batch_measure(&batch, &record, &measure);
    return batch_append(&batch, &record, &measure);
}

static void set_text(enum column column, str text)
{
    record.cells[column] = (struct cell){.known = text.ptr != NULL, .as.text = text};
}

static void set_number(enum column column, int64_t number)
{
    record.cells[column] = (struct cell){.known = true, .as.number = number};
}

static bool is_null(const struct ArrowArray *array, int64_t i)
{
    const uint8_t *bits = array->buffers[0];
    return bits && !(bits[i / 8] >> (i % 8) & 1);
}

static str text_at(const struct ArrowArray *array, int64_t i)
{
    const int32_t *offsets = array->buffers[1];
    return (str){.ptr = (const char *)array->buffers[2] + offsets[i],
                 .len = (size_t)(offsets[i + 1] - offsets[i])};
}

static int64_t number_at(const struct ArrowArray *array, int64_t i)
{
    return ((const int64_t *)array->buffers[1])[i];
}

TEST(batch_holds_texts_and_nulls_where_they_were_put)
{
    enum { ROWS = 100 };
    static const char *const names[] = {"title", "id"};
    struct ArrowArray array;
    char title[16];
    begin(names, 2);
    for (int i = 0; i < ROWS; i++) {
        snprintf(title, sizeof title, "标题 %d", i);
        set_text(COLUMN_title, i % 7 == 3 ? (str){0} : str_of(title));
        CHECK(append() == STATUS_OK);
    }
    CHECK(batch_leave(&batch, &array) == STATUS_OK);
    CHECK_INT(batch.row_count, 0);
    CHECK_INT(array.length, ROWS);
    CHECK_INT(array.n_children, 2);
    const struct ArrowArray *titles = array.children[0];
    CHECK_INT(titles->null_count, 14);
    for (int i = 0; i < ROWS; i++) {
        snprintf(title, sizeof title, "标题 %d", i);
        CHECK(is_null(titles, i) == (i % 7 == 3));
        CHECK_STR(text_at(titles, i), i % 7 == 3 ? STR("") : str_of(title));
    }
    CHECK_INT(array.children[1]->null_count, 0);
    CHECK(array.children[1]->buffers[0] == NULL);
    array.release(&array);
    CHECK(array.release == NULL);
    batch_release(&batch);
}

TEST(batch_holds_every_kind_of_value)
{
    static const char *const names[] = {"complete",    "published",  "content_bytes",
                                        "title_match", "fetched_at", "rights"};
    static const str notices[] = {STR_INIT("一"), STR_INIT(""), STR_INIT("three")};
    struct ArrowArray array;
    begin(names, 6);
    CHECK(append() == STATUS_OK);
    set_number(COLUMN_complete, 1);
    set_number(COLUMN_published, 18223);
    set_number(COLUMN_content_bytes, 20818);
    set_number(COLUMN_fetched_at, INT64_C(1700000000000000));
    record.cells[COLUMN_title_match] = (struct cell){.known = true, .as.real = 0.5};
    record.cells[COLUMN_rights] =
        (struct cell){.known = true, .as.texts = {.items = notices, .count = 3}};
    CHECK(append() == STATUS_OK);
    set_number(COLUMN_complete, 0);
    set_number(COLUMN_published, INT64_C(1) << 40);
    record.cells[COLUMN_rights] = (struct cell){.known = true};
    CHECK(append() == STATUS_OK);
    CHECK(batch_leave(&batch, &array) == STATUS_OK);

    const uint8_t *complete = array.children[0]->buffers[1];
    CHECK(is_null(array.children[0], 0) && !is_null(array.children[0], 1));
    CHECK_INT(complete[0] & 7, 2);
    const int32_t *days = array.children[1]->buffers[1];
    CHECK_INT(days[1], 18223);
    CHECK(is_null(array.children[1], 2)); /* no date32 can say that day */
    CHECK_INT(array.children[1]->null_count, 2);
    CHECK_INT(number_at(array.children[2], 1), 20818);
    CHECK(((const double *)array.children[3]->buffers[1])[1] > 0.4);
    CHECK_INT(number_at(array.children[4], 2), INT64_C(1700000000000000));
    const struct ArrowArray *rights = array.children[5];
    const int32_t *offsets = rights->buffers[1];
    CHECK(is_null(rights, 0) && !is_null(rights, 1) && !is_null(rights, 2));
    CHECK(offsets[0] == 0 && offsets[1] == 0 && offsets[2] == 3 && offsets[3] == 3);
    CHECK_STR(text_at(rights->children[0], 2), STR("three"));
    array.release(&array);
    batch_release(&batch);
}

static const struct record_block blocks[] = {
    {.kind = BLOCK_heading, .level = 2, .text = STR_INIT("一"), .src_start = 0, .src_end = 3},
    {.kind = BLOCK_paragraph,
     .page_number = 4,
     .text = STR_INIT(""),
     .src_start = -1,
     .src_end = -1,
     .src_part = STR_INIT("word/document.xml")}};
static const struct record_drop drops[] = {
    {.reason = DROP_metadata, .column = COLUMN_doc_id, .text = STR_INIT("46449279")},
    {.reason = DROP_limit, .column = COLUMN_NONE, .src_start = 9, .src_end = 12}};
static const struct record_note notes[] = {
    {.code = STR_INIT("bad_bytes"), .offset = -1, .count = 3}};
static const struct record_link links[] = {{.rel = STR_INIT("next"), .url = STR_INIT("http://a/")}};
static const struct record_part parts[] = {
    {.part = 1, .http_status = 0, .content_bytes = -1, .fetched_at_us = INT64_MIN}};

static void fill_lists(void)
{
    static const enum column columns[] = {COLUMN_blocks, COLUMN_dropped, COLUMN_notes, COLUMN_links,
                                          COLUMN_parts};
    for (size_t i = 0; i < 5; i++) {
        record.cells[columns[i]].known = true;
    }
    record.blocks = blocks;
    record.block_count = 2;
    record.drops = drops;
    record.drop_count = 2;
    record.notes = notes;
    record.note_count = 1;
    record.links = links;
    record.link_count = 1;
    record.parts = parts;
    record.part_count = 1;
}

TEST(batch_holds_lists_of_structs_with_their_nulls)
{
    static const char *const names[] = {"blocks", "dropped", "notes", "links", "parts"};
    struct ArrowArray array;
    begin(names, 5);
    fill_lists();
    CHECK(append() == STATUS_OK);
    CHECK(append() == STATUS_OK);
    CHECK(batch_leave(&batch, &array) == STATUS_OK);

    const struct ArrowArray *block = array.children[0]->children[0];
    CHECK_INT(block->length, 4);
    CHECK_INT(block->n_buffers, 1);
    CHECK_STR(text_at(block->children[0], 2), STR("heading"));
    CHECK_INT(number_at(block->children[1], 2), 2);
    CHECK(is_null(block->children[1], 1) && is_null(block->children[2], 0));
    CHECK(!is_null(block->children[3], 1) && is_null(block->children[4], 0));
    CHECK(!is_null(block->children[5], 0) && is_null(block->children[5], 3));
    const struct ArrowArray *drop = array.children[1]->children[0];
    CHECK_STR(text_at(drop->children[1], 0), STR("doc_id"));
    CHECK(is_null(drop->children[1], 1) && is_null(drop->children[2], 1));
    CHECK_INT(number_at(drop->children[5], 3), 12);
    CHECK(is_null(array.children[2]->children[0]->children[1], 0));
    CHECK_INT(number_at(array.children[2]->children[0]->children[2], 1), 3);
    CHECK(is_null(array.children[3]->children[0]->children[2], 0));
    const struct ArrowArray *part = array.children[4]->children[0];
    CHECK_INT(number_at(part->children[0], 0), 1);
    CHECK(is_null(part->children[3], 0) && is_null(part->children[5], 0) &&
          is_null(part->children[6], 1));
    array.release(&array);
    batch_release(&batch);
}

TEST(batch_without_columns_has_a_length_only)
{
    struct ArrowArray array;
    begin((const char *const[]){NULL}, 0);
    CHECK(append() == STATUS_OK);
    CHECK(append() == STATUS_OK);
    CHECK(batch_leave(&batch, &array) == STATUS_OK);
    CHECK_INT(array.length, 2);
    CHECK_INT(array.n_children, 0);
    CHECK_INT(array.n_buffers, 1);
    array.release(&array);
}

TEST(batch_of_all_columns_known_only_by_id_has_lists_that_begin_at_0)
{
    struct ArrowArray array;
    begin(NULL, 0);
    CHECK(append() == STATUS_OK);
    CHECK(batch_leave(&batch, &array) == STATUS_OK);
    for (int64_t i = 0; i < array.n_children; i++) {
        const struct ArrowArray *child = array.children[i];
        CHECK_INT(child->length, 1);
        CHECK_INT(child->null_count, i == COLUMN_id || i == COLUMN_status ? 0 : 1);
        for (int64_t j = 0; j < child->n_children; j++) {
            const struct ArrowArray *element = child->children[j];
            CHECK_INT(element->length, 0);
            if (element->n_buffers == 3) {
                CHECK(element->buffers[1] && *(const int32_t *)element->buffers[1] == 0);
            }
        }
    }
    array.release(&array);
}

TEST(batch_measures_the_projected_columns_only)
{
    static const char *const names[] = {"title", "notes", "tags"};
    static const str tags[] = {STR_INIT("ab"), STR_INIT("cde")};
    begin(names, 3);
    set_text(COLUMN_title, STR("12345"));
    set_text(COLUMN_text, STR("not asked for"));
    fill_lists();
    record.cells[COLUMN_tags] =
        (struct cell){.known = true, .as.texts = {.items = tags, .count = 2}};
    batch_measure(&batch, &record, &measure);
    CHECK(measure.fits);
    CHECK_INT(measure.variable_bytes, 5 + (9 + 8 + 8) + 5);
    CHECK(batch_append(&batch, &record, &measure) == STATUS_OK);
    CHECK_INT(batch.variable_bytes, 35);
    batch_release(&batch);
}

/* Lengths that lie: nothing may be read, only measured. */
TEST(batch_refuses_rows_that_int32_offsets_cannot_take)
{
    static const char *const names[] = {"text", "title"};
    begin(names, 2);
    const str large = {.ptr = "", .len = INT32_MAX};
    set_text(COLUMN_text, large);
    batch_measure(&batch, &record, &measure);
    CHECK(measure.fits && !measure.too_large[0]);
    batch.lanes[1].text.len = 1;
    batch_measure(&batch, &record, &measure);
    CHECK(!measure.fits && !measure.too_large[0]);
    set_text(COLUMN_text, (str){.ptr = "", .len = (size_t)INT32_MAX + 1});
    batch_measure(&batch, &record, &measure);
    CHECK(measure.fits && measure.too_large[0] && !measure.too_large[1]);
    batch.lanes[1].text.len = 0;
    batch_release(&batch);
}

TEST(batch_makes_a_value_null_that_fits_into_no_batch)
{
    static const char *const names[] = {"text", "tags"};
    const str lying[] = {{.ptr = "", .len = INT32_MAX}, {.ptr = "", .len = 1}};
    struct ArrowArray array;
    begin(names, 2);
    set_text(COLUMN_text, (str){.ptr = "", .len = (size_t)INT32_MAX + 1});
    record.cells[COLUMN_tags] =
        (struct cell){.known = true, .as.texts = {.items = lying, .count = 2}};
    CHECK(append() == STATUS_OK);
    CHECK(measure.too_large[0] && measure.too_large[1]);
    CHECK(batch_leave(&batch, &array) == STATUS_OK);
    CHECK(is_null(array.children[0], 0) && is_null(array.children[1], 0));
    array.release(&array);
}

TEST(batch_refuses_a_record_without_id_or_status)
{
    static const char *const names[] = {"status"};
    begin(names, 1);
    record.cells[COLUMN_status].known = false;
    CHECK(append() == STATUS_INTERNAL);
    batch_release(&batch);
}

TEST(batch_children_outlive_their_parent_when_they_were_moved)
{
    struct ArrowArray array;
    begin(NULL, 0);
    fill_lists();
    set_text(COLUMN_title, STR("kept"));
    CHECK(append() == STATUS_OK);
    CHECK(batch_leave(&batch, &array) == STATUS_OK);
    struct ArrowArray title = *array.children[COLUMN_title];
    struct ArrowArray reason = *array.children[COLUMN_dropped]->children[0]->children[0];
    array.children[COLUMN_title]->release = NULL;
    array.children[COLUMN_dropped]->children[0]->children[0]->release = NULL;
    array.release(&array);
    CHECK_STR(text_at(&title, 0), STR("kept"));
    title.release(&title);
    CHECK_STR(text_at(&reason, 1), STR("limit"));
    reason.release(&reason);
}

TEST(batch_without_memory_says_so_and_leaks_nothing)
{
    long failed = 0;
    for (long n = 1; refuse_try(n, false); n++) {
        struct ArrowArray array;
        begin(NULL, 0);
        fill_lists();
        set_text(COLUMN_text, STR("一二三"));
        enum status status = append();
        if (status == STATUS_OK) {
            status = append();
        }
        if (status == STATUS_OK) {
            status = batch_leave(&batch, &array);
        }
        CHECK(status == STATUS_OK || status == STATUS_NO_MEMORY);
        failed += status != STATUS_OK;
        if (status == STATUS_OK) {
            array.release(&array);
        }
        batch_release(&batch);
    }
    refuse_stop();
    CHECK(failed > 50);
}

TEST_MAIN()
