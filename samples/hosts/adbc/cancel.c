/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/cancel.h"

#include "common/heap.h"

#include <pthread.h>
#include <stdatomic.h>

struct stop {
    atomic_long references;
    atomic_bool is_set;
};

struct canceller {
    atomic_long references;
    pthread_mutex_t lock;
    struct stop *stop; /* NULL until something began */
};

struct canceller *canceller_make(void)
{
    struct canceller *canceller = heap_allocate(sizeof *canceller);
    if (canceller) {
        atomic_init(&canceller->references, 1);
        (void)pthread_mutex_init(&canceller->lock, NULL); /* does not fail without attributes */
    }
    return canceller;
}

struct canceller *canceller_retain(struct canceller *canceller)
{
    atomic_fetch_add(&canceller->references, 1);
    return canceller;
}

void canceller_release(struct canceller *canceller)
{
    if (canceller && atomic_fetch_sub(&canceller->references, 1) == 1) {
        stop_release(canceller->stop);
        (void)pthread_mutex_destroy(&canceller->lock);
        heap_release(canceller);
    }
}

struct stop *canceller_begin(struct canceller *canceller)
{
    (void)pthread_mutex_lock(&canceller->lock);
    if (!canceller->stop || atomic_load(&canceller->stop->is_set)) {
        stop_release(canceller->stop);
        canceller->stop = heap_allocate(sizeof *canceller->stop);
        if (canceller->stop) {
            atomic_init(&canceller->stop->references, 1);
        }
    }
    struct stop *stop = canceller->stop;
    if (stop) {
        atomic_fetch_add(&stop->references, 1);
    }
    (void)pthread_mutex_unlock(&canceller->lock);
    return stop;
}

bool canceller_cancel(struct canceller *canceller)
{
    (void)pthread_mutex_lock(&canceller->lock);
    struct stop *stop = canceller->stop;
    const bool is_under_way = stop && atomic_load(&stop->references) > 1;
    if (is_under_way) {
        atomic_store(&stop->is_set, true);
    }
    (void)pthread_mutex_unlock(&canceller->lock);
    return is_under_way;
}

bool stop_is_set(const struct stop *stop)
{
    return atomic_load(&stop->is_set);
}

void stop_release(struct stop *stop)
{
    if (stop && atomic_fetch_sub(&stop->references, 1) == 1) {
        heap_release(stop);
    }
}
