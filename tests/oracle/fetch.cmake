# SPDX-License-Identifier: Apache-2.0
# What the fetcher goes by, as small programs; robots.txt beside two readers that are not ours, from
# PyPI.
foreach(program robots http_date url)
    add_executable(tool_${program} tests/tools/${program}.c)
    target_link_libraries(tool_${program} PRIVATE quern_fetch quern_flags)
endforeach()
add_test(NAME oracle/robots
         COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/oracle/robots.py
                 $<TARGET_FILE:tool_robots>)
set_tests_properties(oracle/robots PROPERTIES LABELS oracle RESOURCE_LOCK oracle_python)
