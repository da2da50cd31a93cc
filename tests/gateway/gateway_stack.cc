#include "tests/gateway/gateway_stack.h"

#include <arpa/inet.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <thread>
#include <utility>

#include "fmt/format.h"
#include "platform/base/ids.h"
#include "platform/http/client.h"
#include "platform/rpc/channel.h"
#include "protos/topics.h"

extern char** environ;

namespace evalloop::serving {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void Die(std::string_view what) {
  std::fprintf(stderr, "gateway stack: %s\n", std::string(what).c_str());
  std::abort();
}

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (!value.ok()) Die(value.status().ToString());
  return *std::move(value);
}

// A port that nobody listens on now.
std::uint16_t FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, generic, size) != 0 ||
      ::getsockname(fd, generic, &size) != 0) {
    Die("no free port");
  }
  ::close(fd);
  return ntohs(address.sin_port);
}

std::vector<kafka::TopicSpec> Specs() {
  std::vector<kafka::TopicSpec> specs;
  for (const auto& topic : v1topics::kTopics) {
    specs.push_back(
        {.name = std::string(topic.suffix), .compacted = topic.compacted});
  }
  return specs;
}

}  // namespace

bool Eventually(const std::function<bool()>& done, milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return true;
}

GatewayStack::GatewayStack(std::string certificate_file, std::string key_file)
    : certificate_file_(std::move(certificate_file)),
      key_file_(std::move(key_file)),
      database_(
          testing::TestDatabase::CreateOrDie({"serving/store/migrations"})),
      topics_(testing::TestTopics::CreateOrDie(Specs())),
      http_port_(FreePort()),
      grpc_port_(FreePort()),
      admin_port_(FreePort()),
      producer_(OrDie(kafka::NewProducer({.brokers = topics_->brokers()}))) {
  folder_ = std::filesystem::temp_directory_path() /
            ("evalloop-gateway-" + base::RandomId());
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ / "key") << base::RandomId() << base::RandomId();
  PushRevision(1, "good");
  MoveLabel(1, 1);
  reader_ = OrDie(kafka::StartCompactedReader(
      {.brokers = topics_->brokers(),
       .topics = {topics_->Name(v1topics::kCompletionSettled),
                  topics_->Name(v1topics::kRunAnswered)}},
      [this](const kafka::Record& record) {
        std::lock_guard lock(mu_);
        records_.push_back(record);
      }));
  StartGateway();
  RegisterModels();
}

GatewayStack::~GatewayStack() {
  Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string GatewayStack::base_url() const {
  return fmt::format("{}://127.0.0.1:{}/v1",
                     certificate_file_.empty() ? "http" : "https", http_port_);
}

void GatewayStack::Kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void GatewayStack::StartGateway() {
  std::map<std::string, std::string> variables = {
      {"EVALLOOP_DATABASE_URL", database_->url()},
      {"EVALLOOP_KAFKA_BROKERS", topics_->brokers()},
      {"EVALLOOP_TOPIC_PREFIX", topics_->prefix()},
      {"EVALLOOP_HTTP_PORT", std::to_string(http_port_)},
      {"EVALLOOP_GRPC_PORT", std::to_string(grpc_port_)},
      {"EVALLOOP_ADMIN_PORT", std::to_string(admin_port_)},
      {"EVALLOOP_JSON_PORT", "0"},
      {"EVALLOOP_SPOOL_DIR", (folder_ / "spool").string()},
      {"EVALLOOP_COMPLETION_KEY_FILE", (folder_ / "key").string()},
      {"EVALLOOP_HTTP_TLS_CERTIFICATE_FILE", certificate_file_},
      {"EVALLOOP_HTTP_TLS_KEY_FILE", key_file_},
      {"EVALLOOP_ADMIN_TLS", "false"},
      {"EVALLOOP_LATENCY_BUDGET", "500ms"}};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.try_emplace(std::string(text.substr(0, equals)),
                          text.substr(equals + 1));
  }
  std::vector<std::string> texts;
  for (const auto& [name, value] : variables) {
    texts.push_back(name + "=" + value);
  }
  std::vector<char*> environment;
  for (std::string& text : texts) environment.push_back(text.data());
  environment.push_back(nullptr);
  std::string program = EVALLOOP_SERVING_PROGRAM;
  char* arguments[] = {program.data(), nullptr};
  if (::posix_spawn(&pid_, program.c_str(), nullptr, nullptr, arguments,
                    environment.data()) != 0) {
    Die("can't start " + program);
  }

  http::Client client;
  http::ClientRequest ready;
  ready.url = fmt::format("http://127.0.0.1:{}/readyz", admin_port_);
  const bool up = Eventually(
      [&] {
        if (::waitpid(pid_, nullptr, WNOHANG) == pid_) Die("it ended at once");
        const auto response = client.Fetch(ready);
        return response.ok() && response->status == 200;
      },
      std::chrono::seconds(60));
  if (!up) Die("it is not ready after a minute");
  stub_ = v1::ServingService::NewStub(
      rpc::NewChannel({.target = fmt::format("127.0.0.1:{}", grpc_port_)}));
}

