#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# schedule_root.sh BUILD VENV PART...: what host_schedule.sh runs in namespaces of its own. Makes the
# root, installs Quern and the samples into it as samples/schedule/README.md says, and runs
# host_schedule.py there.
set -euo pipefail
tree=$PWD
build=$1
venv=$2
shift 2

copy=$tree/build/e2e/schedule
mkdir -p "$copy"
mount -t tmpfs none "$copy"
mkdir "$copy/changes" "$copy/work" "$copy/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$copy/changes,workdir=$copy/work" "$copy/root"
cd "$copy/root"
mount --rbind /dev dev
mount --rbind /sys sys
mount -t proc proc proc
mount -t tmpfs tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p ".$tree"
mount --bind "$tree" ".$tree"

# Two web hosts that stand for any: their addresses are public ones, and lead to this machine.
ip link set lo up
ip address add 20.0.0.1/32 dev lo
ip address add 20.0.0.2/32 dev lo
printf '%s\n' '127.0.0.1 localhost' '20.0.0.1 library.example.org' '20.0.0.2 archive.example.org' \
    >etc/hosts

# Not chroot: the kernel gives a process in one no user namespace, and the service wants one.
mkdir before
pivot_root . before
exec /bin/bash -euo pipefail -s -- "$tree" "$build" "$venv" "$@" <<'EOT'
tree=$1
build=$2
venv=$3
shift 3
cd "$tree"
umount --lazy /before
cmake --install "$build" --prefix /usr/local >/dev/null
install -D -m 644 samples/schedule/quern.sysusers /etc/sysusers.d/quern.conf
systemd-sysusers quern.conf
install -d -o quern -g quern -m 750 /var/lib/quern /var/lib/quern/archives
install -d /etc/quern
install -m 644 samples/jobs/nightly.toml /etc/quern/
install -m 755 samples/schedule/quern-nightly.sh /usr/local/bin/
install -m 644 samples/schedule/quern-nightly.service samples/schedule/quern-nightly.timer \
    /etc/systemd/system/
install -o quern -g quern -m 644 samples/documents/rain-garden.zip samples/documents/ferry.txt.gz \
    /var/lib/quern/archives/
# The systemd of the test starts what it is asked for, and nothing of this machine.
rm -rf /etc/systemd/system/*.wants /usr/lib/systemd/system/*.target.wants
for target in sysinit basic; do
    printf '[Unit]\nDescription=Nothing of this machine\n' >"/etc/systemd/system/$target.target"
done
touch /run/root-of-schedule-test
exec python3 tests/e2e/host_schedule.py --airflow "$venv" "$@"
EOT
