# SPDX-License-Identifier: Apache-2.0
# packages_install NAME…: Debian packages, only those that are missing. Sourced by the scripts.
packages_install() {
    local missing=() name
    for name in "$@"; do
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" != installed ]; then
            missing+=("$name")
        fi
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    echo "installing ${missing[*]}"
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        root=(sudo)
    fi
    "${root[@]}" apt-get update -qq &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# What the build needs.
packages_for_build=(gcc libc6-dev cmake ninja-build pkg-config libcurl4-openssl-dev libarchive-dev
    zlib1g-dev libutf8proc-dev libssl-dev libsqlite3-dev libjansson-dev libpq-dev)
