# SPDX-License-Identifier: Apache-2.0
# Conservation over the project's own pages, and a plugin that loses text on purpose, which must be
# caught: a floor page/ built with QUERN_DELIBERATE_FAULT takes the place of the real one.
if(TARGET quern AND TARGET quern_page AND TARGET quern_cli)
    file(GLOB page_sources CONFIGURE_DEPENDS plugin/page/*.c)
    add_library(quern_page_faulty STATIC ${page_sources})
    target_compile_definitions(quern_page_faulty PRIVATE QUERN_DELIBERATE_FAULT)
    target_link_libraries(quern_page_faulty PRIVATE quern_flags PUBLIC quern_markup)
    add_library(quern_faulty SHARED plugin/abi/entry.c)
    # Whole, and first: then no member of the real quern_page is wanted any more.
    target_link_libraries(quern_faulty PRIVATE
        $<LINK_LIBRARY:WHOLE_ARCHIVE,quern_page_faulty> quern_abi quern_flags)
    target_link_options(quern_faulty PRIVATE
        -Wl,--version-script=${CMAKE_SOURCE_DIR}/plugin/abi/quern.map -Wl,--exclude-libs,ALL)

    set(conservation Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/oracle/conservation.py
        --quern $<TARGET_FILE:quern_cli>)
    set(pages tests/golden/html tests/golden/library tests/golden/text tests/golden/bad
        samples/documents)
    add_test(NAME oracle/conservation WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
             COMMAND ${conservation} --plugin $<TARGET_FILE:quern> ${pages})
    add_test(NAME oracle/conservation_catches_lost_text WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
             COMMAND ${conservation} --plugin $<TARGET_FILE:quern_faulty> --expect-loss ${pages})
    add_test(NAME oracle/markdown WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/oracle/markdown.py
             --quern $<TARGET_FILE:quern_cli> ${pages})
    # All make the oracle's Python when it is not there yet.
    set_tests_properties(oracle/conservation oracle/conservation_catches_lost_text oracle/markdown
                         PROPERTIES
                         RESOURCE_LOCK oracle_python PROCESSORS 2)
endif()
