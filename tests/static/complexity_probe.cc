// Prints what complexity.h says of the Python files whose paths come on stdin:
//   PATH<TAB>TOTAL<TAB>NAME:LINE:COMPLEXITY...
// TOTAL is the reason where there is no number.

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "code_analysis/complexity.h"

int main() {
  using namespace evalloop::code_analysis;
  for (std::string path; std::getline(std::cin, path);) {
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    const Measure total = Complexity(text, Language::kPython);
    std::string line =
        path + "\t" +
        (total.value.has_value() ? fmt::format("{}", *total.value)
                                 : std::string(total.reason));
    for (const PythonBlock& block : PythonBlocks(text)) {
      line +=
          fmt::format("\t{}:{}:{}", block.name, block.line, block.complexity);
    }
    std::cout << line << '\n';
  }
}
