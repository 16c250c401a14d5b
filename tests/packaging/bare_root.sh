#!/bin/sh
# Tries both commands of the README where nothing is set up: in a bare Debian 12 with git and python3.
#
#   sh tests/packaging/bare_root.sh [FOLDER]      as root; needs debootstrap and some GB in FOLDER
#
# The clone is of what is committed here. How this machine reaches its package registries (certificates, settings of
# apt and pip) is copied in. Nothing of the trial leaks out: it has its own mounts and processes.
set -eu
cd "$(dirname "$0")/../.."

top=$(mktemp -d "${1:-/var/tmp}/bare-root.XXXXXX")
trap 'rm -rf --one-file-system "$top"' EXIT
root=$top/root

isolated() { unshare --mount --pid --fork --kill-child --propagation private "$@"; }

isolated debootstrap --variant=minbase --include=git,python3,ca-certificates,sudo bookworm "$root" >"$top/log" 2>&1 ||
    { tail "$top/log"; exit 1; }
for path in /etc/resolv.conf /etc/hosts /etc/ssl/certs /etc/pip.conf /etc/xdg/pip /etc/apt/apt.conf.d \
    /etc/apt/sources.list.d/debian.sources; do
    [ ! -e "$path" ] || { rm -rf "$root$path"; mkdir -p "$root${path%/*}"; cp -rL "$path" "$root$path"; }
done

# A real root, not a chroot: the kernel refuses user namespaces, and so the sandbox, to what is in a chroot.
# shellcheck disable=SC2016 # expanded in there
inside() {
    isolated sh -euc '
        mount --bind "$1" "$1"
        cd "$1"
        mount -t proc proc proc
        mount -t tmpfs tmpfs tmp
        mount --rbind /dev dev
        mount --rbind /sys sys
        mkdir -p old
        pivot_root . old
        cd /
        umount -l old
        exec env -i LANG=C.UTF-8 TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin su - "$2" -c "$3" </dev/null
    ' inside "$root" "$@"
}

inside root "useradd --create-home --shell /bin/sh owner; echo 'owner ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/owner"
git clone --quiet . "$root/srv/agent"
cp -r "$root/srv/agent" "$root/home/owner/agent"
inside root 'chown -R owner: /home/owner'

first=$(sed -n '/^sh systemd\/setup.sh/p' README.md)
echo "== as an ordinary user with sudo: $first"
inside owner "cd agent && $first"
echo "== as root: sh tests/all.sh"
inside root 'cd /srv/agent && sh tests/all.sh'
