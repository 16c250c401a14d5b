"""What an attacker would try, in Python: each prints GOT when it succeeds.

`at` has the numbers of system calls, and the things to steal: state, home, open (a folder that anybody may write to),
port, abstract, stream, datagram, pid and host of the machine, and `here`: the workspace by the name that it has for
the attacker.
"""

BEFORE = """
import ctypes, json, os, signal, socket, stat, subprocess, sys
at = json.loads(sys.argv[1])
first = int(os.environ.get('FIRST') or os.getppid())  # in the sandbox the first process, outside our parent
libc = ctypes.CDLL(None, use_errno=True)
def got(value=True):
    print("GOT" if value else "nothing")
def tries(*calls):
    for call in calls:
        try:
            if call():
                return True
        except OSError:
            pass
    return False
def pair():
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0]
def holds(path, word):
    return tries(lambda: word in open(path, "rb").read())
def opens(path, mode):
    return tries(lambda: open(path, mode).close() is None)
def beside(folder):
    # what a folder holds but for the way to the interpreter, which has to be shown
    shown = [prefix + '/' for prefix in (sys.prefix, sys.base_prefix)]
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return [name for name in names if not any(way.startswith(os.path.join(folder, name) + '/') for way in shown)]
def leaves(folder):
    path = folder + '/sandbox-test'
    return opens(path, 'w') and os.unlink(path) is None
"""

# Where the machine gives in only to root, or not at all on some kernels, the control is another: see the tests.
READS = {
    "shadow": "got(holds('/etc/shadow', b':'))",
    "passwords of the machine": "got(holds('/etc/passwd', b'daemon'))",
    "the state folder": "got(holds(at['state'] + '/token', b'SESAME'))",
    "another home": "got(holds(at['home'] + '/token', b'SESAME'))",
    "the folder of homes": "got([name for home in ('/home', '/root') for name in beside(home)])",
    "the root of the machine": "got(set(beside('/')) & {'boot', 'mnt', 'srv', 'media'})",
    "a link in the workspace": """
os.symlink('/etc/shadow', at['here'] + '/link')
got(holds(at['here'] + '/link', b':'))""",
    "a link through /proc": "got(holds(f'/proc/{first}/root' + at['state'] + '/token', b'SESAME'))",
    "the environment of any process": """
got(any(holds(f'/proc/{pid}/environ', b'SESAME-environment') for pid in os.listdir('/proc') if pid.isdigit()))""",
    "other processes": """
got(str(at['pid']) in os.listdir('/proc') and holds(f"/proc/{at['pid']}/cmdline", at['name'].encode()))""",
    "the name of the machine": "got(os.uname().nodename == at['host'])",
    "/sys": "got(tries(lambda: os.listdir('/sys/kernel')))",
    "/run": "got(set(os.listdir('/run')) - {'input'})",
    "the machine's mounts": "got(' /boot ' in open('/proc/mounts').read() or ' /sys ' in open('/proc/mounts').read())",
    "network devices": """
got([line for line in open('/proc/net/dev').readlines()[2:] if line.split(':')[0].strip() != 'lo'])""",
    "kernel keys": "got(tries(lambda: open('/proc/keys').read()))",
    "kernel symbols": "got(tries(lambda: open('/proc/kallsyms').read(9)))",
    "devices": """
known = 'core console fd full null ptmx pts random shm stderr stdin stdout tty urandom zero'
got(set(os.listdir('/dev')) - set(known.split()))""",
    "the machine's id": "got(tries(lambda: open('/etc/machine-id').read()))",
    "the configuration of services": "got(tries(lambda: os.listdir('/etc/systemd')))",
    "inherited descriptors": """
def leads(number):
    return tries(lambda: 'SESAME' in os.readlink(f'/proc/self/fd/{number}'))
got(any(leads(number) for number in os.listdir('/proc/self/fd')))""",
    "descriptors of the first process": """
def leads(pid, number):
    return tries(lambda: 'SESAME' in os.readlink(f'/proc/{pid}/fd/{number}'))
got(any(leads(pid, number) for pid in (1, first) if os.access(f'/proc/{pid}/fd', os.R_OK)
        for number in os.listdir(f'/proc/{pid}/fd')))""",
}

