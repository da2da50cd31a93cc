#ifndef EVALLOOP_PROTOS_COMMENTS_TABLE_H_
#define EVALLOOP_PROTOS_COMMENTS_TABLE_H_

#include <span>
#include <string_view>

namespace evalloop::protos {

struct Comment {
  std::string_view full_name;
  std::string_view text;
};

// All of them by name, in order. Written by comments_writer.cc.
extern const std::span<const Comment> kComments;

}  // namespace evalloop::protos

#endif  // EVALLOOP_PROTOS_COMMENTS_TABLE_H_
