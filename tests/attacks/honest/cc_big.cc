#include <string>
#include <vector>
std::vector<std::string> solve(int n) {
  std::vector<std::vector<int>> work(1000, std::vector<int>(10000, n));
  return std::vector<std::string>(static_cast<std::size_t>(n), "abc");
}
// CALLS
// [3] -> ["abc", "abc", "abc"]
// [0] -> []
