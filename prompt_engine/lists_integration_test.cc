// Filters, orders and pages of the library's lists on real Postgres.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/postgres/transactor.h"
#include "platform/testing/documented_fields.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"
#include "prompt_engine/store/lists.h"
#include "prompt_engine/store/postgres_library_store.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LibraryListsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ =
        testing::TestDatabase::CreateOrDie({"prompt_engine/store/migrations"});
  }
  static void TearDownTestSuite() { database_.reset(); }

  // Prompts a, b and c with as many revisions as their place; the first
  // revision of each is published, b and c have a label.
  void SetUp() override {
    ASSERT_THAT(database_->Clear("prompt_engine"), IsOk());
    In([&](base::UnitOfWork& work) -> absl::Status {
      std::uint32_t versions = 0;
      for (const char* name : {"a", "b", "c"}) {
        const absl::Time start = absl::FromUnixSeconds(1'700'000'000);
        if (auto s = store_.LockPrompt(work, name, start); !s.ok()) {
          return s.status();
        }
        ++versions;
        for (std::uint32_t version = 1; version <= versions; ++version) {
          if (auto s = Add(work, name, version); !s.ok()) return s;
        }
      }
      return absl::OkStatus();
    });
  }

  absl::Status Add(base::UnitOfWork& work, const std::string& prompt,
                   std::uint32_t version) {
    Revision revision;
    revision.prompt = prompt;
    revision.version = version;
    revision.digest = prompt + std::to_string(version);
    revision.content = {.bytes = "x",
                        .json = version == 1
                                    ? R"({"model": {"name": "ngram"}})"
                                    : R"({"model": {"name": "qwen"}})"};
    revision.message = "Shorter lines";
    revision.author = version == 2 ? "bob" : "ann";
    revision.create_time =
        absl::FromUnixSeconds(1'700'000'000) + absl::Hours(version);
    if (auto s = store_.AddRevision(work, revision, ""); !s.ok()) return s;
    if (auto s = store_.AddHistory(work, prompt,
                                   {.time = revision.create_time,
                                    .act = std::string(kPushed),
                                    .to_version = version,
                                    .author = revision.author,
                                    .reason = "because"});
        !s.ok()) {
      return s;
    }
    if (version != 1) return absl::OkStatus();
    if (auto s = store_.SetPublication(work, prompt, 1,
                                       {.time = revision.create_time,
                                        .gate_id = "gate-1",
                                        .verdict = Verdict::kPassed});
        !s.ok()) {
      return s;
    }
    if (prompt == "a") return absl::OkStatus();
    return store_.PutLabel(work, {.prompt = prompt,
                                  .label = "production",
                                  .version = 1,
                                  .digest = revision.digest,
                                  .sequence = 1,
                                  .move_time = revision.create_time});
  }

  void In(const std::function<absl::Status(base::UnitOfWork&)>& body) {
    EXPECT_THAT(transactor_.Run(body), IsOk());
  }

  std::vector<std::string> Prompts(const listing::Request& request) {
    std::vector<std::string> names;
    In([&](base::UnitOfWork& work) {
      const auto page = store_.ListPrompts(work, request);
      if (page.ok()) {
        for (const auto& prompt : page->items) names.push_back(prompt.name);
      }
      return page.status();
    });
    return names;
  }
  listing::Page<Revision> Page(const listing::Request& request) {
    listing::Page<Revision> page;
    In([&](base::UnitOfWork& work) {
      auto found = store_.ListRevisions(work, "c", request);
      if (found.ok()) page = *found;
      return found.status();
    });
    return page;
  }
  std::vector<std::uint32_t> Versions(const listing::Request& request) {
    std::vector<std::uint32_t> versions;
    for (const auto& item : Page(request).items) {
      versions.push_back(item.version);
    }
    return versions;
  }

  static inline std::unique_ptr<testing::TestDatabase> database_;
  postgres::Pool pool_{database_->Options("prompt_engine")};
  postgres::PostgresTransactor transactor_{pool_};
  PostgresLibraryStore store_;
};

TEST_F(LibraryListsTest, PromptsAreFoundByNameAndLabel) {
  EXPECT_THAT(Prompts({}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Prompts({.filter = "labels:production",
                       .order_by = "latest_version desc"}),
              ElementsAre("c", "b"));
  EXPECT_THAT(Prompts({.filter = "NOT labels:*"}), ElementsAre("a"));
  EXPECT_THAT(Prompts({.filter = "name > a AND latest_version < 3"}),
              ElementsAre("b"));
}

TEST_F(LibraryListsTest, RevisionsAreFoundByWhatTheyAreAndByWhom) {
  EXPECT_THAT(Versions({}), ElementsAre(3u, 2u, 1u));
  EXPECT_THAT(Versions({.filter = "model = qwen", .order_by = "version"}),
              ElementsAre(2u, 3u));
  EXPECT_THAT(Versions({.filter = "published = true AND verdict = PASSED"}),
              ElementsAre(1u));
  EXPECT_THAT(Versions({.filter = "verdict = none AND author = bob"}),
              ElementsAre(2u));
  EXPECT_THAT(Versions({.filter = "message:SHORT publish_time:*"}),
              ElementsAre(1u));
  EXPECT_THAT(Versions({.filter = "gate_id != gate-1"}), ElementsAre(3u, 2u));
}

TEST_F(LibraryListsTest, PagesGoOnWhereTheyEndedInAnyOrder) {
  const auto first = Page({.order_by = "author desc", .page_size = 2});
  ASSERT_EQ(first.items.size(), 2u);
  EXPECT_EQ(first.items[0].version, 2u);
  EXPECT_EQ(first.items[1].version, 3u);
  EXPECT_THAT(Versions({.order_by = "author desc",
                        .page_size = 2,
                        .page_token = first.next_page_token}),
              ElementsAre(1u));
  // The first page has the one with a value; the others come after it.
  const auto published = Page({.order_by = "publish_time", .page_size = 1});
  EXPECT_EQ(published.items.at(0).version, 1u);
  EXPECT_THAT(Versions({.order_by = "publish_time",
                        .page_token = published.next_page_token}),
              ElementsAre(3u, 2u));
}

TEST_F(LibraryListsTest, HistoryIsFilteredToo) {
  std::vector<std::uint32_t> versions;
  In([&](base::UnitOfWork& work) {
    const auto page = store_.ListHistory(
        work, "c", {.filter = "act = pushed AND author = ann"});
    if (page.ok()) {
      for (const auto& entry : page->items) {
        versions.push_back(entry.to_version);
      }
    }
    return page.status();
  });
  EXPECT_THAT(versions, ElementsAre(3u, 1u));
}

TEST_F(LibraryListsTest, EveryFieldCanBeAskedFor) {
  const auto check = [&](const listing::List& list, auto ask) {
    for (const listing::Field& field : list.fields) {
      const std::string name(field.name);
      for (const listing::Request& request :
           {listing::Request{.filter = name + ":*"},
            listing::Request{.order_by = name}}) {
        const bool orders =
            field.sortable && field.type != listing::Type::kTexts;
        const absl::Status status = transactor_.Run(
            [&](base::UnitOfWork& work) { return ask(work, request); });
        EXPECT_EQ(status.ok(), orders || request.order_by.empty())
            << name << status;
      }
    }
  };
  check(kPromptList, [&](auto& work, auto& request) {
    return store_.ListPrompts(work, request).status();
  });
  check(kRevisionList, [&](auto& work, auto& request) {
    return store_.ListRevisions(work, "c", request).status();
  });
  check(kHistoryList, [&](auto& work, auto& request) {
    return store_.ListHistory(work, "c", request).status();
  });
  EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
    return store_.ListHistory(work, "c", {.page_token = "17"}).status();
  }),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("no token of this service")));
}

TEST(LibraryListsDocumentTest, HasEveryFieldAndNoOther) {
  const auto check = [](const char* heading, const listing::List& list) {
    EXPECT_EQ(testing::DocumentedFields("docs/querying.md", heading),
              testing::FieldsOf(list.fields))
        << heading;
  };
  check("### ListPrompts", kPromptList);
  check("### ListRevisions", kRevisionList);
  check("### ListHistory", kHistoryList);
}

}  // namespace
}  // namespace evalloop::prompt_engine
