// SPDX-License-Identifier: Apache-2.0
// One set of hex strings a line on standard input, or with --files one file name a line; for each
// the encoding that chardetng guesses when all of it is fed as one text.
use chardetng::EncodingDetector;
use std::io::{BufRead, Write};

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn main() {
    let files = std::env::args().any(|word| word == "--files");
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let text = if files {
            std::fs::read(&line).unwrap()
        } else {
            line.split(' ').map(bytes_of).collect::<Vec<_>>().join(&b'\n')
        };
        let mut detector = EncodingDetector::new();
        detector.feed(&text, true);
        writeln!(out, "{}", detector.guess(None, true).name()).unwrap();
    }
}
