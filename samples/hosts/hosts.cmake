# SPDX-License-Identifier: Apache-2.0
# Programs that load the plugin. They see include/ and samples/hosts/, never plugin/.
include(GNUInstallDirs)

add_library(quern_host_flags INTERFACE)
target_include_directories(quern_host_flags INTERFACE include samples/hosts)
target_compile_definitions(quern_host_flags INTERFACE
    QUERN_LIBDIR="${CMAKE_INSTALL_FULL_LIBDIR}/quern")
if(QUERN_SANITIZE)
    target_compile_definitions(quern_host_flags INTERFACE QUERN_SANITIZED)
endif()

# What any host in C needs: TOML, job files, finding and loading the plugin, Arrow, JSON.
file(GLOB common_sources CONFIGURE_DEPENDS samples/hosts/common/*.c)
add_library(quern_host_common STATIC ${common_sources})
target_link_libraries(quern_host_common PUBLIC quern_host_flags ${CMAKE_DL_LIBS} m
                      PRIVATE quern_flags)

# The quern command. Its parts are an object library, so that tests can link them.
file(GLOB cli_sources CONFIGURE_DEPENDS samples/hosts/cli/*.c)
list(FILTER cli_sources EXCLUDE REGEX "/main\\.c$")
# Without libpq it is built without its sink for PostgreSQL, and says so to whoever asks for it.
option(QUERN_POSTGRESQL "the sink for PostgreSQL, where libpq is" ON)
if(QUERN_POSTGRESQL)
    pkg_check_modules(LIBPQ IMPORTED_TARGET libpq>=14)
endif()
if(QUERN_POSTGRESQL AND LIBPQ_FOUND)
    list(FILTER cli_sources EXCLUDE REGEX "/store_postgres_absent\\.c$")
else()
    list(FILTER cli_sources EXCLUDE REGEX "/(sink_postgres[a-z_]*|store_postgres)\\.c$")
endif()
add_library(quern_cli_parts OBJECT ${cli_sources})
if(QUERN_POSTGRESQL AND LIBPQ_FOUND)
    target_link_libraries(quern_cli_parts PUBLIC PkgConfig::LIBPQ)
endif()
target_link_libraries(quern_cli_parts PUBLIC quern_host_common SQLite::SQLite3
                      PkgConfig::JANSSON OpenSSL::Crypto PRIVATE quern_flags)
add_executable(quern_cli samples/hosts/cli/main.c)
target_link_libraries(quern_cli PRIVATE quern_cli_parts quern_flags)
if(TARGET quern)
    add_dependencies(quern_cli quern) # what it loads when it runs
endif()
set_target_properties(quern_cli PROPERTIES OUTPUT_NAME quern)
install(TARGETS quern_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# By these names the command is what runners of Singer and of Airbyte call: one word, no arguments.
foreach(name IN ITEMS tap-quern source-quern)
    add_custom_command(TARGET quern_cli POST_BUILD VERBATIM
        COMMAND ${CMAKE_COMMAND} -E create_symlink quern ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name})
    install(FILES ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name} DESTINATION ${CMAKE_INSTALL_BINDIR})
endforeach()

# Adapters: shared objects that other people's programs load. They stay mapped, as the plugin does:
# what came out of it may be released late. Installed beside the manifest, where they find it.
function(quern_adapter target)
    set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX ".so")
    target_link_libraries(${target} PRIVATE quern_host_common Threads::Threads quern_flags)
    target_link_options(${target} PRIVATE
        -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now -Wl,--exclude-libs,ALL)
endfunction()

# SQLite: the file's name gives the entry's, so it is quern.so.
file(GLOB sqlite_sources CONFIGURE_DEPENDS samples/hosts/sqlite/*.c)
add_library(quern_sqlite MODULE ${sqlite_sources})
quern_adapter(quern_sqlite)
target_include_directories(quern_sqlite PRIVATE ${SQLite3_INCLUDE_DIRS})
set_target_properties(quern_sqlite PROPERTIES OUTPUT_NAME quern)
install(TARGETS quern_sqlite LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/quern)

# ADBC: the file's name gives the entry's, too; plugin.toml names it to driver managers.
file(GLOB adbc_sources CONFIGURE_DEPENDS samples/hosts/adbc/*.c)
add_library(quern_adbc MODULE ${adbc_sources})
quern_adapter(quern_adbc)
set_target_properties(quern_adbc PROPERTIES OUTPUT_NAME adbc_driver_quern)
install(TARGETS quern_adbc LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/quern)

# DuckDB: its two headers are not in this tree; samples/hosts/duckdb/build.sh fetches them.
set(QUERN_DUCKDB_HEADERS "" CACHE PATH "folder of duckdb_extension.h; empty: no DuckDB extension")
if(QUERN_DUCKDB_HEADERS)
    find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
    file(GLOB duckdb_sources CONFIGURE_DEPENDS samples/hosts/duckdb/*.c)
    add_library(quern_duckdb MODULE ${duckdb_sources})
    quern_adapter(quern_duckdb)
    target_include_directories(quern_duckdb SYSTEM PRIVATE ${QUERN_DUCKDB_HEADERS})
    set(footer ${CMAKE_CURRENT_SOURCE_DIR}/samples/hosts/duckdb/footer.py)
    set_target_properties(quern_duckdb PROPERTIES LINK_DEPENDS ${footer})
    # Behind the strip: a strip later would take the footer away, so it is installed as a file.
    add_custom_command(TARGET quern_duckdb POST_BUILD VERBATIM COMMAND Python3::Interpreter
        ${footer} $<TARGET_FILE:quern_duckdb> ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}
        --version ${PROJECT_VERSION} "$<$<CONFIG:Release>:--strip;${CMAKE_STRIP}>"
        COMMAND_EXPAND_LISTS)
    install(FILES ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/quern.duckdb_extension
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/quern)
endif()
