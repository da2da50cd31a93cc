#ifndef EVALLOOP_PLATFORM_LISTING_REQUEST_H_
#define EVALLOOP_PLATFORM_LISTING_REQUEST_H_

#include <cstddef>
#include <string>
#include <vector>

namespace evalloop::listing {

// What a caller asks of a list. Texts are as they came over the wire.
struct Request {
  std::string filter = {};      // AIP-160; empty: everything.
  std::string order_by = {};    // AIP-132; empty: the list's own order.
  std::size_t page_size = 50;   // 1 or more; the caller has bounded it.
  std::string page_token = {};  // Of the page before; empty: from the start.
};

// A page of a list.
template <class T>
struct Page {
  std::vector<T> items = {};
  std::string next_page_token = {};  // Empty: this was the last page.
};

}  // namespace evalloop::listing

#endif  // EVALLOOP_PLATFORM_LISTING_REQUEST_H_
