#include "cli/embedded_index.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "cli/names.h"
#include "cli/prompt_engine_peer.h"
#include "cli/serving_peer.h"
#include "platform/base/text.h"

namespace evalloop::cli {
namespace {

constexpr std::string_view kPromptPrefix = "evalloop/";
// Indexing a large commit is work; a first index may read a whole tree.
constexpr std::chrono::milliseconds kIndexDeadline{120'000};
constexpr std::size_t kShownOfAnError = 300;

}  // namespace

absl::StatusOr<bool> EmbeddedIndex::Add(std::string_view model_string,
                                        std::chrono::seconds patience) {
  constexpr std::chrono::seconds kDeadline{20};
  std::string name(model_string);
  if (model_string.substr(0, kPromptPrefix.size()) == kPromptPrefix) {
    const auto selector =
        ParseRevision(model_string.substr(kPromptPrefix.size()));
    if (!selector.ok()) return selector.status();
    v1::GetRevisionRequest request;
    *request.mutable_revision() = *selector;
    const auto revision =
        Call(peers_, &Prompts::GetRevision, request, kDeadline, patience);
    if (!revision.ok()) return revision.status();
    name = revision->revision().content().model().name();
  }
  v1::GetModelRequest request;
  request.set_name(name);
  const auto model =
      Call(peers_, &Serving::GetModel, request, kDeadline, patience);
  if (!model.ok()) return model.status();
  if (model->model().provider() != v1::Model::PROVIDER_EMBEDDED) return false;
  model_ids_.insert(model->model().model_id());
  return true;
}

absl::Status EmbeddedIndex::StandAt(std::string_view repository,
                                    std::string_view commit) {
  const std::string& url = peers_.addresses().model_server_url;
  for (const std::string& model : model_ids_) {
    boost::json::object body;
    body["model"] = model;
    body["repository"] = boost::json::string(repository);
    body["commit"] = boost::json::string(commit);
    const absl::Status status = Patiently(
        fmt::format("model_server at {}", url), kPatience, terminal_,
        [&]() -> absl::Status {
          http::ClientRequest request;
          request.method = "POST";
          request.url = url + "/v1/index";
          request.headers = {{"content-type", "application/json"}};
          if (!token_.empty()) {
            request.headers.Add("authorization", "Bearer " + token_);
          }
          request.body = boost::json::serialize(body);
          request.deadline = kIndexDeadline;
          request.stall_timeout = kIndexDeadline;
          const auto response = client_.Fetch(std::move(request));
          if (!response.ok()) return response.status();
          if (response->status >= 200 && response->status < 300) {
            return absl::OkStatus();
          }
          const std::string message = fmt::format(
              "/v1/index answered {}: {}", response->status,
              std::string_view(response->body).substr(0, kShownOfAnError));
          return response->status == 429 || response->status == 503
                     ? absl::UnavailableError(message)
                     : absl::FailedPreconditionError(message);
        });
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace evalloop::cli
