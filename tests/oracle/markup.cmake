# SPDX-License-Identifier: Apache-2.0
# Markup against parsers that are not ours: HTML against the html5lib suites (needs QUERN_DATA).
foreach(program html_tokens html_tree html_encoding xml_tokens)
    add_executable(tool_${program} tests/tools/${program}.c tests/tools/suite_case.c)
    target_include_directories(tool_${program} PRIVATE tests)
    target_link_libraries(tool_${program} PRIVATE quern_markup quern_flags)
    set_target_properties(tool_${program} PROPERTIES OUTPUT_NAME ${program})
endforeach()
add_test(NAME oracle/html5lib COMMAND
         python3 ${CMAKE_SOURCE_DIR}/tests/oracle/html5lib.py $<TARGET_FILE:tool_html_tokens>
         $<TARGET_FILE:tool_html_tree> $<TARGET_FILE:tool_html_encoding>)
set_tests_properties(oracle/html5lib PROPERTIES LABELS "conformance;oracle")

# XML, sitemaps and feeds against expat, over documents made here. Needs no other data.
add_executable(tool_sitemap tests/tools/sitemap.c)
target_link_libraries(tool_sitemap PRIVATE quern_formats quern_flags)
set_target_properties(tool_sitemap PROPERTIES OUTPUT_NAME sitemap)
add_test(NAME oracle/xml COMMAND
         python3 ${CMAKE_SOURCE_DIR}/tests/oracle/xml_expat.py $<TARGET_FILE:tool_xml_tokens>
         $<TARGET_FILE:tool_sitemap>)
set_tests_properties(oracle/xml PROPERTIES LABELS "oracle")
