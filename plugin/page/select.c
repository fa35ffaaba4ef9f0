/* SPDX-License-Identifier: Apache-2.0 */
#include "page/select.h"

#include "page/context.h"
#include "page/density.h"
#include "page/judge.h"
#include "page/page_type.h"

enum {
    /* A hint that leaves less running text than this was a wrong one: one bad class name on an outer
     * element must not cost the page. */
    LIFT_REST_PERCENT = 10,
    LIFT_REST_MIN = 200,
    /* Regions that are named as the document's text must hold this share of what reads like text,
     * or they were named by accident; then the names are not looked at. */
    BODY_PERCENT_MIN = 35,
    /* The document is looked for in the one child that holds this share of its parent's text … */
    BODY_STEP_PERCENT = 92, /* … where its text is named */
    /* A region of doubtful name stays when it holds this share of the document's running text. */
    SOFT_PERCENT_MAX = 12,
    SOFT_PLAIN_MIN = 200, /* a paragraph as long as that stays in one, too */
    POSTS_MIN = 2,
    POSTS_PERCENT_MIN = 40, /* with less in named texts, posts stand elsewhere */
    LINKED_PERCENT = 75,    /* a block with this share in links is a link */
    LINK_LIST_PERCENT = 60,
    SHORT_WEIGHT = 80, /* a link with more text than this is a sentence */
    /* A result below both is too little: the hints are taken back one after the other. */
    RESULT_PERCENT_MIN = 15,
    RESULT_WEIGHT_MIN = 400,
    RESULT_MIN = 12, /* less than two words is no result: then all of the page stays */
    /* When a result is too little, a hint over this share of the page's text is lifted. */
    LIFT_AGAIN_PERCENT = 25,
    /* With less running text than three sentences a page tells too little to find a container in:
     * what no hint speaks against stays. */
    SHORT_PAGE_WEIGHT = 300,
    /* With less on it the model learns too little of a page. */
    JUDGED_BLOCKS_MIN = 16,
    JUDGED_WEIGHT_MIN = 1000
};

/* What differs between types of pages. */
struct policy {
    unsigned hints;       /* which marks say that something is not the document */
    bool lists;           /* links and short texts are what the page is there for */
    bool posts;           /* its text is in posts */
    bool titled;          /* its title is said in the column alone */
    bool trims;           /* short lines at its edges are the site's */
    uint8_t step_percent; /* the container is in the one child that holds as much */
};

static const struct policy policies[PAGE_TYPE_COUNT] = {
    [PAGE_TYPE_unknown] = {.hints = MARK_FIRM | MARK_COMMENTS, .step_percent = 90},
    [PAGE_TYPE_article] = {.hints = MARK_FIRM | MARK_COMMENTS,
                           .titled = true,
                           .trims = true,
                           .step_percent = 90},
    [PAGE_TYPE_documentation] = {.hints = MARK_FIRM | MARK_COMMENTS,
                                 .titled = true,
                                 .step_percent = 90},
    [PAGE_TYPE_forum] = {.posts = true, .hints = MARK_FIRM, .titled = true, .step_percent = 95},
    [PAGE_TYPE_product] = {.hints = MARK_FIRM | MARK_COMMENTS | MARK_REVIEWS,
                           .lists = true,
                           .step_percent = 90},
    [PAGE_TYPE_listing] = {.hints = MARK_FIRM | MARK_COMMENTS, .lists = true, .step_percent = 90},
    [PAGE_TYPE_collection] = {.hints = MARK_FIRM | MARK_COMMENTS | MARK_REVIEWS,
                              .lists = true,
                              .step_percent = 90},
    [PAGE_TYPE_service] = {.hints = MARK_FIRM | MARK_COMMENTS, .step_percent = 95},
};

struct selection {
    const struct policy *policy;
    struct lines *lines;
    struct density density;
    enum page_type type;
    uint32_t *firm;               /* by region: the believed hint it stands under; 0: none */
    uint32_t *soft;               /* the innermost doubtful one */
    bool *inside;                 /* of the document's container */
    struct arena_position chosen; /* what is behind it is given back once the rules have spoken: */
    uint32_t *kept_good; /* by region: good text not under a believed hint; and of bodies */
    uint32_t *body_good;
    uint32_t *kept_weight;
    uint32_t *post; /* of a talk: the innermost named text it stands in; 0: none */
    bool has_posts;
    uint32_t container;
    const struct block *title; /* the page's first heading of its highest level; NULL: none */
};

static const struct region *region_at(const struct selection *self, uint32_t index)
{
    return &self->lines->regions[index];
}

/* ---- which hints are believed ---- */

