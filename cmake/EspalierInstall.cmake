# `cmake --install`: headers, static libraries and EspalierConfig.cmake, one component per library.
include(CMakePackageConfigHelpers)

foreach(component support solver resource_model pruning)
  install(TARGETS espalier_${component} EXPORT Espalier_${component}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT Espalier_${component} FILE Espalier_${component}.cmake NAMESPACE espalier::
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Espalier)
endforeach()
foreach(folder solver/support solver resource_model pruning)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endforeach()
if(ESPALIER_BUILD_APP)
  install(TARGETS espalier_app RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/EspalierConfig.cmake.in ${PROJECT_BINARY_DIR}/EspalierConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Espalier)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/EspalierConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/EspalierConfig.cmake
              ${PROJECT_BINARY_DIR}/EspalierConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Espalier)
