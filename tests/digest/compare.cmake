# Builds one variant and compares what it prints with the reference build. Run with cmake -P.
if(NOT compiler OR compiler MATCHES "NOTFOUND")
  message(FATAL_ERROR "the compiler for ${name} is not installed: ./test installs it")
endif()

function(must)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(result)
    message(FATAL_ERROR "${name}: failed (${result}): ${ARGN}\n${output}")
  endif()
endfunction()

must(${CMAKE_COMMAND} -S ${source} -B ${binary} -G Ninja
  -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_BUILD_TYPE=Digest -D "CMAKE_CXX_FLAGS_DIGEST=${flags}"
  -D NUTSHELL_SANITIZE=${sanitize} -D NUTSHELL_UNITY=ON -D NUTSHELL_VIZ=OFF -D NUTSHELL_DIGEST_VARIANT=ON)
must(${CMAKE_COMMAND} --build ${binary} --target nutshell_digests)

execute_process(COMMAND ${reference} ${source}/scenarios OUTPUT_VARIABLE expected RESULT_VARIABLE reference_result)
execute_process(COMMAND ${binary}/bin/nutshell_digests ${source}/scenarios
  OUTPUT_VARIABLE found ERROR_VARIABLE errors RESULT_VARIABLE result)
if(reference_result OR result)
  message(FATAL_ERROR "${name}: the run failed (${result})\n${errors}")
endif()
if(NOT found STREQUAL expected)
  message(FATAL_ERROR "${name}: digests differ.\nThis build:\n${found}\nThe reference:\n${expected}")
endif()
string(REGEX MATCHALL "\n" lines "${found}")
list(LENGTH lines count)
message(STATUS "${name}: ${count} digests agree")
