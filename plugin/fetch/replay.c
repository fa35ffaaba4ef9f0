/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/replay.h"

#include "fetch/journey.h"

static bool is_cancelled(void *context, const struct exchange *exchange)
{
    const struct fetch_watch *watch = context;
    (void)exchange;
    return watch && watch->is_cancelled && watch->is_cancelled(watch->context);
}

/* One answer, as if it came now. That it was asked for again shows in the answer behind it. */
static enum status play(const struct settings *settings, const struct fetch_watch *watch,
                        struct journey *journey, const struct replay_answer *kept, bool is_last)
{
    struct answer answer;
    union { /* exchange.h hands its context to is_cancelled, which changes nothing */
        const struct fetch_watch *lent;
        void *context;
    } watched = {.lent = watch};
    struct exchange exchange = {
        .settings = settings,
        .url = &journey->url,
        .context = watched.context,
        .is_cancelled = is_cancelled,
        .arena = journey->arena,
    };
    journey->out.final_url = journey->url.request;
    TRY(exchange_replay(&exchange, kept->head, kept->body, kept->ended, &answer));
    answer.answered_us = kept->answered_us;
    return journey_take(journey, &answer, journey_pause(journey, &answer, !is_last, 0));
}

enum status fetch_replay(const struct settings *settings, const struct fetch_watch *watch,
                         const struct url *url, const struct replay_answer *answers,
                         size_t answer_count, struct arena *arena, struct fetched *out)
{
    const struct journey_rules rules = {.settings = settings};
    const struct fetch_order order = {.url = url, .arena = arena};
    struct journey *journey = journey_begin(&rules, &order);
    if (!journey) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < answer_count && journey->leg != LEG_END; i++) {
        const enum status status =
            play(settings, watch, journey, &answers[i], i + 1 == answer_count);
        if (status != STATUS_OK) {
            blob_close(journey->out.content);
            return status;
        }
    }
    if (journey->leg != LEG_END) {
        journey->out.final_url = journey->url.request;
        fault_tell(&journey->out.fault, FAULT_not_found, -1,
                   "the archive holds no answer of this address: %.*s",
                   (int)(journey->url.request.len < 120 ? journey->url.request.len : 120),
                   journey->url.request.ptr);
    }
    *out = journey->out;
    return STATUS_OK;
}