SOCKETS = {
    "tcp to loopback": "got(tries(lambda: socket.create_connection(('127.0.0.1', at['port']), 5)))",
    "an internet socket": "got(tries(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)))",
    "an internet 6 socket": "got(tries(lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM)))",
    "an abstract socket": """
got(tries(lambda: not socket.socket(socket.AF_UNIX).connect_ex('\\0' + at['abstract'])))""",
    "a socket file": "got(tries(lambda: not socket.socket(socket.AF_UNIX).connect_ex(at['here'] + '/docker.sock')))",
    "a datagram socket file": """
got(tries(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', at['here'] + '/wake.sock')))""",
    "a datagram socket of a pair": """
got(tries(lambda: pair().sendto(b'x', at['here'] + '/wake.sock')))""",
    "a datagram socket of a pair, connected anew": """
got(tries(lambda: not pair().connect_ex(at['here'] + '/wake.sock')))""",
    "netlink": "got(tries(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)))",
}

WRITES = {
    "a folder outside": "got(opens(at['open'] + '/new', 'w'))",
    "the root": "got(leaves('/'))",
    "/usr": "got(leaves('/usr'))",
    "/etc": "got(leaves('/etc'))",
    "the interpreter": "got(leaves(sys.prefix))",
    "settings of the kernel": "got(opens('/proc/sys/kernel/core_pattern', 'r+'))",
    "the memory of the first process": "got(opens(f'/proc/{first}/mem', 'r+b'))",
    "the score of the first process": "got(opens(f'/proc/{first}/oom_score_adj', 'r+'))",
    "a move out of the workspace": """
open(at['here'] + '/moved', 'w').close()
got(tries(lambda: os.rename(at['here'] + '/moved', at['open'] + '/moved') is None))""",
    "a hard link to what is outside": "got(tries(lambda: os.link(at['open'] + '/kept', at['here'] + '/hard') is None))",
    "a set-user-ID file by chmod": """
open(at['here'] + '/suid', 'w').close()
got(tries(lambda: os.chmod(at['here'] + '/suid', 0o4755) is None))""",
    "a set-user-ID file by open": """
path = at['here'] + '/suid-open'
got(tries(lambda: os.stat(os.open(path, os.O_CREAT | os.O_WRONLY, 0o4755)).st_mode & stat.S_ISUID))""",
    "a set-user-ID file by mknod": """
path = at['here'] + '/suid-node'
got(tries(lambda: os.mknod(path, 0o4755 | stat.S_IFREG) is None and os.stat(path).st_mode & stat.S_ISUID))""",
    "a pipe that blocks whoever reads the workspace": "got(tries(lambda: os.mkfifo(at['here'] + '/pipe') is None))",
    "a device": "got(tries(lambda: os.mknod(at['here'] + '/device', 0o666 | stat.S_IFCHR, os.makedev(1, 5)) is None))",
}

