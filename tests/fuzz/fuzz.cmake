# SPDX-License-Identifier: Apache-2.0
# tests/fuzz/NAME_fuzz.c: with the preset fuzz a libFuzzer program fuzz_NAME, in every other build a
# program replay_NAME that the golden inputs and the seeds of tests/fuzz/seeds/NAME/ go through.
file(GLOB fuzz_sources CONFIGURE_DEPENDS tests/fuzz/*_fuzz.c)
if(TARGET quern)
    add_custom_target(fuzzers)
    foreach(source IN LISTS fuzz_sources)
        cmake_path(GET source STEM stem)
        string(REGEX REPLACE "_fuzz$" "" name ${stem})
        if(QUERN_FUZZ)
            set(program fuzz_${name})
            add_executable(${program} ${source})
            target_link_options(${program} PRIVATE -fsanitize=fuzzer)
            add_dependencies(fuzzers ${program})
        else()
            set(program replay_${name})
            add_executable(${program} ${source} tests/fuzz/replay.c)
            add_test(NAME fuzz_replay/${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                     COMMAND ${program} tests/golden samples/documents tests/fuzz/seeds)
        endif()
        target_link_libraries(${program} PRIVATE quern_inputs quern_flags quern_test_flags)
        if(name STREQUAL toml)
            file(GLOB toml_sources CONFIGURE_DEPENDS samples/hosts/common/toml*.c
                 samples/hosts/common/pool.c samples/hosts/common/heap.c
                 samples/hosts/common/text.c)
            target_sources(${program} PRIVATE ${toml_sources})
            target_include_directories(${program} PRIVATE samples/hosts)
        endif()
        if(name STREQUAL cron)
            set(cli ${CMAKE_SOURCE_DIR}/samples/hosts/cli)
            target_sources(${program} PRIVATE
                ${cli}/civil.c ${cli}/cron.c ${cli}/zone.c ${cli}/zone_footer.c)
            target_link_libraries(${program} PRIVATE quern_host_common)
        endif()
    endforeach()
endif()
