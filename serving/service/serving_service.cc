#include "serving/service/serving_service.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/rpc/handler.h"
#include "serving/translate/translate.h"

namespace evalloop::serving {
namespace {

constexpr std::int64_t kDefaultPage = 50;
constexpr std::int64_t kMaxPage = 1'000;

absl::StatusOr<std::int64_t> PageSize(const v1::PageRequest& page) {
  if (page.page_size() == 0) return kDefaultPage;
  if (page.page_size() > kMaxPage) {
    return base::FieldError("page.page_size", "is over 1000");
  }
  return static_cast<std::int64_t>(page.page_size());
}

// "microseconds/completion id" of the last row of a page.
std::string TokenOf(const Completion& last) {
  return fmt::format("{}/{}", absl::ToUnixMicros(last.serve_time), last.id);
}

absl::StatusOr<CompletionCursor> CursorOf(std::string_view token) {
  CompletionCursor cursor;
  if (token.empty()) return cursor;
  std::int64_t micros = 0;
  const auto [end, error] =
      std::from_chars(token.data(), token.data() + token.size(), micros);
  if (error != std::errc() || end == token.data() + token.size() ||
      *end != '/') {
    return base::FieldError("page.page_token", "is none that we gave");
  }
  cursor.serve_time = absl::FromUnixMicros(micros);
  cursor.id = std::string(end + 1, token.data() + token.size());
  return cursor;
}

absl::StatusOr<LiveRequest> RequestOf(const v1::CompleteRequest& message) {
  LiveRequest request;
  if (message.has_revision() == !message.model().empty()) {
    return base::FieldError("revision",
                            "must be set where model is not, and only there",
                            "name a prompt's revision or a model");
  }
  if (message.has_revision()) {
    request.choice = FromProto(message.revision());
  } else {
    request.choice = message.model();
  }
  request.query.prefix = message.prefix();
  request.query.suffix = message.suffix();
  request.query.location = FromProto(message.location());
  request.query.index_commit = message.index_commit();
  request.query.sampling.max_tokens = message.max_tokens();
  request.user = message.user();
  request.session = message.session();
  return request;
}

}  // namespace

ServingServiceImpl::ServingServiceImpl(rpc::Executor& executor,
                                       LiveCompletions& live,
                                       FeedbackDesk& feedback,
                                       CompletionStore& completions,
                                       ModelCatalog& models)
    : executor_(executor),
      live_(live),
      feedback_(feedback),
      completions_(completions),
      models_(models) {}

grpc::ServerUnaryReactor* ServingServiceImpl::Complete(
    grpc::CallbackServerContext* context, const v1::CompleteRequest* request,
    v1::CompleteResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::CompleteRequest& in, v1::CompleteResponse& out,
             const rpc::Call& call) -> absl::Status {
        auto live = RequestOf(in);
        if (!live.ok()) return live.status();
        const auto completion = live_.Complete(
            *std::move(live), [&call] { return call.cancelled(); }, {});
        if (!completion.ok()) return completion.status();
        ToProto(*completion, *out.mutable_completion());
        return absl::OkStatus();
      });
}

