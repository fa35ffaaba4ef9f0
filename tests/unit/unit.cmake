# SPDX-License-Identifier: Apache-2.0
# The worked example of plugin/page/PROFILES.md: the floor page/ with one family more in its table.
if(TARGET quern_page)
    file(GLOB page_sources CONFIGURE_DEPENDS plugin/page/*.c)
    add_executable(unit_page_profiles_example tests/unit/page/example/profiles_example.c ${page_sources})
    target_include_directories(unit_page_profiles_example BEFORE PRIVATE tests/unit/page/example)
    target_link_libraries(unit_page_profiles_example PRIVATE quern_harness quern_markup quern_flags quern_test_flags)
    add_test(NAME unit/page/profiles_example COMMAND unit_page_profiles_example
             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endif()
