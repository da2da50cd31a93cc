#include "platform/listing/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::listing {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Field kFields[] = {
    {.name = "run_id", .sql = "r.run_id"},
    {.name = "note", .sql = "r.note", .sortable = false},
    {.name = "tags", .type = Type::kTexts, .sql = "r.tags"},
    {.name = "cost", .type = Type::kInteger, .sql = "r.cost"},
    {.name = "end", .type = Type::kTime, .sql = "r.ended", .nullable = true},
    {.name = "metrics.",
     .type = Type::kNumber,
     .sql = "m({})",
     .nullable = true},
};
constexpr Key kOrder[] = {
    {.sql = "r.started", .type = Type::kTime, .descending = true},
    {.sql = "r.run_id", .descending = true}};
constexpr List kRuns = {.name = "runs", .fields = kFields, .order = kOrder};

absl::StatusOr<Query> Make(const Request& request,
                           std::vector<std::string> scope = {}) {
  return Query::Make(kRuns, request, std::move(scope));
}

TEST(QueryTest, WithoutAnythingAskedForItIsTheListsOwn) {
  const auto query = Make({.page_size = 20}, {"prompt"});
  ASSERT_THAT(query, IsOk());
  EXPECT_EQ(query->where(), "(true)");
  EXPECT_EQ(query->order(), "r.started DESC, r.run_id DESC");
  EXPECT_EQ(query->keys(),
            "(r.started)::text AS listing_key_0, "
            "(r.run_id)::text AS listing_key_1");
  EXPECT_EQ(query->limit(), 21u);
  EXPECT_THAT(query->values(), ElementsAre("prompt"));
}

TEST(QueryTest, PlaceholdersGoOnAfterTheScope) {
  const auto query = Make({.filter = "cost > 5"}, {"a", "b"});
  ASSERT_THAT(query, IsOk());
  EXPECT_EQ(query->where(), "((r.cost) > $3::bigint)");
  EXPECT_THAT(query->values(), ElementsAre("a", "b", "5"));
}

TEST(QueryTest, EveryOrderEndsInWhatIsUnique) {
  EXPECT_EQ(Make({.order_by = "cost desc"})->order(),
            "r.cost DESC, r.run_id DESC");
  EXPECT_EQ(Make({.order_by = "run_id"})->order(), "r.run_id");
  EXPECT_EQ(Make({.order_by = " end , cost asc "})->order(),
            "r.ended NULLS LAST, r.cost, r.run_id DESC");
  const auto metric = Make({.order_by = "metrics.chrf desc"});
  EXPECT_EQ(metric->order(), "m($1::text) DESC NULLS LAST, r.run_id DESC");
  EXPECT_THAT(metric->values(), ElementsAre("chrf"));
}

TEST(QueryTest, AnOrderOfOneDirectionIsComparedAsARow) {
  const auto first = Make({.page_size = 2});
  const std::string token = first->TokenAfter({"2026-11-30 00:00:00+00", "r7"});
  const auto next = Make({.page_size = 2, .page_token = token});
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->where(),
            "(true) AND (r.started, r.run_id) < "
            "($1::timestamptz, $2::text)");
  EXPECT_THAT(next->values(), ElementsAre("2026-11-30 00:00:00+00", "r7"));
}

TEST(QueryTest, AMixedOrderGoesOnKeyByKey) {
  const Request request = {.order_by = "end"};
  const auto token = Make(request)->TokenAfter({"2026-11-30", "r7"});
  const auto next = Make({.order_by = "end", .page_token = token});
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->where(),
            "(true) AND (r.ended > $2::timestamptz OR r.ended IS NULL OR "
            "(r.ended = $2::timestamptz AND ((r.run_id < $1::text OR "
            "(r.run_id = $1::text AND (false))))))");
  // After an item without a value come only others without one.
  const auto last = Make(request)->TokenAfter({std::nullopt, "r7"});
  EXPECT_THAT(Make({.order_by = "end", .page_token = last})->where(),
              HasSubstr("(r.ended IS NULL AND ((r.run_id < $1::text"));
}

TEST(QueryTest, AWrongOrderIsAnsweredWithWhatIsAllowed) {
  const auto refused = [](const char* order) {
    const auto query = Make({.order_by = order});
    EXPECT_THAT(query, StatusIs(absl::StatusCode::kInvalidArgument)) << order;
    EXPECT_EQ(base::FieldOf(query.status()), "order_by");
    return std::string(query.status().message());
  };
  EXPECT_THAT(refused("cost up"), HasSubstr("FIELD desc"));
  EXPECT_THAT(refused("cost,,run_id"), HasSubstr("is no order"));
  EXPECT_THAT(refused("price"), HasSubstr("fields: run_id, note"));
  EXPECT_THAT(refused("note"), HasSubstr("makes no order"));
  EXPECT_THAT(refused("tags"), HasSubstr("makes no order"));
  EXPECT_THAT(refused(std::string(600, 'a').c_str()), HasSubstr("at most 512"));
  EXPECT_THAT(refused("cost,cost,cost,cost,cost,cost,cost,cost,cost"),
              HasSubstr("at most 8"));
}

TEST(QueryTest, ATokenServesOnlyTheListItCameFrom) {
  const Request request = {.filter = "cost > 5", .order_by = "cost"};
  const std::string token = Make(request, {"p"})->TokenAfter({"7", "r1"});
  const auto with = [&](Request changed, std::vector<std::string> scope) {
    changed.page_token = token;
    return Query::Make(kRuns, changed, std::move(scope));
  };
  EXPECT_THAT(with(request, {"p"}), IsOk());
  Request larger = request;
  larger.page_size = 100;
  EXPECT_THAT(with(larger, {"p"}), IsOk());
  Request other_filter = request;
  other_filter.filter = "cost > 6";
  Request other_order = request;
  other_order.order_by = "cost desc";
  List other_list = kRuns;
  other_list.name = "gates";
  Request same = request;
  same.page_token = token;
  for (const auto& query :
       {with(other_filter, {"p"}), with(other_order, {"p"}),
        with(request, {"q"}), Query::Make(other_list, same, {"p"})}) {
    EXPECT_THAT(query, StatusIs(absl::StatusCode::kInvalidArgument,
                                HasSubstr("leave the token out")));
    EXPECT_EQ(base::FieldOf(query.status()), "page.page_token");
  }
  EXPECT_THAT(Make({.page_token = "run-17"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("no token of this service")));
}

}  // namespace
}  // namespace evalloop::listing
