#ifndef EVALLOOP_PLATFORM_RPC_STATUS_H_
#define EVALLOOP_PLATFORM_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace evalloop::rpc {

// The one translation to the wire. Every error carries a google.rpc.Status
// with one ErrorInfo{reason, domain "evalloop.dev", metadata}: the reason is
// base::WithReason's, or the code's name. INVALID_ARGUMENT made by
// base::FieldError also carries BadRequest; UNAVAILABLE and RESOURCE_EXHAUSTED
// carry RetryInfo (base::WithRetryAfter's time, or one second). INTERNAL and
// UNKNOWN keep their text out of the wire; it is logged.
grpc::Status ToGrpcStatus(const absl::Status& status);

// The way back: code, text, reason, metadata, field and retry time.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace evalloop::rpc

#endif  // EVALLOOP_PLATFORM_RPC_STATUS_H_
