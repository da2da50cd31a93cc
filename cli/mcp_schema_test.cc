#include "cli/mcp_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "cli/mcp_api.h"
#include "cli/mcp_services.h"
#include "platform/testing/status_matchers.h"
#include "platform/transcoding/messages.h"
#include "protos/comments.h"

namespace evalloop::cli::mcp {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class McpSchemaTest : public ::testing::Test {
 protected:
  // The method `name` of any service.
  const google::protobuf::MethodDescriptor& Method(const std::string& name) {
    for (const ApiService& service : services_) {
      if (const auto* const found =
              service.descriptor->FindMethodByName(name)) {
        return *found;
      }
    }
    throw std::out_of_range(name);
  }

  // The schema of one field of a method's request.
  json::value Property(const std::string& method,
                       std::initializer_list<const char*> path) {
    json::value at = InputSchema(Method(method));
    for (const char* const name : path) {
      at = json::value(at.at("properties").at(name));
    }
    return at;
  }

  static std::vector<std::string> Required(const json::object& schema) {
    std::vector<std::string> names;
    if (!schema.contains("required")) return names;
    for (const auto& name : schema.at("required").as_array()) {
      names.emplace_back(name.as_string());
    }
    return names;
  }

  Terminal terminal_;
  Peers peers_{Addresses::FromEnvironment(), terminal_};
  std::vector<ApiService> services_ = AllServices(peers_);
};

TEST_F(McpSchemaTest, FieldsHaveTheirProtoNamesTypesAndComments) {
  const auto name = Property("BuildBenchmark", {"max_items"});
  EXPECT_EQ(name.at("type").as_string(), "integer");
  EXPECT_EQ(name.at("description").as_string(), "1 to 100000; 0 means 1000.");
  EXPECT_EQ(Property("GetFrontier", {"near_share"}).at("type").as_string(),
            "number");
  EXPECT_EQ(Property("ProtectLabel", {"is_protected"}).at("type").as_string(),
            "boolean");
  const auto prompts = Property("GetFrontier", {"prompts"});
  EXPECT_EQ(prompts.at("type").as_string(), "array");
  EXPECT_EQ(prompts.at("items").at("type").as_string(), "string");
}

TEST_F(McpSchemaTest, EnumsListTheirValuesWithWhatTheyMean) {
  const auto mode = Property("StartRun", {"mode"});
  EXPECT_EQ(mode.at("enum").as_array().size(), 3u);
  EXPECT_EQ(mode.at("enum").at(1).as_string(), "RUN_MODE_ONCE");
  EXPECT_THAT(std::string(mode.at("description").as_string()),
              HasSubstr("RUN_MODE_ONCE: One completion"));
}

TEST_F(McpSchemaTest, AlternativesAreToldInWords) {
  const auto label = Property("StartRun", {"revision", "label"});
  EXPECT_THAT(std::string(label.at("description").as_string()),
              HasSubstr("One of version, label, digest at most."));
  // An optional field of its own is no alternative.
  EXPECT_THAT(json::serialize(Property("GetFrontier", {"completed_at"})),
              Not(HasSubstr("One of")));
}

TEST_F(McpSchemaTest, RequiredIsWhatCommentsSayAndPathsNeed) {
  EXPECT_THAT(Required(InputSchema(Method("StartRun"))),
              ElementsAre("revision", "benchmark"));
  EXPECT_THAT(Required(InputSchema(Method("GetRun"))), ElementsAre("run_id"));
  EXPECT_THAT(Required(InputSchema(Method("ListPrompts"))), ElementsAre());
  // "Required unless": not always.
  EXPECT_THAT(Required(Property("StartRun", {"revision"}).as_object()),
              ElementsAre());
}

TEST_F(McpSchemaTest, WellKnownTypesAreAsJsonWritesThem) {
  EXPECT_EQ(Property("ListRuns", {"read_mask"}).at("type").as_string(),
            "string");
  EXPECT_EQ(Property("RegisterModel", {"model", "cutoff_time"})
                .at("format")
                .as_string(),
            "date-time");
}

// A request with every field of its schema, filled by its types.
json::value Example(const json::object& schema) {
  const std::string type(schema.at("type").as_string());
  if (const auto* const names = schema.if_contains("enum")) {
    return names->as_array().back();
  }
  if (const auto* const format = schema.if_contains("format")) {
    return "2026-05-01T00:00:00Z";
  }
  if (type == "string") return "a";
  if (type == "integer") return 1;
  if (type == "number") return 0.5;
  if (type == "boolean") return true;
  if (type == "array") {
    return json::array{Example(schema.at("items").as_object())};
  }
  json::object example;
  if (const auto* const properties = schema.if_contains("properties")) {
    bool chosen = false;  // Of alternatives the first.
    for (const auto& [name, property] : properties->as_object()) {
      const auto* const words = property.as_object().if_contains("description");
      const bool alternative =
          words != nullptr &&
          std::string_view(words->as_string()).find("One of ") !=
              std::string_view::npos;
      if (alternative && std::exchange(chosen, true)) continue;
      example[name] = Example(property.as_object());
    }
  }
  return example;
}

TEST_F(McpSchemaTest, EveryMethodTakesWhatItsSchemaSays) {
  std::size_t methods = 0;
  for (const ApiService& service : services_) {
    for (int i = 0; i < service.descriptor->method_count(); ++i) {
      const auto& method = *service.descriptor->method(i);
      const json::object schema = InputSchema(method);
      const auto bytes = transcoding::RequestBytes(
          *method.input_type(), json::serialize(Example(schema)), {});
      EXPECT_THAT(bytes, testing::IsOk()) << method.full_name();
      EXPECT_NE(protos::CommentOf(method.full_name()), "")
          << method.full_name();
      EXPECT_EQ(schema.at("additionalProperties").as_bool(), false);
      // Compilers of tool grammars stumble over these at the top.
      for (const char* const word : {"oneOf", "anyOf", "allOf", "$ref"}) {
        EXPECT_FALSE(schema.contains(word));
      }
      ++methods;
    }
  }
  EXPECT_GT(methods, 90u);
}

TEST_F(McpSchemaTest, EachMethodForAgentsExistsAndMovesNothingOfOthers) {
  int found = 0;
  for (const ApiService& service : services_) {
    for (int i = 0; i < service.descriptor->method_count(); ++i) {
      found += IsForAgents(*service.descriptor->method(i)) ? 1 : 0;
    }
  }
  EXPECT_EQ(found, 31);
  for (const char* const name :
       {"PublishRevision", "MoveLabel", "CreateKey", "OverrideGate"}) {
    EXPECT_FALSE(IsForAgents(Method(name))) << name;
  }
  EXPECT_TRUE(IsReadOnly(Method("GetGate")));
  EXPECT_FALSE(IsReadOnly(Method("StartGate")));
  EXPECT_EQ(ToolName(Method("RollBackLabel")), "roll_back_label");
}

}  // namespace
}  // namespace evalloop::cli::mcp
