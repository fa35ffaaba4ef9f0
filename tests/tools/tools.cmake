# SPDX-License-Identifier: Apache-2.0
# Checks of the source itself.
find_program(CXX_FOR_HEADERS NAMES c++ g++ clang++-14 clang++)

add_test(NAME tools/floors COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/tools/floors.py)
add_test(NAME tools/floors_catches_planted_violations
         COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/tools/floors.py --self-test)
add_test(NAME tools/headers_compile_alone
         COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/tools/headers.py
                 ${CMAKE_C_COMPILER} $<$<BOOL:${CXX_FOR_HEADERS}>:${CXX_FOR_HEADERS}>
         COMMAND_EXPAND_LISTS)
add_test(NAME tools/readme COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/tools/readme.py)
