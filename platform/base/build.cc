#include "platform/base/build.h"

namespace evalloop::base {

std::string_view Build() { return EVALLOOP_BUILD; }

}  // namespace evalloop::base
