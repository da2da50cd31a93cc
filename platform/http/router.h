#ifndef EVALLOOP_PLATFORM_HTTP_ROUTER_H_
#define EVALLOOP_PLATFORM_HTTP_ROUTER_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/http/server.h"

namespace evalloop::http {

// Finds the handler of a path and method: the exact path first, then the
// longest prefix. Unknown paths are answered 404, known paths with another
// method 405 with `allow`. HEAD is served by GET's handler. Filled before the
// server starts and only read afterwards.
class Router {
 public:
  // path: exact, for example "/v1/models".
  void Add(std::string method, std::string path, Handler handler);

  // prefix: "/v1/models/" also takes "/v1/models/x".
  void AddPrefix(std::string method, std::string prefix, Handler handler);

  void Handle(Request request, std::shared_ptr<ResponseWriter> out) const;

  // This router as a server's handler.
  Handler AsHandler() && {
    return [router = std::make_shared<Router>(std::move(*this))](
               Request request, std::shared_ptr<ResponseWriter> out) {
      router->Handle(std::move(request), std::move(out));
    };
  }

 private:
  using Methods = std::map<std::string, Handler>;

  const Methods* Find(const std::string& path) const;

  std::map<std::string, Methods> exact_;
  std::map<std::string, Methods> prefixes_;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_ROUTER_H_
