// SPDX-License-Identifier: Apache-2.0
//! encoding_rs as functions that C can call; simdutf comes along as the C++ that its crate bundles.
use encoding_rs::{CoderResult, Encoding};

/// Decodes with replacement, without a byte order mark, into `out`; 0 when the label is unknown or
/// the room too small.
///
/// # Safety
/// The pointers are readable and writable for the lengths beside them.
#[no_mangle]
pub unsafe extern "C" fn peer_encoding_rs(
    label: *const u8,
    label_len: usize,
    content: *const u8,
    len: usize,
    out: *mut u8,
    capacity: usize,
) -> usize {
    let label = std::slice::from_raw_parts(label, label_len);
    let content = std::slice::from_raw_parts(content, len);
    let out = std::slice::from_raw_parts_mut(out, capacity);
    let Some(encoding) = Encoding::for_label(label) else {
        return 0;
    };
    let mut decoder = encoding.new_decoder_without_bom_handling();
    match decoder.decode_to_utf8(content, out, true) {
        (CoderResult::InputEmpty, _, written, _) => written,
        (CoderResult::OutputFull, _, _, _) => 0,
    }
}

/// The length of the valid start.
///
/// # Safety
/// `content` is readable for `len` bytes.
#[no_mangle]
pub unsafe extern "C" fn peer_encoding_rs_valid(content: *const u8, len: usize) -> usize {
    Encoding::utf8_valid_up_to(std::slice::from_raw_parts(content, len))
}

/// Keeps the object files of simdutf in the library.
///
/// # Safety
/// `content` is readable for `len` bytes.
#[no_mangle]
pub unsafe extern "C" fn peer_simdutf_default(content: *const u8, len: usize) -> bool {
    simdutf::validate_utf8(std::slice::from_raw_parts(content, len))
}
