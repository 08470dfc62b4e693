# The libraries of foreign file formats, found by name: their own CMake modules want languages and
# packages at the consumer's place too, a plain path does not.

if(ESPALIER_WITH_HDF5)
  # Debian keeps the variants (serial, MPI) in folders of their own.
  find_path(HDF5_INCLUDE_DIR hdf5.h PATH_SUFFIXES hdf5/serial REQUIRED)
  # The static library where there is one: the shared one needs libcurl and all that it needs, 35
  # libraries that took two thirds of the program's start (5.2 against 1.6 ms).
  find_library(HDF5_STATIC_LIBRARY NAMES libhdf5_serial.a libhdf5.a PATH_SUFFIXES hdf5/serial)
  find_library(SZIP_STATIC_LIBRARY NAMES libsz.a)
  find_library(AEC_STATIC_LIBRARY NAMES libaec.a)
  if(HDF5_STATIC_LIBRARY AND SZIP_STATIC_LIBRARY AND AEC_STATIC_LIBRARY)
    find_package(ZLIB REQUIRED)
    set(HDF5_LIBRARIES ${HDF5_STATIC_LIBRARY} ${SZIP_STATIC_LIBRARY} ${AEC_STATIC_LIBRARY}
                       ${ZLIB_LIBRARIES} ${CMAKE_DL_LIBS} m)
  else()
    find_library(HDF5_LIBRARY NAMES hdf5_serial hdf5 REQUIRED)
    set(HDF5_LIBRARIES ${HDF5_LIBRARY})
  endif()
  mark_as_advanced(HDF5_INCLUDE_DIR HDF5_LIBRARY HDF5_STATIC_LIBRARY SZIP_STATIC_LIBRARY
                   AEC_STATIC_LIBRARY)
endif()

if(ESPALIER_WITH_ONNX)
  find_path(PROTOBUF_INCLUDE_DIR google/protobuf/io/coded_stream.h REQUIRED)
  find_library(PROTOBUF_LITE_LIBRARY NAMES protobuf-lite REQUIRED)
  mark_as_advanced(PROTOBUF_INCLUDE_DIR PROTOBUF_LITE_LIBRARY)
endif()
