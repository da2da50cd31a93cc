#include "platform/base/access.h"

#include <arpa/inet.h>

#include <string>

#include "absl/strings/match.h"
#include "platform/base/text.h"

namespace evalloop::base {

bool IsLoopback(std::string_view address) {
  if (address == "localhost") return true;
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  const std::string text(address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    return (ntohl(v4.s_addr) >> 24) == 127;
  }
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 &&
         IN6_IS_ADDR_LOOPBACK(&v6);
}

bool BearerMatches(std::string_view authorization, std::string_view token) {
  constexpr absl::string_view kScheme = "bearer ";
  if (token.empty() || !absl::StartsWithIgnoreCase(A(authorization), kScheme)) {
    return false;
  }
  const std::string_view given = authorization.substr(kScheme.size());
  unsigned char differs = given.size() == token.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    differs |= static_cast<unsigned char>(given[i]) ^
               static_cast<unsigned char>(token[i % token.size()]);
  }
  return differs == 0;
}

}  // namespace evalloop::base
