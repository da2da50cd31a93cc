#include "model_server/http/model_routes.h"

#include <boost/json.hpp>
#include <chrono>
#include <ctime>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "platform/base/ids.h"
#include "platform/base/text.h"
#include "platform/http/json.h"
#include "platform/http/sse.h"

namespace evalloop::model_server {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kSlowClient{10};

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

http::Response Refusal(const absl::Status& status) {
  const std::string_view message = base::S(status.message());
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return http::ErrorResponse(400, "invalid_request_error", message,
                                 "invalid_value");
    case absl::StatusCode::kNotFound:
      return http::ErrorResponse(404, "invalid_request_error", message,
                                 "not_found");
    case absl::StatusCode::kFailedPrecondition:
      return http::ErrorResponse(409, "invalid_request_error", message,
                                 "index_commit_unknown", "index_commit");
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable: {
      auto response =
          http::ErrorResponse(503, "server_error", message, "overloaded");
      response.headers.Add("retry-after", "1");
      return response;
    }
    case absl::StatusCode::kDataLoss:
      return http::ErrorResponse(500, "server_error", message, "model_damaged");
    default:
      return http::ErrorResponse(500, "server_error", message, "internal");
  }
}

json::object Describe(Model& model) {
  return {{"id", model.name()},
          {"object", "model"},
          {"created", 0},
          {"owned_by", "evalloop"},
          {"digest", model.digest()},
          {"loaded", true},
          {"repository", model.base().repository},
          {"commit", model.base().commit},
          {"tokens", model.base().segment.suffixes().size()},
          {"index_commit", model.Find(std::nullopt)->commit()}};
}

void Stream(const std::vector<std::string>& chunks, http::ResponseWriter& out) {
  out.StartStream(200, {{"content-type", "text/event-stream"},
                        {"cache-control", "no-cache"}});
  const auto write = [&out](const std::string& event) {
    while (true) {
      switch (out.Write(event)) {
        case http::WriteResult::kOk:
          return true;
        case http::WriteResult::kGone:
          return false;
        case http::WriteResult::kFull:
          if (!out.WaitWritable(kSlowClient)) return false;
      }
    }
  };
  for (const std::string& chunk : chunks) {
    if (!write(http::FormatSse(chunk))) return;
  }
  if (write(http::FormatSse("[DONE]"))) out.End();
}

}  // namespace

ModelRoutes::ModelRoutes(ModelLibrary& library, telemetry::Registry& registry)
    : library_(library),
      completion_seconds_(
          registry.GetHistogram("evalloop_model_completion_seconds",
                                "Time on a worker of one completion")),
      index_seconds_(registry.GetHistogram(
          "evalloop_model_index_seconds",
          "Time to load a model or bring an index to a commit")),
      completions_(registry.GetCounter("evalloop_model_completions_total",
                                       "Completions answered")),
      refusals_(registry.GetCounter("evalloop_model_refusals_total",
                                    "Requests answered with an error")) {}

void ModelRoutes::AddTo(http::Router& router) {
  router.Add("GET", "/v1/models", access::Role::kFeedback,
             [this](http::Request, Out out) {
               Submit(builders_, out, [this, out] { ListModels(out); });
             });
  router.Add("POST", "/v1/completions", access::Role::kFeedback,
             [this](http::Request request, Out out) {
               Submit(workers_, out, [this, request = std::move(request), out] {
                 StartCompletion(request, out);
               });
             });
  router.Add("POST", "/v1/index", access::Role::kAdmin,
             [this](http::Request request, Out out) {
               Submit(builders_, out,
                      [this, request = std::move(request), out] {
                        IndexCommit(request, out);
                      });
             });
  router.Add("POST", "/v1/models/load", access::Role::kAdmin,
             [this](http::Request request, Out out) {
               Submit(builders_, out,
                      [this, request = std::move(request), out] {
                        LoadModel(request, out);
                      });
             });
}

void ModelRoutes::Submit(base::WorkerPool& pool, const Out& out,
                         std::function<void()> job) {
  if (!pool.TrySubmit(std::move(job))) {
    Fail(absl::ResourceExhaustedError("too many requests wait"), out);
  }
}

void ModelRoutes::Fail(const absl::Status& status, const Out& out) {
  refusals_.Add();
  out->Send(Refusal(status));
}

