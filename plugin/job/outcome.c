/* SPDX-License-Identifier: Apache-2.0 */
#include "job/outcome.h"

static str incomplete_reason(bool truncated, bool limited)
{
    if (truncated) {
        return STR("download_truncated");
    }
    return limited ? STR("limit") : (str){0};
}

struct outcome outcome_of_document(const struct found *found, const struct document *document,
                                   enum status status, bool seen_text)
{
    struct outcome outcome = {.verdict = VERDICT_CONVERTED,
                              .incomplete_reason = incomplete_reason(
                                  found->truncated, found->limited || status == STATUS_LIMIT)};
    if (document->fault.code == FAULT_address_refused || document->fault.code == FAULT_robots) {
        outcome.verdict = VERDICT_REFUSED;
    } else if (document->fault.code != FAULT_none || status != STATUS_OK) {
        outcome.verdict = seen_text ? VERDICT_PARTIAL : VERDICT_FAILED;
    } else if (outcome.incomplete_reason.len) {
        outcome.verdict = VERDICT_PARTIAL;
    }
    return outcome;
}

struct outcome outcome_of_container(const struct container_level *level)
{
    const enum fault_code fault = level->document.fault.code;
    struct outcome outcome = {
        .verdict = VERDICT_CONVERTED,
        .incomplete_reason = incomplete_reason(level->found.truncated || fault == FAULT_truncated,
                                               level->found.limited || fault == FAULT_limit)};
    if (fault != FAULT_none) {
        outcome.verdict = level->member_count ? VERDICT_PARTIAL : VERDICT_FAILED;
    }
    return outcome;
}
