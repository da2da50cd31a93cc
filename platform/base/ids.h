#ifndef EVALLOOP_PLATFORM_BASE_IDS_H_
#define EVALLOOP_PLATFORM_BASE_IDS_H_

#include <string>
#include <string_view>

namespace evalloop::base {

// 128 random bits as 32 lower-case hex digits. Thread-safe.
std::string RandomId();

// 32 hex digits that are a function of `cause` and `kind` alone: an event
// derived from another gets the same id however often it is derived again.
// `cause` is the causing event's id, `kind` says which of its effects this is.
std::string DerivedId(std::string_view cause, std::string_view kind);

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_IDS_H_
