#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_TINY_CODEC_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_TINY_CODEC_H_

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "prompt_engine/domain/revision.h"

namespace evalloop::prompt_engine {

// Content is its model and its number of tokens.
class TinyCodec final : public ContentCodec {
 public:
  absl::StatusOr<EncodedContent> Encode(
      const RevisionContent& content) const override {
    return EncodedContent{
        fmt::format("{} {}", content.model, content.sampling.max_tokens), "{}"};
  }
  absl::StatusOr<RevisionContent> Decode(
      std::string_view bytes) const override {
    RevisionContent content;
    const std::size_t blank = bytes.find(' ');
    content.model = bytes.substr(0, blank);
    content.sampling.max_tokens =
        static_cast<std::uint32_t>(std::stoi(std::string(bytes.substr(blank))));
    content.sampling.stop = {"\n"};
    return content;
  }
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_TINY_CODEC_H_
