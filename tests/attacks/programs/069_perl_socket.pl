# class: 69 other languages: at run time
# tries: another interpreter connects
# sees: connection leak
# defended: no sockets, and a network namespace
# argv: exec /usr/bin/perl /box/attack.pl
# weak: net seccomp
use Socket;
socket(my $s, PF_INET, SOCK_STREAM, 0) or die "$!";
connect($s, sockaddr_in(@PORT@, inet_aton("127.0.0.1"))) or die "$!";
print <$s>;
