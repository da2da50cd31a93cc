#ifndef EVALLOOP_PLATFORM_HTTP_ROUTER_H_
#define EVALLOOP_PLATFORM_HTTP_ROUTER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/http/server.h"

namespace evalloop::http {

// Finds the handler of a path and method: the exact path first, then the
// longest prefix, and holds who asks against the route's role. Unknown paths
// are answered 404, known paths with another method 405 with `allow`, a role
// that is not enough 403. HEAD is served by GET's handler. Filled before the
// server starts and only read afterwards.
class Router {
 public:
  // path: exact, for example "/v1/models".
  // needed: what who asks must hold. No route is without; a Router is the
  // table of its routes' roles.
  void Add(std::string method, std::string path, access::Role needed,
           Handler handler);

  // For anybody: what probes ask.
  void AddOpen(std::string method, std::string path, Handler handler);

  // prefix: "/v1/models/" also takes "/v1/models/x".
  void AddPrefix(std::string method, std::string prefix, access::Role needed,
                 Handler handler);

  void Handle(Request request, std::shared_ptr<ResponseWriter> out) const;

  // This router as a server's handler.
  Handler AsHandler() && {
    return [router = std::make_shared<Router>(std::move(*this))](
               Request request, std::shared_ptr<ResponseWriter> out) {
      router->Handle(std::move(request), std::move(out));
    };
  }

 private:
  struct Route {
    std::optional<access::Role> needed;  // Nullopt: open.
    Handler handler;
  };
  using Methods = std::map<std::string, Route>;

  const Methods* Find(const std::string& path) const;

  std::map<std::string, Methods> exact_;
  std::map<std::string, Methods> prefixes_;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_ROUTER_H_
