// Long file: one table, a row a pattern.
#include "code_analysis/security_rules.h"

#include "code_analysis/security.h"

namespace evalloop::code_analysis {
namespace {

constexpr SecurityRule kRules[] = {
    {"command-injection", 78, Severity::kHigh,
     "a command is put together of data and run by a shell"},
    {"code-injection", 95, Severity::kHigh, "data is run as code"},
    {"sql-injection", 89, Severity::kHigh,
     "SQL is put together of data instead of parameters"},
    {"weak-hash", 327, Severity::kMedium,
     "MD5 and SHA-1 no longer protect anything"},
    {"weak-cipher", 327, Severity::kHigh, "a cipher or mode that is broken"},
    {"tls-not-verified", 295, Severity::kHigh,
     "the other side's certificate is not verified"},
    {"hardcoded-credential", 798, Severity::kMedium,
     "a credential stands in the code"},
    {"unsafe-deserialization", 502, Severity::kHigh,
     "objects are made of data that anybody may have written"},
    {"cross-site-scripting", 79, Severity::kMedium,
     "data becomes markup without being escaped"},
    {"unbounded-copy", 120, Severity::kHigh,
     "a C string function that writes past the end"},
    {"format-string", 134, Severity::kHigh, "data is used as a format"},
    {"insecure-temporary-file", 377, Severity::kMedium,
     "a temporary name that others can take first"},
    {"world-writable", 732, Severity::kMedium,
     "everybody may write to what is made here"},
    {"download-and-run", 494, Severity::kHigh,
     "what is downloaded is run without a check"},
    {"type-confusion", 843, Severity::kMedium,
     "bytes are taken for another type"},
};

constexpr SecurityPattern kJavaScript[] = {
    {"command-injection",
     R"((call_expression function: (identifier) @f
          arguments: (arguments . (_) @arg)
          (#any-of? @f "exec" "execSync") (#built? @arg)) @at)"},
    {"command-injection",
     R"((call_expression function: (member_expression object: (_) @o
            property: (property_identifier) @f)
          arguments: (arguments . (_) @arg)
          (#any-of? @f "exec" "execSync")
          (#has? @o "child_process" "childprocess" "cp" "shell")
          (#built? @arg)) @at)"},
    {"code-injection",
     R"((call_expression function: (identifier) @f
          arguments: (arguments . (_) @arg)
          (#eq? @f "eval") (#dynamic? @arg)) @at)"},
    {"code-injection",
     R"((new_expression constructor: (identifier) @f
          arguments: (arguments (_) @arg)
          (#eq? @f "Function") (#dynamic? @arg)) @at)"},
    {"code-injection",
     R"((call_expression function: (identifier) @f
          arguments: (arguments . (_) @arg)
          (#any-of? @f "setTimeout" "setInterval") (#built? @arg)) @at)"},
    {"sql-injection",
     R"((call_expression function: (member_expression
            property: (property_identifier) @f)
          arguments: (arguments . (_) @arg)
          (#any-of? @f "query" "execute" "raw" "run" "all" "get" "exec"
                       "prepare" "$queryRawUnsafe" "$executeRawUnsafe")
          (#sql? @arg) (#built? @arg)) @at)"},
    {"weak-hash",
     R"((call_expression function: (member_expression
            property: (property_identifier) @f)
          arguments: (arguments . (string) @arg)
          (#any-of? @f "createHash" "createHmac")
          (#any-of? @arg "md5" "MD5" "sha1" "SHA1" "md4")) @at)"},
    {"weak-cipher",
     R"((call_expression function: (member_expression
            property: (property_identifier) @f)
          arguments: (arguments . (string) @arg)
          (#any-of? @f "createCipheriv" "createCipher" "createDecipheriv")
          (#has? @arg "des" "rc4" "ecb" "rc2")) @at)"},
    {"tls-not-verified",
     R"((pair key: (_) @k value: (false)
          (#any-of? @k "rejectUnauthorized" "strictSSL")) @at)"},
    {"tls-not-verified",
     R"((assignment_expression left: (member_expression
            property: (property_identifier) @k) right: (_) @v
          (#eq? @k "NODE_TLS_REJECT_UNAUTHORIZED") (#eq? @v "0")) @at)"},
    {"cross-site-scripting",
     R"((assignment_expression left: (member_expression
            property: (property_identifier) @k) right: (_) @v
          (#any-of? @k "innerHTML" "outerHTML") (#dynamic? @v)) @at)"},
    {"cross-site-scripting",
     R"((call_expression function: (member_expression
            object: (identifier) @o property: (property_identifier) @f)
          arguments: (arguments (_) @arg)
          (#eq? @o "document") (#any-of? @f "write" "writeln")
          (#dynamic? @arg)) @at)"},
    {"cross-site-scripting",
     R"((pair key: (property_identifier) @k value: (_) @v
          (#eq? @k "__html") (#dynamic? @v)) @at)"},
    {"hardcoded-credential",
     R"((variable_declarator name: (identifier) @n value: (string) @v
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((pair key: (_) @n value: (string) @v (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((assignment_expression left: (_) @n right: (string) @v
          (#credential? @n @v)) @at)"},
    {"unsafe-deserialization",
     R"((call_expression function: (member_expression object: (_) @o
            property: (property_identifier) @f)
          arguments: (arguments . (_) @arg)
          (#eq? @f "unserialize") (#dynamic? @arg)) @at)"},
};

constexpr SecurityPattern kGo[] = {
    {"command-injection",
     R"((call_expression function: (selector_expression
            operand: (identifier) @o field: (field_identifier) @f)
          arguments: (argument_list (interpreted_string_literal) @sh .
            (interpreted_string_literal) @c . (_) @arg)
          (#eq? @o "exec") (#any-of? @f "Command" "CommandContext")
          (#has? @sh "sh" "cmd") (#any-of? @c "-c" "/c" "/C")
          (#dynamic? @arg)) @at)"},
    {"sql-injection",
     R"((call_expression function: (selector_expression
            field: (field_identifier) @f)
          arguments: (argument_list (_) @arg)
          (#any-of? @f "Query" "QueryRow" "Exec" "Prepare" "QueryContext"
                       "QueryRowContext" "ExecContext" "PrepareContext"
                       "Raw" "Select" "Get")
          (#sql? @arg) (#built? @arg)) @at)"},
    {"weak-hash",
     R"((call_expression function: (selector_expression
            operand: (identifier) @o field: (field_identifier) @f)
          (#any-of? @o "md5" "sha1" "md4")
          (#any-of? @f "New" "Sum")) @at)"},
    {"weak-cipher",
     R"((call_expression function: (selector_expression
            operand: (identifier) @o field: (field_identifier) @f)
          (#any-of? @o "des" "rc4")
          (#any-of? @f "NewCipher" "NewTripleDESCipher")) @at)"},
    {"tls-not-verified",
     R"((keyed_element (literal_element (identifier) @k)
          (literal_element (true))
          (#eq? @k "InsecureSkipVerify")) @at)"},
    {"tls-not-verified",
     R"((assignment_statement left: (expression_list (selector_expression
            field: (field_identifier) @k)) right: (expression_list (true))
          (#eq? @k "InsecureSkipVerify")) @at)"},
    {"cross-site-scripting",
     R"((call_expression function: (selector_expression
            operand: (identifier) @o field: (field_identifier) @f)
          arguments: (argument_list (_) @arg)
          (#eq? @o "template") (#any-of? @f "HTML" "JS" "URL")
          (#dynamic? @arg)) @at)"},
    {"world-writable",
     R"((call_expression function: (selector_expression
            operand: (identifier) @o field: (field_identifier) @f)
          arguments: (argument_list (int_literal) @mode)
          (#any-of? @o "os" "ioutil")
          (#any-of? @f "Chmod" "WriteFile" "Mkdir" "MkdirAll" "OpenFile")
          (#any-of? @mode "0777" "0o777" "0666" "0o666")) @at)"},
    {"hardcoded-credential",
     R"((const_spec name: (identifier) @n
          value: (expression_list (interpreted_string_literal) @v)
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((var_spec name: (identifier) @n
          value: (expression_list (interpreted_string_literal) @v)
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((short_var_declaration left: (expression_list . (identifier) @n)
          right: (expression_list . (interpreted_string_literal) @v)
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((assignment_statement left: (expression_list . (_) @n)
          right: (expression_list . (interpreted_string_literal) @v)
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((keyed_element (literal_element) @n
          (literal_element (interpreted_string_literal)) @v
          (#credential? @n @v)) @at)"},
};

constexpr SecurityPattern kJava[] = {
    {"command-injection",
     R"((method_invocation object: (_) @o name: (identifier) @f
          arguments: (argument_list . (_) @arg)
          (#eq? @f "exec") (#has? @o "runtime") (#built? @arg)) @at)"},
    {"command-injection",
     R"((object_creation_expression type: (type_identifier) @t
          arguments: (argument_list (string_literal) @c . (_) @arg)
          (#eq? @t "ProcessBuilder") (#any-of? @c "-c" "/c")
          (#dynamic? @arg)) @at)"},
    {"code-injection",
     R"((method_invocation object: (identifier) @o name: (identifier) @f
          arguments: (argument_list . (_) @arg)
          (#eq? @f "eval") (#has? @o "engine" "script")
          (#dynamic? @arg)) @at)"},
    {"sql-injection",
     R"((method_invocation name: (identifier) @f
          arguments: (argument_list . (_) @arg)
          (#any-of? @f "executeQuery" "executeUpdate" "execute" "addBatch"
                       "prepareStatement" "prepareCall" "createQuery"
                       "createNativeQuery" "query" "queryForObject" "update")
          (#sql? @arg) (#built? @arg)) @at)"},
    {"weak-hash",
     R"((method_invocation object: (identifier) @o name: (identifier) @f
          arguments: (argument_list . (string_literal) @arg)
          (#eq? @o "MessageDigest") (#eq? @f "getInstance")
          (#any-of? @arg "MD5" "MD2" "SHA1" "SHA-1" "md5" "sha1")) @at)"},
    {"weak-cipher",
     R"((method_invocation object: (identifier) @o name: (identifier) @f
          arguments: (argument_list . (string_literal) @arg)
          (#any-of? @o "Cipher" "KeyGenerator" "SecretKeyFactory")
          (#eq? @f "getInstance")
          (#has? @arg "des" "rc4" "ecb" "rc2" "blowfish")) @at)"},
    {"tls-not-verified",
     R"((method_invocation name: (identifier) @f
          arguments: (argument_list . (lambda_expression body: (true)))
          (#any-of? @f "setHostnameVerifier" "hostnameVerifier"
                       "setDefaultHostnameVerifier")) @at)"},
    {"tls-not-verified",
     R"(((identifier) @at
          (#any-of? @at "NoopHostnameVerifier" "ALLOW_ALL_HOSTNAME_VERIFIER"
                        "TrustAllStrategy" "InsecureTrustManagerFactory")))"},
    {"unsafe-deserialization",
     R"((object_creation_expression type: (type_identifier) @t
          (#any-of? @t "ObjectInputStream" "XMLDecoder")) @at)"},
    {"hardcoded-credential",
     R"((variable_declarator name: (identifier) @n value: (string_literal) @v
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((assignment_expression left: (_) @n right: (string_literal) @v
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((method_invocation name: (identifier) @n
          arguments: (argument_list . (string_literal) @v .)
          (#any-of? @n "setPassword" "setSecret" "setApiKey" "setToken")
          (#credential? @n @v)) @at)"},
};

constexpr SecurityPattern kC[] = {
    {"command-injection",
     R"((call_expression function: (_) @f
          arguments: (argument_list . (_) @arg)
          (#any-of? @f "system" "popen" "std::system" "_popen" "::system")
          (#dynamic? @arg)) @at)"},
    {"unbounded-copy",
     R"((call_expression function: (_) @f
          (#any-of? @f "gets" "strcpy" "strcat" "sprintf" "vsprintf" "stpcpy"
                       "wcscpy" "wcscat" "std::strcpy" "std::strcat"
                       "std::sprintf")) @at)"},
    {"unbounded-copy",
     R"((call_expression function: (_) @f
          arguments: (argument_list (string_literal) @arg)
          (#any-of? @f "scanf" "sscanf" "fscanf" "std::scanf")
          (#has? @arg "%s" "%["))@at)"},
    {"format-string",
     R"((call_expression function: (_) @f
          arguments: (argument_list . (_) @arg .)
          (#any-of? @f "printf" "std::printf" "vprintf")
          (#no-literal? @arg)) @at)"},
    {"format-string",
     R"((call_expression function: (_) @f
          arguments: (argument_list . (_) . (_) @arg .)
          (#any-of? @f "fprintf" "syslog" "std::fprintf")
          (#no-literal? @arg)) @at)"},
    {"insecure-temporary-file",
     R"((call_expression function: (_) @f
          (#any-of? @f "mktemp" "tmpnam" "tempnam" "std::tmpnam")) @at)"},
    {"sql-injection",
     R"((call_expression function: (_) @f
          arguments: (argument_list (_) @arg)
          (#has? @f "sqlite3_exec" "sqlite3_prepare" "mysql_query" "PQexec"
                    "execute" ".exec" "->exec")
          (#sql? @arg) (#built? @arg)) @at)"},
    {"weak-hash",
     R"((call_expression function: (_) @f
          (#any-of? @f "MD5" "SHA1" "MD5_Init" "SHA1_Init" "MD4" "EVP_md5"
                       "EVP_sha1" "CC_MD5" "CC_SHA1")) @at)"},
    {"weak-cipher",
     R"((call_expression function: (_) @f
          (#any-of? @f "EVP_des_ecb" "EVP_des_cbc" "EVP_rc4" "EVP_aes_128_ecb"
                       "EVP_aes_256_ecb" "DES_ecb_encrypt" "RC4")) @at)"},
    {"tls-not-verified",
     R"((call_expression function: (_) @f
          arguments: (argument_list (_) @arg)
          (#has? @f "SSL_CTX_set_verify" "SSL_set_verify" "set_verify_mode")
          (#has? @arg "SSL_VERIFY_NONE" "verify_none")) @at)"},
    {"tls-not-verified",
     R"((call_expression function: (_) @f
          arguments: (argument_list (identifier) @o . (number_literal) @v)
          (#eq? @f "curl_easy_setopt")
          (#any-of? @o "CURLOPT_SSL_VERIFYPEER" "CURLOPT_SSL_VERIFYHOST")
          (#any-of? @v "0" "0L")) @at)"},
    {"hardcoded-credential",
     R"((init_declarator declarator: (_) @n value: (string_literal) @v
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((assignment_expression left: (_) @n right: (string_literal) @v
          (#credential? @n @v)) @at)"},
    {"world-writable",
     R"((call_expression function: (_) @f
          arguments: (argument_list (number_literal) @mode)
          (#any-of? @f "chmod" "fchmod" "mkdir" "open" "creat")
          (#any-of? @mode "0777" "0666")) @at)"},
};

constexpr SecurityPattern kRust[] = {
    {"command-injection",
     R"((call_expression function: (field_expression value: (_) @o
            field: (field_identifier) @f)
          arguments: (arguments . (_) @arg)
          (#eq? @f "arg") (#has? @o "new(\"sh" "new(\"bash" "new(\"/bin/sh")
          (#has? @o "\"-c\"") (#dynamic? @arg)) @at)"},
    {"sql-injection",
     R"((call_expression function: (_) @f
          arguments: (arguments (_) @arg)
          (#has? @f "query" "execute" "prepare")
          (#sql? @arg) (#built? @arg)) @at)"},
    {"weak-hash",
     R"((call_expression function: (scoped_identifier) @f
          (#any-of? @f "Md5::new" "Sha1::new" "md5::compute" "Md5::digest"
                       "Sha1::digest" "sha1::Sha1::new" "md5::Md5::new")) @at)"},
    {"tls-not-verified",
     R"((call_expression function: (field_expression
            field: (field_identifier) @f)
          arguments: (arguments . (boolean_literal) @v)
          (#any-of? @f "danger_accept_invalid_certs"
                       "danger_accept_invalid_hostnames")
          (#eq? @v "true")) @at)"},
    {"tls-not-verified",
     R"((scoped_identifier path: (identifier) @p name: (identifier) @n
          (#eq? @p "SslVerifyMode") (#eq? @n "NONE")) @at)"},
    {"type-confusion",
     R"((call_expression function: (_) @f
          (#any-of? @f "transmute" "mem::transmute" "std::mem::transmute"
                       "core::mem::transmute")) @at)"},
    {"hardcoded-credential",
     R"((const_item name: (identifier) @n value: (string_literal) @v
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((static_item name: (identifier) @n value: (string_literal) @v
          (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((let_declaration pattern: (identifier) @n value: (string_literal) @v
          (#credential? @n @v)) @at)"},
};

constexpr SecurityPattern kRuby[] = {
    {"command-injection",
     R"((call method: (identifier) @f arguments: (argument_list . (_) @arg)
          (#any-of? @f "system" "exec" "spawn" "popen" "capture2" "capture3")
          (#built? @arg)) @at)"},
    {"command-injection", R"((subshell (interpolation)) @at)"},
    {"code-injection",
     R"((call method: (identifier) @f arguments: (argument_list . (_) @arg)
          (#any-of? @f "eval" "instance_eval" "class_eval" "module_eval")
          (#dynamic? @arg)) @at)"},
    {"sql-injection",
     R"((call method: (identifier) @f arguments: (argument_list . (string
            (interpolation)))
          (#any-of? @f "where" "find_by_sql" "execute" "exec_query" "order"
                       "joins" "having" "select_all" "pluck")) @at)"},
    {"weak-hash",
     R"((scope_resolution scope: (constant) @s name: (constant) @n
          (#eq? @s "Digest") (#any-of? @n "MD5" "SHA1")) @at)"},
    {"tls-not-verified",
     R"((assignment left: (call method: (identifier) @k) right: (_) @v
          (#eq? @k "verify_mode") (#has? @v "VERIFY_NONE")) @at)"},
    {"unsafe-deserialization",
     R"((call receiver: (constant) @o method: (identifier) @f
          arguments: (argument_list . (_) @arg)
          (#any-of? @o "Marshal" "YAML" "Psych")
          (#any-of? @f "load" "restore" "unsafe_load" "load_file")
          (#dynamic? @arg)) @at)"},
    {"cross-site-scripting",
     R"((call receiver: (_) @o method: (identifier) @f
          (#eq? @f "html_safe") (#dynamic? @o)) @at)"},
    {"hardcoded-credential",
     R"((assignment left: (_) @n right: (string) @v (#credential? @n @v)) @at)"},
    {"hardcoded-credential",
     R"((pair key: (_) @n value: (string) @v (#credential? @n @v)) @at)"},
};

constexpr SecurityPattern kBash[] = {
    {"code-injection",
     R"((command name: (command_name) @f argument: (_) @arg
          (#eq? @f "eval") (#dynamic? @arg)) @at)"},
    {"command-injection",
     R"((command name: (command_name) @f argument: (_) @c . argument: (_) @arg
          (#any-of? @f "sh" "bash" "zsh" "/bin/sh" "/bin/bash")
          (#eq? @c "-c") (#dynamic? @arg)) @at)"},
    {"tls-not-verified",
     R"((command name: (command_name) @f argument: (word) @arg
          (#eq? @f "curl") (#any-of? @arg "-k" "--insecure")) @at)"},
    {"tls-not-verified",
     R"((command name: (command_name) @f argument: (word) @arg
          (#eq? @f "wget") (#eq? @arg "--no-check-certificate")) @at)"},
    {"download-and-run",
     R"((pipeline (command name: (command_name) @d) .
          (command name: (command_name) @r)
          (#any-of? @d "curl" "wget")
          (#any-of? @r "sh" "bash" "zsh" "python" "python3" "sudo")) @at)"},
    {"world-writable",
     R"((command name: (command_name) @f argument: (_) @arg
          (#eq? @f "chmod")
          (#any-of? @arg "777" "0777" "666" "a+w" "a+rwx" "o+w")) @at)"},
    {"insecure-temporary-file",
     R"((command name: (command_name) @f argument: (_) @arg
          (#eq? @f "mktemp") (#any-of? @arg "-u" "--dry-run")) @at)"},
    {"hardcoded-credential",
     R"((variable_assignment name: (variable_name) @n value: (_) @v
          (#credential? @n @v)) @at)"},
};

}  // namespace

std::span<const SecurityRule> SecurityRules() { return kRules; }

std::span<const SecurityPattern> PatternsOf(Language language) {
  switch (language) {
    case Language::kJavaScript:
    case Language::kTypeScript:
    case Language::kTsx:
      return kJavaScript;
    case Language::kGo:
      return kGo;
    case Language::kJava:
      return kJava;
    case Language::kC:
    case Language::kCpp:
      return kC;
    case Language::kRust:
      return kRust;
    case Language::kRuby:
      return kRuby;
    case Language::kBash:
      return kBash;
    case Language::kPython:
    case Language::kCSharp:
    case Language::kPhp:
    case Language::kUnknown:
      break;
  }
  return {};
}

}  // namespace evalloop::code_analysis
