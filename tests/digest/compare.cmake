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
# The first line, as a list of its words, that two texts do not share; empty: there is none.
function(first_difference mine theirs line)
  set(${line} "" PARENT_SCOPE)
  string(REPLACE ";" "," mine "${mine}")
  string(REPLACE ";" "," theirs "${theirs}")
  string(REPLACE "\n" ";" mine "${mine}")
  string(REPLACE "\n" ";" theirs "${theirs}")
  foreach(one other IN ZIP_LISTS mine theirs)
    if(NOT one STREQUAL other)
      string(STRIP "${one}" one)
      set(${line} "${one}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Both trails of a scenario between two steps.
macro(walk_both scenario from to every)
  execute_process(COMMAND ${binary}/bin/nutshell_digests ${source}/scenarios ${scenario} ${from} ${to} ${every} OUTPUT_VARIABLE my_trail)
  execute_process(COMMAND ${reference} ${source}/scenarios ${scenario} ${from} ${to} ${every} OUTPUT_VARIABLE reference_trail)
  first_difference("${my_trail}" "${reference_trail}" apart)
endmacro()

if(NOT found STREQUAL expected)
  first_difference("${found}" "${expected}" scenario)
  string(REGEX REPLACE " .*" "" scenario "${scenario}")
  walk_both(${scenario} 0 1000000000 1000)
  string(REGEX MATCH "^[0-9]+" end "${apart}")
  if(end)
    math(EXPR begin "(${end} - 1) / 1000 * 1000")
    walk_both(${scenario} ${begin} ${end} 1)
  endif()
  message(FATAL_ERROR "${name}: digests differ, first in ${scenario}, after this step (steps, ns, digest, what happened):\n${apart}\n"
    "This build:\n${found}\nThe reference:\n${expected}")
endif()
string(REGEX MATCHALL "\n" lines "${found}")
list(LENGTH lines count)
message(STATUS "${name}: ${count} digests agree")