static bool leaves_too_little(size_t good, size_t all)
{
    const size_t rest = all - good;
    return good > rest && (rest < LIFT_REST_MIN || rest * 100 < all * LIFT_REST_PERCENT);
}

/* Of two hints the outer one counts, unless it only says that it is not the document. */
static void believe_hints(struct selection *self, bool again)
{
    const struct lines *lines = self->lines;
    const size_t all = self->density.sums[0].good;
    const unsigned marks = self->policy->hints;
    for (uint32_t i = 1; i < lines->region_count; i++) {
        const struct region *region = region_at(self, i);
        const size_t good = self->density.sums[i].good;
        const bool heavy = !(region->marks & MARK_NEVER) &&
                           (leaves_too_little(good, all) ||
                            (again && good > 0 && good * 100 >= all * LIFT_AGAIN_PERCENT));
        const bool believed = (region->marks & marks) && !heavy;
        const uint32_t outer = self->firm[region->parent];
        const bool says_little = region_at(self, outer)->verdict.reason == DROP_boilerplate;
        self->firm[i] = believed && (!outer || says_little) ? i : outer;
        self->soft[i] = (region->marks & MARK_SOFT) && !heavy ? i : self->soft[region->parent];
    }
}

/* Sums once more, of what no believed hint takes away. */
static void sum_kept(struct selection *self)
{
    const struct lines *lines = self->lines;
    memset(self->kept_good, 0, lines->region_count * sizeof *self->kept_good);
    memset(self->body_good, 0, lines->region_count * sizeof *self->body_good);
    memset(self->kept_weight, 0, lines->region_count * sizeof *self->kept_weight);
    for (size_t i = 0; i < self->density.count; i++) {
        const struct block *block = &self->density.blocks[i];
        if (!block->fixed && !self->firm[block->region]) {
            self->kept_good[block->region] += block->good ? block_plain(block) : 0;
            self->kept_weight[block->region] += block->weight;
        }
    }
    for (size_t i = lines->region_count; i-- > 1;) {
        const struct region *region = &lines->regions[i];
        if (region->marks & MARK_BODY) {
            self->body_good[i] = self->kept_good[i];
        }
        self->kept_good[region->parent] += self->kept_good[i];
        self->body_good[region->parent] += self->body_good[i];
        self->kept_weight[region->parent] += self->kept_weight[i];
    }
}

/* ---- the container ---- */

/* From region 0 down into the child that holds `percent` of `good`, as long as there is one: a
 * region has one such child at most, and it comes behind its parent. `named`: the last region on
 * that way which is named as text, if there is any. */
static uint32_t descend(const struct selection *self, const uint32_t *good, uint32_t percent,
                        bool named)
{
    uint32_t at = 0;
    uint32_t answer = 0;
    for (uint32_t i = 1; i < self->lines->region_count; i++) {
        const struct region *region = region_at(self, i);
        if (region->parent == at && share_reaches(good[i], good[at], percent) && good[i] > 0) {
            at = i;
            answer = !named || (region->marks & MARK_BODY) ? i : answer;
        }
    }
    return answer;
}

static void find_container(struct selection *self)
{
    const bool named = !self->policy->lists &&
                       share_reaches(self->body_good[0], self->kept_good[0], BODY_PERCENT_MIN) &&
                       self->body_good[0] > 0;
    if (self->kept_good[0] < SHORT_PAGE_WEIGHT) {
        self->container = 0;
        memset(self->inside, true, self->lines->region_count);
        return;
    }
    self->container = named ? descend(self, self->body_good, BODY_STEP_PERCENT, true) : 0;
    if (!self->container) {
        const uint32_t *sums = self->policy->lists ? self->kept_weight : self->kept_good;
        self->container = descend(self, sums, self->policy->step_percent, false);
    }
    /* The innermost is often one paragraph, or a list: what holds it is the document. */
    self->inside[0] = self->container == 0;
    for (uint32_t i = 1; i < self->lines->region_count; i++) {
        self->inside[i] = i == self->container || self->inside[region_at(self, i)->parent];
    }
}

/* A page's first h1 may stand in its header, beside what is only the site's; one that is a link leads
 * to the site's front page. */
static void find_title(struct selection *self)
{
    for (size_t i = 0; i < self->density.count; i++) {
        const struct block *block = &self->density.blocks[i];
        const struct line *line = &self->lines->items[block->first];
        if (!block->fixed && line->kind == BLOCK_heading && line->level == 1) {
            const bool leads_away =
                block_is_linked(block, LINKED_PERCENT) && !self->inside[block->region];
            self->title = leads_away ? NULL : block;
            return;
        }
    }
}

/* ---- verdicts ---- */

