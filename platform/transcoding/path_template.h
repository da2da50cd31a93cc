#ifndef EVALLOOP_PLATFORM_TRANSCODING_PATH_TEMPLATE_H_
#define EVALLOOP_PLATFORM_TRANSCODING_PATH_TEMPLATE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace evalloop::transcoding {

// A variable of a path, or a parameter of a query: the request's field (dots
// between levels) and its text, percent-decoded.
using Binding = std::pair<std::string, std::string>;

// A path of google.api.http: literal segments, {field} for one segment,
// {field=**} for all that are left, and a ":verb" at the end. Immutable.
class PathTemplate {
 public:
  // InvalidArgument for what is not such a path.
  static absl::StatusOr<PathTemplate> Parse(std::string_view text);

  // The variables, where `path` (as sent: not decoded, without the query)
  // matches. %2F within a segment is a slash of the variable's text.
  std::optional<std::vector<Binding>> Match(std::string_view path) const;

  // Templates with more literal text are asked first: "/v1/runs/{id}:watch"
  // before "/v1/runs/{id}", which takes "x:watch" for an id.
  int specificity() const { return specificity_; }

 private:
  struct Segment {
    std::string text;  // Literal, or the variable's field.
    bool is_variable = false;
  };

  std::vector<Segment> segments_;
  bool takes_rest_ = false;  // The last segment is {field=**}.
  std::string verb_;
  int specificity_ = 0;
};

}  // namespace evalloop::transcoding

#endif  // EVALLOOP_PLATFORM_TRANSCODING_PATH_TEMPLATE_H_
