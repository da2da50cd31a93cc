#ifndef EVALLOOP_PROTOS_COMMENTS_H_
#define EVALLOOP_PROTOS_COMMENTS_H_

#include <string_view>

namespace evalloop::protos {

// The comment that stands before a service, method, message, field, enum or
// value of protos/evalloop/v1, on one line; empty where there is none. A
// program's own descriptors have none: this is a table, made by the build.
// full_name: as descriptors say it, e.g. "evalloop.v1.GetRunRequest.run_id".
std::string_view CommentOf(std::string_view full_name);

}  // namespace evalloop::protos

#endif  // EVALLOOP_PROTOS_COMMENTS_H_