POWERS = {
    "a signal to a process of the machine": "got(tries(lambda: os.kill(at['pid'], 0) is None))",
    "capabilities": """
got([line for line in open('/proc/self/status') if line.startswith('Cap') and int(line.split()[1], 16)])""",
    "new privileges": "got(libc.prctl(39, 0, 0, 0, 0) == 0)",
    "a trace of itself": "got(libc.ptrace(0, 0, 0, 0) == 0)",
    "the memory of another process": """
child = subprocess.Popen(['sleep', '60'])
word = ctypes.create_string_buffer(8)
class Span(ctypes.Structure):
    _fields_ = [('at', ctypes.c_void_p), ('size', ctypes.c_size_t)]
place = next(int(line.split('-')[0], 16) for line in open(f'/proc/{child.pid}/maps') if ' r' in line)
here, there = Span(ctypes.addressof(word), 8), Span(place, 8)
got(libc.process_vm_readv(child.pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) == 8)
child.kill()
child.wait()""",
    "a new user namespace": """
child = os.fork()
if not child:
    os._exit(0 if libc.unshare(0x10000000) == 0 else 1)
got(os.waitpid(child, 0)[1] == 0)""",
    "a new user namespace by clone": """
child = libc.syscall(at['clone'], 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
if not child:
    os._exit(0)
got(child > 0 and os.waitpid(child, 0)[1] == 0)""",
    "a mount": """
if not os.fork():
    libc.unshare(0x20000)
    libc.mount(None, b'/', None, 0x44000, None)
    got(libc.mount(b'none', at['here'].encode(), b'tmpfs', 0, None) == 0)
    sys.stdout.flush()
    os._exit(0)
os.wait()""",
    "typing into its terminal": """
main, line = os.openpty()
if not os.fork():
    import fcntl
    os.setsid()
    fcntl.ioctl(line, 0x540E, 0)
    got(tries(lambda: fcntl.ioctl(line, 0x5412, b'x') is not None))
    sys.stdout.flush()
    os._exit(0)
os.wait()""",
    "typing into its terminal, in 64 bits": """
main, line = os.openpty()
if not os.fork():
    import fcntl
    os.setsid()
    fcntl.ioctl(line, 0x540E, 0)
    libc.ioctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p]
    got(libc.ioctl(line, 0x100005412, b'x') == 0)
    sys.stdout.flush()
    os._exit(0)
os.wait()""",
    "another personality": "got(libc.personality(0x0040000) != -1)",
    "a key": "got(libc.syscall(at['add_key'], b'user', b'sandbox-test', b'x', 1, -1) > 0)",
    "a ring": """
params = ctypes.create_string_buffer(256)
got(libc.syscall(at['io_uring_setup'], 4, params) >= 0)""",
    "memory that no process holds": "got(tries(lambda: os.memfd_create('sandbox-test') >= 0))",
    "shared memory that no process holds": """
segment = libc.shmget(0, 4096, 0o1600)
got(segment >= 0)
libc.shmctl(segment, 0, None)""",
    "more open files": """
import resource
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    got()
except (OSError, ValueError):
    got(False)""",
    "a core dump": "import resource\ngot(resource.getrlimit(resource.RLIMIT_CORE)[1])",
    "root by a program": """
done = subprocess.run(['su', '-c', 'id -u'], stdin=subprocess.DEVNULL, capture_output=True, text=True)
got(done.stdout.strip() == '0')""",
}

MORE_READS = {
    "the machine through the first process": "got(holds(f'/proc/{first}/root/etc/shadow', b':'))",
    "the log of the kernel": "got(libc.klogctl(3, ctypes.create_string_buffer(64), 64) >= 0)",
    "the disk by its device": """
path = at['here'] + '/disk'
got(tries(lambda: os.mknod(path, 0o600 | stat.S_IFBLK, os.stat('/').st_dev) or open(path, 'rb').read(1)))""",
    "the memory of the kernel": "got(tries(lambda: open('/proc/kcore', 'rb').read(16)))",
    "control groups": "got(tries(lambda: os.listdir('/sys/fs/cgroup')))",
    "logs": "got(tries(lambda: os.listdir('/var/log')))",
    "what is installed": "got(tries(lambda: os.listdir('/var/lib')))",
    "files of others in /tmp": "got([name for name in os.listdir('/tmp') if name.startswith('sandbox-test-')])",
    "files of others in /dev/shm": "got(holds(at['shm'], b'SESAME'))",
    "the keyring of the session": "got(libc.syscall(at['keyctl'], 0, -3, 1) > 0)",
    "a file by its handle": """
handle = (ctypes.c_uint * 34)(128)
got(libc.name_to_handle_at(-100, b'/', handle, ctypes.byref(ctypes.c_int()), 0) == 0)""",
    "an open file of another process": """
child = subprocess.Popen(['sleep', '60'])
got(libc.syscall(at['pidfd_getfd'], os.pidfd_open(child.pid), 0, 0) >= 0)
child.kill()
child.wait()""",
}

