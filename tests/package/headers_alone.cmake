# cmake -DCXX=compiler -DSOURCE_DIR=checkout -DWORK_DIR=scratch -P headers_alone.cmake
#
# Compiles every public header as a translation unit of its own, warnings being errors, and reads
# from the compiler's -H listing which files it drew in: none may belong to a third-party library.

set(include_dirs ${SOURCE_DIR}/solver/support/include ${SOURCE_DIR}/solver/include
                 ${SOURCE_DIR}/resource_model/include ${SOURCE_DIR}/pruning/include)
set(third_party "/(boost|tbb|oneapi|eigen3|Eigen|hdf5|nlohmann|CLI|catch2|benchmark)/|/(zlib|H5public).h")

set(headers)
foreach(dir IN LISTS include_dirs)
  file(GLOB_RECURSE found ${dir}/*.hpp)
  list(APPEND headers ${found})
endforeach()
list(LENGTH headers num_headers)
if(num_headers LESS 20)
  message(FATAL_ERROR "found only ${num_headers} public headers below ${SOURCE_DIR}")
endif()
list(TRANSFORM include_dirs PREPEND -I)

foreach(header IN LISTS headers)
  file(WRITE ${WORK_DIR}/header_alone.cpp "#include \"${header}\"\n#include \"${header}\"\n")
  execute_process(
    COMMAND ${CXX} -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
            -H ${include_dirs} ${WORK_DIR}/header_alone.cpp
    RESULT_VARIABLE status ERROR_VARIABLE listing)
  if(NOT status EQUAL 0)
    string(REGEX REPLACE "(^|\n)\\.+ [^\n]*" "" errors "${listing}")
    message(SEND_ERROR "${header} does not compile alone:\n${errors}")
  elseif(listing MATCHES "\n\\.+ ([^\n]*(${third_party})[^\n]*)")
    message(SEND_ERROR "${header} draws in ${CMAKE_MATCH_1}")
  endif()
endforeach()
message(STATUS "${num_headers} public headers looked at")
