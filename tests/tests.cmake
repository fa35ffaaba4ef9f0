# SPDX-License-Identifier: Apache-2.0
# tests/unit/FLOOR/NAME_test.c is a program that sees that floor and those below it; every other
# folder of tests/ that has programs or checks brings its own FOLDER/FOLDER.cmake.
# Who only builds needs no Python; tests that want it fail where it is missing.
find_package(Python3 3.11 COMPONENTS Interpreter)
if(NOT TARGET Python3::Interpreter)
    add_executable(Python3::Interpreter IMPORTED)
    set_target_properties(Python3::Interpreter PROPERTIES IMPORTED_LOCATION python3)
endif()

# A test that follows a null pointer dies of it, which is how it fails.
add_library(quern_test_flags INTERFACE)
target_compile_options(quern_test_flags INTERFACE -Wno-null-dereference)

add_library(quern_harness STATIC tests/harness/test.c tests/harness/refuse.c)
target_include_directories(quern_harness PUBLIC tests)
target_link_libraries(quern_harness PUBLIC quern_base PRIVATE quern_flags quern_test_flags)

foreach(floor IN LISTS floors)
    string(REPLACE quern_ "" name ${floor})
    file(GLOB unit_tests CONFIGURE_DEPENDS tests/unit/${name}/*_test.c)
    foreach(source IN LISTS unit_tests)
        cmake_path(GET source STEM stem)
        add_executable(unit_${name}_${stem} ${source})
        target_link_libraries(unit_${name}_${stem} PRIVATE quern_harness ${floor} quern_flags quern_test_flags)
        add_test(NAME unit/${name}/${stem} COMMAND unit_${name}_${stem}
                 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    endforeach()
endforeach()

# What goes through the whole plugin: linked into the test, so that faults can be planted below it.
if(TARGET quern)
    add_library(quern_inputs STATIC
        tests/harness/inputs.c tests/harness/rows.c tests/harness/zip_folder.c)
    target_link_libraries(quern_inputs PUBLIC quern_harness quern_abi ZLIB::ZLIB
                          PRIVATE quern_flags quern_test_flags)
endif()

# In this order: the sweeps go over the golden folders.
file(GLOB test_folders CONFIGURE_DEPENDS tests/*/*.cmake)
list(REMOVE_ITEM test_folders ${CMAKE_SOURCE_DIR}/tests/golden/golden.cmake)
list(PREPEND test_folders ${CMAKE_SOURCE_DIR}/tests/golden/golden.cmake)
foreach(folder IN LISTS test_folders)
    include(${folder})
endforeach()

# What needs the corpora says so and is skipped without them; run.sh says it again, loudly.
get_property(all_tests DIRECTORY PROPERTY TESTS)
set_tests_properties(${all_tests} PROPERTIES
    SKIP_REGULAR_EXPRESSION "QUERN_DATA is not set" SKIP_RETURN_CODE 77)
