# class: 65 host info
# tries: learns whether root runs it outside: who owns what root owns
# sees: says
# defended: an unprivileged user, whatever the service's own is
# weak: user
if os.stat("/usr").st_uid == os.getuid():
    escaped("root outside")