static struct verdict outside_verdict(const struct block *block)
{
    return block_is_linked(block, LINKED_PERCENT)
               ? VERDICT_DROP_BY(navigation, "links outside the document's container")
               : VERDICT_DROP_BY(boilerplate, "outside the document's container");
}

static struct verdict hint_verdict(const struct selection *self, uint32_t region)
{
    const struct region *by = region_at(self, region);
    if (by->marks & MARK_FIRM) {
        return by->verdict;
    }
    return by->marks & MARK_COMMENTS ? VERDICT_DROP_BY(boilerplate, "comments of readers")
                                     : VERDICT_DROP_BY(boilerplate, "reviews of buyers");
}

static struct verdict soft_verdict(const struct selection *self, const struct block *block)
{
    const uint32_t soft = self->soft[block->region];
    const uint64_t all = self->kept_good[self->container];
    const bool is_long = block->good && block_plain(block) >= SOFT_PLAIN_MIN;
    if (!soft || is_long || (uint64_t)self->kept_good[soft] * 100 > all * SOFT_PERCENT_MAX) {
        return VERDICT_BODY;
    }
    return region_at(self, soft)->verdict;
}

static struct verdict link_verdict(const struct selection *self, const struct block *block)
{
    const struct region_sum *sum = &self->density.sums[region_at(self, block->region)->parent];
    const bool is_link = block_is_linked(block, LINKED_PERCENT) && block->weight <= SHORT_WEIGHT &&
                         block->kind != BLOCK_heading;
    const bool is_list =
        sum->blocks > 1 && share_reaches(sum->linked, sum->weight, LINK_LIST_PERCENT);
    if (is_link && is_list && !self->policy->lists) {
        return VERDICT_DROP_BY(navigation, "list of links");
    }
    return VERDICT_BODY;
}

/* Running text between the title and the container: an article's first paragraph often stands in
 * another element than the rest. */
static bool is_lead(const struct selection *self, const struct block *block)
{
    const size_t first = self->density.sums[self->container].first_block;
    return self->title && block > self->title && block < &self->density.blocks[first] &&
           block->good && !self->soft[block->region];
}

/* Of a talk, when its posts' texts are named: where each stands. */
static void find_posts(struct selection *self)
{
    const struct lines *lines = self->lines;
    size_t count = 0;
    uint32_t weight = 0;
    memset(self->post, 0, lines->region_count * sizeof *self->post);
    self->has_posts = false;
    if (!self->policy->posts) {
        return;
    }
    for (size_t i = lines->region_count; i-- > 1;) {
        const struct region *region = &lines->regions[i];
        const bool named = (region->marks & MARK_BODY) && !self->firm[i];
        if (named && !self->post[i] && self->kept_weight[i] > 0) {
            weight += self->kept_weight[i];
            count++;
            self->post[i] = (uint32_t)i;
        }
        /* Upwards, for a while: that there is one below. */
        self->post[region->parent] = self->post[i] ? (uint32_t)i : self->post[region->parent];
    }
    for (uint32_t i = 0; i < lines->region_count; i++) {
        const bool is_post = self->post[i] == i && i > 0;
        self->post[i] = is_post ? i : i > 0 ? self->post[region_at(self, i)->parent] : 0;
    }
    self->has_posts = count >= POSTS_MIN &&
                      share_reaches(weight, self->kept_weight[self->container], POSTS_PERCENT_MIN);
}

static struct verdict decide(const struct selection *self, const struct block *block,
                             enum ruling *ruled)
{
    *ruled = RULED_BODY;
    if (block == self->title) {
        return VERDICT_BODY;
    }
    if (self->firm[block->region]) {
        *ruled = RULED_HINT;
        return hint_verdict(self, self->firm[block->region]);
    }
    if (!self->inside[block->region] && !is_lead(self, block)) {
        *ruled = RULED_OUTSIDE;
        return outside_verdict(block);
    }
    if (self->has_posts) {
        const bool is_post = self->post[block->region];
        *ruled = is_post ? RULED_BODY : RULED_POSTS;
        return is_post ? VERDICT_BODY : VERDICT_DROP_BY(boilerplate, "between the posts of a talk");
    }
    const struct verdict verdict = soft_verdict(self, block);
    *ruled = verdict.dropped ? RULED_SOFT_HINT : RULED_LINKS;
    return verdict.dropped ? verdict : link_verdict(self, block);
}

static void rule(const struct selection *self, struct block *block)
{
    enum ruling ruled = RULED_BODY;
    block->verdict = block->fixed ? VERDICT_BODY : decide(self, block, &ruled);
    block->kept = !block->fixed && !block->verdict.dropped;
    if (block->kept) {
        ruled = RULED_BODY;
    }
    block->ruled = ruled;
}

