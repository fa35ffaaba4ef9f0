# SPDX-License-Identifier: Apache-2.0
# tests/unit/FLOOR/NAME_test.c is a program that sees that floor and those below it; every other
# folder of tests/ that has programs or checks brings its own FOLDER/FOLDER.cmake.
add_library(quern_harness STATIC tests/harness/test.c tests/harness/refuse.c)
target_include_directories(quern_harness PUBLIC tests)
target_link_libraries(quern_harness PUBLIC quern_base PRIVATE quern_flags)

foreach(floor IN LISTS floors)
    string(REPLACE quern_ "" name ${floor})
    file(GLOB unit_tests CONFIGURE_DEPENDS tests/unit/${name}/*_test.c)
    foreach(source IN LISTS unit_tests)
        cmake_path(GET source STEM stem)
        add_executable(unit_${name}_${stem} ${source})
        target_link_libraries(unit_${name}_${stem} PRIVATE quern_harness ${floor} quern_flags)
        add_test(NAME unit/${name}/${stem} COMMAND unit_${name}_${stem}
                 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    endforeach()
endforeach()

file(GLOB test_folders CONFIGURE_DEPENDS tests/*/*.cmake)
foreach(folder IN LISTS test_folders)
    include(${folder})
endforeach()
