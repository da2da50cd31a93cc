#ifndef EVALLOOP_SERVING_HTTP_GATEWAY_H_
#define EVALLOOP_SERVING_HTTP_GATEWAY_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "platform/base/worker_pool.h"
#include "platform/http/router.h"
#include "platform/http/server.h"
#include "serving/domain/feedback_desk.h"
#include "serving/domain/library.h"
#include "serving/domain/live_completions.h"

namespace evalloop::serving {

struct GatewayOptions {
  // Each completion under way holds one; it waits for the provider most of its
  // time.
  int threads = 64;
  std::size_t max_queued = 256;
};

// The OpenAI-compatible routes: /v1/completions, /v1/chat/completions,
// /v1/models and /v1/feedback. Must outlive the server that its handler serves.
class Gateway {
 public:
  // All references outlive this object.
  Gateway(LiveCompletions& live, FeedbackDesk& feedback, const Library& library,
          GatewayOptions options);

  http::Handler Routes();

 private:
  using Out = std::shared_ptr<http::ResponseWriter>;

  void OnWorker(http::Request request, Out out,
                void (Gateway::*handle)(http::Request, const Out&));
  void HandleCompletion(http::Request request, const Out& out);
  void HandleChat(http::Request request, const Out& out);
  void HandleFeedback(http::Request request, const Out& out);
  void Complete(const http::Request& request, bool chat, const Out& out);
  void ListModels(const http::Request& request, const Out& out) const;
  void GetModel(const http::Request& request, const Out& out) const;

  LiveCompletions& live_;
  FeedbackDesk& feedback_;
  const Library& library_;
  base::WorkerPool workers_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_HTTP_GATEWAY_H_
