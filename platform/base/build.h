#ifndef EVALLOOP_PLATFORM_BASE_BUILD_H_
#define EVALLOOP_PLATFORM_BASE_BUILD_H_

#include <string_view>

namespace evalloop::base {

// Which build this program is: its version and, where it was built from a
// checkout, the commit that was configured, e.g. 0.1.0+79b14e0a12f3.
std::string_view Build();

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_BUILD_H_
