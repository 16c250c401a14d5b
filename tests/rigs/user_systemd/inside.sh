#!/bin/sh
# Runs the systemd of a user with mounts and a control group of its own, until standard input ends:
#
#   unshare --mount sh inside.sh USER FOLDER [PATH]...
#
# FOLDER has `home` and `run`, which belong to the user. It and each PATH are shown at their places also where they lie
# in a folder that the user may not enter.
set -eu
user=$1 folder=$2
shift
group=/sys/fs/cgroup/${folder##*/}
hold=/run/systemd/hold

as_user() { setpriv --reuid "$user" --regid "$user" --clear-groups "$@"; }

# Gives the topmost folder above a path that the user may not enter.
closed_above() {
    way=$1 closed=''
    while [ "$way" != / ]; do
        way=$(dirname "$way")
        [ ! -e "$way" ] || as_user test -x "$way" || closed=$way
    done
    printf '%s\n' "$closed"
}

# systemd takes a machine that has `system` for booted with it. The sockets of a real one are out of reach in here.
mkdir -p /run/systemd
mount -t tmpfs -o mode=755 tmpfs /run/systemd
mkdir /run/systemd/system "$hold"

# Control groups of version 2 alone, as on newer machines. Mounted anew they would get other options for everybody.
if [ "$(stat --file-system --format %T /sys/fs/cgroup)" != cgroup2fs ]; then
    mkdir "$hold/groups"
    mount --bind "$(findmnt --noheadings --types cgroup2 --output TARGET | head -n 1)" "$hold/groups"
    umount --lazy /sys/fs/cgroup
    mount --move "$hold/groups" /sys/fs/cgroup
fi

# All paths are held before the first folder is covered: it may have several of them.
number=0
for path; do
    number=$((number + 1))
    mkdir "$hold/$number"
    mount --bind "$path" "$hold/$number"
done
number=0
for path; do
    number=$((number + 1))
    as_user test -e "$path" && continue
    closed=$(closed_above "$path")
    [ -z "$closed" ] || mount -t tmpfs -o mode=755 tmpfs "$closed"
    mkdir -p "$path"
    mount --move "$hold/$number" "$path"
done

mkdir "$group"
end() {
    echo 1 >"$group/cgroup.kill"
    until grep -qx 'populated 0' "$group/cgroup.events"; do sleep 0.02; done
    find "$group" -noleaf -depth -type d -exec rmdir {} +
}
trap end EXIT
# What systemd hands over to a user of the machine.
for name in . cgroup.procs cgroup.threads cgroup.subtree_control; do chown "$user:$user" "$group/$name"; done

cd /
# The manager, as after a login. Its messages and those of its units come out here: there is no journal.
(
    echo 0 >"$group/cgroup.procs"
    exec env -i HOME="$folder/home" XDG_RUNTIME_DIR="$folder/run" LANG=C.UTF-8 SYSTEMD_LOG_TARGET=console \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        setpriv --reuid "$user" --regid "$user" --clear-groups /lib/systemd/systemd --user
) &
cat >/dev/null
