#ifndef EVALLOOP_MODEL_SERVER_HTTP_MODEL_ROUTES_H_
#define EVALLOOP_MODEL_SERVER_HTTP_MODEL_ROUTES_H_

#include <functional>
#include <memory>
#include <string_view>

#include "model_server/domain/model_library.h"
#include "model_server/http/completion_json.h"
#include "platform/base/worker_pool.h"
#include "platform/http/router.h"
#include "platform/telemetry/metrics.h"

namespace evalloop::model_server {

// The OpenAI-compatible routes: GET /v1/models, POST /v1/completions, and of
// our own POST /v1/index and POST /v1/models/load. README.md has their fields.
// Completions run on two workers; what loads a model or builds an index runs on
// a third, so that it never holds up the others. Both queues are bounded: 503
// with retry-after beyond. Thread-safe.
class ModelRoutes {
 public:
  // Both outlive this. Destroy after the HTTP server has stopped.
  ModelRoutes(ModelLibrary& library, telemetry::Registry& registry);

  void AddTo(http::Router& router);

 private:
  using Out = std::shared_ptr<http::ResponseWriter>;

  void Submit(base::WorkerPool& pool, const Out& out,
              std::function<void()> job);
  void ListModels(const Out& out);
  void LoadModel(const http::Request& request, const Out& out);
  void IndexCommit(const http::Request& request, const Out& out);
  void StartCompletion(const http::Request& request, const Out& out);
  void LoadThenComplete(const CompletionCall& call, const Out& out);
  void CompleteNow(const Model& model, const IndexSnapshot& index,
                   const CompletionCall& call, const Out& out);
  void Fail(const absl::Status& status, const Out& out);

  ModelLibrary& library_;
  telemetry::Histogram completion_seconds_;
  telemetry::Histogram index_seconds_;
  telemetry::Counter completions_;
  telemetry::Counter refusals_;
  base::WorkerPool builders_{1, 64};
  base::WorkerPool workers_{2, 256};
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_HTTP_MODEL_ROUTES_H_
