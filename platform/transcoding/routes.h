#ifndef EVALLOOP_PLATFORM_TRANSCODING_ROUTES_H_
#define EVALLOOP_PLATFORM_TRANSCODING_ROUTES_H_

#include <google/protobuf/descriptor.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/transcoding/path_template.h"

namespace evalloop::transcoding {

// One google.api.http rule of one method.
struct Route {
  std::string verb;  // "GET", "POST" ...
  PathTemplate path;
  bool has_body = false;  // The body is the request; else the query is.
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string rpc;  // "/evalloop.v1.ScorerService/Score"
};

// The routes of a process. Immutable.
class Routes {
 public:
  // Of every method of `services`, by full name, in the generated pool.
  // NotFound: a service that is not linked in; InvalidArgument: a method
  // without a rule, or with one that is not understood (a body other than "*").
  static absl::StatusOr<Routes> Of(std::span<const std::string> services);

  struct Match {
    const Route* route = nullptr;  // Null: no route has this verb and path.
    std::vector<Binding> variables;
    std::string allowed;  // Verbs that the path has, where `route` is null.
  };
  // `path`: as sent, without the query.
  Match Find(std::string_view verb, std::string_view path) const;

 private:
  std::vector<Route> routes_;  // The most specific first.
};

}  // namespace evalloop::transcoding

#endif  // EVALLOOP_PLATFORM_TRANSCODING_ROUTES_H_
