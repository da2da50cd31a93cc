# The kinds of target: evalloop_library, evalloop_executable, evalloop_test and
# evalloop_script_test. Each lists its sources by name; none globs.
include_guard(GLOBAL)

set(EVALLOOP_SANITIZE "" CACHE STRING "address;undefined, or thread")

# How long a test of the loop may take; sanitized ones are slow.
set(EVALLOOP_LOOP_SECONDS 900)
if(EVALLOOP_SANITIZE)
  set(EVALLOOP_LOOP_SECONDS 2700)
endif()

# A designated initialiser that leaves members at their defaults is meant so.
add_library(evalloop_options INTERFACE)
target_compile_options(evalloop_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wshadow;-Wno-missing-field-initializers>)
if(BUILD_TESTING)
  # Not for who only wants to run it: with -O2, GCC 12 also warns of what is
  # right (-Wrestrict, -Wmaybe-uninitialized on strings).
  target_compile_options(evalloop_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
foreach(sanitizer IN LISTS EVALLOOP_SANITIZE)
  target_compile_options(evalloop_options INTERFACE
    -fsanitize=${sanitizer} -fno-omit-frame-pointer)
  target_link_options(evalloop_options INTERFACE -fsanitize=${sanitizer})
  if(sanitizer STREQUAL thread)
    # Boost.Asio fences; GCC says that TSan does not see those, and is right.
    target_compile_options(evalloop_options INTERFACE -Wno-tsan)
  endif()
endforeach()

find_program(EVALLOOP_CCACHE ccache)
if(EVALLOOP_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${EVALLOOP_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${EVALLOOP_CCACHE})
endif()
find_program(EVALLOOP_MOLD mold)
if(EVALLOOP_MOLD)
  target_link_options(evalloop_options INTERFACE -fuse-ld=mold)
endif()

# evalloop_library(scorer_domain SRCS ... DEPS ...) -> evalloop::scorer_domain
# A library without SRCS is header-only.
function(evalloop_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS;PRIVATE_DEPS")
  if(arg_SRCS)
    add_library(${name} STATIC ${arg_SRCS})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${arg_DEPS}
      PRIVATE ${arg_PRIVATE_DEPS} evalloop_options)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${arg_DEPS})
  endif()
  add_library(evalloop::${name} ALIAS ${name})
endfunction()

# evalloop_executable(scorer SRCS main.cc DEPS ...) -> build/<preset>/bin/scorer
function(evalloop_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS")
  add_executable(${name} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} evalloop_options)
endfunction()

# evalloop_test(scorer_unit_test LABEL unit SRCS ... DEPS ...)
# LABEL is unit (no I/O), rpc (in-process gRPC), integration (real Postgres or
# Kafka, started by the test runner) or loop (all services).
function(evalloop_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "SRCS;DEPS")
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE
    ${arg_DEPS} evalloop_options GTest::gmock_main)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT 300)
  if(arg_LABEL STREQUAL loop)  # Five services, one engine set: one at a time.
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE TIMEOUT ${EVALLOOP_LOOP_SECONDS})
  endif()
endfunction()

# evalloop_script_test(layers_unit_test LABEL unit SCRIPT layers_test.py)
# A Python test: tests that look at the tree rather than link it.
function(evalloop_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;SCRIPT" "")
  if(NOT BUILD_TESTING)
    return()
  endif()
  # Debian's own, which has the Debian packages of Python libraries.
  find_program(EVALLOOP_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
  add_test(NAME ${name}
    COMMAND ${EVALLOOP_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SCRIPT}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT 300
    SKIP_RETURN_CODE 77)
  if(arg_LABEL STREQUAL loop)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE TIMEOUT ${EVALLOOP_LOOP_SECONDS})
  endif()
endfunction()
