# SPDX-License-Identifier: Apache-2.0
# Measurements, not tests: pages.py and hosts.sh run them by hand.
if(TARGET quern_host_common)
    add_executable(bench_pull EXCLUDE_FROM_ALL tests/bench/pull.c)
    target_link_libraries(bench_pull PRIVATE quern_host_common Threads::Threads quern_flags)
endif()
