#include "platform/http/router.h"

#include <fmt/format.h>

#include <utility>

namespace evalloop::http {

void Router::Add(std::string method, std::string path, access::Role needed,
                 Handler handler) {
  exact_[std::move(path)][std::move(method)] = {needed, std::move(handler)};
}

void Router::AddOpen(std::string method, std::string path, Handler handler) {
  exact_[std::move(path)][std::move(method)] = {std::nullopt,
                                                std::move(handler)};
}

void Router::AddPrefix(std::string method, std::string prefix,
                       access::Role needed, Handler handler) {
  prefixes_[std::move(prefix)][std::move(method)] = {needed,
                                                     std::move(handler)};
}

const Router::Methods* Router::Find(const std::string& path) const {
  const auto exact = exact_.find(path);
  if (exact != exact_.end()) return &exact->second;
  const Methods* longest = nullptr;
  // Sorted order meets the shorter of two fitting prefixes first.
  for (const auto& [prefix, methods] : prefixes_) {
    if (path.starts_with(prefix)) longest = &methods;
  }
  return longest;
}

void Router::Handle(Request request,
                    std::shared_ptr<ResponseWriter> out) const {
  const Methods* const methods = Find(request.path);
  if (methods == nullptr) {
    out->Send(ErrorResponse(404, "invalid_request_error",
                            "there is nothing at " + request.path,
                            "not_found"));
    return;
  }
  auto route = methods->find(request.method);
  if (route == methods->end() && request.method == "HEAD") {
    route = methods->find("GET");
  }
  if (route == methods->end()) {
    std::string allow;
    for (const auto& [method, unused] : *methods) {
      if (!allow.empty()) allow += ", ";
      allow += method;
    }
    Response response = ErrorResponse(
        405, "invalid_request_error",
        request.path + " takes " + allow + ", not " + request.method,
        "method_not_allowed");
    response.headers.Add("allow", allow);
    out->Send(std::move(response));
    return;
  }
  const auto& [needed, handler] = route->second;
  if (needed && !access::Covers(request.identity.role, *needed)) {
    out->Send(ErrorResponse(
        403, "permission_error",
        fmt::format("{} is {}; this asks for {}", request.identity.name,
                    access::NameOf(request.identity.role),
                    access::NameOf(*needed)),
        "forbidden"));
    return;
  }
  handler(std::move(request), std::move(out));
}

}  // namespace evalloop::http
