#ifndef EVALLOOP_PLATFORM_LISTING_PAGE_TOKEN_H_
#define EVALLOOP_PLATFORM_LISTING_PAGE_TOKEN_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace evalloop::listing {

// The order keys of a page's last item; absent: it has no value there.
using OrderKeys = std::vector<std::optional<std::string>>;

// An opaque text that says after which keys a list goes on. It belongs to
// `context`: all that the list depends on but the page's size.
std::string PageToken(std::string_view context, const OrderKeys& keys);

// The keys of a token. InvalidArgument names `page.page_token` where it was
// damaged, or belongs to another context. Not a secret: whoever forges one sees
// another part of what the list would show anyway.
absl::StatusOr<OrderKeys> KeysOf(std::string_view token,
                                 std::string_view context, std::size_t keys);

}  // namespace evalloop::listing

#endif  // EVALLOOP_PLATFORM_LISTING_PAGE_TOKEN_H_
