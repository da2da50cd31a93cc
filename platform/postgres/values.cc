#include "platform/postgres/values.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "absl/strings/numbers.h"
#include "platform/base/crypto.h"
#include "platform/base/text.h"

namespace evalloop::postgres {
namespace {

using base::A;

// An array literal (PostgreSQL 15 manual, 8.15.6): every text element stands in
// double quotes, in which only the quote and the backslash are special.
void AppendQuoted(std::string& out, std::string_view value) {
  out.push_back('"');
  for (const char character : value) {
    if (character == '\0') continue;
    if (character == '"' || character == '\\') out.push_back('\\');
    out.push_back(character);
  }
  out.push_back('"');
}

template <typename Values, typename AppendOne>
std::string ArrayOf(const Values& values, AppendOne append) {
  std::string out = "{";
  bool first = true;
  for (const auto& value : values) {
    if (!first) out.push_back(',');
    first = false;
    append(out, value);
  }
  out.push_back('}');
  return out;
}

// Wraps `append` to write an absent value as NULL.
template <typename AppendOne>
auto OrNull(AppendOne append) {
  return [append](std::string& out, const auto& value) {
    if (value.has_value()) {
      append(out, *value);
    } else {
      out.append("NULL");
    }
  };
}

void AppendInt(std::string& out, std::int64_t value) {
  out.append(std::to_string(value));
}

void AppendDouble(std::string& out, double value) {
  if (std::isnan(value)) {
    out.append("NaN");
  } else if (std::isinf(value)) {
    out.append(value > 0 ? "Infinity" : "-Infinity");
  } else {
    out.append(fmt::format("{}", value));  // The shortest that reads back.
  }
}

void AppendBool(std::string& out, bool value) {
  out.push_back(value ? 't' : 'f');
}

}  // namespace

std::string TextArray(std::span<const std::string> values) {
  return ArrayOf(values, AppendQuoted);
}
std::string TextArray(std::span<const std::optional<std::string>> values) {
  return ArrayOf(values, OrNull(AppendQuoted));
}
std::string IntArray(std::span<const std::int64_t> values) {
  return ArrayOf(values, AppendInt);
}
std::string IntArray(std::span<const std::optional<std::int64_t>> values) {
  return ArrayOf(values, OrNull(AppendInt));
}
std::string DoubleArray(std::span<const double> values) {
  return ArrayOf(values, AppendDouble);
}
std::string DoubleArray(std::span<const std::optional<double>> values) {
  return ArrayOf(values, OrNull(AppendDouble));
}
std::string BoolArray(std::span<const bool> values) {
  return ArrayOf(values, AppendBool);
}
std::string BoolArray(const std::vector<bool>& values) {
  return ArrayOf(values, AppendBool);
}
pqxx::binarystring BytesArray(std::span<const std::string> values) {
  // array_send (src/backend/utils/adt/arrayfuncs.c): dimensions, whether a NULL
  // is there, the elements' type; size and lower bound of each dimension; then
  // each element behind its length. Big-endian.
  constexpr std::uint32_t kByteaOid = 17;
  std::string out;
  const auto put = [&out](std::uint32_t number) {
    for (const int shift : {24, 16, 8, 0}) {
      out.push_back(static_cast<char>(number >> shift & 0xff));
    }
  };
  std::size_t bytes = 20;
  for (const std::string& value : values) bytes += 4 + value.size();
  out.reserve(bytes);
  put(values.empty() ? 0 : 1);
  put(0);
  put(kByteaOid);
  if (!values.empty()) {
    put(static_cast<std::uint32_t>(values.size()));
    put(1);
  }
  for (const std::string& value : values) {
    put(static_cast<std::uint32_t>(value.size()));
    out.append(value);
  }
  return pqxx::binarystring(out);
}
std::string TimestampArray(std::span<const absl::Time> values) {
  return ArrayOf(values, [](std::string& out, absl::Time time) {
    AppendQuoted(out, Timestamp(time));
  });
}

std::string Timestamp(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "infinity";
  if (time == absl::InfinitePast()) return "-infinity";
  return absl::FormatTime("%Y-%m-%d %H:%M:%E6S+00", time, absl::UTCTimeZone());
}

absl::StatusOr<absl::Time> ParseTimestamp(std::string_view text) {
  if (text == "infinity") return absl::InfiniteFuture();
  if (text == "-infinity") return absl::InfinitePast();
  absl::Time time;
  constexpr std::string_view kUtc = "+00";
  if (text.size() > kUtc.size() &&
      text.substr(text.size() - kUtc.size()) == kUtc &&
      absl::ParseTime("%Y-%m-%d %H:%M:%E*S",
                      A(text.substr(0, text.size() - kUtc.size())),
                      absl::UTCTimeZone(), &time, nullptr)) {
    return time;
  }
  return absl::InvalidArgumentError(
      fmt::format("not a UTC timestamp: \"{}\"", text));
}

absl::Time TimeOf(const pqxx::field& field) {
  const auto time = ParseTimestamp({field.c_str(), field.size()});
  if (!time.ok())
    throw std::runtime_error(std::string(time.status().message()));
  return *time;
}

pqxx::binarystring Bytes(std::string_view bytes) {
  return pqxx::binarystring(bytes.data(), bytes.size());
}

std::string BytesOf(const pqxx::field& field) {
  return pqxx::binarystring(field).str();
}

}  // namespace evalloop::postgres