MORE_SOCKETS = {
    "a socket of the hypervisor": "got(tries(lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)))",
    "raw packets": "got(tries(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)))",
    "a listener of its own": "got(tries(lambda: socket.create_server(('127.0.0.1', 0))))",
    "a socket file of its own": """
got(tries(lambda: socket.socket(socket.AF_UNIX).bind(at['here'] + '/own.sock') is None))""",
    "a pair that keeps packets apart": "got(tries(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)))",
    "a queue of messages": """
queue = libc.msgget(0, 0o1600)
got(queue >= 0)
libc.msgctl(queue, 0, None)""",
    "a semaphore of the machine": """
group = libc.semget(0, 1, 0o1600)
got(group >= 0)
libc.semctl(group, 0, 0)""",
}

MORE_WRITES = {
    "/dev": "got(leaves('/dev'))",
    "/run": "got(leaves('/run'))",
    "/var": "got(leaves('/var'))",
    "accounts": "got(opens('/etc/passwd', 'r+'))",
    "the interpreter's own code": "got(opens(os.__file__, 'r+'))",
    "keys of the machine's console": "got(opens('/proc/sysrq-trigger', 'r+'))",
    "its own map of users": "got(opens('/proc/self/uid_map', 'r+'))",
    "who goes first when memory is short": "got(opens('/proc/self/oom_score_adj', 'r+'))",
    "flags of a file": """
import fcntl
file = open(at['here'] + '/flags', 'w')
got(tries(lambda: fcntl.ioctl(file, 0x40086602, b'\\x40\\0\\0\\0\\0\\0\\0\\0') is not None))""",
    "a program with capabilities": """
import struct
path = at['here'] + '/capable'
open(path, 'w').close()
value = struct.pack('<5I', 0x02000001, 0x400, 0, 0, 0)
got(tries(lambda: os.setxattr(path, 'security.capability', value) is None))""",
    "a folder that hands on its group": """
os.mkdir(at['here'] + '/group')
got(tries(lambda: os.chmod(at['here'] + '/group', 0o2755) is None))""",
    "a file of somebody else": """
open(at['here'] + '/given', 'w').close()
got(tries(lambda: os.chown(at['here'] + '/given', 4242, 4242) is None))""",
    "a file of endless size": """
open(at['here'] + '/endless', 'w').close()
got(tries(lambda: os.truncate(at['here'] + '/endless', 1 << 40) is None))""",
}

MORE_POWERS = {
    "coming before others": "got(tries(lambda: os.nice(-5) is not None))",
    "coming before everything": """
got(tries(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)) is None))""",
    "the disk before others": "got(libc.syscall(at['ioprio_set'], 1, 0, 1 << 13) == 0)",
    "another root": "got(tries(lambda: os.chroot(at['here']) is None))",
    "the name of the machine": "got(tries(lambda: socket.sethostname(socket.gethostname()) is None))",
    "the clock": "got(libc.adjtimex(ctypes.create_string_buffer(256)) >= 0)",
    "a program in the kernel": """
attributes = (ctypes.c_uint * 32)(2, 4, 4, 1)
got(libc.syscall(at['bpf'], 0, attributes, 128) >= 0)""",
    "counters of the processor": """
attributes = (ctypes.c_uint * 32)(1, 128)
got(libc.syscall(at['perf_event_open'], attributes, 0, -1, -1, 0) >= 0)""",
    "faults of memory": "got(libc.syscall(at['userfaultfd'], 1) >= 0)",
    "a watch on all files": "got(libc.fanotify_init(0, 0) >= 0)",
    "a comparison of processes": "got(libc.syscall(at['kcmp'], os.getpid(), os.getpid(), 1, 0, 0) >= 0)",
    "another namespace": """
held = os.open('/proc/self/ns/uts', os.O_RDONLY)
got(libc.setns(held, 0) == 0)""",
    "ports of the machine": "got(libc.iopl(3) == 0)",
    "segments of its own": "got(libc.syscall(at['modify_ldt'], 0, ctypes.create_string_buffer(64), 64) >= 0)",
    "ways round its own bits": "got(libc.prctl(28, 0, 0, 0, 0) == 0)",
    "files by a queue in the kernel": """
context = ctypes.c_ulong()
got(libc.syscall(at['io_setup'], 1, ctypes.byref(context)) == 0)""",
}

