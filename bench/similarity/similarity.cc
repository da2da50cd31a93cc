// Similarity metrics against what they are equal to (performance.md): G5 and G6
// against sacrebleu, rouge-score and RapidFuzz in Python, G11 lexing against
// tree-sitter-python. Both sides by turns, in CPU time, so that a busy machine
// matters little; a JSON row a round ("equal": every value is, to 1e-9), then
// the medians of the rounds' ratios.
//
//   build/release/bench/similarity [--rounds 5]
//   build/release/bench/similarity --pairs 1000000     resident memory on the
//   way

#include "code_analysis/similarity.h"

#include <time.h>
#include <tree_sitter/api.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bench/similarity/peer.h"
#include "code_analysis/codebleu.h"
#include "code_analysis/lexer.h"
#include "fmt/format.h"
#include "third_party/grammars/grammars.h"

namespace evalloop::bench {
namespace {

namespace ca = code_analysis;
using Pairs = std::vector<std::pair<std::string, std::string>>;

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) / 1e9;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double Row(const std::string& a, const std::string& b) {
  return *ca::Bleu(a, b).value + *ca::Chrf(a, b).value +
         *ca::RougeL(a, b).value + *ca::EditSimilarity(a, b).value;
}

// What RapidFuzz's distance is, from our similarity: that is what is used.
double Distance(const std::string& a, const std::string& b) {
  return std::round((1.0 - *ca::EditSimilarity(a, b).value) * 600.0);
}

struct Measured {
  double seconds = 0.0;  // One round over all pairs.
  std::vector<double> values;
};

Measured Run(const Pairs& pairs,
             double (*measure)(const std::string&, const std::string&)) {
  constexpr int kTimes = 20;  // A round of ours alone is too short.
  Measured out;
  out.values.resize(pairs.size());
  const double start = CpuSeconds();
  for (int i = 0; i < kTimes; ++i) {
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      out.values[k] = measure(pairs[k].first, pairs[k].second);
    }
  }
  out.seconds = (CpuSeconds() - start) / kTimes;
  return out;
}

int Compare(Peer& peer, int rounds) {
  std::map<std::string, Pairs> pairs;
  for (std::string line = peer.ReadLine(); !line.empty();
       line = peer.ReadLine()) {
    const auto row = boost::json::parse(line);
    const auto text = [&](const char* field) {
      const auto& value = row.at(field).as_string();
      return std::string(value.data(), value.size());
    };
    pairs[text("name")].emplace_back(text("candidate"), text("reference"));
  }
  struct Work {
    const char* goal;
    const char* name;
    double (*measure)(const std::string&, const std::string&);
  };
  const Work works[] = {
      {"G5", "chrf",
       [](const std::string& a, const std::string& b) {
         return *ca::Chrf(a, b).value;
       }},
      {"G6", "row", Row},
      {"G6", "edit", Distance},
  };
  bool equal = true;
  std::map<std::string, std::vector<double>> ratios;
  for (int round = 0; round < rounds; ++round) {
    for (const Work& work : works) {
      const Measured ours = Run(pairs[work.name], work.measure);
      peer.Write(work.name);
      const auto theirs = boost::json::parse(peer.ReadLine());
      const double seconds = theirs.at("seconds").as_double();
      const auto& values = theirs.at("values").as_array();
      for (std::size_t k = 0; k < values.size(); ++k) {
        const auto value = values[k].to_number<double>();
        equal =
            equal && std::abs(ours.values[k] - value) <= 1e-9 * std::abs(value);
      }
      ratios[work.name].push_back(seconds / ours.seconds);
      const auto count = static_cast<double>(pairs[work.name].size());
      fmt::print(R"({{"goal":"{}","work":"{}","round":{},"ours_us":{:.3f},)"
                 R"("theirs_us":{:.3f},"ratio":{:.2f},"equal":{}}})"
                 "\n",
                 work.goal, work.name, round, ours.seconds / count * 1e6,
                 seconds / count * 1e6, ratios[work.name].back(), equal);
    }
  }
  for (const Work& work : works) {
    fmt::print(R"({{"goal":"{}","work":"{}","median_ratio":{:.2f}}})"
               "\n",
               work.goal, work.name, Median(ratios[work.name]));
  }
  return equal ? 0 : 1;
}

