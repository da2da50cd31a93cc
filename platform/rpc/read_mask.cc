#include "platform/rpc/read_mask.h"

#include <fmt/format.h>
#include <google/protobuf/util/field_mask_util.h>

#include <string>

#include "platform/base/reason.h"

namespace evalloop::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;

constexpr int kMaxPaths = 100;

bool MeansAll(const FieldMask& mask) {
  return mask.paths_size() == 0 ||
         (mask.paths_size() == 1 && mask.paths(0) == "*");
}

std::string FieldsOf(const Descriptor& type) {
  std::string names;
  for (int i = 0; i < type.field_count(); ++i) {
    names += (i == 0 ? "" : ", ") + type.field(i)->name();
  }
  return names;
}

}  // namespace

absl::Status CheckReadMask(const FieldMask& mask, const Descriptor& type) {
  if (MeansAll(mask)) return absl::OkStatus();
  if (mask.paths_size() > kMaxPaths) {
    return base::FieldError("read_mask",
                            fmt::format("has {} paths", mask.paths_size()),
                            fmt::format("at most {} are allowed", kMaxPaths));
  }
  for (const std::string& path : mask.paths()) {
    if (path.empty() ||
        !FieldMaskUtil::GetFieldDescriptors(&type, path, nullptr)) {
      return base::FieldError("read_mask",
                              fmt::format("there is no \"{}\"", path),
                              "paths begin with: " + FieldsOf(type));
    }
  }
  return absl::OkStatus();
}

void TrimToMask(const FieldMask& mask, google::protobuf::Message& message) {
  if (!MeansAll(mask)) FieldMaskUtil::TrimMessage(mask, &message);
}

}  // namespace evalloop::rpc
