# SPDX-License-Identifier: Apache-2.0
# One test a folder of tests/golden/: its inputs with a fault at every place.
option(QUERN_SWEEP_ALL "sweep every place, however long it takes" OFF)
if(TARGET quern)
    add_executable(sweep tests/fault/sweep.c)
    target_link_libraries(sweep PRIVATE quern_inputs quern_flags quern_test_flags)
    foreach(folder IN LISTS golden_folders)
        if(IS_DIRECTORY ${folder})
            cmake_path(GET folder FILENAME name)
            add_test(NAME fault/${name}
                     COMMAND sweep $<$<BOOL:${QUERN_SWEEP_ALL}>:--all> tests/golden/${name}
                     WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMAND_EXPAND_LISTS)
        endif()
    endforeach()
endif()
