"""Which system calls exist in the sandbox.

An allow-list: what stands nowhere here fails with ENOSYS, so that a libc falls back (clone3, openat2, io_uring) and
what a newer kernel adds stays out until somebody has looked at it. Names that a machine does not have are skipped.
See syscalls(2) and the manual page of each name.
"""

FILES = """
access chdir chown close close_range copy_file_range dup dup2 dup3 faccessat faccessat2 fadvise64 fallocate fchdir
fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs fsync ftruncate
futimesat getcwd getdents getdents64 getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch lchown
lgetxattr link linkat listxattr llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat newfstatat pread64 preadv
preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv removexattr rename renameat renameat2 rmdir
sendfile setxattr splice stat statfs statx symlink symlinkat sync_file_range syncfs tee truncate umask unlink
unlinkat utime utimensat utimes vmsplice write writev
"""

MEMORY = """
brk get_mempolicy madvise mincore mlock mlock2 mlockall mmap mprotect mremap msync munlock munlockall munmap pkey_alloc
pkey_free pkey_mprotect
"""

PROCESSES = """
arch_prctl capget capset execve execveat exit exit_group fork get_robust_list get_thread_area getcpu getegid geteuid
getgid getgroups getpgid getpgrp getpid getppid getpriority getresgid getresuid getrlimit getrusage getsid gettid
getuid ioprio_get ioprio_set landlock_add_rule landlock_create_ruleset landlock_restrict_self membarrier pidfd_open
pidfd_send_signal prctl prlimit64 rseq sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
sched_setscheduler sched_yield set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid setgroups
setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setuid times vfork wait4 waitid
"""

WAITING = """
alarm epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 futex futex_requeue
futex_wait futex_waitv futex_wake getitimer kill nanosleep pause pipe pipe2 poll ppoll pselect6 restart_syscall
rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
select setitimer sigaltstack signalfd signalfd4 tgkill timer_create timer_delete timer_getoverrun timer_gettime
timer_settime timerfd_create timerfd_gettime timerfd_settime tkill
"""

# On a pair of connected sockets, the only ones there are.
PAIRS = "getpeername getsockname getsockopt recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto setsockopt shutdown"

MACHINE = "clock_getres clock_gettime clock_nanosleep getrandom gettimeofday sysinfo time uname"

ALLOWED = tuple(" ".join((FILES, MEMORY, PROCESSES, WAITING, PAIRS, MACHINE)).split())

# What a program may try knowingly and should be told plainly (EPERM). It would fail without these names too.
REFUSED = """
accept accept4 acct add_key adjtimex bind bpf chroot clock_adjtime clock_settime connect create_module delete_module
fanotify_init fanotify_mark finit_module fsconfig fsmount fsopen fspick init_module ioperm iopl kcmp kexec_file_load
kexec_load keyctl listen lookup_dcookie migrate_pages mount mount_setattr move_mount move_pages name_to_handle_at
open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root process_madvise process_vm_readv
process_vm_writev ptrace quotactl quotactl_fd reboot request_key setdomainname sethostname setns settimeofday stime
swapoff swapon syslog umount umount2 unshare userfaultfd vhangup
"""

FORBIDDEN = tuple(REFUSED.split())

# ioctl_tty(2), ioctl(2) of files, FICLONE(2const); TIOCSTI, TIOCLINUX and TIOCSETD are left out on purpose.
IOCTLS = (
    0x5401,  # TCGETS
    0x5402,  # TCSETS
    0x5403,  # TCSETSW
    0x5404,  # TCSETSF
    0x5409,  # TCSBRK
    0x540A,  # TCXONC
    0x540B,  # TCFLSH
    0x540E,  # TIOCSCTTY
    0x540F,  # TIOCGPGRP
    0x5410,  # TIOCSPGRP
    0x5411,  # TIOCOUTQ
    0x5413,  # TIOCGWINSZ
    0x5414,  # TIOCSWINSZ
    0x541B,  # FIONREAD
    0x5421,  # FIONBIO
    0x5422,  # TIOCNOTTY
    0x5429,  # TIOCGSID
    0x5441,  # TIOCGPTPEER
    0x5450,  # FIONCLEX
    0x5451,  # FIOCLEX
    0x5452,  # FIOASYNC
    0x5460,  # FIOQSIZE
    0x802C542A,  # TCGETS2
    0x402C542B,  # TCSETS2
    0x80045430,  # TIOCGPTN
    0x40045431,  # TIOCSPTLCK
    0x40049409,  # FICLONE
    0x4020940D,  # FICLONERANGE
    0xC020660B,  # FS_IOC_FIEMAP
    0x80086601,  # FS_IOC_GETFLAGS
    0x801C581F,  # FS_IOC_FSGETXATTR
)