void ModelRoutes::ListModels(const Out& out) {
  auto digests = library_.List();
  if (!digests.ok()) return Fail(digests.status(), out);
  json::array models;
  for (const std::string& digest : *digests) {
    if (auto model = library_.FindLoaded(digest)) {
      models.emplace_back(Describe(*model));
    } else {
      models.emplace_back(json::object{{"id", "ngram-" + digest.substr(0, 12)},
                                       {"object", "model"},
                                       {"created", 0},
                                       {"owned_by", "evalloop"},
                                       {"digest", digest},
                                       {"loaded", false}});
    }
  }
  out->Send(http::JsonResponse(
      200, json::serialize(
               json::object{{"object", "list"}, {"data", std::move(models)}})));
}

void ModelRoutes::LoadModel(const http::Request& request, const Out& out) {
  auto body = http::ParseJsonObject(request.body);
  if (!body.ok()) return Fail(body.status(), out);
  auto digest = http::GetString(*body, "digest");
  if (!digest.ok()) return Fail(digest.status(), out);
  const auto start = Clock::now();
  auto model = library_.FindOrLoad(*digest);
  if (!model.ok()) return Fail(model.status(), out);
  index_seconds_.Observe(SecondsSince(start));
  out->Send(http::JsonResponse(200, json::serialize(Describe(**model))));
}

void ModelRoutes::IndexCommit(const http::Request& request, const Out& out) {
  auto body = http::ParseJsonObject(request.body);
  if (!body.ok()) return Fail(body.status(), out);
  auto name = http::GetString(*body, "model");
  if (!name.ok()) return Fail(name.status(), out);
  auto repository = http::GetString(*body, "repository");
  if (!repository.ok()) return Fail(repository.status(), out);
  auto commit = http::GetString(*body, "commit");
  if (!commit.ok()) return Fail(commit.status(), out);
  auto follow = http::FindBool(*body, "follow");
  if (!follow.ok()) return Fail(follow.status(), out);
  const auto start = Clock::now();
  auto model = library_.FindOrLoad(*name);
  if (!model.ok()) return Fail(model.status(), out);
  auto index = (*model)->Index(*repository, *commit, follow->value_or(true));
  if (!index.ok()) return Fail(index.status(), out);
  const double seconds = SecondsSince(start);
  index_seconds_.Observe(seconds);
  out->Send(http::JsonResponse(
      200,
      json::serialize(json::object{{"model", (*model)->name()},
                                   {"digest", (*model)->digest()},
                                   {"repository", *repository},
                                   {"index_commit", (*index)->commit()},
                                   {"overlay_bytes", (*index)->OverlayBytes()},
                                   {"took_ms", seconds * 1e3}})));
}

void ModelRoutes::StartCompletion(const http::Request& request,
                                  const Out& out) {
  if (out->cancelled()) return;
  auto call = ReadCompletionCall(request);
  if (!call.ok()) return Fail(call.status(), out);
  if (auto model = library_.FindLoaded(call->model)) {
    if (auto index = model->Find(call->index_commit)) {
      return CompleteNow(*model, *index, *call, out);
    }
  }
  Submit(builders_, out,
         [this, call = *std::move(call), out] { LoadThenComplete(call, out); });
}

void ModelRoutes::LoadThenComplete(const CompletionCall& call, const Out& out) {
  if (out->cancelled()) return;
  const auto start = Clock::now();
  auto model = library_.FindOrLoad(call.model);
  if (!model.ok()) return Fail(model.status(), out);
  std::shared_ptr<const IndexSnapshot> index = (*model)->Find(std::nullopt);
  if (call.index_commit) {
    auto built = (*model)->FindOrBuild(*call.index_commit);
    if (!built.ok()) return Fail(built.status(), out);
    index = *std::move(built);
  }
  index_seconds_.Observe(SecondsSince(start));
  CompleteNow(**model, *index, call, out);
}

void ModelRoutes::CompleteNow(const Model& model, const IndexSnapshot& index,
                              const CompletionCall& call, const Out& out) {
  const auto start = Clock::now();
  CompletionResult result = Complete(index, {.prefix = call.prompt,
                                             .suffix = call.suffix,
                                             .path = call.path,
                                             .language = call.language,
                                             .max_tokens = call.max_tokens,
                                             .choices = call.choices});
  ApplyStop(call.stop, result);
  const AnswerStamp stamp{.id = "cmpl-" + base::RandomId(),
                          .created = std::time(nullptr),
                          .model = model.name(),
                          .digest = model.digest(),
                          .index_commit = index.commit()};
  completion_seconds_.Observe(SecondsSince(start));
  completions_.Add();
  if (call.stream) {
    Stream(WriteChunks(stamp, call, result), *out);
  } else {
    out->Send(http::JsonResponse(200, WriteAnswer(stamp, call, result)));
  }
}

}  // namespace evalloop::model_server
