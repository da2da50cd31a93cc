#ifndef EVALLOOP_PLATFORM_RPC_READ_MASK_H_
#define EVALLOOP_PLATFORM_RPC_READ_MASK_H_

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/repeated_field.h>

#include "absl/status/status.h"

namespace evalloop::rpc {

// InvalidArgument, naming `read_mask` and the fields there are, unless every
// path of the mask is one of `type`. "*" alone means all fields, as does an
// empty mask (AIP-157).
absl::Status CheckReadMask(const google::protobuf::FieldMask& mask,
                           const google::protobuf::Descriptor& type);

// Clears what the mask does not name. The mask is one that CheckReadMask took.
void TrimToMask(const google::protobuf::FieldMask& mask,
                google::protobuf::Message& message);

// Both, for the items of an answer: what a list of messages does at its end.
template <class Message>
absl::Status ApplyReadMask(
    const google::protobuf::FieldMask& mask,
    google::protobuf::RepeatedPtrField<Message>& messages) {
  if (auto valid = CheckReadMask(mask, *Message::descriptor()); !valid.ok()) {
    return valid;
  }
  for (Message& message : messages) TrimToMask(mask, message);
  return absl::OkStatus();
}

}  // namespace evalloop::rpc

#endif  // EVALLOOP_PLATFORM_RPC_READ_MASK_H_
