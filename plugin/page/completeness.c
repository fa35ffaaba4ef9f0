/* SPDX-License-Identifier: Apache-2.0 */
#include "page/completeness.h"

#include "page/sentence.h"
#include "text/utf8.h"

enum {
    CAP = 2000,      /* code points some sites show of any document */
    CAP_ROUND = 500, /* proven fragments that end at a multiple of this end at a cap, too */
    PROSE_MIN = 50   /* code points of a last line that should end a sentence */
};

static bool is_cut_mid_sentence(const struct completeness *c)
{
    return utf8_count(c->body_end) >= PROSE_MIN && !sentence_ends(c->body_end) && !c->says_all;
}

static bool is_capped(const struct completeness *c)
{
    if (c->fragments->count) {
        return c->fragments->sum % CAP_ROUND == 0 && !sentence_ends(c->body_end);
    }
    return c->body_count == CAP && is_cut_mid_sentence(c);
}

struct reason {
    bool holds;
    enum note_code code;
};

enum status completeness_say(const struct completeness *completeness, struct document *document,
                             struct sink *sink)
{
    const struct completeness *c = completeness;
    /* A preview shows the first pages only, which is no gap; where nothing else tells why the rest
     * is not here, the count of pages does. */
    const bool has_gap = c->preview_pages < c->preview_page_last;
    const bool shows_less = c->preview_pages > 0 && c->preview_pages < c->page_count;
    const struct reason reasons[] = {
        {.holds = has_gap, .code = NOTE_page_missing},
        {.holds = c->body_count == 0, .code = NOTE_body_absent},
        {.holds = is_capped(c), .code = NOTE_text_cap},
        {.holds = c->has_gate, .code = NOTE_preview_gate},
        {.holds = is_cut_mid_sentence(c), .code = NOTE_cut_mid_sentence},
        {.holds = shows_less && !has_gap, .code = NOTE_page_missing},
    };
    bool told = false;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (!reasons[i].holds) {
            continue;
        }
        if (told) {
            document_note(document, reasons[i].code, -1);
            continue;
        }
        const struct span nowhere = {.start = c->place, .end = c->place};
        TRY(sink_number(sink, COLUMN_complete, 0));
        TRY(sink_value(sink, COLUMN_incomplete_reason, note_code_name(reasons[i].code), nowhere));
        told = true;
    }
    if (!told && c->says_all) {
        TRY(sink_number(sink, COLUMN_complete, 1));
    }
    if (c->fragments->suspicious) {
        document_note(document, NOTE_fragment_unproven, -1);
    }
    if (c->preview_pages > 0) {
        TRY(sink_number(sink, COLUMN_preview_pages, c->preview_pages));
    }
    return sink_number(sink, COLUMN_seams, c->fragments->count ? c->fragments->count - 1 : 0);
}
