# SPDX-License-Identifier: Apache-2.0
# Measurements, not tests: the scripts of this folder run them by hand.
if(TARGET quern_host_common)
    add_executable(bench_pull EXCLUDE_FROM_ALL tests/bench/pull.c)
    target_link_libraries(bench_pull PRIVATE quern_host_common Threads::Threads quern_flags)
    add_executable(bench_convert_pages EXCLUDE_FROM_ALL tests/bench/pages/convert_pages.c
                   tests/bench/pages/allocated.c)
    target_include_directories(bench_convert_pages PRIVATE tests/bench)
    target_link_libraries(bench_convert_pages PRIVATE quern_host_common quern_flags)
endif()
add_executable(bench_parse_pages EXCLUDE_FROM_ALL tests/bench/pages/parse_pages.c)
target_link_libraries(bench_parse_pages PRIVATE quern_markup quern_flags)
add_executable(bench_type_counts EXCLUDE_FROM_ALL tests/bench/pages/type_counts.c)
target_link_libraries(bench_type_counts PRIVATE quern_page quern_flags)
include(tests/bench/pages/gold/gold.cmake)
if(TARGET quern_fetch)
    add_executable(bench_fetch_many EXCLUDE_FROM_ALL tests/bench/fetch/fetch_many.c)
    target_link_libraries(bench_fetch_many PRIVATE quern_fetch quern_flags)
endif()
