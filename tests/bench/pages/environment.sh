# SPDX-License-Identifier: Apache-2.0
# What the benchmarks of this folder compare with, pinned, under build/bench/pages; sourced by their
# scripts from the project's root. Sets `python` and `place`. Ends with 77 when packages cannot be
# fetched.
place=$PWD/build/bench/pages
python=$place/venv/bin/python
pinned=(trafilatura==2.3.1 rs-trafilatura==0.1.1 Resiliparse==2.0.1 readability-lxml==0.9
    newspaper4k==0.9.6 selectolax==1.0.2 lxml==6.1.3 lxml_html_clean==0.4.6 jusText==3.0.2
    htmldate==1.11.0 courlan==1.4.0 chardet==5.2.0 charset-normalizer==3.5.2)

skip() {
    echo "SKIPPED: $*; PAGES WERE NOT MEASURED" >&2
    exit 77
}

mkdir -p "$place"
base=/usr/bin/python3
if command -v python3.12 >/dev/null && python3.12 -c 'import venv' 2>/dev/null; then
    base=python3.12
    pinned+=(magic-html==0.1.8)
else
    echo "python3.12 is not installed: magic-html is left out" >&2
fi
if [ ! -f "$place/venv/whole" ] || [ "$(cat "$place/venv/whole")" != "${pinned[*]}" ]; then
    rm -rf "$place/venv"
    "$base" -m venv "$place/venv"
    # Debian 12's own pip breaks on "lxml[html-clean,html-clean]".
    "$python" -m pip install --quiet --disable-pip-version-check pip==25.3 &&
        "$python" -m pip install --quiet --disable-pip-version-check "${pinned[@]}" ||
        skip "${pinned[*]} cannot be downloaded"
    echo "${pinned[*]}" >"$place/venv/whole"
fi
if command -v npm >/dev/null; then
    mkdir -p "$place/node"
    if ! cmp -s tests/bench/pages/node/package-lock.json "$place/node/package-lock.json"; then
        cp tests/bench/pages/node/package*.json "$place/node"
        (cd "$place/node" && npm ci --silent --no-audit --no-fund) || skip "jsdom cannot be downloaded"
    fi
    cp tests/bench/pages/node/readability.mjs "$place/node"
else
    echo "npm is not installed: Readability.js is left out" >&2
fi
