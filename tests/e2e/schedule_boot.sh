#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# schedule_boot.sh GROUP: boots a systemd as process 1 of its own namespaces, in the root that schedule_root.sh made, as a
# container would: in a control group of its own, and a kernel whose settings it cannot write.
set -euo pipefail

if [ -f /sys/fs/cgroup/cgroup.procs ]; then
    groups=(-t cgroup2 none /sys/fs/cgroup)
else
    groups=(-t cgroup -o none,name=systemd none /sys/fs/cgroup/systemd)
fi
echo $$ >"$1/cgroup.procs"

exec unshare --mount --pid --cgroup --uts --ipc --fork --kill-child --propagation private \
    bash -euo pipefail -s -- "${groups[@]}" <<'EOT'
mount -t proc proc /proc
mount --bind /proc/sys /proc/sys
mount -o remount,ro,bind /proc/sys
mount -t tmpfs -o mode=755 tmpfs /run
mount -t sysfs -o ro sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
mkdir -p "${!#}"
mount "$@"
mount --make-rshared / # LoadCredential= mounts in a child, for us to see
exec env -i container=quern PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=night.target --show-status=no
EOT
