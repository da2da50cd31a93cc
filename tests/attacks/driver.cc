// attack_driver: runs untrusted programs through the entries that the scorer
// uses, one after the other, as a script orders it. An order and its answer are
// netstrings of an even number of netstrings: names and values. Orders:
//
//   check   tier, program, tests or calls ("call": arguments, a line's end,
//           what is expected; tolerance), entry_point, language, timeout_ms
//   start   tier, source, and limits: a Python program with a main()
//   job     tier, argv (repeated), file:PATH, stdin, and limits
//   weak    as job, and dropped, added, before (repeated), keep_user, open_file
//
// What a program leaves alive becomes a child of the driver, so that the script
// finds it there.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/sandbox/child.h"
#include "platform/sandbox/sandbox.h"
#include "scorer/execution/language_tests.h"
#include "tests/attacks/weak_sandbox.h"

namespace evalloop::attacks {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;
using std::chrono::milliseconds;

std::optional<std::string> ReadNetstring(std::FILE* file) {
  std::size_t size = 0;
  if (std::fscanf(file, "%zu:", &size) != 1) return std::nullopt;
  std::string text(size, '\0');
  if (std::fread(text.data(), 1, size, file) != size) return std::nullopt;
  if (std::fgetc(file) != ',') return std::nullopt;
  return text;
}

std::string Netstring(std::string_view text) {
  return fmt::format("{}:{},", text.size(), text);
}

std::optional<Fields> ReadFields(std::FILE* file) {
  auto order = ReadNetstring(file);
  if (!order.has_value()) return std::nullopt;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> inner(
      fmemopen(order->data(), order->size(), "r"), &std::fclose);
  Fields fields;
  while (auto name = ReadNetstring(inner.get())) {
    auto value = ReadNetstring(inner.get());
    if (!value.has_value()) break;
    fields.emplace_back(*std::move(name), *std::move(value));
  }
  return fields;
}

// The fields of an order, by name.
class Order {
 public:
  explicit Order(Fields fields) : fields_(std::move(fields)) {}

  std::string Text(std::string_view name) const {
    const auto all = Texts(name);
    return all.empty() ? "" : all.front();
  }
  std::vector<std::string> Texts(std::string_view name) const {
    std::vector<std::string> texts;
    for (const auto& [key, value] : fields_) {
      if (key == name) texts.push_back(value);
    }
    return texts;
  }
  std::int64_t Number(std::string_view name, std::int64_t otherwise) const {
    const std::string text = Text(name);
    return text.empty() ? otherwise : std::atoll(text.c_str());
  }

  sandbox::Limits Limits() const {
    sandbox::Limits limits;
    limits.cpu_time = milliseconds(Number("cpu_time", limits.cpu_time.count()));
    limits.wall_time =
        milliseconds(Number("wall_time", limits.wall_time.count()));
    limits.address_space = Number("address_space", limits.address_space);
    limits.file_size = Number("file_size", limits.file_size);
    limits.scratch_space = Number("scratch_space", limits.scratch_space);
    limits.processes = static_cast<int>(Number("processes", limits.processes));
    limits.open_files =
        static_cast<int>(Number("open_files", limits.open_files));
    limits.output = Number("output", limits.output);
    return limits;
  }

  sandbox::Job Job() const {
    sandbox::Job job;
    job.argv = Texts("argv");
    job.stdin_text = Text("stdin");
    job.limits = Limits();
    job.environment = Texts("environment");
    job.read_only_folders = Texts("folder");
    constexpr std::string_view kFile = "file:";
    for (const auto& [key, value] : fields_) {
      if (key.starts_with(kFile)) {
        job.files.push_back({key.substr(kFile.size()), value});
      }
    }
    return job;
  }

 private:
  const Fields fields_;
};

Fields FieldsOf(const sandbox::JobResult& result, std::string said) {
  return {{"ending", std::string(EndingName(result.ending))},
          {"exit_code", std::to_string(result.exit_code)},
          {"signal", std::to_string(result.signal)},
          {"wall_us", std::to_string(result.wall_time.count())},
          {"stdout", result.stdout_text},
          {"stderr", result.stderr_text},
          {"said", std::move(said)}};
}

struct Tier {
  std::unique_ptr<sandbox::Sandbox> sandbox;
  std::unique_ptr<scorer::LanguageTests> tests;
};

class Driver {
 public:
  absl::StatusOr<Fields> Obey(const Order& order) {
    const std::string what = order.Text("order");
    if (what == "weak") return Weak(order);
    const auto tier = TierOf(order.Text("tier"));
    if (!tier.ok()) return tier.status();
    if (what == "check") return Check(**tier, order);
    if (what == "start") return Start(**tier, order);
    if (what == "job") {
      const auto result = (*tier)->sandbox->Run(order.Job());
      if (!result.ok()) return result.status();
      return FieldsOf(*result, "");
    }
    return absl::InvalidArgumentError("order?");
  }

