# SPDX-License-Identifier: Apache-2.0
# Programs that load the plugin as a host does, and checks of the file that the linker made.
if(TARGET quern)
    if(QUERN_SANITIZE)
        set(is_sanitized 1)
    else()
        set(is_sanitized 0)
    endif()
    foreach(name layout sizes load lifetime threads cancel secrets store)
        add_executable(abi_${name}_test
            tests/abi/${name}_test.c tests/abi/loaded.c tests/abi/server.c)
        target_include_directories(abi_${name}_test PRIVATE include tests/abi)
        target_compile_definitions(abi_${name}_test PRIVATE
            QUERN_TEST_LIBRARY="$<TARGET_LINKER_FILE:quern>"
            QUERN_TEST_SANITIZED=${is_sanitized})
        target_link_libraries(abi_${name}_test PRIVATE
            quern_harness quern_flags Threads::Threads ${CMAKE_DL_LIBS})
        add_dependencies(abi_${name}_test quern)
        add_test(NAME abi/${name} COMMAND abi_${name}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
        set_tests_properties(abi/${name} PROPERTIES TIMEOUT 120)
    endforeach()
    # glibc keeps stacks of ended threads and gives busy threads heaps of their own: how many of
    # either depends on who was scheduled when, and would be counted as mappings left behind.
    set_tests_properties(abi/load PROPERTIES ENVIRONMENT
        "GLIBC_TUNABLES=glibc.pthread.stack_cache_size=0:glibc.malloc.arena_max=1")
    if(TARGET quern_host_common)
        file(GLOB adbc_driver_sources CONFIGURE_DEPENDS samples/hosts/adbc/*.c)
        add_executable(abi_adbc_test tests/abi/adbc_test.c ${adbc_driver_sources})
        target_compile_definitions(abi_adbc_test PRIVATE
            QUERN_TEST_LIBRARY="$<TARGET_LINKER_FILE:quern>")
        target_link_libraries(abi_adbc_test PRIVATE quern_harness quern_host_common quern_flags)
        add_dependencies(abi_adbc_test quern)
        add_test(NAME abi/adbc COMMAND abi_adbc_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
        set_tests_properties(abi/adbc PROPERTIES TIMEOUT 120)
    endif()
    add_test(NAME abi/library COMMAND sh ${CMAKE_SOURCE_DIR}/tests/abi/library.sh
             $<TARGET_LINKER_FILE:quern>)
    add_test(NAME abi/manifest_is_the_committed_one
             COMMAND sh ${CMAKE_SOURCE_DIR}/tests/abi/manifest.sh
             $<TARGET_FILE:quern_manifest> ${CMAKE_SOURCE_DIR}/plugin.toml)
endif()
