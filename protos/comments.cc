#include "protos/comments.h"

#include <algorithm>

#include "protos/comments_table.h"

namespace evalloop::protos {

std::string_view CommentOf(std::string_view full_name) {
  const auto found =
      std::ranges::lower_bound(kComments, full_name, {}, &Comment::full_name);
  return found != kComments.end() && found->full_name == full_name
             ? found->text
             : std::string_view();
}

}  // namespace evalloop::protos
