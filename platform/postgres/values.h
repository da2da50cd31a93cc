#ifndef EVALLOOP_PLATFORM_POSTGRES_VALUES_H_
#define EVALLOOP_PLATFORM_POSTGRES_VALUES_H_

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace evalloop::postgres {

// libpqxx 6.4 has no array, bytea-in-array or timestamp parameters. These build
// the text form of each, to be bound with a cast, one array a column:
//
//   Of(work).exec_params(
//       "INSERT INTO score (item, value) "
//       "SELECT * FROM unnest($1::text[], $2::float8[])",
//       TextArray(items), DoubleArray(values));
//
// Text is quoted and escaped whole; a NUL byte, which Postgres cannot hold, is
// dropped from text. An absent value is NULL.
std::string TextArray(std::span<const std::string> values);
std::string TextArray(std::span<const std::optional<std::string>> values);
std::string IntArray(std::span<const std::int64_t> values);
std::string IntArray(std::span<const std::optional<std::int64_t>> values);
std::string DoubleArray(std::span<const double> values);
std::string DoubleArray(std::span<const std::optional<double>> values);
std::string BoolArray(std::span<const bool> values);
std::string BoolArray(const std::vector<bool>& values);
// bytea[] in Postgres's binary form, which nobody has to escape and parse: for
// large values.
pqxx::binarystring BytesArray(std::span<const std::string> values);
std::string TimestampArray(std::span<const absl::Time> values);

// A timestamptz parameter, microseconds kept; bind as $1::timestamptz.
std::string Timestamp(absl::Time time);

// Reads the text form of a timestamptz column (our connections speak UTC and
// ISO). InvalidArgument on anything else.
absl::StatusOr<absl::Time> ParseTimestamp(std::string_view text);
// As above; a throw inside Guard becomes a Status.
absl::Time TimeOf(const pqxx::field& field);

// A bytea parameter, and the bytes of a bytea column.
pqxx::binarystring Bytes(std::string_view bytes);
std::string BytesOf(const pqxx::field& field);

}  // namespace evalloop::postgres

#endif  // EVALLOOP_PLATFORM_POSTGRES_VALUES_H_
