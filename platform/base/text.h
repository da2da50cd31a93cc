#ifndef EVALLOOP_PLATFORM_BASE_TEXT_H_
#define EVALLOOP_PLATFORM_BASE_TEXT_H_

#include <string_view>

#include "absl/strings/string_view.h"

namespace evalloop::base {

// Debian's Abseil has a string_view of its own that neither converts to nor
// from std's. Our interfaces take std::string_view; these two stand at the call
// into Abseil. Both also compile where the two types are one.
inline absl::string_view A(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view S(absl::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_TEXT_H_