 private:
  absl::StatusOr<Tier*> TierOf(const std::string& name) {
    Tier& tier = tiers_[name];
    if (tier.tests != nullptr) return &tier;
    auto opened = sandbox::OpenSandbox(name);
    if (!opened.ok()) return opened.status();
    tier.sandbox = *std::move(opened);
    auto tests = scorer::LanguageTests::Open(*tier.sandbox);
    if (!tests.ok()) return tests.status();
    tier.tests = *std::move(tests);
    return &tier;
  }

  static absl::StatusOr<Fields> Check(Tier& tier, const Order& order) {
    const std::string program = order.Text("program");
    const std::string tests = order.Text("tests");
    const std::string entry_point = order.Text("entry_point");
    scorer::FunctionalCase functional_case;
    const std::string language = order.Text("language");
    functional_case.language = language.empty()
                                   ? code_analysis::Language::kPython
                                   : code_analysis::ParseLanguage(language);
    std::vector<scorer::HiddenCall> calls;
    for (const std::string& text : order.Texts("call")) {
      const auto end = std::min(text.find('\n'), text.size() - 1);
      auto call =
          scorer::MakeHiddenCall(text.substr(0, end), text.substr(end + 1),
                                 std::atof(order.Text("tolerance").c_str()));
      if (!call.ok()) return call.status();
      calls.push_back(*std::move(call));
    }
    functional_case.calls = calls;
    functional_case.completion = program;
    functional_case.tests = tests;
    functional_case.entry_point = entry_point;
    const auto verdict = tier.tests->Check(
        functional_case, milliseconds(order.Number("timeout_ms", 3000)));
    if (!verdict.ok()) return verdict.status();
    return Fields{{"verdict", ResultText(*verdict)},
                  {"wall_us", std::to_string(verdict->wall_time.count())}};
  }

  static absl::StatusOr<Fields> Start(Tier& tier, const Order& order) {
    const auto prepared = tier.sandbox->Prepare(order.Text("source"));
    if (!prepared.ok()) return prepared.status();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return absl::UnavailableError("no pipe");
    const sandbox::Fd ours(ends[0]);
    sandbox::Fd theirs(ends[1]);
    fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    std::string said;
    std::optional<sandbox::JobResult> last;
    // More than one start shows what the first left for those after it.
    for (std::int64_t i = order.Number("starts", 1); i > 0; --i) {
      auto process = (*prepared)->Start({theirs.get()}, order.Limits());
      if (!process.ok()) return process.status();
      auto result = (*process)->Wait();
      if (!result.ok()) return result.status();
      last = *std::move(result);
    }
    char buffer[65'536];
    const ssize_t size = read(ours.get(), buffer, sizeof(buffer));
    if (size > 0) said.assign(buffer, static_cast<std::size_t>(size));
    return FieldsOf(*last, std::move(said));
  }

  static absl::StatusOr<Fields> Weak(const Order& order) {
    Weakening weakening;
    weakening.dropped = order.Texts("dropped");
    weakening.added = order.Texts("added");
    weakening.before = order.Texts("before");
    weakening.keep_user = order.Number("keep_user", 0) != 0;
    weakening.open_file = order.Text("open_file");
    const auto weak = RunWeakly(order.Job(), weakening);
    if (!weak.ok()) return weak.status();
    return FieldsOf(weak->result, weak->said);
  }

  std::map<std::string, Tier> tiers_;
};

int Main() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  Driver driver;
  while (auto fields = ReadFields(stdin)) {
    auto answer = driver.Obey(Order(*std::move(fields)));
    if (!answer.ok()) {
      answer = Fields{{"trouble", answer.status().ToString()}};
    }
    std::string text;
    for (const auto& [name, value] : *answer) {
      text += Netstring(name) + Netstring(value);
    }
    const std::string whole = Netstring(text);
    std::fwrite(whole.data(), 1, whole.size(), stdout);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace evalloop::attacks

int main() { return evalloop::attacks::Main(); }
