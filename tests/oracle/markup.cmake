# SPDX-License-Identifier: Apache-2.0
# HTML against the html5lib suites. Needs QUERN_DATA and python3.
foreach(program html_tokens html_tree html_encoding)
    add_executable(tool_${program} tests/tools/${program}.c tests/tools/suite_case.c)
    target_include_directories(tool_${program} PRIVATE tests)
    target_link_libraries(tool_${program} PRIVATE quern_markup quern_flags)
    set_target_properties(tool_${program} PROPERTIES OUTPUT_NAME ${program})
endforeach()
add_test(NAME oracle/html5lib COMMAND
         python3 ${CMAKE_SOURCE_DIR}/tests/oracle/html5lib.py $<TARGET_FILE:tool_html_tokens>
         $<TARGET_FILE:tool_html_tree> $<TARGET_FILE:tool_html_encoding>)
set_tests_properties(oracle/html5lib PROPERTIES LABELS "conformance;oracle")
