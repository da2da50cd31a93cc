#include "platform/rpc/status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <chrono>
#include <map>
#include <string>

#include "platform/base/reason.h"
#include "platform/telemetry/log.h"

namespace evalloop::rpc {
namespace {

constexpr char kDomain[] = "evalloop.dev";
constexpr std::chrono::seconds kDefaultRetry{1};

bool IsInternal(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal ||
         code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

void AddRetryInfo(std::chrono::milliseconds wait, google::rpc::Status& out) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(wait.count() / 1000);
  info.mutable_retry_delay()->set_nanos(
      static_cast<int>(wait.count() % 1000 * 1'000'000));
  out.add_details()->PackFrom(info);
}

void AddDetails(const absl::Status& status, google::rpc::Status& out) {
  google::rpc::ErrorInfo info;
  info.set_reason(
      base::ReasonOf(status).value_or(absl::StatusCodeToString(status.code())));
  info.set_domain(kDomain);
  for (const auto& [key, value] : base::ReasonMetadataOf(status)) {
    (*info.mutable_metadata())[key] = value;
  }
  out.add_details()->PackFrom(info);
  if (const auto field = base::FieldOf(status); field.has_value()) {
    google::rpc::BadRequest bad;
    auto& violation = *bad.add_field_violations();
    violation.set_field(*field);
    violation.set_description(out.message());
    out.add_details()->PackFrom(bad);
  }
  const auto retry = base::RetryAfterOf(status);
  if (retry.has_value() || status.code() == absl::StatusCode::kUnavailable ||
      status.code() == absl::StatusCode::kResourceExhausted) {
    AddRetryInfo(retry.value_or(kDefaultRetry), out);
  }
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  if (IsInternal(status.code())) {
    telemetry::LogError("a call failed inside",
                        {{"status", status.ToString()}});
    details.set_message("internal error");
  } else {
    details.set_message(std::string(status.message()));
  }
  AddDetails(status, details);
  // absl and gRPC use the same canonical code numbers.
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      details.message(), details.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return result;
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      result =
          base::WithReason(result, info.reason(),
                           {info.metadata().begin(), info.metadata().end()});
    } else if (detail.UnpackTo(&bad) && bad.field_violations_size() > 0) {
      result = base::WithField(result, bad.field_violations(0).field());
    } else if (detail.UnpackTo(&retry)) {
      result = base::WithRetryAfter(
          result,
          std::chrono::milliseconds(retry.retry_delay().seconds() * 1000 +
                                    retry.retry_delay().nanos() / 1'000'000));
    }
  }
  return result;
}

}  // namespace evalloop::rpc
