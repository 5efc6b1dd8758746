# Tests, found by folder. The label is the folder.
#   tests/unit/<floor>/test_x.c   no server, no file, no clock
#   tests/sim/test_x.c            the real cycle and core over memory, seeded
#   tests/db/, tests/mq/          against a server that ctest starts and stops (fixture `servers`)
#   tests/e2e/test_x.sh           whole programs; each brings up its own stack
#   tests/shops/test_x.sh         each policy of deploy/policies, over HTTP only
#   tests/chaos/test_x.sh         load, faults of every kind, and the proof that nothing was lost
#   tests/crashpoints/test_x.sh   a kill before and after every step, in a build that has them
#   tests/security/test_x.sh      what the threat model says that nobody can do
#   tests/fuzz/fuzz_x.c           a parser each; replays tests/fuzz/corpus/x/ in ordinary builds
#   tests/lint/x.sh               what a compiler does not check
# A test that says `ctest: long` in a comment has the label `long` as well (tests/run --long); a
# script that says `ctest: alone` has the machine for itself.
# tests/support/*.c is linked into all of them; tests/support/programs/*.c are programs.

set(fc_tests ${PROJECT_SOURCE_DIR}/tests)
set(fc_servers ${fc_tests}/support/servers)
set(fc_with_servers ${fc_tests}/support/with-servers)
set(fc_environment
  "FIRSTCOME_BUILD=${PROJECT_BINARY_DIR}" "FIRSTCOME_SOURCE=${PROJECT_SOURCE_DIR}"
  "UBSAN_OPTIONS=print_stacktrace=1" "CC=${CMAKE_C_COMPILER}")

# --- support --------------------------------------------------------------------------------------

set(fc_everything fc_cli fc_ingress ${fc_job_libraries} fc_skeleton fc_db fc_sql fc_mq fc_host
  fc_wire fc_core fc_base)

fc_library(fc_test_support tests/support POSIX
  PUBLIC ${fc_everything} PkgConfig::CMOCKA
  PRIVATE PkgConfig::JSONC PkgConfig::LIBPQ PkgConfig::RABBITMQ PkgConfig::CURL
    PkgConfig::MICROHTTPD)

# Tests see every part, and what only they may see.
function(fc_test_program target source)
  add_executable(${target} ${source})
  target_include_directories(${target} PRIVATE
    ${fc_tests} ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/workers)
  target_link_libraries(${target} PRIVATE fc_flags fc_posix fc_test_support ${ARGN})
  # Tests that expect an assertion leave it by longjmp; gcc's guesses about that are noise.
  target_compile_options(${target} PRIVATE $<$<C_COMPILER_ID:GNU>:-Wno-clobbered>)
endfunction()

# The labels of a test: its folder's, and `long` if it asks for it.
function(fc_labels result label source)
  file(STRINGS ${source} asks REGEX "ctest: long")
  if(asks)
    list(APPEND label long)
  endif()
  set(${result} "${label}" PARENT_SCOPE)
endfunction()

get_target_property(fc_test_support_type fc_test_support TYPE)
if(NOT fc_test_support_type STREQUAL "INTERFACE_LIBRARY")
  target_include_directories(fc_test_support PUBLIC
    ${fc_tests} ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/workers)
endif()