// Snippets of about 0.6 KB of Python, as completions are.
std::vector<std::string> PythonSnippets() {
  std::ifstream file(EVALLOOP_SOURCE_DIR
                     "/tests/similarity/snippets/python.txt");
  std::vector<std::string> snippets(1);
  for (std::string line; std::getline(file, line);) {
    if (line == "=====") continue;
    snippets.back() += line + "\n";
    if (snippets.back().size() > 600) snippets.emplace_back();
  }
  if (snippets.back().size() < 300) snippets.pop_back();
  return snippets;
}

void CompareLexing(int rounds) {
  const auto snippets = PythonSnippets();
  TSParser* const parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_python());
  const auto speed = [&](const std::function<void(const std::string&)>& read) {
    std::size_t bytes = 0;
    const double start = CpuSeconds();
    while (CpuSeconds() - start < 0.3) {
      for (const std::string& text : snippets) {
        read(text);
        bytes += text.size();
      }
    }
    return static_cast<double>(bytes) / 1e6 / (CpuSeconds() - start);
  };
  std::vector<double> ratios;
  std::size_t tokens = 0;
  for (int round = 0; round < rounds; ++round) {
    const double ours = speed([&](const std::string& text) {
      tokens += ca::Lex(text, ca::Language::kPython).size();
    });
    const double theirs = speed([&](const std::string& text) {
      ts_tree_delete(
          ts_parser_parse_string(parser, nullptr, text.data(),
                                 static_cast<std::uint32_t>(text.size())));
    });
    ratios.push_back(ours / theirs);
    fmt::print(R"({{"goal":"G11","work":"lex","round":{},"ours_mb_s":{:.1f},)"
               R"("theirs_mb_s":{:.1f},"ratio":{:.2f}}})"
               "\n",
               round, ours, theirs, ratios.back());
  }
  ts_parser_delete(parser);
  fmt::print(R"({{"goal":"G11","work":"lex","median_ratio":{:.2f}}})"
             "\n",
             Median(ratios));
}

long ResidentKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
  }
  return 0;
}

void WatchMemory(long count) {
  const auto snippets = PythonSnippets();
  for (long i = 0; i < count; ++i) {
    std::string a = snippets[static_cast<std::size_t>(i) % snippets.size()];
    const std::string b = a + fmt::format("value_{} = {}\n", i, i * 7);
    a.erase(static_cast<std::size_t>(i) % a.size(), 9);
    Row(a, b);
    ca::CodeBleu(a, b, ca::Language::kPython);
    ca::IdentifierF1(a, b, ca::Language::kPython);
    ca::Spearman(a, b, ca::Language::kPython);
    if (i % (std::max(count, 20L) / 20) == 0) {
      fmt::print(R"({{"pairs":{},"resident_kb":{}}})"
                 "\n",
                 i, ResidentKilobytes());
      std::fflush(stdout);
    }
  }
}

}  // namespace
}  // namespace evalloop::bench

int main(int argc, char** argv) {
  CLI::App app("Similarity metrics against their reference implementations");
  int rounds = 5;
  long pairs = 0;
  app.add_option("--rounds", rounds)->check(CLI::Range(1, 1000));
  app.add_option("--pairs", pairs, "Score so many and watch the memory");
  CLI11_PARSE(app, argc, argv);
  if (pairs > 0) {
    evalloop::bench::WatchMemory(pairs);
    return 0;
  }
  evalloop::bench::CompareLexing(rounds);
  const auto python = evalloop::bench::Peer::FindPython();
  if (!python.has_value()) {
    fmt::print(stderr, "no Python peers: ./dev test unit fetches them\n");
    return 3;
  }
  evalloop::bench::Peer peer(*python);
  return evalloop::bench::Compare(peer, rounds);
}
