// comments_writer SET OUT: the comments of a descriptor set with its source
// info (protoc --include_source_info) as the C++ table of comments_table.h.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <string>

namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;

// By full name, in order.
using Comments = std::map<std::string, std::string>;

// Line breaks and indents as single blanks.
std::string OnOneLine(const std::string& comment) {
  std::string line;
  for (const char c : comment) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

template <class Described>
void Add(const Described& described, Comments& comments) {
  google::protobuf::SourceLocation location;
  if (!described.GetSourceLocation(&location)) return;
  const std::string text = OnOneLine(location.leading_comments);
  if (!text.empty()) comments[described.full_name()] = text;
}

void AddEnum(const EnumDescriptor& type, Comments& comments) {
  Add(type, comments);
  for (int i = 0; i < type.value_count(); ++i) Add(*type.value(i), comments);
}

void AddMessage(const Descriptor& type, Comments& comments) {
  Add(type, comments);
  for (int i = 0; i < type.field_count(); ++i) Add(*type.field(i), comments);
  for (int i = 0; i < type.enum_type_count(); ++i) {
    AddEnum(*type.enum_type(i), comments);
  }
  for (int i = 0; i < type.nested_type_count(); ++i) {
    AddMessage(*type.nested_type(i), comments);
  }
}

void AddFile(const FileDescriptor& file, Comments& comments) {
  for (int i = 0; i < file.message_type_count(); ++i) {
    AddMessage(*file.message_type(i), comments);
  }
  for (int i = 0; i < file.enum_type_count(); ++i) {
    AddEnum(*file.enum_type(i), comments);
  }
  for (int i = 0; i < file.service_count(); ++i) {
    const auto& service = *file.service(i);
    Add(service, comments);
    for (int j = 0; j < service.method_count(); ++j) {
      Add(*service.method(j), comments);
    }
  }
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

int main(int argc, char** argv) {
  google::protobuf::FileDescriptorSet set;
  std::ifstream in(argc == 3 ? argv[1] : "", std::ios::binary);
  if (!set.ParseFromIstream(&in)) {
    std::fputs("comments_writer SET OUT: no descriptor set\n", stderr);
    return 2;
  }
  DescriptorPool pool;
  Comments comments;
  for (const auto& file : set.file()) {
    const FileDescriptor* const built = pool.BuildFile(file);
    if (built == nullptr) return 3;  // protobuf has said why.
    if (built->package() == "evalloop.v1") AddFile(*built, comments);
  }
  std::ofstream out(argv[2]);
  out << "#include \"protos/comments_table.h\"\n\n"
         "namespace evalloop::protos {\n\n"
         "static constexpr Comment kTable[] = {\n";
  for (const auto& [name, text] : comments) {
    out << "    {" << Quoted(name) << ", " << Quoted(text) << "},\n";
  }
  out << "};\nconst std::span<const Comment> kComments(kTable);\n\n"
         "}  // namespace evalloop::protos\n";
  return out.flush() ? 0 : 3;
}
