#ifndef EVALLOOP_PLATFORM_RPC_RULES_H_
#define EVALLOOP_PLATFORM_RPC_RULES_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "platform/access/access.h"

namespace evalloop::rpc {

// Who may call one method: its option evalloop.v1.access, read once.
struct Rule {
  std::string method;  // "GetScore"
  access::Role role = access::Role::kNone;
  // From the request to the field that names the prompt; empty: none does.
  std::vector<const google::protobuf::FieldDescriptor*> prompt;
  bool audited = false;
  // The request's field "author"; null: it has none.
  const google::protobuf::FieldDescriptor* author = nullptr;

  // Whether the author that a request names must give way to who calls.
  bool NamesAnother(const access::Identity& identity) const {
    return author != nullptr && !identity.speaks_for_others;
  }
  void SetAuthor(const access::Identity& identity,
                 google::protobuf::Message& request) const;

  // What a caller of this method with this request must hold.
  access::Need NeedOf(const google::protobuf::Message& request) const;
};

// The rule of the method that takes such requests; each method of ours has a
// request message of its own, in its own file. A method without the option, or
// with one that names no field, is one that nobody may call.
Rule RuleOf(const google::protobuf::Descriptor& request);

// OK, or InvalidArgument naming the methods of `services` (full names) that
// nobody may call. gRPC's own (health, reflection) are not looked at.
absl::Status CheckRules(std::span<const std::string> services);

// The plain fields (texts, numbers, truths, enums) of a message as a JSON
// object, texts cut to 200 bytes: what the audit log says of a request.
std::string PlainFields(const google::protobuf::Message& message);

}  // namespace evalloop::rpc

#endif  // EVALLOOP_PLATFORM_RPC_RULES_H_
