#include "code_analysis/security.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "code_analysis/security_rules.h"
#include "code_analysis/trees.h"

namespace evalloop::code_analysis {
namespace {

std::string Found(std::string_view code, Language language) {
  const SecurityReport report = FindWeaknesses(code, language);
  std::string found(report.reason);
  for (const SecurityFinding& finding : report.findings) {
    if (!found.empty()) found += ", ";
    found += finding.rule->id;
  }
  return found;
}

struct Case {
  Language language;
  std::string_view rule;
  std::string_view bad;   // The rule fires, and nothing else.
  std::string_view good;  // Nothing fires.
};

constexpr Case kCases[] = {
    {Language::kJavaScript, "command-injection", "exec('ls ' + dir)",
     "exec('ls')"},
    {Language::kJavaScript, "command-injection",
     "require('child_process').execSync(`rm ${x}`)", "/a/.exec('a' + x)"},
    {Language::kJavaScript, "code-injection", "eval(x)", "eval('1 + 1')"},
    {Language::kJavaScript, "code-injection", "f = new Function('a', body)",
     "f = new Function('return 1')"},
    {Language::kJavaScript, "code-injection", "setTimeout('f(' + x + ')', 1)",
     "setTimeout(() => f('a' + x), 1)"},
    {Language::kJavaScript, "sql-injection",
     "db.query('SELECT * FROM t WHERE a = ' + a)",
     "db.query('SELECT * FROM t WHERE a = ?', [a])"},
    {Language::kJavaScript, "weak-hash", "crypto.createHash('md5')",
     "crypto.createHash('sha256')"},
    {Language::kJavaScript, "weak-cipher",
     "crypto.createCipheriv('des-ede3', k, v)",
     "crypto.createCipheriv('aes-256-gcm', k, v)"},
    {Language::kJavaScript, "tls-not-verified",
     "o = { rejectUnauthorized: false }", "o = { rejectUnauthorized: true }"},
    {Language::kJavaScript, "tls-not-verified",
     "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'",
     "process.env.NODE_ENV = '0'"},
    {Language::kJavaScript, "cross-site-scripting", "el.innerHTML = x",
     "el.innerHTML = '<b>hi</b>'"},
    {Language::kJavaScript, "cross-site-scripting", "document.write(x)",
     "document.write('x')"},
    {Language::kTsx, "cross-site-scripting",
     "x = <a dangerouslySetInnerHTML={{__html: y}} />", "x = <a>{y}</a>"},
    {Language::kTypeScript, "hardcoded-credential",
     "const apiKey: string = 'k9Fz3QpW';",
     "const apiKey: string = process.env.API_KEY;"},
    {Language::kJavaScript, "hardcoded-credential",
     "c = { password: 'hunter2' }", "c = { password: 'your_password' }"},
    {Language::kJavaScript, "unsafe-deserialization",
     "serialize.unserialize(x)", "JSON.parse(x)"},
    {Language::kGo, "command-injection",
     "package p\nfunc f() { exec.Command(\"sh\", \"-c\", x) }",
     "package p\nfunc f() { exec.Command(\"ls\", \"-c\", x) }"},
    {Language::kGo, "sql-injection",
     "package p\nfunc f() { db.Query(fmt.Sprintf(\"select %s\", x)) }",
     "package p\nfunc f() { db.Query(\"select $1\", x) }"},
    {Language::kGo, "weak-hash", "package p\nfunc f() { md5.Sum(b) }",
     "package p\nfunc f() { sha256.Sum256(b) }"},
    {Language::kGo, "weak-cipher", "package p\nfunc f() { des.NewCipher(k) }",
     "package p\nfunc f() { aes.NewCipher(k) }"},
    {Language::kGo, "tls-not-verified",
     "package p\nvar c = tls.Config{InsecureSkipVerify: true}",
     "package p\nvar c = tls.Config{InsecureSkipVerify: false}"},
    {Language::kGo, "cross-site-scripting",
     "package p\nfunc f() { template.HTML(x) }",
     "package p\nfunc f() { template.HTML(\"<b>\") }"},
    {Language::kGo, "world-writable",
     "package p\nfunc f() { os.Chmod(n, 0777) }",
     "package p\nfunc f() { os.Chmod(n, 0600) }"},
    {Language::kGo, "hardcoded-credential",
     "package p\nfunc f() { c.Password = \"hunter2\" }",
     "package p\nconst TokenHeader = \"X-Auth-Token\""},
    {Language::kJava, "command-injection",
     "class A { void f() { Runtime.getRuntime().exec(\"ls \" + x); } }",
     "class A { void f() { Runtime.getRuntime().exec(\"ls\"); } }"},
    {Language::kJava, "code-injection",
     "class A { void f() { engine.eval(x); } }",
     "class A { void f() { engine.eval(\"1\"); } }"},
    {Language::kJava, "sql-injection",
     "class A { void f() { s.executeQuery(\"select \" + x); } }",
     "class A { void f() { s.executeQuery(\"select 1\"); } }"},
    {Language::kJava, "weak-hash",
     "class A { void f() { MessageDigest.getInstance(\"MD5\"); } }",
     "class A { void f() { MessageDigest.getInstance(\"SHA-256\"); } }"},
    {Language::kJava, "weak-cipher",
     "class A { void f() { Cipher.getInstance(\"DES/CBC\"); } }",
     "class A { void f() { Cipher.getInstance(\"AES/GCM/NoPadding\"); } }"},
    {Language::kJava, "tls-not-verified",
     "class A { void f() { c.setHostnameVerifier((h, s) -> true); } }",
     "class A { void f() { c.setHostnameVerifier(verifier); } }"},
    {Language::kJava, "unsafe-deserialization",
     "class A { Object o = new ObjectInputStream(in).readObject(); }",
     "class A { Object o = mapper.readValue(in, A.class); }"},
    {Language::kJava, "hardcoded-credential",
     "class A { String password = \"hunter2\"; }",
     "class A { String password = System.getenv(\"P\"); }"},
    {Language::kC, "command-injection", "void f() { system(cmd); }",
     "void f() { system(\"ls\"); }"},
    {Language::kC, "unbounded-copy", "void f() { strcpy(a, b); }",
     "void f() { strncpy(a, b, sizeof(a)); }"},
    {Language::kC, "unbounded-copy", "void f() { scanf(\"%s\", a); }",
     "void f() { scanf(\"%d\", &a); }"},
    {Language::kC, "format-string", "void f() { printf(x); }",
     "void f() { printf(\"%s\", x); }"},
    {Language::kC, "insecure-temporary-file", "void f() { tmpnam(b); }",
     "void f() { mkstemp(b); }"},
    {Language::kC, "tls-not-verified",
     "void f() { curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L); }",
     "void f() { curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L); }"},
    {Language::kC, "world-writable", "void f() { chmod(p, 0777); }",
     "void f() { chmod(p, 0640); }"},
    {Language::kCpp, "tls-not-verified",
     "void f() { SSL_CTX_set_verify(c, SSL_VERIFY_NONE, nullptr); }",
     "void f() { SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr); }"},
    {Language::kCpp, "weak-hash", "void f() { MD5(d, n, out); }",
     "void f() { SHA256(d, n, out); }"},
    {Language::kCpp, "weak-cipher", "auto c = EVP_des_ecb();",
     "auto c = EVP_aes_256_gcm();"},
    {Language::kCpp, "sql-injection", "void f() { w.exec(\"select \" + x); }",
     "void f() { w.exec(\"select 1\"); }"},
    {Language::kCpp, "hardcoded-credential",
     "const char* password = \"hunter2\";", "const char* password = \"\";"},
    {Language::kRust, "command-injection",
     "fn f() { Command::new(\"sh\").arg(\"-c\").arg(x); }",
     "fn f() { Command::new(\"ls\").arg(\"-c\").arg(x); }"},
    {Language::kRust, "sql-injection",
     "fn f() { sqlx::query(&format!(\"select {}\", x)); }",
     "fn f() { sqlx::query(\"select $1\").bind(x); }"},
    {Language::kRust, "weak-hash", "fn f() { Md5::new(); }",
     "fn f() { Sha256::new(); }"},
    {Language::kRust, "tls-not-verified",
     "fn f() { b.danger_accept_invalid_certs(true); }",
     "fn f() { b.danger_accept_invalid_certs(false); }"},
    {Language::kRust, "type-confusion",
     "fn f() { unsafe { std::mem::transmute(x) } }",
     "fn f() { u32::from_le_bytes(x) }"},
    {Language::kRust, "hardcoded-credential",
     "const API_KEY: &str = \"k9Fz3QpW\";",
     "const API_KEY: &str = env!(\"API_KEY\");"},
    {Language::kRuby, "command-injection", "system(\"ls #{x}\")",
     "system('ls', x)"},
    {Language::kRuby, "command-injection", "`ls #{x}`", "`ls`"},
    {Language::kRuby, "code-injection", "eval(x)", "eval('1')"},
    {Language::kRuby, "sql-injection", "User.where(\"a = #{x}\")",
     "User.where('a = ?', x)"},
    {Language::kRuby, "weak-hash", "Digest::MD5.hexdigest(x)",
     "Digest::SHA256.hexdigest(x)"},
    {Language::kRuby, "tls-not-verified",
     "http.verify_mode = OpenSSL::SSL::VERIFY_NONE",
     "http.verify_mode = OpenSSL::SSL::VERIFY_PEER"},
    {Language::kRuby, "unsafe-deserialization", "Marshal.load(x)",
     "YAML.safe_load(x)"},
    {Language::kRuby, "cross-site-scripting", "x.html_safe", "'<b>'.html_safe"},
    {Language::kRuby, "hardcoded-credential", "password = 'hunter2'",
     "password = ENV['PASSWORD']"},
    {Language::kBash, "code-injection", "eval \"$x\"", "eval 'a=1'"},
    {Language::kBash, "command-injection", "sh -c \"ls $x\"", "sh -c 'ls'"},
    {Language::kBash, "tls-not-verified", "curl -k https://a",
     "curl -f https://a"},
    {Language::kBash, "download-and-run", "curl https://a | sh",
     "curl https://a | jq ."},
    {Language::kBash, "world-writable", "chmod 777 a", "chmod 755 a"},
    {Language::kBash, "insecure-temporary-file", "x=$(mktemp -u)",
     "x=$(mktemp)"},
    {Language::kBash, "hardcoded-credential", "DB_PASSWORD=hunter2",
     "DB_PASSWORD=\"$1\""},
};

TEST(SecurityTest, EachRuleFiresAndHoldsItsFire) {
  for (const Case& c : kCases) {
    EXPECT_EQ(Found(c.bad, c.language), c.rule) << c.bad;
    EXPECT_EQ(Found(c.good, c.language), "") << c.good;
  }
}

TEST(SecurityTest, EachRuleIsSeenInATestForALanguageThatHasIt) {
  std::set<std::string_view> seen;
  for (const Case& c : kCases) seen.insert(c.rule);
  for (const SecurityRule& rule : SecurityRules()) {
    EXPECT_TRUE(seen.contains(rule.id)) << rule.id;
    EXPECT_GT(rule.cwe, 0u);
    EXPECT_FALSE(rule.message.empty());
  }
  for (int i = 1; i <= static_cast<int>(Language::kBash); ++i) {
    for (const SecurityPattern& pattern :
         PatternsOf(static_cast<Language>(i))) {
      EXPECT_TRUE(seen.contains(pattern.rule)) << pattern.rule;
    }
  }
}

TEST(SecurityTest, SaysWhere) {
  const auto report =
      FindWeaknesses("int x;\nvoid f() { gets(b); }", Language::kC);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].line, 2u);
  EXPECT_EQ(report.findings[0].offset, 18u);
}

TEST(SecurityTest, SaysWhyItDidNotLook) {
  EXPECT_EQ(FindWeaknesses("x", Language::kPython).reason, "no_rules");
  EXPECT_EQ(FindWeaknesses("x", Language::kUnknown).reason, "no_grammar");
  EXPECT_EQ(FindWeaknesses(std::string(kMaxParsedBytes + 1, ' '), Language::kC)
                .reason,
            "too_long");
}

TEST(SecurityTest, SurvivesHostileText) {
  for (const std::string_view unit :
       {"system(", "a + ", "eval(x, ", "exec(`${", "\xff", "{password: '"}) {
    std::string text;
    while (text.size() + unit.size() <= kMaxParsedBytes / 4) text += unit;
    for (int i = 1; i <= static_cast<int>(Language::kBash); ++i) {
      FindWeaknesses(text, static_cast<Language>(i));
    }
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
