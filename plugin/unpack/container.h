/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of containers.def as this floor sees them. */
#ifndef UNPACK_CONTAINER_H
#define UNPACK_CONTAINER_H

#include "base/str.h"

enum container_kind {
#define CONTAINER(name, kind, format, media_type) CONTAINER_##name,
#include "unpack/containers.def"
#undef CONTAINER
    CONTAINER_COUNT
};

struct container {
    enum container_kind kind;
    bool is_filter;
    str name;
    str media_type;
};

#endif
