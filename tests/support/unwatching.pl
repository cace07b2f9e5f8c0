#!/usr/bin/perl
# Runs a program that cannot watch this machine's networks: the kernel refuses it a routing socket (netlink). Chromium
# gives up every load when an address comes or goes, as with each container that starts; without the socket it takes the
# network to be there for good. Arguments: the program's, whose path is in UNWATCHING.
use strict;
use warnings;
use POSIX ();

# What the kernel calls the machine, and its numbers of socket() and prctl().
my %MACHINES = (x86_64 => [0xC000003E, 41, 157], aarch64 => [0xC00000B7, 198, 167]);
my ($AF_NETLINK, $NETLINK_ROUTE, $EAFNOSUPPORT) = (16, 0, 97);
my ($PR_SET_NO_NEW_PRIVS, $PR_SET_SECCOMP, $MODE_FILTER) = (38, 22, 2);
my ($LOAD, $JUMP_IF_EQUAL, $RETURN) = (0x20, 0x15, 0x06);
my ($REFUSED, $ALLOWED) = (0x00050000 | $EAFNOSUPPORT, 0x7FFF0000);

my $machine = $MACHINES{(POSIX::uname())[4]};
if ($machine) {
  my ($architecture, $socket, $prctl) = @$machine;
  # Offsets into seccomp_data: 0 the call, 4 the architecture, 16 and 32 the call's first and third argument.
  my @rules = (
    [$LOAD, 0, 0, 4], [$JUMP_IF_EQUAL, 0, 7, $architecture],
    [$LOAD, 0, 0, 0], [$JUMP_IF_EQUAL, 0, 5, $socket],
    [$LOAD, 0, 0, 16], [$JUMP_IF_EQUAL, 0, 3, $AF_NETLINK],
    [$LOAD, 0, 0, 32], [$JUMP_IF_EQUAL, 0, 1, $NETLINK_ROUTE],
    [$RETURN, 0, 0, $REFUSED],
    [$RETURN, 0, 0, $ALLOWED],
  );
  my $filter = join '', map { pack 'SCCL', @$_ } @rules;
  my $program = pack 'S x6 P', scalar @rules, $filter;
  syscall($prctl, $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or die "no_new_privs: $!\n";
  syscall($prctl, $PR_SET_SECCOMP, $MODE_FILTER, $program, 0, 0) == 0 or die "seccomp: $!\n";
}
exec {$ENV{UNWATCHING}} $ENV{UNWATCHING}, @ARGV or die "$ENV{UNWATCHING}: $!\n";
