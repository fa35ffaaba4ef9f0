# SPDX-License-Identifier: Apache-2.0
# tests/unit/cli/NAME_test.c sees the parts of the quern command and what hosts have in common.
if(NOT TARGET quern_cli_parts)
    return()
endif()
file(GLOB cli_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/cli/*_test.c)
foreach(source IN LISTS cli_tests)
    cmake_path(GET source STEM stem)
    add_executable(unit_cli_${stem} ${source} ${CMAKE_SOURCE_DIR}/tests/unit/cli/rows_fixture.c)
    target_link_libraries(unit_cli_${stem} PRIVATE quern_cli_parts quern_harness quern_flags)
    target_include_directories(unit_cli_${stem} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/cli)
    add_test(NAME unit/cli/${stem} COMMAND unit_cli_${stem} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endforeach()
