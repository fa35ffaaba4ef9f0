# SPDX-License-Identifier: Apache-2.0
# What a user meets first: the smallest host builds with a plain compiler call and works, and the
# record of the page that the project began with.
if(TARGET quern_cli)
    add_executable(minimal_host samples/hosts/minimal/minimal.c)
    target_include_directories(minimal_host PRIVATE include)
    target_link_libraries(minimal_host PRIVATE ${CMAKE_DL_LIBS} quern_flags)
    add_test(NAME e2e/minimal_host WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
             COMMAND minimal_host $<TARGET_FILE:quern> samples/documents/p-50318866.html)
    set_tests_properties(e2e/minimal_host PROPERTIES
                         PASS_REGULAR_EXPRESSION "^converted\t\t雨水花园的日常养护\n$")
    add_test(NAME e2e/seed COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/seed.py
             $<TARGET_FILE:quern_cli>)
    add_test(NAME samples/documents_are_what_make_py_makes
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/samples/documents/make.py --check)
endif()
