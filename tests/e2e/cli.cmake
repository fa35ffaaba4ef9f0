# SPDX-License-Identifier: Apache-2.0
# The quern command from outside, and the TOML reader against the suite of the TOML project.
if(NOT TARGET quern_cli)
    return()
endif()

add_executable(toml_decode tests/tools/toml_decode.c)
target_link_libraries(toml_decode PRIVATE quern_host_common quern_flags)
add_test(NAME e2e/toml_test
         COMMAND ${CMAKE_SOURCE_DIR}/tests/e2e/toml_test.sh $<TARGET_FILE:toml_decode>
                 ${CMAKE_SOURCE_DIR}/build/cache)
set_tests_properties(e2e/toml_test PROPERTIES SKIP_RETURN_CODE 77)

add_test(NAME tools/cli_floors
         COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/tools/cli_floors.py)

if(TARGET quern)
    add_test(NAME e2e/cli_commands
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_commands.py
                     $<TARGET_FILE:quern_cli>)
    add_test(NAME e2e/cli_protocols
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_protocols.py
                     $<TARGET_FILE:quern_cli>)
    add_test(NAME e2e/cli_warc
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_warc.py
                     $<TARGET_FILE:quern_cli> ${CMAKE_SOURCE_DIR}/tests/e2e/server.py)
    add_test(NAME e2e/cli_robots
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_robots.py
                     $<TARGET_FILE:quern_cli>)
    add_test(NAME e2e/cli_forget
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_forget.py
                     $<TARGET_FILE:quern_cli>)
    add_test(NAME e2e/cli_replay
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_replay.py
                     $<TARGET_FILE:quern_cli>)
    # Clocks that are set and leap; most of it is waiting.
    add_test(NAME e2e/cli_schedule
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_schedule.py
                     $<TARGET_FILE:quern_cli>)
    # Every write with --every 1, as tests/run.sh --all does it.
    set(QUERN_KILL_EVERY 7 CACHE STRING "kill quern run at every so many-th write")
    add_test(NAME e2e/cli_resume
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_resume.py
                     $<TARGET_FILE:quern_cli> --rounds 3 --every ${QUERN_KILL_EVERY})
    # A second run asks for what has changed; killed at its writes, it never knows what it has not.
    add_test(NAME e2e/cli_recurring
             COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/e2e/cli_recurring.py
                     $<TARGET_FILE:quern_cli> --every ${QUERN_KILL_EVERY})
endif()
