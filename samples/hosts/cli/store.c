/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/store.h"

void store_close(struct store *store)
{
    if (!store) {
        return;
    }
    text_release(&store->round.fingerprint);
    text_release(&store->round.state);
    store->type->close(store);
}
