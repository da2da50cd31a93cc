# class: 42 environment and mounted secrets
# tries: looks where keys and tokens are kept
# sees: says
# defended: a root of its own
# weak: etc
for place in ("/etc/shadow", "/root/.ssh", "/root", "/home", "/var/run/secrets",
              "/run/secrets", "/etc/ssl", "/etc/machine-id", "/.dockerenv",
              "/work", "/var/lib", "/boot", "/etc/hosts", "/etc/resolv.conf"):
    if os.path.lexists(place):
        escaped(place)
