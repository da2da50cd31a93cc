#ifndef EVALLOOP_PLATFORM_BASE_ACCESS_H_
#define EVALLOOP_PLATFORM_BASE_ACCESS_H_

#include <string_view>

namespace evalloop::base {

// True for "localhost", 127.0.0.0/8 and ::1 (also in brackets): what a server
// may listen on without authentication.
bool IsLoopback(std::string_view address);

// True when `authorization` is "Bearer <token>". The time it takes does not
// depend on how much of the token is right. False for an empty token.
bool BearerMatches(std::string_view authorization, std::string_view token);

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_ACCESS_H_
