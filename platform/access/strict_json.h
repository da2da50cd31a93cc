#ifndef EVALLOOP_PLATFORM_ACCESS_STRICT_JSON_H_
#define EVALLOOP_PLATFORM_ACCESS_STRICT_JSON_H_

#include <boost/json.hpp>
#include <string_view>

#include "absl/status/statusor.h"

namespace evalloop::access {

// A JSON object, read strictly: no name twice in any object (readers differ in
// which one counts), at most 8 deep, nothing behind it. InvalidArgument.
absl::StatusOr<boost::json::object> ParseStrictObject(std::string_view text);

}  // namespace evalloop::access

#endif  // EVALLOOP_PLATFORM_ACCESS_STRICT_JSON_H_
