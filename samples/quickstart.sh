#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian 12 to records: installs what is missing, builds, serves samples/documents/
# with nginx on this machine, runs samples/jobs/quickstart.toml into SQLite and shows the records.
set -euo pipefail
cd "$(dirname "$0")/.."
. samples/packages.sh

address=127.0.0.1:18365 # as in the job
work=build/quickstart
database=$work/records.db

if ! PATH=$PATH:/usr/sbin command -v nginx >/dev/null; then
    echo "where systemd runs, Debian's nginx starts its own server on port 80 when it is installed;"
    echo "this script does not use it: systemctl disable --now nginx ends it"
fi
packages_install "${packages_for_build[@]}" nginx sqlite3
cmake --preset release >/dev/null
cmake --build --preset release --target quern_cli build_manifest
rm -rf "$work"
mkdir -p "$work/web"

# A web server of our own: on loopback, without privileges to keep, ended by its own process id.
cat >"$work/nginx.conf" <<EOT
$([ "$(id -u)" -ne 0 ] || echo 'user root;')
pid $PWD/$work/nginx.pid;
error_log $PWD/$work/nginx.log;
events {}
http {
    access_log off;
    client_body_temp_path $PWD/$work/web;
    proxy_temp_path $PWD/$work/web;
    fastcgi_temp_path $PWD/$work/web;
    uwsgi_temp_path $PWD/$work/web;
    scgi_temp_path $PWD/$work/web;
    types {
        text/html html;
        application/zip zip;
        application/gzip gz;
    }
    server {
        listen $address;
        root $PWD/samples/documents;
    }
}
EOT
nginx=$(PATH=$PATH:/usr/sbin command -v nginx)
"$nginx" -e "$PWD/$work/nginx.log" -c "$PWD/$work/nginx.conf"
stop_web_server() {
    kill "$(cat "$work/nginx.pid")"
}
trap stop_web_server EXIT

echo
echo "\$ quern run samples/jobs/quickstart.toml"
build/release/bin/quern run samples/jobs/quickstart.toml

# The last column may hold Chinese, which is wider than sqlite3 counts.
show() {
    echo
    echo "$1"
    sqlite3 -header -column "$database" "$2"
}
show "The records:" "
    SELECT status, coalesce(error_code, format) AS kind, charset, length(text) AS characters,
           coalesce(member, replace(url, 'http://$address/', '')) ||
           coalesce('  «' || title || '»', '') AS document
    FROM quern_record ORDER BY url, member IS NOT NULL, member;"
show "Which of them are not whole, and why:" "
    SELECT incomplete_reason AS because, seams, preview_pages AS shown, page_count AS pages,
           published, coalesce(title, member) AS title
    FROM quern_record WHERE complete = 0 ORDER BY url DESC;"
show "What of the GBK page stands in no text, and why:" "
    SELECT count(*) AS times, json_extract(entry.value, '\$.reason') AS reason,
           min(json_extract(entry.value, '\$.src_start')) AS first_byte,
           substr(max(json_extract(entry.value, '\$.text')), 1, 40) AS for_example
    FROM quern_record, json_each(dropped) AS entry
    WHERE seams = 7 GROUP BY reason ORDER BY first_byte;"
show "Where its preview was cut after 271 characters, the text runs on:" "
    SELECT substr(text, 257, 30) AS around_the_first_seam FROM quern_record WHERE seams = 7;"
