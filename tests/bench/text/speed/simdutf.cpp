// SPDX-License-Identifier: Apache-2.0
// simdutf by implementation: "best" (what it chooses here) or a name such as "haswell" (AVX2).
#include "simdutf.h"

#include <cstring>

static const simdutf::implementation *find(const char *name)
{
    if (std::strcmp(name, "best") == 0) {
        return simdutf::get_active_implementation();
    }
    return simdutf::get_available_implementations()[name];
}

extern "C" {

const char *peer_simdutf_name(const char *name)
{
    static char text[64];
    const simdutf::implementation *const found = find(name);
    if (!found || !found->supported_by_runtime_system()) {
        return "";
    }
    std::strncpy(text, found->name().c_str(), sizeof text - 1);
    return text;
}

const char *peer_simdutf_version()
{
    return SIMDUTF_VERSION;
}

size_t peer_simdutf_utf16le(const char *name, const void *content, size_t len, char *out)
{
    return find(name)->convert_utf16le_to_utf8(static_cast<const char16_t *>(content), len / 2,
                                               out);
}

size_t peer_simdutf_utf8(const char *name, const void *content, size_t len)
{
    return find(name)->validate_utf8(static_cast<const char *>(content), len) ? len : 0;
}
}
