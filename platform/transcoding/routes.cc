#include "platform/transcoding/routes.h"

#include <fmt/format.h>
#include <google/api/annotations.pb.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

namespace evalloop::transcoding {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;

// The verb and path of `rule`.
std::pair<std::string, std::string> PatternOf(
    const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {"GET", rule.get()};
    case google::api::HttpRule::kPut:
      return {"PUT", rule.put()};
    case google::api::HttpRule::kPost:
      return {"POST", rule.post()};
    case google::api::HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case google::api::HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    default:
      return {};
  }
}

absl::StatusOr<Route> RouteOf(const MethodDescriptor& method,
                              const google::api::HttpRule& rule) {
  const auto [verb, text] = PatternOf(rule);
  if (verb.empty() || (!rule.body().empty() && rule.body() != "*") ||
      rule.additional_bindings_size() > 0) {
    return absl::InvalidArgumentError(fmt::format(
        "{}: needs one google.api.http rule, with body \"*\" or none",
        method.full_name()));
  }
  auto path = PathTemplate::Parse(text);
  if (!path.ok()) return path.status();
  return Route{.verb = verb,
               .path = *std::move(path),
               .has_body = !rule.body().empty(),
               .method = &method,
               .rpc = fmt::format("/{}/{}", method.service()->full_name(),
                                  method.name())};
}

}  // namespace

absl::StatusOr<Routes> Routes::Of(std::span<const std::string> services) {
  Routes all;
  for (const std::string& name : services) {
    const auto* const service =
        DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) {
      return absl::NotFoundError(
          fmt::format("{}: no such service in this program", name));
    }
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      auto route =
          RouteOf(method, method.options().GetExtension(google::api::http));
      if (!route.ok()) return route.status();
      all.routes_.push_back(*std::move(route));
    }
  }
  std::stable_sort(all.routes_.begin(), all.routes_.end(),
                   [](const Route& a, const Route& b) {
                     return a.path.specificity() > b.path.specificity();
                   });
  return all;
}

Routes::Match Routes::Find(std::string_view verb, std::string_view path) const {
  Match match;
  for (const Route& route : routes_) {
    auto variables = route.path.Match(path);
    if (!variables.has_value()) continue;
    if (route.verb == verb) {
      return {.route = &route, .variables = *std::move(variables)};
    }
    if (match.allowed.find(route.verb) == std::string::npos) {
      match.allowed += match.allowed.empty() ? "" : ", ";
      match.allowed += route.verb;
    }
  }
  return match;
}

}  // namespace evalloop::transcoding
