// SPDX-License-Identifier: Apache-2.0
// Node exports its own zlib, OpenSSL and nghttp2 to whatever it loads. What Quern unpacks and fetches in
// it must be what it is elsewhere.
//
//   node host_duckdb.mjs EXTENSION FOLDER URL      run where @duckdb/node-api is installed
//
// Prints one record a line as JSON: url, member, status, error_code, text, content_sha256.
import { createRequire } from 'node:module';
import process from 'node:process';

const { DuckDBInstance } = createRequire(process.cwd() + '/').call(null, '@duckdb/node-api');
const [extension, folder, url] = process.argv.slice(2);
const database = await DuckDBInstance.create(':memory:', { allow_unsigned_extensions: 'true' });
const connection = await database.connect();
await connection.run(`LOAD '${extension}'`);
const reader = await connection.runAndReadAll(`
    SELECT url, member, status, error_code, text, content_sha256
    FROM quern(['${folder}', '${url}'], allow_addresses := '127.0.0.0/8', delay_ms := 0)
    ORDER BY id`);
for (const row of reader.getRowObjectsJson()) {
    console.log(JSON.stringify(row));
}
