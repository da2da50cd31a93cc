#ifndef EVALLOOP_PLATFORM_TRANSCODING_MESSAGES_H_
#define EVALLOOP_PLATFORM_TRANSCODING_MESSAGES_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/http/message.h"
#include "platform/transcoding/path_template.h"

namespace evalloop::transcoding {

// JSON and protobuf, after protobuf's JSON mapping: proto field names, zeros
// printed, 64-bit numbers as text.

// The parameters of a query string, in order. InvalidArgument for a malformed
// escape.
absl::StatusOr<std::vector<Binding>> ParseQuery(std::string_view query);

// The serialised request of `type`: the JSON `body` (empty: {}), then
// `bindings` over it; several of one name make a list. InvalidArgument names
// the field or the parameter.
absl::StatusOr<std::string> RequestBytes(
    const google::protobuf::Descriptor& type, std::string_view body,
    std::span<const Binding> bindings);

// The JSON text of a serialised message, on one line. Internal when it can't
// be read.
absl::StatusOr<std::string> JsonOf(const google::protobuf::Descriptor& type,
                                   const std::string& bytes);

// {"error":{"code","message","status","details":[...]}} (AIP-193) on one line.
// `http_code` 0: the one that belongs to the status.
std::string ErrorJson(const grpc::Status& status, int http_code = 0);

// That as an answer, with retry-after where the status says when.
http::Response ErrorAnswer(const grpc::Status& status, int http_code = 0);

}  // namespace evalloop::transcoding

#endif  // EVALLOOP_PLATFORM_TRANSCODING_MESSAGES_H_
