# The libraries of foreign file formats, found by name: their own CMake modules want languages and
# packages at the consumer's place too, a plain path does not.

if(ESPALIER_WITH_HDF5)
  # Debian keeps the variants (serial, MPI) in folders of their own.
  find_path(HDF5_INCLUDE_DIR hdf5.h PATH_SUFFIXES hdf5/serial REQUIRED)
  find_library(HDF5_LIBRARY NAMES hdf5_serial hdf5 REQUIRED)
  mark_as_advanced(HDF5_INCLUDE_DIR HDF5_LIBRARY)
endif()

if(ESPALIER_WITH_ONNX)
  find_path(PROTOBUF_INCLUDE_DIR google/protobuf/io/coded_stream.h REQUIRED)
  find_library(PROTOBUF_LITE_LIBRARY NAMES protobuf-lite REQUIRED)
  mark_as_advanced(PROTOBUF_INCLUDE_DIR PROTOBUF_LITE_LIBRARY)
endif()
