#ifndef EVALLOOP_COMPLETION_POLICY_WIRE_H_
#define EVALLOOP_COMPLETION_POLICY_WIRE_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "completion_policy/output_policy.h"
#include "completion_policy/render.h"
#include "evalloop/v1/common.pb.h"

namespace evalloop::completion_policy {

// From the messages that services share to this library's types, in a library
// of its own (completion_policy_wire) so that domain code links no protobuf.
Template FromProto(const v1::Template& message);
// Its includes are not put in.
Wording WordingOf(const v1::RevisionContent& message);
ContextPolicy FromProto(const v1::ContextPolicy& message);
OutputPolicy FromProto(const v1::OutputPolicy& message);
std::vector<ModelToken> FromProto(
    const google::protobuf::RepeatedPtrField<v1::CompletionToken>& tokens);

void ToProto(const OutputPolicy& policy, v1::OutputPolicy& message);

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_WIRE_H_
