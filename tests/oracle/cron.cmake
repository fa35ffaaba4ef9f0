# SPDX-License-Identifier: Apache-2.0
# When cron expressions fire: against libc's clock, minute by minute, and against other programs.
if(TARGET quern_cli_parts)
    set(calendar ${CMAKE_SOURCE_DIR}/samples/hosts/cli/civil.c ${CMAKE_SOURCE_DIR}/samples/hosts/cli/cron.c
        ${CMAKE_SOURCE_DIR}/samples/hosts/cli/zone.c ${CMAKE_SOURCE_DIR}/samples/hosts/cli/zone_footer.c)
    add_executable(tool_cron_next tests/tools/cron_next.c ${calendar})
    target_link_libraries(tool_cron_next PRIVATE quern_host_common quern_flags)
    set_target_properties(tool_cron_next PROPERTIES OUTPUT_NAME cron_next)
    add_executable(oracle_cron_scan tests/oracle/cron_scan.c ${calendar})
    target_link_libraries(oracle_cron_scan PRIVATE quern_host_common quern_flags)
    add_test(NAME oracle/cron_scan
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/oracle/cron_scan.py
                     $<TARGET_FILE:oracle_cron_scan>)
    add_test(NAME oracle/cron_peers
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/oracle/cron_peers.py
                     $<TARGET_FILE:tool_cron_next>)
    set_tests_properties(oracle/cron_peers PROPERTIES RESOURCE_LOCK oracle_python)
endif()
