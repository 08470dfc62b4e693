# `cmake --install`: headers, static libraries, EspalierConfig.cmake and a pkg-config file for each
# library. `cpack` makes a .deb of the same files.
include(CMakePackageConfigHelpers)

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Espalier)
set(pc_folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

foreach(component support solver resource_model pruning)
  install(TARGETS espalier_${component} EXPORT Espalier_${component}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT Espalier_${component} FILE Espalier_${component}.cmake NAMESPACE espalier::
          DESTINATION ${config_folder})
endforeach()
foreach(folder solver/support solver resource_model pruning)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(ESPALIER_BUILD_APP)
  install(TARGETS espalier_app RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/EspalierConfig.cmake.in ${PROJECT_BINARY_DIR}/EspalierConfig.cmake
  INSTALL_DESTINATION ${config_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/EspalierConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/EspalierConfig.cmake
              ${PROJECT_BINARY_DIR}/EspalierConfigVersion.cmake
        DESTINATION ${config_folder})

# The pkg-config files find the prefix from their own place, so that the tree may be moved.
function(espalier_pkg_config component description requires libs)
  file(RELATIVE_PATH prefix_from_pc /prefix/${pc_folder} /prefix)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/espalier.pc.in
                 ${PROJECT_BINARY_DIR}/espalier-${component}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/espalier-${component}.pc DESTINATION ${pc_folder})
endfunction()
espalier_pkg_config(solver "Exact solver for 0-1 multidimensional knapsack problems"
                    "tbb zlib" "-pthread")
espalier_pkg_config(resource_model "FPGA resources of hls4ml layers" "" "")
set(pruning_libs -pthread ${HDF5_LIBRARIES} ${PROTOBUF_LITE_LIBRARY})
list(TRANSFORM pruning_libs REPLACE "^([a-z]+)$" "-l\\1")
string(JOIN " " pruning_libs ${pruning_libs})
espalier_pkg_config(pruning "Resource-aware pruning of neural networks for FPGAs"
                    "espalier-solver espalier-resource_model tbb zlib" "${pruning_libs}")

if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME espalier)
  set(CPACK_PACKAGE_CONTACT "The Espalier authors")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS OFF)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libtbb12, zlib1g, libstdc++6")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libtbb-dev, zlib1g-dev")
  if(ESPALIER_WITH_HDF5)
    if(NOT HDF5_STATIC_LIBRARY)
      string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libhdf5-103-1")
    endif()
    string(APPEND CPACK_DEBIAN_PACKAGE_RECOMMENDS ", libhdf5-dev")
  endif()
  if(ESPALIER_WITH_ONNX)
    string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libprotobuf-lite32")
    string(APPEND CPACK_DEBIAN_PACKAGE_RECOMMENDS ", libprotobuf-dev")
  endif()
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  include(CPack)
endif()
