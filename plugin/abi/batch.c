/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/batch.h"

#include "abi/item.h"
#include "base/memory.h"

#include <stdatomic.h>

enum { BUFFER_MAX = 3, NUMBER_BYTES = 8 };

/* The first letters of a format say how its array is laid out. */
static bool is_text(const struct field *field)
{
    return field->format[0] == 'u';
}

static bool is_list(const struct field *field)
{
    return field->format[0] == '+' && field->format[1] == 'l';
}

static bool is_struct(const struct field *field)
{
    return field->format[0] == '+' && field->format[1] == 's';
}

static bool is_date(const struct field *field)
{
    return field->format[0] == 't' && field->format[1] == 'd';
}

static bool is_bool(const struct field *field)
{
    return field->format[0] == 'b';
}

void batch_init(struct batch *batch, const struct layout *layout)
{
    *batch = (struct batch){.layout = layout};
}

/* --- measuring --- */

static bool within_int32(size_t there, size_t more)
{
    return more <= INT32_MAX && there <= (size_t)INT32_MAX - more;
}

/* The texts of one list column, member by member, against the lanes that would take them. */
static void measure_list(const struct batch *batch, const struct record *record, size_t index,
                         struct measure *measure)
{
    const enum column column = batch->layout->columns[index];
    const struct node *list = &batch->layout->nodes[1 + index];
    const struct node *element = &batch->layout->nodes[list->first_child];
    const size_t first = element->child_count ? element->first_child : list->first_child;
    const size_t member_count = element->child_count ? element->child_count : 1;
    const size_t count = item_count(record, column);
    struct cell cells[ITEM_MEMBER_MAX] = {0};
    size_t sums[ITEM_MEMBER_MAX] = {0};
    for (size_t i = 0; i < count; i++) {
        item_cells(record, column, i, cells);
        for (size_t m = 0; m < member_count; m++) {
            const bool text = is_text(batch->layout->nodes[first + m].field);
            sums[m] += !text ? NUMBER_BYTES : cells[m].known ? cells[m].as.text.len : 0;
        }
    }
    bool too_large = count > INT32_MAX;
    bool fits = within_int32((size_t)batch->lanes[list->first_child].length, count);
    size_t total = 0;
    for (size_t m = 0; m < member_count; m++) {
        if (is_text(batch->layout->nodes[first + m].field)) {
            too_large |= sums[m] > INT32_MAX;
            fits &= within_int32(batch->lanes[first + m].text.len, sums[m]);
        }
        total += sums[m];
    }
    measure->too_large[index] = too_large;
    measure->fits &= fits || too_large;
    measure->variable_bytes += too_large ? 0 : total;
}

void batch_measure(const struct batch *batch, const struct record *record, struct measure *measure)
{
    *measure = (struct measure){.fits = true};
    for (size_t i = 0; i < batch->layout->column_count; i++) {
        const struct node *node = &batch->layout->nodes[1 + i];
        const struct cell *cell = &record->cells[batch->layout->columns[i]];
        if (is_list(node->field)) {
            measure_list(batch, record, i, measure);
        } else if (is_text(node->field) && cell->known) {
            const bool too_large = cell->as.text.len > INT32_MAX;
            measure->too_large[i] = too_large;
            measure->fits &=
                too_large || within_int32(batch->lanes[1 + i].text.len, cell->as.text.len);
            measure->variable_bytes += too_large ? 0 : cell->as.text.len;
        }
    }
}

/* --- building --- */

/* Room for `more` bytes, counted, not zeroed; NULL: no memory. Sizes are bounded by the int32 rule: at
 * most 2^31 bytes of text, or 2^31 items of 8 bytes. */
static uint8_t *extend(struct room *room, size_t more)
{
    const size_t wanted = room->len + more;
    if (wanted > room->capacity) {
        size_t capacity = room->capacity * 2 < 256 ? 256 : room->capacity * 2;
        capacity = capacity < wanted ? wanted : capacity;
        uint8_t *larger = memory_resize(room->ptr, capacity);
        if (!larger) {
            return NULL;
        }
        room->ptr = larger;
        room->capacity = capacity;
    }
    uint8_t *added = room->ptr + room->len;
    room->len = wanted;
    return added;
}

