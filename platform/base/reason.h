#ifndef EVALLOOP_PLATFORM_BASE_REASON_H_
#define EVALLOOP_PLATFORM_BASE_REASON_H_

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace evalloop::base {

// What a status can carry besides its code and text, so that domain code can
// say it without knowing the wire. platform/rpc turns these into
// google.rpc.ErrorInfo, BadRequest and RetryInfo.

// Returns `status` with a machine-readable reason, UPPER_SNAKE, for example
// "RUN_NOT_FOUND". Reasons are part of the API. `metadata` must hold no
// secrets. An OK status is returned unchanged.
absl::Status WithReason(
    absl::Status status, std::string_view reason,
    const std::map<std::string, std::string>& metadata = {});

// The reason given by WithReason.
std::optional<std::string> ReasonOf(const absl::Status& status);

// The metadata given by WithReason; empty without one.
std::map<std::string, std::string> ReasonMetadataOf(const absl::Status& status);

// InvalidArgument for one named field: "<field>: <what>; <remedy>".
// field: as the caller wrote it, for example "items[3].prefix".
absl::Status FieldError(std::string_view field, std::string_view what,
                        std::string_view remedy = "");

// Returns `status` with the name of the field that caused it.
absl::Status WithField(absl::Status status, std::string_view field);

// The field named by FieldError or WithField.
std::optional<std::string> FieldOf(const absl::Status& status);

// Returns `status` with the time after which a retry makes sense.
absl::Status WithRetryAfter(absl::Status status,
                            std::chrono::milliseconds wait);

// The time given by WithRetryAfter.
std::optional<std::chrono::milliseconds> RetryAfterOf(
    const absl::Status& status);

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_REASON_H_
