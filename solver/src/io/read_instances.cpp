#include <algorithm>
#include <string>
#include <string_view>

#include "espalier/solver/instance_io.hpp"

#include "io/formats.hpp"
#include "io/unpack.hpp"

namespace espalier::solver {
namespace io {
namespace {

bool begins_number(std::string_view word) noexcept {
  if (!word.empty() && (word.front() == '-' || word.front() == '+')) word.remove_prefix(1);
  if (!word.empty() && word.front() == '.') word.remove_prefix(1);
  return !word.empty() && is_digit(word.front());
}

bool is_any_word(std::string_view word, std::initializer_list<std::string_view> words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view other) { return equal_words(word, other); });
}

/// Reads a text line by line, without surrounding space, leaving out blank lines.
class SignificantLines {
 public:
  explicit SignificantLines(std::string_view text) : rest_(text) {}

  /// The next line, empty at the end.
  std::string_view next() {
    while (!rest_.empty()) {
      const std::size_t length = std::min(rest_.find('\n'), rest_.size());
      const auto line = trimmed(rest_.substr(0, length));
      begin_ = rest_.data();
      rest_.remove_prefix(std::min(length + 1, rest_.size()));
      if (!line.empty()) return line;
    }
    return {};
  }
  /// Where the line of the last next() begins.
  const char* begin() const noexcept { return begin_; }

 private:
  std::string_view rest_;
  const char* begin_ = nullptr;
};

std::string_view first_word(std::string_view line) noexcept {
  const auto end = std::find_if(line.begin(), line.end(), is_space);
  return line.substr(0, static_cast<std::size_t>(end - line.begin()));
}

/// "problem NAME" above a ruler, somewhere in the text.
bool has_mknap2_problem(std::string_view text) {
  SignificantLines lines(text);
  bool after_problem = false;
  for (auto line = lines.next(); !line.empty(); line = lines.next()) {
    if (after_problem && line.starts_with("+++")) return true;
    after_problem = line.starts_with("problem ");
  }
  return false;
}

/// Without its header comment OPB begins with the objective, or wrongly with a constraint.
bool is_opb_start(std::string_view line) noexcept {
  return line.ends_with(';') || line.starts_with("min:") || line.starts_with("max:") ||
         line.starts_with("min :") || line.starts_with("max :");
}

}  // namespace

Format recognise(const SourceText& source) {
  SignificantLines lines(source.text);
  auto line = lines.next();
  if (line.empty()) source.fail(source.begin(), "the file is empty; expected a knapsack instance");

  // '*' begins a comment in MPS and OPB; the header comment of the latter has a form of its own.
  while (line.starts_with('*')) {
    if (line.find("#variable=") != std::string_view::npos) return Format::kOpb;
    line = lines.next();
  }
  if (line.starts_with('\\')) return Format::kLp;
  const auto word = first_word(line);
  if (is_opb_start(line)) return Format::kOpb;
  if (word == "NAME" || word == "ROWS" || word == "OBJSENSE") return Format::kMps;
  if (is_any_word(word, {"maximize", "maximise", "max", "minimize", "minimise", "min"})) {
    return Format::kLp;
  }
  if (begins_number(word)) return Format::kNumbers;
  const char* const begin = line.empty() ? source.end() : lines.begin();
  if (first_word(lines.next()) == "n") return Format::kPisingerCsv;
  if (has_mknap2_problem(source.text)) return Format::kMknap2;
  source.fail(begin, "found " + quote(line) +
                         "; expected the start of an OR-Library, Pisinger, OPB, MPS or LP file");
}

}  // namespace io

namespace {

std::vector<Instance> read_source(const io::SourceText& source) {
  switch (io::recognise(source)) {
    case io::Format::kNumbers:
      return io::read_numbers(source);
    case io::Format::kMknap2:
      return io::read_mknap2(source);
    case io::Format::kPisingerCsv:
      return io::read_pisinger_csv(source);
    case io::Format::kOpb:
      return io::read_opb(source);
    case io::Format::kMps:
      return io::read_mps(source);
    case io::Format::kLp:
      return io::read_lp(source);
  }
  return {};
}

std::vector<Instance> read_bytes_as(const std::string& bytes, const std::string& file,
                                    const std::string& base_name) {
  io::SourceText source{bytes, file, base_name};
  if (!io::is_gzip(bytes)) return read_source(source);
  const std::string text = io::unpack_gzip(bytes, file);
  source.text = text;
  if (base_name.ends_with(".gz")) source.instance_name.resize(base_name.size() - 3);
  return read_source(source);
}

}  // namespace

std::vector<Instance> read_instances(const std::filesystem::path& file) {
  return read_bytes_as(io::read_bytes(file), file.string(), file.filename().string());
}

std::vector<Instance> read_instances_from_text(const std::string& text, const std::string& name) {
  return read_bytes_as(text, name, name);
}

}  // namespace espalier::solver
