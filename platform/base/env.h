#ifndef EVALLOOP_PLATFORM_BASE_ENV_H_
#define EVALLOOP_PLATFORM_BASE_ENV_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace evalloop::base {

// Reads a service's configuration from the environment: every variable has a
// type, a default and a range, and one error names every bad one. Variables it
// is not asked for are ignored, as services share an environment.
//
//   base::EnvReader env;
//   config.port = env.Int("EVALLOOP_SCORER_PORT", 50053, 1, 65535);
//   config.url = env.Required("EVALLOOP_DATABASE_URL");
//   if (auto status = env.Done(); !status.ok()) return status;
//
// Each getter answers its default (or an empty value) on a bad variable and
// remembers the complaint for Done(). An empty variable counts as unset. Not
// thread-safe.
class EnvReader {
 public:
  using Lookup = std::function<std::optional<std::string>(const std::string&)>;

  EnvReader();                           // The process's environment.
  explicit EnvReader(Lookup variables);  // For tests.

  std::string String(std::string_view name, std::string_view fallback);
  std::string Required(std::string_view name);
  // A value outside `allowed` is a bad variable.
  std::string OneOf(std::string_view name, std::string_view fallback,
                    const std::vector<std::string>& allowed);
  std::int64_t Int(std::string_view name, std::int64_t fallback,
                   std::int64_t min, std::int64_t max);
  double Double(std::string_view name, double fallback, double min, double max);
  // true/false, yes/no, on/off, 1/0.
  bool Bool(std::string_view name, bool fallback);
  // A number with a unit: 250ms, 5s, 10m, 1h.
  std::chrono::milliseconds Duration(std::string_view name,
                                     std::chrono::milliseconds fallback,
                                     std::chrono::milliseconds min,
                                     std::chrono::milliseconds max);
  // Comma-separated; blanks around items are dropped, empty items too.
  std::vector<std::string> List(std::string_view name,
                                std::string_view fallback);
  // The content of the file that NAME_FILE names (trailing newline dropped),
  // else NAME itself, else nothing. Shown as *** by Describe().
  std::string Secret(std::string_view name);

  // InvalidArgument naming every bad variable with the reason, or OK.
  absl::Status Done() const;

  // One "NAME=value" line per variable read so far, secrets masked; a URL's
  // password is masked too.
  std::string Describe() const;

 private:
  std::optional<std::string> Read(std::string_view name);
  void Complain(std::string_view name, std::string_view reason);
  void Note(std::string_view name, std::string_view value);

  Lookup lookup_;
  std::vector<std::string> complaints_;
  std::vector<std::string> seen_;
};

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_ENV_H_
