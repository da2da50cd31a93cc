#include "code_analysis/hashing.h"

#include <random>

namespace evalloop::code_analysis {

std::uint64_t HashFactor() {
  static const std::uint64_t factor = [] {
    std::random_device random;
    return (std::uint64_t{random()} << 32 | random()) | 1;
  }();
  return factor;
}

}  // namespace evalloop::code_analysis
