#include "serving/stream/library_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evalloop/v1/events.pb.h"
#include "platform/testing/status_matchers.h"
#include "serving/testing/fixtures.h"

namespace evalloop::serving {
namespace {

using testing::IsOk;
using testing::StatusIs;

constexpr std::chrono::milliseconds kNone{0};

kafka::Record RecordOf(const v1::Event& event) {
  kafka::Record record;
  record.topic = "evalloop.prompt";
  record.payload = event.SerializeAsString();
  return record;
}

class LibraryFeedTest : public ::testing::Test {
 protected:
  static v1::Event Pushed(std::uint32_t version) {
    v1::Event event;
    v1::Revision& revision =
        *event.mutable_revision_pushed()->mutable_revision();
    revision.set_prompt("line");
    revision.set_version(version);
    revision.set_digest("digest of " + std::to_string(version));
    v1::RevisionContent& content = *revision.mutable_content();
    content.mutable_template_()->set_form(v1::Template::FORM_CHAT);
    content.mutable_template_()->set_text("{{> head}}{{prefix}}");
    content.set_system_prompt("{{> tone}}");
    content.mutable_model()->set_name("small");
    for (const auto& [name, text] : {std::pair("head", "In {{language}}:\n"),
                                     std::pair("tone", "Brief.")}) {
      v1::Include& include = *content.add_includes();
      include.set_name(name);
      include.set_text(text);
    }
    return event;
  }
  absl::Status Apply(const v1::Event& event) {
    return ApplyToLibrary(RecordOf(event), library_);
  }
  absl::Status Move(std::uint32_t version, std::uint64_t sequence) {
    v1::Event event;
    v1::LabelMoved& moved = *event.mutable_label_moved();
    moved.set_prompt("line");
    moved.set_label("production");
    moved.set_version(version);
    moved.set_sequence(sequence);
    return Apply(event);
  }
  std::uint32_t Resolved(const RevisionSelector& selector) {
    const auto found = library_.Resolve(selector, kNone);
    return found.ok() ? (*found)->version : 0;
  }

  Library library_;
};

TEST_F(LibraryFeedTest, PutsIncludesInOnceWhenARevisionComes) {
  ASSERT_THAT(Apply(Pushed(1)), IsOk());
  const auto found = library_.Resolve({.prompt = "line", .version = 1}, kNone);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ((*found)->wording.form.text, "In {{language}}:\n{{prefix}}");
  EXPECT_EQ((*found)->wording.system_prompt, "Brief.");
  EXPECT_TRUE((*found)->wording.includes.empty());
}

TEST_F(LibraryFeedTest, LeavesOutARevisionThatCannotBeRendered) {
  v1::Event event = Pushed(1);
  event.mutable_revision_pushed()
      ->mutable_revision()
      ->mutable_content()
      ->clear_includes();
  EXPECT_THAT(Apply(event), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Resolved({.prompt = "line", .version = 1}), 0U);
}

TEST_F(LibraryFeedTest, APinStaysWhileTheLabelMovesAndRollsBack) {
  ASSERT_THAT(Apply(Pushed(1)), IsOk());
  ASSERT_THAT(Apply(Pushed(2)), IsOk());
  ASSERT_THAT(Move(1, 1), IsOk());
  EXPECT_EQ(Resolved({.prompt = "line"}), 1U);
  ASSERT_THAT(Move(2, 2), IsOk());
  EXPECT_EQ(Resolved({.prompt = "line"}), 2U);
  EXPECT_EQ(Resolved({.prompt = "line", .version = 1}), 1U);
  EXPECT_EQ(Resolved({.digest = "digest of 1"}), 1U);
  // Back, and then the move again that a relay sent twice.
  ASSERT_THAT(Move(1, 3), IsOk());
  ASSERT_THAT(Move(2, 2), IsOk());
  EXPECT_EQ(Resolved({.prompt = "line"}), 1U);
  EXPECT_EQ(Resolved({.prompt = "line", .version = 2}), 2U);
}

}  // namespace
}  // namespace evalloop::serving
