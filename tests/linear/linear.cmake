# SPDX-License-Identifier: Apache-2.0
# Linear time, by instruction counts; every shape with tests/run.sh --all. valgrind cannot run what a sanitizer instruments.
if(TARGET quern_cli AND NOT QUERN_SANITIZE AND NOT QUERN_FUZZ)
    add_test(NAME linear/hostile_pages_cost_the_same_for_each_byte
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/linear/linear.py
                     $<TARGET_FILE:quern_cli> --every 5)
    set_tests_properties(linear/hostile_pages_cost_the_same_for_each_byte PROPERTIES
                         PROCESSORS 2 TIMEOUT 1500 SKIP_RETURN_CODE 77)
endif()
