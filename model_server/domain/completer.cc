#include "model_server/domain/completer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

#include "code_analysis/lexer.h"
#include "model_server/domain/blend.h"
#include "model_server/domain/evidence.h"
#include "model_server/domain/request_text.h"

namespace evalloop::model_server {
namespace {

using code_analysis::Language;

constexpr std::size_t kBeam = 8;

// Paths are ranked with the sharp defaults and reported with the fitted
// parameters: honest probabilities spread more mass, and a search by them ends
// lines early (measured on fmt: 7 % of whole lines right instead of 10 %).
const Parameters kRanking = Parameters::Default();

bool IsWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Whether `left` and `right` stay two tokens when nothing stands between them.
bool MayTouch(std::string_view left, std::string_view right,
              Language language) {
  if (left.empty() || right.empty()) return true;
  if (IsWordByte(left.back()) && IsWordByte(right.front())) return false;
  std::string joined(left);
  joined += right;
  const auto tokens = code_analysis::Lex(joined, language);
  return tokens.size() == 2 && tokens[0].text == left;
}

double Sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

struct Step {
  TokenId token = 0;
  double logprob = 0;
  Match match;
  bool blank = false;
};

struct Path {
  Context context;
  std::vector<Step> steps;
  double score = 0;  // By kRanking.
};

struct Extension {
  std::size_t path = 0;
  Step step;
  double score = 0;
};

class Search {
 public:
  Search(const IndexSnapshot& snapshot, const CompletionQuery& query)
      : snapshot_(snapshot),
        query_(query),
        text_(snapshot, query.prefix, query.suffix, query.language),
        reader_(snapshot, text_.file, text_.words.size()) {}

  CompletionResult Run() {
    CompletionResult result;
    result.prompt_tokens = static_cast<int>(text_.cursor.tokens.size());
    if (text_.cursor.in_comment) return result;
    std::vector<Path> paths(1);
    paths[0].context = reader_.Start(text_.context);
    const bool partial = !text_.partial.empty();
    if (partial) paths = StartFromPartial(paths[0].context);
    const int steps = query_.max_tokens + (partial ? 1 : 0);
    for (int step = partial ? 1 : 0; step < steps && !paths.empty(); ++step) {
      paths = Advance(paths);
    }
    std::stable_sort(
        ended_.begin(), ended_.end(),
        [](const Path& a, const Path& b) { return a.score > b.score; });
    for (Path& path : ended_) {
      if (Full(result)) break;
      result.choices.push_back(ChoiceOf(path, true));
    }
    for (Path& path : paths) {
      if (Full(result)) break;
      result.choices.push_back(ChoiceOf(path, false));
    }
    return result;
  }

 private:
  bool Full(const CompletionResult& result) const {
    return result.choices.size() >= static_cast<std::size_t>(query_.choices);
  }

  // The token at the cursor may be whole or go on: every word that begins with
  // it competes, and the probabilities are those given that it does.
  std::vector<Path> StartFromPartial(const Context& context) {
    const std::string_view typed = text_.partial;
    std::vector<TokenId> also;
    if (auto whole = text_.words.Find(typed)) also.push_back(*whole);
    reader_.Read(
        context, {.per_order = 24, .all = 48}, also,
        [&](TokenId token) {
          return token >= kFirstWord &&
                 text_.words.Text(token).starts_with(typed);
        },
        evidence_);
    const auto probability =
        Blend(evidence_, snapshot_.base().parameters, text_.words.size());
    const auto rank = Blend(evidence_, kRanking, text_.words.size());
    const double mass = Sum(probability);
    const double rank_mass = Sum(rank);
    std::vector<Extension> extensions;
    for (std::size_t i = 0; i < probability.size(); ++i) {
      extensions.push_back(
          {0,
           {evidence_.candidates[i], std::log(probability[i] / mass),
            LongestMatch(evidence_, i)},
           std::log(rank[i] / rank_mass)});
    }
    std::vector<Path> from(1);
    from[0].context = context;
    return Take(from, extensions);
  }

