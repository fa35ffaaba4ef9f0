# SPDX-License-Identifier: Apache-2.0
# One test a folder of tests/golden/, and one for the sample documents and the records they become.
if(TARGET quern)
    add_executable(golden tests/golden/golden.c)
    target_link_libraries(golden PRIVATE quern_inputs quern_flags quern_test_flags)

    file(GLOB golden_folders CONFIGURE_DEPENDS LIST_DIRECTORIES true tests/golden/*)
    foreach(folder IN LISTS golden_folders)
        if(IS_DIRECTORY ${folder})
            cmake_path(GET folder FILENAME name)
            add_test(NAME golden/${name} COMMAND golden tests/golden/${name}
                     WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
        endif()
    endforeach()
    add_test(NAME golden/samples COMMAND golden samples/documents
             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endif()