static bool add_bytes(struct room *room, const void *from, size_t len)
{
    if (len == 0) {
        return true;
    }
    uint8_t *added = extend(room, len);
    if (added) {
        memcpy(added, from, len);
    }
    return added != NULL;
}

/* Bit number `index` of a bitmap that holds the bits below it; least significant bit first. */
static bool add_bit(struct room *room, int64_t index, bool bit)
{
    if (index % 8 == 0) {
        const uint8_t zero = 0;
        if (!add_bytes(room, &zero, sizeof zero)) {
            return false;
        }
    }
    room->ptr[index / 8] |= (uint8_t)((unsigned)bit << (index % 8));
    return true;
}

/* The bitmap begins with the first null, and then says that all before were known. */
static bool add_validity(struct lane *lane, bool known)
{
    if (!known && lane->null_count++ == 0) {
        const size_t whole = (size_t)lane->length / 8;
        uint8_t *bits = extend(&lane->validity, whole + 1);
        if (!bits) {
            return false;
        }
        memset(bits, 0xFF, whole);
        bits[whole] = (uint8_t)((1u << (lane->length % 8)) - 1);
        return true;
    }
    return lane->null_count == 0 || add_bit(&lane->validity, lane->length, known);
}

/* Offsets have one more entry than the array has rows; the first is 0. */
static bool add_offset(struct lane *lane, size_t end)
{
    const int32_t first = 0;
    const int32_t offset = (int32_t)end; /* batch_measure saw that it fits */
    if (lane->fixed.len == 0 && !add_bytes(&lane->fixed, &first, sizeof first)) {
        return false;
    }
    return add_bytes(&lane->fixed, &offset, sizeof offset);
}

static bool add_value(struct lane *lane, const struct field *field, const struct cell *cell)
{
    if (is_text(field)) {
        return (!cell->known || add_bytes(&lane->text, cell->as.text.ptr, cell->as.text.len)) &&
               add_offset(lane, lane->text.len);
    }
    if (is_bool(field)) {
        return add_bit(&lane->fixed, lane->length, cell->known && cell->as.number != 0);
    }
    if (is_date(field)) {
        const int32_t days = cell->known ? (int32_t)cell->as.number : 0; /* add_cell checked */
        return add_bytes(&lane->fixed, &days, sizeof days);
    }
    const int64_t zero = 0;
    if (field->format[0] == 'g') {
        return add_bytes(&lane->fixed, cell->known ? (const void *)&cell->as.real : &zero,
                         NUMBER_BYTES);
    }
    return add_bytes(&lane->fixed, cell->known ? &cell->as.number : &zero, NUMBER_BYTES);
}

/* One row of a leaf. A day that date32 cannot say is unknown. */
static bool add_cell(struct batch *batch, size_t node, struct cell cell)
{
    const struct field *field = batch->layout->nodes[node].field;
    struct lane *lane = &batch->lanes[node];
    if (is_date(field) && (cell.as.number > INT32_MAX || cell.as.number < INT32_MIN)) {
        cell.known = false;
    }
    if (!add_validity(lane, cell.known) || !add_value(lane, field, &cell)) {
        return false;
    }
    lane->length++;
    return true;
}

static bool add_item(struct batch *batch, const struct node *list,
                     const struct cell cells[ITEM_MEMBER_MAX])
{
    const struct node *element = &batch->layout->nodes[list->first_child];
    if (element->child_count == 0) {
        return add_cell(batch, list->first_child, cells[0]);
    }
    for (size_t m = 0; m < element->child_count; m++) {
        if (!add_cell(batch, element->first_child + m, cells[m])) {
            return false;
        }
    }
    batch->lanes[list->first_child].length++;
    return true;
}

static bool add_list(struct batch *batch, const struct record *record, size_t index, bool known)
{
    const enum column column = batch->layout->columns[index];
    const struct node *list = &batch->layout->nodes[1 + index];
    const size_t count = known ? item_count(record, column) : 0;
    struct cell cells[ITEM_MEMBER_MAX] = {0};
    for (size_t i = 0; i < count; i++) {
        item_cells(record, column, i, cells);
        if (!add_item(batch, list, cells)) {
            return false;
        }
    }
    struct lane *lane = &batch->lanes[1 + index];
    if (!add_validity(lane, known) ||
        !add_offset(lane, (size_t)batch->lanes[list->first_child].length)) {
        return false;
    }
    lane->length++;
    return true;
}

