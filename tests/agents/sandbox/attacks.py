"""What an attacker would try, in Python: each prints GOT when it succeeds.

`at` has the things to steal: state, home, open (a folder that anybody may write to), port, abstract, stream, datagram,
pid and host of the machine, and `here`: the workspace by the name that it has for the attacker.
"""

BEFORE = """
import ctypes, json, os, signal, socket, stat, subprocess, sys
at = json.loads(sys.argv[1])
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
    "a link through /proc": "got(holds(f'/proc/{os.getppid()}/root' + at['state'] + '/token', b'SESAME'))",
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
got(any(leads(pid, number) for pid in (1, os.getppid()) if os.access(f'/proc/{pid}/fd', os.R_OK)
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
    "the memory of the first process": "got(opens(f'/proc/{os.getppid()}/mem', 'r+b'))",
    "the score of the first process": "got(opens(f'/proc/{os.getppid()}/oom_score_adj', 'r+'))",
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

ATTACKS = {
    f"{kind}: {name}": code
    for kind, attacks in {"read": READS, "socket": SOCKETS, "write": WRITES, "power": POWERS}.items()
    for name, code in attacks.items()
}
