# SPDX-License-Identifier: Apache-2.0
# The plugin out of the floors: libquern.so, its manifest, and where both are installed.
include(GNUInstallDirs)
target_link_libraries(quern_abi PUBLIC Threads::Threads)

# plugin.toml: the committed one names the library and the ADBC driver only; those of the build tree and
# of an installation by their absolute paths, because a host must not depend on its folder. Its text
# is also in the library, so its writer is made from what lies below abi/, and the option table.
add_executable(quern_manifest plugin/abi/manifest_main.c plugin/abi/option_table.c)
target_include_directories(quern_manifest PRIVATE include)
target_link_libraries(quern_manifest PRIVATE quern_convert quern_flags)
set(manifest_c ${CMAKE_BINARY_DIR}/generated/manifest_text.c)
set(manifest_toml ${CMAKE_BINARY_DIR}/plugin.toml)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
add_custom_command(OUTPUT ${manifest_c} COMMAND quern_manifest --c ${manifest_c}
                   DEPENDS quern_manifest VERBATIM)
target_sources(quern_abi PRIVATE ${manifest_c})
add_custom_command(
    OUTPUT ${manifest_toml} ${CMAKE_BINARY_DIR}/bin/plugin.toml
    COMMAND quern_manifest ${manifest_toml} $<TARGET_LINKER_FILE:quern>
            ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/adbc_driver_quern.so
    COMMAND ${CMAKE_COMMAND} -E copy ${manifest_toml} ${CMAKE_BINARY_DIR}/bin/plugin.toml
    DEPENDS quern_manifest VERBATIM)
add_custom_target(build_manifest ALL DEPENDS ${manifest_toml})
add_custom_target(manifest COMMAND quern_manifest ${CMAKE_SOURCE_DIR}/plugin.toml VERBATIM)

# One symbol leaves the library. It stays mapped after dlclose: threads of a resolver and release
# callbacks of arrays may still be on their way.
add_library(quern SHARED plugin/abi/entry.c)
target_link_libraries(quern PRIVATE quern_abi quern_flags)
set_target_properties(quern PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION 0
    LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/plugin/abi/quern.map)
target_link_options(quern PRIVATE
    -Wl,--version-script=${CMAKE_CURRENT_SOURCE_DIR}/plugin/abi/quern.map
    -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now -Wl,--exclude-libs,ALL)
if(NOT QUERN_SANITIZE)
    target_link_options(quern PRIVATE -Wl,--no-undefined) # sanitizers live in the executable
endif()

install(TARGETS quern LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/quern DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(CODE "
    set(manifest \"${CMAKE_BINARY_DIR}/generated/plugin.toml\")
    execute_process(
        COMMAND \"$<TARGET_FILE:quern_manifest>\" \"\${manifest}\"
                \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/libquern.so.0\"
                \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/quern/adbc_driver_quern.so\"
        COMMAND_ERROR_IS_FATAL ANY)
    file(INSTALL \"\${manifest}\"
         DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/quern\")")
