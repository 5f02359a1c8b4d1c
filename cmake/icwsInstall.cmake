# SPDX-License-Identifier: Apache-2.0
#
# What an installed SDK tells others: a CMake package and pkg-config files.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/icws)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/icwsConfig.cmake.in icwsConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
# Before 1.0.0 a minor version may break, so only equal minor versions are compatible.
write_basic_package_version_file(icwsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/icwsConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/icwsConfigVersion.cmake DESTINATION ${package_dir})
if(TARGET icws)
  install(EXPORT icwsSharedTargets NAMESPACE icws:: DESTINATION ${package_dir})
  install(EXPORT icwsStaticTargets NAMESPACE icws:: DESTINATION ${package_dir})
endif()

# The .pc files find their prefix from where they lie, so that an installed tree can be moved.
set(pc_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
set(pc_prefix ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  cmake_path(RELATIVE_PATH pc_prefix BASE_DIRECTORY ${pc_dir})
  set(pc_prefix "\${pcfiledir}/${pc_prefix}")
endif()
set(pc_libdir "\${prefix}")
cmake_path(APPEND pc_libdir ${CMAKE_INSTALL_LIBDIR})
set(pc_includedir "\${prefix}")
cmake_path(APPEND pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})

set(pc_blst)
if(NOT TARGET icws_blst_objects)
  set(pc_blst "-lblst")
endif()
foreach(name IN ITEMS libicws libicws-net)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

file(GLOB man_pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.1)
install(FILES ${man_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