  std::vector<Path> Advance(std::vector<Path>& paths) {
    std::vector<Extension> extensions;
    for (std::size_t at = 0; at < paths.size(); ++at) {
      reader_.Read(
          paths[at].context, {}, {},
          [](TokenId token) { return token >= kNewline; }, evidence_);
      const auto probability =
          Blend(evidence_, snapshot_.base().parameters, text_.words.size());
      const auto rank = Blend(evidence_, kRanking, text_.words.size());
      for (std::size_t i = 0; i < probability.size(); ++i) {
        const double score = paths[at].score + std::log(rank[i]);
        if (score <= Bar()) continue;
        const Step step{evidence_.candidates[i], std::log(probability[i]),
                        LongestMatch(evidence_, i)};
        if (step.token == kNewline) {
          Path ended = {
              .context = {}, .steps = paths[at].steps, .score = score};
          ended.steps.push_back(step);
          End(std::move(ended));
        } else {
          extensions.push_back({at, step, score});
        }
      }
    }
    std::erase_if(extensions, [this](const Extension& extension) {
      return extension.score <= Bar();
    });
    return Take(paths, extensions);
  }

  // A path below this can't become one of the choices: scores only fall.
  double Bar() const {
    const auto wanted = static_cast<std::size_t>(query_.choices);
    if (ended_.size() < wanted) {
      return -std::numeric_limits<double>::infinity();
    }
    return ended_[wanted - 1].score;
  }

  void End(Path path) {
    const auto at = std::upper_bound(
        ended_.begin(), ended_.end(), path,
        [](const Path& a, const Path& b) { return a.score > b.score; });
    ended_.insert(at, std::move(path));
  }

  std::vector<Path> Take(const std::vector<Path>& from,
                         std::vector<Extension>& extensions) {
    const std::size_t kept = std::min(extensions.size(), kBeam);
    std::partial_sort(extensions.begin(),
                      extensions.begin() + static_cast<std::ptrdiff_t>(kept),
                      extensions.end(),
                      [](const Extension& a, const Extension& b) {
                        return a.score != b.score ? a.score > b.score
                                                  : a.step.token < b.step.token;
                      });
    std::vector<Path> paths;
    paths.reserve(kept);
    for (std::size_t i = 0; i < kept; ++i) {
      const Extension& extension = extensions[i];
      const Path& parent = from[extension.path];
      Path& path = paths.emplace_back();
      path.context = reader_.Extend(parent.context, extension.step.token);
      path.steps = parent.steps;
      path.steps.push_back(extension.step);
      path.score = extension.score;
      path.steps.back().blank = BlankBefore(path);
    }
    return paths;
  }

  // Whether a blank goes before the last step of `path`.
  bool BlankBefore(const Path& path) const {
    const std::string_view right = text_.words.Text(path.steps.back().token);
    std::string_view left;
    if (path.steps.size() > 1) {
      left = text_.words.Text(path.steps[path.steps.size() - 2].token);
    } else if (!text_.partial.empty() || text_.cursor.after_blank) {
      return false;
    } else if (!text_.cursor.tokens.empty()) {
      left = text_.cursor.tokens.back().text;
    }
    const bool fallback =
        std::string_view(".,;:)]([").find(right.front()) ==
            std::string_view::npos &&
        std::string_view(".([!~").find(left.empty() ? ' ' : left.back()) ==
            std::string_view::npos;
    return reader_.BlankBeforeLast(path.context, fallback) ||
           !MayTouch(left, right, query_.language);
  }

  CompletionChoice ChoiceOf(const Path& path, bool ended) const {
    CompletionChoice choice;
    choice.ended = ended;
    std::size_t count = path.steps.size();
    if (ended) choice.end_logprob = path.steps[--count].logprob;
    double carried = 0;  // Of the typed token, where it turned out whole.
    for (std::size_t i = 0; i < count; ++i) {
      const Step& step = path.steps[i];
      std::string text(step.blank ? " " : "");
      text += text_.words.Text(step.token);
      if (i == 0 && !text_.partial.empty()) {
        text.erase(0, text_.partial.size());
        if (text.empty()) {
          carried = step.logprob;
          continue;
        }
      }
      choice.text += text;
      choice.tokens.push_back({std::move(text), step.logprob + carried,
                               step.match.order, step.match.support});
      carried = 0;
    }
    choice.end_logprob += ended ? carried : 0;
    return choice;
  }

  const IndexSnapshot& snapshot_;
  const CompletionQuery& query_;
  RequestText text_;
  EvidenceReader reader_;
  Evidence evidence_;
  std::vector<Path> ended_;  // Best first.
};

}  // namespace

CompletionResult Complete(const IndexSnapshot& snapshot,
                          const CompletionQuery& query) {
  return Search(snapshot, query).Run();
}

}  // namespace evalloop::model_server
