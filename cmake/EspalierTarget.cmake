# What every target of the project shares: language level, warnings and sanitizers.
# Nothing is set globally, so that a parent project's own flags stay its own.

function(espalier_target_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  # -ffp-contract=off: machines with and without fused multiply-add compute the same numbers.
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffp-contract=off
    $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
    # gcc 12 takes inlined string concatenation for an overlapping copy (GCC bug 105651).
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
    $<$<BOOL:${ESPALIER_WARNINGS_AS_ERRORS}>:-Werror>)
  # Our own assertions are on in debug and sanitizer builds only.
  target_compile_definitions(${target} PRIVATE $<$<CONFIG:Debug>:ESPALIER_DEBUG=1>)
  if(ESPALIER_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${ESPALIER_SANITIZE}
                           -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_compile_definitions(${target} PRIVATE ESPALIER_DEBUG=1)
    target_link_options(${target} PUBLIC -fsanitize=${ESPALIER_SANITIZE})
  endif()
endfunction()

# A static library espalier_<name>, known as espalier::<name> here and after installation.
function(espalier_library name)
  add_library(espalier_${name} STATIC ${ARGN})
  add_library(espalier::${name} ALIAS espalier_${name})
  set_target_properties(espalier_${name} PROPERTIES EXPORT_NAME ${name}
                        POSITION_INDEPENDENT_CODE ON)
  target_include_directories(espalier_${name} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  espalier_target_defaults(espalier_${name})
endfunction()
