#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
namespace {
int calls = 0;
struct Counter {
  Counter() { ++calls; }
} counter;
}  // namespace
static std::string attempt(int x) {
  if (x < 0) throw std::out_of_range("negative");
  return std::string(static_cast<std::size_t>(x), 'x');
}
std::string solve(int x) {
  ++calls;
  std::string found;
  std::thread worker([&] {
    try {
      found = attempt(x);
    } catch (const std::exception& error) {
      std::cerr << error.what() << std::endl;
      found = error.what();
    }
  });
  worker.join();
  return found + std::to_string(calls);
}
// CALLS
// [3] -> "xxx2"
// [-1] -> "negative3"
// [0] -> "4"