add_custom_target(test-programs)
file(GLOB programs CONFIGURE_DEPENDS ${fc_tests}/support/programs/*.c)
foreach(source IN LISTS programs)
  get_filename_component(name ${source} NAME_WE)
  fc_test_program(${name} ${source}
    PkgConfig::MICROHTTPD PkgConfig::JSONC PkgConfig::CURL PkgConfig::LIBPQ PkgConfig::RABBITMQ)
  add_dependencies(test-programs ${name})
endforeach()

# --- cmocka tests: one program and one ctest a file -----------------------------------------------

# fc_cmocka_tests(<label> <seconds> [RUNNER] <glob>...): RUNNER starts it through with-servers.
function(fc_cmocka_tests label seconds)
  cmake_parse_arguments(PARSE_ARGV 2 arg "RUNNER" "" "")
  list(TRANSFORM arg_UNPARSED_ARGUMENTS PREPEND ${fc_tests}/)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE ${fc_tests} ${arg_UNPARSED_ARGUMENTS})
  foreach(source IN LISTS sources)
    string(REGEX REPLACE "test_([^/]*)\\.c$" "\\1" name ${source})
    string(REPLACE "/" "." name ${name})
    string(REPLACE "." "_" target test_${name})
    fc_test_program(${target} ${fc_tests}/${source}
      PkgConfig::JSONC PkgConfig::LIBPQ PkgConfig::RABBITMQ PkgConfig::CURL)
    set_target_properties(${target} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    set(runner)
    if(arg_RUNNER)
      set(runner ${fc_with_servers})
    endif()
    add_test(NAME ${name} COMMAND ${runner} $<TARGET_FILE:${target}>
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    fc_labels(labels ${label} ${fc_tests}/${source})
    set_tests_properties(${name} PROPERTIES
      LABELS "${labels}" TIMEOUT ${seconds} SKIP_RETURN_CODE 77
      ENVIRONMENT "${fc_environment}")
    if(arg_RUNNER)
      set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED servers RESOURCE_LOCK ${label})
    endif()
  endforeach()
endfunction()

fc_cmocka_tests(unit 60 unit/test_*.c)
fc_cmocka_tests(sim 300 sim/test_*.c)
fc_cmocka_tests(db 120 RUNNER db/test_*.c)
fc_cmocka_tests(mq 120 RUNNER mq/test_*.c)

# docs/order-states.md, printed anew from the core's table; the unit test holds them to be equal.
add_custom_target(order-states
  COMMAND ${CMAKE_COMMAND} -E env FIRSTCOME_GOLDEN=write $<TARGET_FILE:test_unit_core_order_state>
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL)

# The servers that db and mq tests talk to: up before the first of them, down after the last.
file(GLOB servers_script CONFIGURE_DEPENDS ${fc_servers})
if(servers_script)
  foreach(step up down)
    add_test(NAME servers.${step} COMMAND ${fc_servers} ${step})
    set_tests_properties(servers.${step} PROPERTIES
      TIMEOUT 180 ENVIRONMENT "${fc_environment}")
  endforeach()
  set_tests_properties(servers.up PROPERTIES FIXTURES_SETUP servers)
  set_tests_properties(servers.down PROPERTIES FIXTURES_CLEANUP servers)
endif()

# --- whole programs -------------------------------------------------------------------------------

foreach(label e2e shops chaos crashpoints security)
  set(seconds 900)
  if(label STREQUAL "chaos")
    set(seconds 3600) # its long form takes 45 minutes
  endif()
  file(GLOB scripts CONFIGURE_DEPENDS ${fc_tests}/${label}/test_*.sh)
  foreach(script IN LISTS scripts)
    get_filename_component(name ${script} NAME_WE)
    string(REGEX REPLACE "^test_" "" name ${name})
    add_test(NAME ${label}.${name} COMMAND ${script} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    fc_labels(labels ${label} ${script})
    set_tests_properties(${label}.${name} PROPERTIES
      LABELS "${labels}" TIMEOUT ${seconds} SKIP_RETURN_CODE 77
      ENVIRONMENT "${fc_environment}")
    file(STRINGS ${script} asks REGEX "ctest: alone")
    if(asks)
      set_tests_properties(${label}.${name} PROPERTIES RUN_SERIAL ON)
    endif()
  endforeach()
endforeach()

# --- fuzz targets ---------------------------------------------------------------------------------

# `fuzzers` builds them all: with libFuzzer where FC_FUZZ says so, else as ordinary tests that
# replay what was kept.
add_custom_target(fuzzers)
file(GLOB fuzzers CONFIGURE_DEPENDS ${fc_tests}/fuzz/fuzz_*.c)
foreach(source IN LISTS fuzzers)
  get_filename_component(target ${source} NAME_WE)
  string(REGEX REPLACE "^fuzz_" "" name ${target})
  fc_test_program(${target} ${source} PkgConfig::JSONC PkgConfig::RABBITMQ)
  add_dependencies(fuzzers ${target})
  if(FC_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    continue()
  endif()
  target_sources(${target} PRIVATE ${fc_tests}/fuzz/replay.c)
  add_test(NAME fuzz.${name} COMMAND ${target} ${fc_tests}/fuzz/corpus/${name}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(fuzz.${name} PROPERTIES
    LABELS "fuzz;unit" TIMEOUT 60 ENVIRONMENT "${fc_environment}")
endforeach()

# --- measuring: programs only, run by hand --------------------------------------------------------

file(GLOB benches CONFIGURE_DEPENDS ${fc_tests}/bench/bench_*.c)
foreach(source IN LISTS benches)
  get_filename_component(target ${source} NAME_WE)
  fc_test_program(${target} ${source}
    PkgConfig::CURL PkgConfig::JSONC PkgConfig::LIBPQ PkgConfig::MICROHTTPD PkgConfig::RABBITMQ)
endforeach()

# --- lint -----------------------------------------------------------------------------------------

file(GLOB scripts CONFIGURE_DEPENDS ${fc_tests}/lint/*.sh)
foreach(script IN LISTS scripts)
  get_filename_component(name ${script} NAME_WE)
  if(name MATCHES "^(lib|coverage)$") # not lints themselves
    continue()
  endif()
  add_test(NAME lint.${name} COMMAND ${script} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(lint.${name} PROPERTIES
    LABELS lint TIMEOUT 120 SKIP_RETURN_CODE 77 ENVIRONMENT "${fc_environment}")
endforeach()
