#ifndef EVALLOOP_PROMPT_ENGINE_TRANSLATE_CONTENT_CODEC_H_
#define EVALLOOP_PROMPT_ENGINE_TRANSLATE_CONTENT_CODEC_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "evalloop/v1/common.pb.h"
#include "prompt_engine/domain/revision.h"

namespace evalloop::prompt_engine {

RevisionContent FromProto(const v1::RevisionContent& message);
v1::RevisionContent ToProto(const RevisionContent& content);

// Canonical bytes are evalloop.v1.RevisionContent, serialised
// deterministically after the domain's defaults are in.
class ProtoContentCodec final : public ContentCodec {
 public:
  absl::StatusOr<EncodedContent> Encode(
      const RevisionContent& content) const override;
  absl::StatusOr<RevisionContent> Decode(std::string_view bytes) const override;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TRANSLATE_CONTENT_CODEC_H_
