#include "model_server/store/artefact_format.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "platform/base/crc32c.h"

namespace evalloop::model_server {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the artefact is little-endian and is used in place");

constexpr std::array<char, 8> kMagic = {'E', 'V', 'L', 'M', 'O', 'D', 'E', 'L'};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kAlignment = 64;
constexpr std::uint32_t kMaxKind =
    static_cast<std::uint32_t>(TokenKind::kNewline);

enum Part : std::size_t {
  kRepository,
  kCommit,
  kParameters,
  kVocabularyBytes,
  kVocabularyOffsets,
  kVocabularyKinds,
  kVocabularySlots,
  kText,
  kSuffixes,
  kHot,
  kFiles,
  kPaths,
  kPartCount,
};

struct PartPlace {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct Header {
  std::array<char, 8> magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t crc = 0;  // CRC-32C of the header with this field 0.
  std::uint64_t file_size = 0;
  std::array<PartPlace, kPartCount> parts{};
};
static_assert(sizeof(Header) == 24 + 16 * kPartCount);
static_assert(std::is_trivially_copyable_v<Parameters>);

std::uint32_t CrcOf(Header header) {
  header.crc = 0;
  return base::Crc32c({reinterpret_cast<const char*>(&header), sizeof(header)});
}

template <typename T>
std::string_view BytesOf(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

std::size_t Aligned(std::size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

class Decoder {
 public:
  Decoder(std::string_view bytes, const Header& header)
      : bytes_(bytes), header_(header) {}

  template <typename T>
  std::span<const T> Values(Part part) {
    const PartPlace& place = header_.parts[part];
    if (place.offset > bytes_.size() ||
        place.size > bytes_.size() - place.offset ||
        place.offset % kAlignment != 0 || place.size % sizeof(T) != 0 ||
        place.size / sizeof(T) > std::uint64_t{1} << 30) {
      fits_ = false;
      return {};
    }
    return {reinterpret_cast<const T*>(bytes_.data() + place.offset),
            place.size / sizeof(T)};
  }

  std::string Text(Part part) {
    const auto values = Values<char>(part);
    return {values.data(), values.size()};
  }

  bool fits() const { return fits_; }

 private:
  std::string_view bytes_;
  const Header& header_;
  bool fits_ = true;
};

bool VocabularyHolds(std::span<const char> bytes,
                     std::span<const std::uint32_t> offsets,
                     std::span<const std::uint8_t> kinds,
                     std::span<const TokenId> slots) {
  return kinds.size() >= kFirstWord && offsets.size() == kinds.size() + 1 &&
         offsets.front() == 0 && offsets.back() == bytes.size() &&
         std::is_sorted(offsets.begin(), offsets.end()) &&
         std::has_single_bit(slots.size()) && slots.size() > kinds.size() &&
         std::all_of(kinds.begin(), kinds.end(),
                     [](std::uint8_t kind) { return kind <= kMaxKind; }) &&
         std::all_of(slots.begin(), slots.end(),
                     [&](TokenId token) { return token < kinds.size(); });
}

bool SegmentHolds(const Segment& segment, std::size_t words) {
  const auto text = segment.text();
  constexpr std::size_t kPad = kMaxOrder + 1;
  if (text.size() < kPad || segment.suffixes().size() > text.size() - kPad) {
    return false;
  }
  const auto known = [words](std::uint32_t word) {
    return TokenOf(word) < words;
  };
  return std::all_of(text.begin(), text.end(), known) &&
         std::all_of(text.end() - kPad, text.end(),
                     [](std::uint32_t word) { return word == kCut; }) &&
         std::all_of(segment.suffixes().begin(), segment.suffixes().end(),
                     [&](std::uint32_t position) {
                       return position < text.size() - kPad;
                     }) &&
         std::all_of(segment.hot().begin(), segment.hot().end(),
                     [&](const HotContext& hot) {
                       return hot.slot < kOrderCount && hot.lo <= hot.hi &&
                              hot.hi <= segment.suffixes().size() &&
                              std::all_of(hot.top.begin(), hot.top.end(),
                                          known);
                     });
}

bool FilesHold(const FrozenBase& base) {
  const auto text = base.segment.text();
  std::string_view previous;
  for (const FrozenFile& file : base.files) {
    if (file.path_offset > base.paths.size() ||
        file.path_size > base.paths.size() - file.path_offset ||
        file.start == 0 || file.start > file.end || file.end >= text.size() ||
        TokenOf(text[file.start - 1]) != kBoundary ||
        TokenOf(text[file.end]) != kBoundary) {
      return false;
    }
    const std::string_view path = base.PathOf(file);
    if (&file != base.files.data() && path <= previous) return false;
    previous = path;
  }
  return true;
}

bool ParametersHold(const Parameters& parameters) {
  const auto sound = [](float value) {
    return std::isfinite(value) && value > 0 && value <= 1000;
  };
  return std::all_of(parameters.discount.begin(), parameters.discount.end(),
                     sound) &&
         std::all_of(parameters.file_weight.begin(),
                     parameters.file_weight.end(), sound);
}

absl::Status Damaged(const char* what) {
  return absl::DataLossError(std::string("damaged model artefact: ") + what);
}

}  // namespace

std::string EncodeArtefact(const FrozenBase& base) {
  const std::array<std::string_view, kPartCount> parts = {
      base.repository,
      base.commit,
      std::string_view(reinterpret_cast<const char*>(&base.parameters),
                       sizeof(Parameters)),
      BytesOf(base.vocabulary.bytes()),
      BytesOf(base.vocabulary.offsets()),
      BytesOf(base.vocabulary.kinds()),
      BytesOf(base.vocabulary.slots()),
      BytesOf(base.segment.text()),
      BytesOf(base.segment.suffixes()),
      BytesOf(base.segment.hot()),
      BytesOf(base.files),
      BytesOf(base.paths)};
  Header header;
  std::size_t at = Aligned(sizeof(Header));
  for (std::size_t i = 0; i < kPartCount; ++i) {
    header.parts[i] = {at, parts[i].size()};
    at = Aligned(at + parts[i].size());
  }
  header.file_size = at;
  header.crc = CrcOf(header);
  std::string bytes(at, '\0');
  std::memcpy(bytes.data(), &header, sizeof(header));
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (parts[i].empty()) continue;
    std::memcpy(bytes.data() + header.parts[i].offset, parts[i].data(),
                parts[i].size());
  }
  return bytes;
}

absl::StatusOr<std::shared_ptr<const FrozenBase>> DecodeArtefact(
    std::string_view bytes, std::shared_ptr<const void> memory) {
  Header header;
  if (bytes.size() < sizeof(header)) return Damaged("too short");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != kMagic) return Damaged("no model artefact");
  if (header.version != kVersion) {
    return absl::FailedPreconditionError(
        "a model artefact of another format version");
  }
  if (CrcOf(header) != header.crc) return Damaged("header checksum");
  if (header.file_size != bytes.size()) return Damaged("size");

