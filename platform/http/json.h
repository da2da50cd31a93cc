#ifndef EVALLOOP_PLATFORM_HTTP_JSON_H_
#define EVALLOOP_PLATFORM_HTTP_JSON_H_

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::http {

// Boost.JSON without exceptions and with errors that name the field. Include
// <boost/json.hpp> in the .cc file that uses these: it is slow to compile.

struct JsonLimits {
  std::size_t max_bytes = 8u << 20;
  std::size_t max_depth = 32;
};

// Parses one JSON text. InvalidArgument says what is wrong and at which byte.
absl::StatusOr<boost::json::value> ParseJson(std::string_view text,
                                             JsonLimits limits = {});

// As above; InvalidArgument also when the text is not an object.
absl::StatusOr<boost::json::object> ParseJsonObject(std::string_view text,
                                                    JsonLimits limits = {});

// `value` as JSON text with numbers as people write them: 0.5, where
// boost::json::serialize says 5E-1. They read back as the same doubles.
std::string JsonText(const boost::json::value& value);

// Typed members. InvalidArgument (base::FieldError) names `key` when the value
// has another type or, for GetX, is missing. For FindX a missing or null member
// is absent.
absl::StatusOr<std::string> GetString(const boost::json::object& object,
                                      std::string_view key);
absl::StatusOr<std::optional<std::string>> FindString(
    const boost::json::object& object, std::string_view key);

// Whole numbers only (1.0 counts as 1), within [lowest, highest].
absl::StatusOr<std::int64_t> GetInt(
    const boost::json::object& object, std::string_view key,
    std::int64_t lowest = std::numeric_limits<std::int64_t>::min(),
    std::int64_t highest = std::numeric_limits<std::int64_t>::max());
absl::StatusOr<std::optional<std::int64_t>> FindInt(
    const boost::json::object& object, std::string_view key,
    std::int64_t lowest = std::numeric_limits<std::int64_t>::min(),
    std::int64_t highest = std::numeric_limits<std::int64_t>::max());

absl::StatusOr<double> GetDouble(const boost::json::object& object,
                                 std::string_view key);
absl::StatusOr<std::optional<double>> FindDouble(
    const boost::json::object& object, std::string_view key);

absl::StatusOr<std::optional<bool>> FindBool(const boost::json::object& object,
                                             std::string_view key);

// nullptr when missing or null. The pointer is into `object`.
absl::StatusOr<const boost::json::object*> FindObject(
    const boost::json::object& object, std::string_view key);
absl::StatusOr<const boost::json::array*> FindArray(
    const boost::json::object& object, std::string_view key);

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_JSON_H_
