#include "model_server/store/folder_artefact_store.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "model_server/domain/completer.h"
#include "model_server/store/artefact_format.h"
#include "model_server/testing/temporary_repository.h"
#include "model_server/testing/tiny_model.h"
#include "platform/base/crc32c.h"

namespace evalloop::model_server {
namespace {

using testing::BaseOf;
using testing::TemporaryFolder;

std::shared_ptr<const FrozenBase> SomeBase() {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += "total = add(total, value" + std::to_string(i % 7) + ");\n";
  }
  return BaseOf({{"a.cc", text}, {"b.py", "def f(x):\n    return x\n"}}, "c0");
}

std::string FirstAnswer(std::shared_ptr<const FrozenBase> base) {
  const auto index = IndexSnapshot::OfBase(std::move(base));
  const auto result = Complete(
      *index,
      {.prefix = "x;\ntotal = ", .language = code_analysis::Language::kCpp});
  return result.choices.empty() ? "" : result.choices[0].text;
}

// Decodes a private copy, so that a sanitizer sees every step beyond its end.
absl::Status Decoded(const std::string& bytes) {
  const std::shared_ptr<char> copy(
      static_cast<char*>(std::aligned_alloc(64, (bytes.size() + 63) / 64 * 64)),
      std::free);
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  return DecodeArtefact({copy.get(), bytes.size()}, copy).status();
}

TEST(FolderArtefactStoreTest, WhatIsSavedIsLoadedByItsDigest) {
  TemporaryFolder folder;
  FolderArtefactStore store(folder.path() + "/models");
  const auto base = SomeBase();
  const auto saved = store.Save(*base);
  ASSERT_TRUE(saved.ok()) << saved.status();
  EXPECT_EQ(store.Save(*base)->digest, saved->digest);
  EXPECT_EQ(*store.List(), std::vector<std::string>{saved->digest});
  const auto loaded = store.Load(saved->digest);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->commit, "c0");
  EXPECT_EQ((*loaded)->parameters, base->parameters);
  EXPECT_EQ(FirstAnswer(*loaded), FirstAnswer(base));
  EXPECT_FALSE(FirstAnswer(base).empty());
}

TEST(FolderArtefactStoreTest, AnUnknownOrFoolishDigestIsNotFound) {
  TemporaryFolder folder;
  FolderArtefactStore store(folder.path());
  EXPECT_TRUE(absl::IsNotFound(store.Load(std::string(64, 'a')).status()));
  EXPECT_TRUE(absl::IsNotFound(store.Load("../../etc/passwd").status()));
  EXPECT_TRUE(store.List()->empty());
}

TEST(FolderArtefactStoreTest, ATruncatedFileIsRefused) {
  TemporaryFolder folder;
  FolderArtefactStore store(folder.path());
  const auto saved = store.Save(*SomeBase());
  ASSERT_TRUE(saved.ok());
  const std::string path = folder.path() + "/" + saved->digest + ".evm";
  std::filesystem::resize_file(path, saved->bytes - 100);
  EXPECT_TRUE(absl::IsDataLoss(store.Load(saved->digest).status()));
}

TEST(ArtefactFormatTest, NoPrefixOfAnArtefactIsTaken) {
  const std::string bytes = EncodeArtefact(*SomeBase());
  for (std::size_t size = 0; size < bytes.size();
       size += 1 + bytes.size() / 97) {
    EXPECT_FALSE(Decoded(bytes.substr(0, size)).ok());
  }
  EXPECT_TRUE(Decoded(bytes).ok());
}

TEST(ArtefactFormatTest, AnotherVersionIsToldApartFromDamage) {
  std::string bytes = EncodeArtefact(*SomeBase());
  bytes[8] = 9;
  EXPECT_TRUE(absl::IsFailedPrecondition(Decoded(bytes)));
}

// A forged file has a right checksum: every value is checked, or harmless.
TEST(ArtefactFormatTest, NoForgedFileLeadsOutsideOfIt) {
  const std::string sound = EncodeArtefact(*SomeBase());
  std::mt19937 random(21);
  constexpr std::size_t kHeader = 24 + 16 * 12;
  for (int round = 0; round < 400; ++round) {
    std::string bytes = sound;
    const bool in_header = round % 4 == 0;
    for (int i = 0; i < 3; ++i) {
      const std::size_t at =
          in_header ? 24 + random() % (kHeader - 24)
                    : kHeader + random() % (bytes.size() - kHeader - 4);
      const std::uint32_t value = random() % 2 == 0
                                      ? static_cast<std::uint32_t>(random())
                                      : random() % 1000;
      std::memcpy(bytes.data() + at / 4 * 4, &value, 4);
    }
    std::memset(bytes.data() + 12, 0, 4);
    const std::uint32_t crc =
        base::Crc32c(std::string_view(bytes).substr(0, kHeader));
    std::memcpy(bytes.data() + 12, &crc, 4);
    const auto memory = std::make_shared<std::vector<std::uint64_t>>(
        (bytes.size() + 7) / 8 + 8);
    std::memcpy(memory->data(), bytes.data(), bytes.size());
    const auto decoded = DecodeArtefact(
        {reinterpret_cast<const char*>(memory->data()), bytes.size()}, memory);
    if (decoded.ok()) FirstAnswer(*decoded);  // Any answer; no crash.
  }
}

}  // namespace
}  // namespace evalloop::model_server