  Decoder decoder(bytes, header);
  auto base = std::make_shared<FrozenBase>();
  base->repository = decoder.Text(kRepository);
  base->commit = decoder.Text(kCommit);
  const auto parameters = decoder.Values<Parameters>(kParameters);
  const auto words = decoder.Values<char>(kVocabularyBytes);
  const auto offsets = decoder.Values<std::uint32_t>(kVocabularyOffsets);
  const auto kinds = decoder.Values<std::uint8_t>(kVocabularyKinds);
  const auto slots = decoder.Values<TokenId>(kVocabularySlots);
  const auto text = decoder.Values<std::uint32_t>(kText);
  const auto suffixes = decoder.Values<std::uint32_t>(kSuffixes);
  const auto hot = decoder.Values<HotContext>(kHot);
  base->files = decoder.Values<FrozenFile>(kFiles);
  base->paths = decoder.Values<char>(kPaths);
  if (!decoder.fits()) return Damaged("a part is outside of the file");
  if (parameters.size() != 1 || !ParametersHold(parameters[0])) {
    return Damaged("parameters");
  }
  if (!VocabularyHolds(words, offsets, kinds, slots)) {
    return Damaged("vocabulary");
  }
  base->parameters = parameters[0];
  base->vocabulary = FrozenVocabulary(words, offsets, kinds, slots);
  base->segment = Segment(text, suffixes, hot);
  if (!SegmentHolds(base->segment, kinds.size())) return Damaged("text");
  if (!FilesHold(*base)) return Damaged("files");
  base->memory = std::move(memory);
  return std::shared_ptr<const FrozenBase>(std::move(base));
}

}  // namespace evalloop::model_server
