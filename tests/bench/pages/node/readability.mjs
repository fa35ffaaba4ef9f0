// SPDX-License-Identifier: Apache-2.0
// Readability.js for peers.py: answers each line of standard input, [name, path, url] as JSON, with
// [name, record]. jsdom finds the encoding in the bytes, as in a browser; scripts do not run.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Readability } from "@mozilla/readability";
import { JSDOM, VirtualConsole } from "jsdom";

let failed = 0;
for await (const line of createInterface({ input: process.stdin })) {
    const [name, path, url] = JSON.parse(line);
    let record = {};
    try {
        const page = new JSDOM(readFileSync(path), { url, virtualConsole: new VirtualConsole() });
        const found = new Readability(page.window.document).parse();
        page.window.close();
        if (found) {
            record = { title: found.title, author: found.byline, html: found.content,
                       published: found.publishedTime };
        }
    } catch (error) {
        failed += 1;
        console.error(`${name}: ${error}`);
    }
    console.log(JSON.stringify([name, record]));
}
console.error(`${failed} pages failed`);
