# Everything from outside that the tree links, in one place. Versions and
# licences: DEPENDENCIES.md.
include_guard(GLOBAL)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Protobuf REQUIRED)  # CMake's module: Debian 12 ships no config.
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(CURL REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS json)
find_package(fmt CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(yaml-cpp CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
if(BUILD_TESTING)
  find_package(GTest CONFIG REQUIRED)
endif()

find_package(PkgConfig REQUIRED)  # These ship .pc files only.
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(rdkafka REQUIRED IMPORTED_TARGET rdkafka)
pkg_check_modules(git2 REQUIRED IMPORTED_TARGET libgit2)
pkg_check_modules(tree_sitter REQUIRED IMPORTED_TARGET tree-sitter)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)

# Debian's own Python, whose standard library lies under /usr: CMake's module
# would take any other that comes first on PATH.
find_path(EVALLOOP_PYTHON_INCLUDE Python.h PATHS /usr/include/python3.11
  NO_DEFAULT_PATH REQUIRED)
find_library(EVALLOOP_PYTHON_LIBRARY libpython3.11.a
  PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE} NO_DEFAULT_PATH REQUIRED)