enum status batch_append(struct batch *batch, const struct record *record,
                         const struct measure *measure)
{
    for (size_t i = 0; i < batch->layout->column_count; i++) {
        const struct field *field = batch->layout->nodes[1 + i].field;
        struct cell cell = record->cells[batch->layout->columns[i]];
        cell.known = cell.known && !measure->too_large[i];
        if (field->is_required && !cell.known) {
            return STATUS_INTERNAL;
        }
        const bool added =
            is_list(field) ? add_list(batch, record, i, cell.known) : add_cell(batch, 1 + i, cell);
        if (!added) {
            return STATUS_NO_MEMORY;
        }
    }
    batch->lanes[0].length++;
    batch->row_count++;
    batch->variable_bytes += measure->variable_bytes;
    return STATUS_OK;
}

/* --- leaving --- */

/* All arrays and buffers of one batch; it lives until the last of the arrays was released, because
 * a consumer may move any of them out of their parent. */
struct array_block {
    atomic_size_t refs;
    size_t node_count;
    const void *buffers[NODE_MAX][BUFFER_MAX];
    void *owned[NODE_MAX][BUFFER_MAX];
    struct ArrowArray *pointers[NODE_MAX];
    struct ArrowArray nodes[];
};

/* What stands where a buffer holds nothing: a first offset of 0, and never a null pointer. */
static const uint64_t nothing[8];

static void release_array(struct ArrowArray *array)
{
    struct array_block *block = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        struct ArrowArray *child = array->children[i];
        if (child->release) {
            child->release(child); /* as deep as the schema's tables, which is three */
        }
    }
    array->release = NULL;
    if (atomic_fetch_sub_explicit(&block->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t i = 0; i < block->node_count; i++) {
        for (size_t j = 0; j < BUFFER_MAX; j++) {
            memory_release(block->owned[i][j]);
        }
    }
    memory_release(block);
}

static void hand_over(struct array_block *block, size_t node, size_t buffer, struct room *room)
{
    block->owned[node][buffer] = room->ptr;
    block->buffers[node][buffer] = room->ptr ? room->ptr : (const void *)nothing;
    *room = (struct room){0};
}

static void leave_lane(struct batch *batch, size_t i, struct array_block *block,
                       struct ArrowArray *array)
{
    const struct node *node = &batch->layout->nodes[i];
    struct lane *lane = &batch->lanes[i];
    int64_t buffer_count = is_struct(node->field) ? 1 : is_text(node->field) ? 3 : 2;
    const bool has_nulls = lane->null_count > 0;
    hand_over(block, i, 0, &lane->validity);
    if (!has_nulls) {
        block->buffers[i][0] = NULL; /* allowed exactly when nothing is null */
    }
    hand_over(block, i, 1, &lane->fixed);
    hand_over(block, i, 2, &lane->text);
    *array = (struct ArrowArray){
        .length = lane->length,
        .null_count = lane->null_count,
        .n_buffers = buffer_count,
        .n_children = (int64_t)node->child_count,
        .buffers = block->buffers[i],
        .children = node->child_count ? &block->pointers[node->first_child] : NULL,
        .release = release_array,
        .private_data = block,
    };
    *lane = (struct lane){0};
}

enum status batch_leave(struct batch *batch, struct ArrowArray *out)
{
    const size_t node_count = batch->layout->node_count;
    struct array_block *block =
        memory_allocate(sizeof(struct array_block) + node_count * sizeof *out);
    if (!block) {
        return STATUS_NO_MEMORY;
    }
    atomic_init(&block->refs, node_count);
    block->node_count = node_count;
    for (size_t i = 0; i < node_count; i++) {
        block->pointers[i] = &block->nodes[i];
        leave_lane(batch, i, block, i == 0 ? out : &block->nodes[i]);
    }
    batch->row_count = 0;
    batch->variable_bytes = 0;
    return STATUS_OK;
}

void batch_release(struct batch *batch)
{
    for (size_t i = 0; i < NODE_MAX; i++) {
        memory_release(batch->lanes[i].validity.ptr);
        memory_release(batch->lanes[i].fixed.ptr);
        memory_release(batch->lanes[i].text.ptr);
    }
    batch_init(batch, batch->layout);
}