static void label(struct selection *self)
{
    for (size_t i = 0; i < self->density.count; i++) {
        rule(self, &self->density.blocks[i]);
    }
    context_apply(&(struct context){
        .density = &self->density,
        .title = self->title,
        .container = self->container,
        .good = self->kept_good[self->container],
        .trims = self->policy->trims && self->kept_good[0] >= SHORT_PAGE_WEIGHT,
        .drops_links = !self->policy->lists && self->kept_good[0] >= SHORT_PAGE_WEIGHT,
    });
}

static size_t count_kept(const struct selection *self)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->density.count; i++) {
        const struct block *block = &self->density.blocks[i];
        kept += block->kept ? block->weight : 0;
    }
    return kept;
}

/* The blocks' verdicts become those of their lines. */
static void apply(struct selection *self, bool keep_all)
{
    for (size_t i = 0; i < self->density.count; i++) {
        const struct block *block = &self->density.blocks[i];
        for (size_t n = block->first; n < block->end && !block->fixed; n++) {
            self->lines->items[n].verdict = keep_all || block->kept ? VERDICT_BODY : block->verdict;
        }
    }
}

static enum status begin(struct selection *self, struct lines *lines)
{
    *self = (struct selection){.lines = lines};
    TRY(density_measure(lines, &self->density));
    TRY(page_type_count(&self->density, &lines->evidence));
    self->type = page_type_decide(&lines->evidence);
    lines->page_type = self->type;
    self->policy = &policies[self->type];
    return STATUS_OK;
}

static enum status make_room(struct selection *self)
{
    const struct lines *lines = self->lines;
    const size_t count = lines->region_count;
    self->firm = ARENA_ARRAY(lines->arena, count, uint32_t);
    self->soft = ARENA_ARRAY(lines->arena, count, uint32_t);
    self->inside = ARENA_ARRAY(lines->arena, count, bool);
    self->chosen = arena_mark(lines->arena);
    self->kept_good = ARENA_ARRAY(lines->arena, count, uint32_t);
    self->body_good = ARENA_ARRAY(lines->arena, count, uint32_t);
    self->kept_weight = ARENA_ARRAY(lines->arena, count, uint32_t);
    self->post = ARENA_ARRAY(lines->arena, count, uint32_t);
    const bool all = self->kept_good && self->body_good && self->kept_weight && self->firm &&
                     self->soft && self->inside && self->post;
    return all ? STATUS_OK : STATUS_NO_MEMORY;
}

static bool is_too_little(const struct selection *self)
{
    const size_t all = self->density.sums[0].weight;
    const size_t kept = count_kept(self);
    return kept < RESULT_WEIGHT_MIN && kept * 100 < all * RESULT_PERCENT_MIN;
}

static void choose(struct selection *self, bool again)
{
    believe_hints(self, again);
    sum_kept(self);
    find_container(self);
    find_title(self);
    find_posts(self);
    label(self);
    if (is_too_little(self)) {
        self->container = 0;
        memset(self->inside, true, self->lines->region_count);
        label(self);
    }
}

/* A page of which little is to be seen is left to the rules. */
static enum status judge(struct selection *self, const struct block_watch *watch)
{
    const struct ruled_page page = {.density = &self->density,
                                    .title = self->title,
                                    .firm = self->firm,
                                    .soft = self->soft,
                                    .inside = self->inside,
                                    .container = self->container,
                                    .is_talk = self->policy->posts};
    const struct region_sum *all = &self->density.sums[0];
    const bool tells = all->blocks >= JUDGED_BLOCKS_MIN && all->weight >= JUDGED_WEIGHT_MIN;
    return tells ? judge_blocks(&page, watch) : STATUS_OK;
}

enum status lines_select(struct lines *lines)
{
    return lines_select_watched(lines, NULL);
}

enum status lines_select_watched(struct lines *lines, const struct block_watch *watch)
{
    struct selection self;
    TRY(begin(&self, lines));
    TRY(make_room(&self));
    choose(&self, false);
    if (is_too_little(&self)) {
        choose(&self, true);
    }
    arena_rewind(lines->arena, self.chosen);
    TRY(judge(&self, watch));
    apply(&self, count_kept(&self) < RESULT_MIN);
    return STATUS_OK;
}

void lines_drop_title(struct lines *lines, size_t at)
{
    struct line *line = at < lines->count ? &lines->items[at] : NULL;
    if (line && !line->verdict.dropped && line->kind == BLOCK_heading &&
        policies[lines->page_type].titled) {
        line->verdict = VERDICT_DROP_BY(duplicate_title, "heading that became the title");
    }
}
