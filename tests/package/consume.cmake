# cmake -DMODE=... -DCOMPONENT=... -DSOURCE=... -DTREE=checkout -DBUILD=build -DWORK=scratch
#       -DGENERATOR=... -DCXX=compiler -DEXPECT=output -P consume.cmake
#
# Builds and runs a program that uses one component. MODE: `installed` (find_package on an
# installation in WORK/prefix), `pkg_config` (compiler and pkg-config alone, same installation), `deb`
# (find_package on the unpacked Debian package), `subdirectory` (add_subdirectory of the checkout),
# `fetch` (the same by FetchContent).

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "failed with ${status}: ${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(folder ${WORK}/${MODE}_${COMPONENT})
file(REMOVE_RECURSE ${folder})
file(MAKE_DIRECTORY ${folder})

if(MODE STREQUAL "pkg_config")
  file(GLOB_RECURSE pc_file ${WORK}/prefix/*/espalier-${COMPONENT}.pc)
  get_filename_component(pc_folder "${pc_file}" DIRECTORY)
  set(ENV{PKG_CONFIG_PATH} ${pc_folder})
  run(pkg-config --cflags --libs espalier-${COMPONENT})
  separate_arguments(flags UNIX_COMMAND "${output}")
  run(${CXX} -std=c++20 ${SOURCE} -o ${folder}/consumer ${flags})
else()
  set(where -DCMAKE_PREFIX_PATH=${WORK}/prefix)
  if(MODE STREQUAL "subdirectory")
    set(where -DESPALIER_TREE=${TREE})
  elseif(MODE STREQUAL "fetch")
    set(where -DESPALIER_TREE=${TREE} -DFETCH=ON)
  elseif(MODE STREQUAL "deb")
    set(where -DCMAKE_PREFIX_PATH=${WORK}/deb/root/usr)
  endif()
  run(${CMAKE_COMMAND} -S ${TREE}/tests/package/consumer -B ${folder} -G ${GENERATOR}
      -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=Debug -DCOMPONENT=${COMPONENT}
      -DSOURCE=${SOURCE} ${where})
  run(${CMAKE_COMMAND} --build ${folder} --target consumer)
endif()

run(${folder}/consumer)
if(NOT output MATCHES "${EXPECT}")
  message(FATAL_ERROR "the program printed '${output}', expected '${EXPECT}'")
endif()
