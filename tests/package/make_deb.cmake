# cmake -DCPACK=cpack -DDPKG_DEB=dpkg-deb -DBUILD=build -DVERSION=x.y.z -DWORK=scratch -P make_deb.cmake
#
# Makes the Debian package of a build, unpacks it into WORK/root and runs the program in it.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output
                  ERROR_VARIABLE output WORKING_DIRECTORY ${BUILD})
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "failed with ${status}: ${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/root)
run(${CPACK} -G DEB -B ${WORK})
file(GLOB packages ${WORK}/*.deb)
list(LENGTH packages num_packages)
if(NOT num_packages EQUAL 1)
  message(FATAL_ERROR "expected one package, found '${packages}'")
endif()
run(${DPKG_DEB} -x ${packages} ${WORK}/root)
run(${WORK}/root/usr/bin/espalier --version)
if(NOT output MATCHES "^espalier ${VERSION}\n$")
  message(FATAL_ERROR "the program printed '${output}', expected 'espalier ${VERSION}'")
endif()
