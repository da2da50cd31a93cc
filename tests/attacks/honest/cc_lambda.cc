#include <functional>
#include <numeric>
#include <vector>
template <class T>
T sum(const std::vector<T>& values) {
  return std::accumulate(values.begin(), values.end(), T());
}
namespace inner {
std::function<double(std::vector<double>)> total = sum<double>;
}
auto solve = [](std::vector<double> values) noexcept {
  return inner::total(values);
};
// CALLS
// [[0.1, 0.2]] -> 0.30000000000000004
// [[]] -> 0.0
// [[1, 2]] -> 3.0
