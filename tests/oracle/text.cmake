# SPDX-License-Identifier: Apache-2.0
# Text against data and code that are not ours. Needs QUERN_DATA, unicode-data and python3.
foreach(program text_conformance text_normal text_records)
    add_executable(oracle_${program} tests/oracle/${program}.c)
    target_link_libraries(oracle_${program} PRIVATE quern_text quern_flags)
endforeach()
add_executable(tool_detect tests/tools/detect.c)
target_link_libraries(tool_detect PRIVATE quern_text quern_flags)
add_executable(tool_decode tests/tools/decode.c)
target_link_libraries(tool_decode PRIVATE quern_text quern_flags)
add_executable(tool_detect_names tests/tools/detect_names.c)
target_link_libraries(tool_detect_names PRIVATE quern_text quern_flags)
add_executable(tool_repair tests/tools/repair.c)
target_link_libraries(tool_repair PRIVATE quern_text quern_flags)
add_executable(tool_normalise tests/tools/normalise.c)
target_link_libraries(tool_normalise PRIVATE quern_text quern_flags)
pkg_check_modules(ICU QUIET IMPORTED_TARGET icu-uc)
if(ICU_FOUND)
    add_executable(oracle_text_icu tests/oracle/text_icu.c)
    target_link_libraries(oracle_text_icu PRIVATE PkgConfig::ICU quern_flags)
    set(text_icu --icu $<TARGET_FILE:oracle_text_icu>)
endif()
add_test(NAME oracle/text_forms COMMAND
         python3 ${CMAKE_SOURCE_DIR}/tests/oracle/text_forms.py $<TARGET_FILE:tool_normalise>
         ${text_icu})

add_test(NAME oracle/text_conformance COMMAND oracle_text_conformance)
add_test(NAME oracle/text_normal COMMAND sh -c
         "bzcat -f /usr/share/unicode/NormalizationTest.txt* | $<TARGET_FILE:oracle_text_normal>")
add_test(NAME oracle/text_reference COMMAND
         python3 ${CMAKE_SOURCE_DIR}/tests/oracle/text_reference.py
         $<TARGET_FILE:oracle_text_records>)
add_test(NAME oracle/text_pairs COMMAND
         python3 ${CMAKE_SOURCE_DIR}/tests/oracle/text_pairs.py
         $<TARGET_FILE:oracle_text_records>)
add_test(NAME oracle/text_legacy COMMAND
         python3 ${CMAKE_SOURCE_DIR}/tests/oracle/text_legacy.py
         $<TARGET_FILE:oracle_text_records>)
add_test(NAME oracle/text_encoders COMMAND
         python3 ${CMAKE_SOURCE_DIR}/tests/oracle/text_encoders.py $<TARGET_FILE:tool_decode>)
set_tests_properties(oracle/text_conformance oracle/text_normal oracle/text_reference
                     oracle/text_pairs oracle/text_legacy oracle/text_encoders
                     oracle/text_forms PROPERTIES LABELS oracle)
