#include <array>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>
enum class Colour { kRed, kBlue };
std::tuple<bool, char, std::uint8_t, float, std::string,
           std::map<std::string, std::optional<int>>, std::set<char>,
           std::list<std::deque<bool>>, std::array<double, 2>, Colour>
solve(const std::unordered_map<int, std::string>& names,
      std::vector<std::vector<char>>& grid, const char* text,
      std::optional<double> maybe, std::pair<long, std::string>&& pair,
      Colour colour) {
  grid[0][0] = '!';
  return {maybe.has_value(),
          grid[0][0],
          static_cast<std::uint8_t>(200),
          0.1f,
          names.at(7) + text + pair.second,
          {{"none", std::nullopt}, {"one", 1}},
          {'b', 'a'},
          {{true, false}, {}},
          {2, 1e300},
          colour};
}
// CALLS
// [{"7": "x"}, [["a"]], "é", null, [1, "y"], 1] -> [false, "!", 200, 0.1, "xéy", {"none": null, "one": 1}, ["a", "b"], [[true, false], []], [2.0, 1e300], 1]
// [{"7": ""}, [["a"]], "", 2, [1, ""], 0] -> [true, "!", 200, 0.1, "", {"none": null, "one": 1}, ["a", "b"], [[true, false], []], [2.0, 1e300], 0]