void GatewayStack::RegisterModels() {
  for (const char* name : {"good", "stall", "limited", "broken", "cut"}) {
    v1::RegisterModelRequest request;
    v1::Model& model = *request.mutable_model();
    model.set_name(name);
    model.set_provider(v1::Model::PROVIDER_OPENAI_COMPATIBLE);
    model.set_base_url(model_server_.base_url());
    model.set_model_id(name);
    model.set_token_probabilities(true);
    OrDie(rpc::CallUnary(*stub_, &v1::ServingService::Stub::RegisterModel,
                         request, std::chrono::seconds(10)));
  }
}

void GatewayStack::Send(std::string_view topic, const v1::Event& event) {
  const std::vector<kafka::OutgoingRecord> records = {
      {.topic = topics_->Name(topic),
       .key = event.subject(),
       .payload = event.SerializeAsString(),
       .headers = {{std::string(kafka::kEventIdHeader), event.event_id()}}}};
  for (const auto& status :
       producer_->Send(records, std::chrono::seconds(30), {})) {
    if (!status.ok()) Die(status.ToString());
  }
}

void GatewayStack::PushRevision(std::uint32_t version, std::string_view model) {
  v1::Event event;
  event.set_event_id(base::RandomId());
  event.set_subject(fmt::format("complete/{}", version));
  v1::Revision& revision = *event.mutable_revision_pushed()->mutable_revision();
  revision.set_prompt("complete");
  revision.set_version(version);
  revision.set_digest(base::RandomId());
  v1::RevisionContent& content = *revision.mutable_content();
  content.mutable_template_()->set_form(v1::Template::FORM_PREFIX_SUFFIX);
  content.mutable_model()->set_name(std::string(model));
  content.mutable_sampling()->set_max_tokens(32);
  content.mutable_output()->mutable_threshold()->set_min_probability(0.1);
  Send(v1topics::kPromptRevision, event);
}

void GatewayStack::MoveLabel(std::uint32_t version, std::uint64_t sequence) {
  v1::Event event;
  event.set_event_id(base::RandomId());
  event.set_subject("complete/production");
  v1::LabelMoved& moved = *event.mutable_label_moved();
  moved.set_prompt("complete");
  moved.set_label("production");
  moved.set_version(version);
  moved.set_sequence(sequence);
  Send(v1topics::kPromptLabel, event);
}

std::vector<v1::Event> GatewayStack::Events(std::string_view topic,
                                            std::size_t count,
                                            milliseconds timeout) {
  const std::string name = topics_->Name(topic);
  std::vector<v1::Event> events;
  Eventually(
      [&] {
        events.clear();
        std::lock_guard lock(mu_);
        for (const kafka::Record& record : records_) {
          if (record.topic != name) continue;
          if (!events.emplace_back().ParseFromString(record.payload)) {
            Die("not an event");
          }
        }
        return events.size() >= count;
      },
      timeout);
  return events;
}

}  // namespace evalloop::serving