grpc::ServerWriteReactor<v1::StreamCompleteResponse>*
ServingServiceImpl::StreamComplete(grpc::CallbackServerContext* context,
                                   const v1::StreamCompleteRequest* request) {
  return rpc::ServerStream<v1::StreamCompleteResponse>(
      context, executor_, request,
      [this](
          const v1::StreamCompleteRequest& in,
          rpc::StreamWriter<v1::StreamCompleteResponse>& out) -> absl::Status {
        auto live = RequestOf(in.request());
        if (!live.ok()) return live.status();
        const auto completion = live_.Complete(
            *std::move(live), [&out] { return out.cancelled(); },
            [&out](const Completion&, std::string_view piece) {
              v1::StreamCompleteResponse message;
              message.set_text(std::string(piece));
              return out.Write(std::move(message));
            });
        if (!completion.ok()) return completion.status();
        v1::StreamCompleteResponse last;
        ToProto(*completion, *last.mutable_completion());
        if (!out.Write(std::move(last))) {
          return absl::CancelledError("the client left");
        }
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* ServingServiceImpl::RecordFeedback(
    grpc::CallbackServerContext* context,
    const v1::RecordFeedbackRequest* request,
    v1::RecordFeedbackResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::RecordFeedbackRequest& in,
                           v1::RecordFeedbackResponse&) -> absl::Status {
                      auto feedback = FromProto(in.feedback());
                      if (!feedback.ok()) return feedback.status();
                      return feedback_.Take(*std::move(feedback));
                    });
}

grpc::ServerUnaryReactor* ServingServiceImpl::GetCompletion(
    grpc::CallbackServerContext* context,
    const v1::GetCompletionRequest* request,
    v1::GetCompletionResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::GetCompletionRequest& in,
                           v1::GetCompletionResponse& out) -> absl::Status {
                      if (in.completion_id().empty()) {
                        return base::FieldError("completion_id", "is required");
                      }
                      const auto stored = completions_.Get(in.completion_id());
                      if (!stored.ok()) return stored.status();
                      ToProto(stored->completion, *out.mutable_completion());
                      for (const Feedback& feedback : stored->feedback) {
                        ToProto(feedback, *out.add_feedback());
                      }
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* ServingServiceImpl::ListCompletions(
    grpc::CallbackServerContext* context,
    const v1::ListCompletionsRequest* request,
    v1::ListCompletionsResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::ListCompletionsRequest& in,
                           v1::ListCompletionsResponse& out) -> absl::Status {
                      const auto size = PageSize(in.page());
                      if (!size.ok()) return size.status();
                      const auto cursor = CursorOf(in.page().page_token());
                      if (!cursor.ok()) return cursor.status();
                      // One more than asked for says whether there is a next
                      // page.
                      auto rows =
                          completions_.List({.prompt = in.prompt(),
                                             .session = in.session(),
                                             .repository = in.repository()},
                                            *cursor, *size + 1);
                      if (!rows.ok()) return rows.status();
                      if (static_cast<std::int64_t>(rows->size()) > *size) {
                        rows->resize(static_cast<std::size_t>(*size));
                        out.set_next_page_token(TokenOf(rows->back()));
                      }
                      for (const Completion& completion : *rows) {
                        ToProto(completion, *out.add_completions());
                      }
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* ServingServiceImpl::RegisterModel(
    grpc::CallbackServerContext* context,
    const v1::RegisterModelRequest* request,
    v1::RegisterModelResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::RegisterModelRequest& in,
                           v1::RegisterModelResponse& out) -> absl::Status {
                      const auto model =
                          models_.Register(FromProto(in.model()));
                      if (!model.ok()) return model.status();
                      ToProto(*model, *out.mutable_model());
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* ServingServiceImpl::GetModel(
    grpc::CallbackServerContext* context, const v1::GetModelRequest* request,
    v1::GetModelResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::GetModelRequest& in,
                           v1::GetModelResponse& out) -> absl::Status {
                      if (in.name().empty()) {
                        return base::FieldError("name", "is required");
                      }
                      const auto model = models_.Get(in.name());
                      if (!model.ok()) return model.status();
                      ToProto(*model, *out.mutable_model());
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* ServingServiceImpl::ListModels(
    grpc::CallbackServerContext* context, const v1::ListModelsRequest* request,
    v1::ListModelsResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::ListModelsRequest& in,
                           v1::ListModelsResponse& out) -> absl::Status {
                      const auto size = PageSize(in.page());
                      if (!size.ok()) return size.status();
                      auto models =
                          models_.List(in.page().page_token(), *size + 1);
                      if (!models.ok()) return models.status();
                      if (static_cast<std::int64_t>(models->size()) > *size) {
                        models->resize(static_cast<std::size_t>(*size));
                        out.set_next_page_token(models->back().name);
                      }
                      for (const Model& model : *models)
                        ToProto(model, *out.add_models());
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* ServingServiceImpl::RetireModel(
    grpc::CallbackServerContext* context, const v1::RetireModelRequest* request,
    v1::RetireModelResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::RetireModelRequest& in,
                           v1::RetireModelResponse& out) -> absl::Status {
                      if (in.name().empty()) {
                        return base::FieldError("name", "is required");
                      }
                      const auto model = models_.Retire(in.name(), in.reason());
                      if (!model.ok()) return model.status();
                      ToProto(*model, *out.mutable_model());
                      return absl::OkStatus();
                    });
}

}  // namespace evalloop::serving
