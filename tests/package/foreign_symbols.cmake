# cmake -DNM=nm -DLIBRARIES="a.a;b.a" -P foreign_symbols.cmake
#
# A static library must not define strong symbols outside namespace espalier: they could clash with
# the program's own. Weak ones are instantiations of other people's templates and may.
foreach(library IN LISTS LIBRARIES)
  execute_process(COMMAND ${NM} --demangle --defined-only --extern-only ${library}
                  OUTPUT_VARIABLE listing RESULT_VARIABLE status ERROR_QUIET)
  string(REGEX MATCHALL "\n[0-9a-f]+ [TDBRGSC] [^\n]+" symbols "${listing}")
  list(LENGTH symbols num_symbols)
  if(NOT status EQUAL 0 OR num_symbols LESS 5)
    message(FATAL_ERROR "${NM} found only ${num_symbols} symbols in ${library}")
  endif()
  foreach(symbol IN LISTS symbols)
    if(NOT symbol MATCHES "espalier::")
      message(SEND_ERROR "${library} defines ${symbol}")
    endif()
  endforeach()
endforeach()