KINDS = {
    "read": READS | MORE_READS,
    "socket": SOCKETS | MORE_SOCKETS,
    "write": WRITES | MORE_WRITES,
    "power": POWERS | {f"{name} (to set)" if name in POWERS else name: code for name, code in MORE_POWERS.items()},
}
ATTACKS = {f"{kind}: {name}": code for kind, attacks in KINDS.items() for name, code in attacks.items()}
CALLS = """
clone add_key io_uring_setup keyctl pidfd_getfd ioprio_set bpf perf_event_open userfaultfd kcmp modify_ldt io_setup
"""

# What a thin container, a virtual machine or a small kernel may not have outside either, and which control shows then
# that such an attempt would be noticed.
STANDS_IN = {
    "read: /sys": "read: the configuration of services",
    "read: the machine's id": "read: shadow",
    "read: the configuration of services": "read: shadow",
    "read: devices": "read: the disk by its device",
    "read: /run": "read: logs",
    "read: the root of the machine": "read: the state folder",
    "read: the machine's mounts": "read: the state folder",
    "read: the folder of homes": "read: another home",
    "read: network devices": "socket: tcp to loopback",
    "read: kernel keys": "read: kernel symbols",
    "read: kernel symbols": "read: shadow",
    "read: control groups": "read: /sys",
    "read: the log of the kernel": "read: logs",
    "read: the disk by its device": "write: a device",
    "read: the memory of the kernel": "read: shadow",
    "read: the keyring of the session": "power: a key",
    "socket: a socket of the hypervisor": "socket: netlink",
    "socket: raw packets": "socket: netlink",
    "socket: an internet 6 socket": "socket: an internet socket",
    "write: settings of the kernel": "write: /etc",
    "write: keys of the machine's console": "write: /etc",
    "write: flags of a file": "write: a set-user-ID file by chmod",
    "write: a program with capabilities": "write: a set-user-ID file by chmod",
    "write: a device": "write: a pipe that blocks whoever reads the workspace",
    "power: a key": "power: memory that no process holds",
    "power: a ring": "power: memory that no process holds",
    "power: typing into its terminal": "power: a trace of itself",
    "power: typing into its terminal, in 64 bits": "power: a trace of itself",
    "power: a new user namespace": "power: a trace of itself",
    "power: a new user namespace by clone": "power: a trace of itself",
    "power: a mount": "power: another root",
    "power: coming before everything": "power: coming before others",
    "power: coming before others": "power: another root",
    "power: the disk before others": "power: another root",
    "power: the name of the machine": "power: another root",
    "power: a program in the kernel": "power: a trace of itself",
    "power: counters of the processor": "power: a trace of itself",
    "power: faults of memory": "power: a trace of itself",
    "power: a watch on all files": "power: a trace of itself",
    "power: a comparison of processes": "power: a trace of itself",
    "power: ports of the machine": "power: another root",
    "power: segments of its own": "power: another personality",
    "power: files by a queue in the kernel": "power: memory that no process holds",
    "power: a core dump": "power: more open files",
}

# Runs the attacks of a file one by one, each in a process of its own; prints what each printed.
HARNESS = """
import json, os, signal, sys, traceback
os.environ['FIRST'] = str(os.getppid())
before, attacks, facts = json.load(open(sys.argv[1]))
found = {}
for name, code in attacks.items():
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(60)
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        os.close(reader)
        os.close(writer)
        sys.argv = ['attack', facts]
        try:
            exec(compile(before + code, name, 'exec'), {'__name__': '__main__'})
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(0)
    os.close(writer)
    with open(reader, 'rb') as pipe:
        found[name] = pipe.read().decode(errors='replace')
    os.waitpid(child, 0)
print(json.dumps(found))
"""
