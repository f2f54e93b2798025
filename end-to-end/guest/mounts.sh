#!/bin/bash
# Mounts the ways people do, in a machine that has no mount yet.
set -euo pipefail
mkdir -p /m/plain /m/v41 /m/nconnect
mount -t nfs4 10.0.2.2:/ /m/plain -o "port=$NFS_PORT"
grep ' /m/plain ' /proc/mounts
grep ' /m/plain ' /proc/mounts | grep vers=4.2 > /dev/null
mount -t nfs4 10.0.2.2:/ /m/v41 -o "port=$NFS_PORT,vers=4.1,nosharecache"
grep ' /m/v41 ' /proc/mounts | grep vers=4.1 > /dev/null
mkdir -p /m/plain/mounts
echo seen > /m/plain/mounts/file
[ "$(cat /m/v41/mounts/file)" = seen ]
umount /m/plain /m/v41
mount -t nfs4 10.0.2.2:/ /m/nconnect -o "port=$NFS_PORT,vers=4.1,nconnect=4"
for i in 1 2 3 4 5 6 7 8; do
  head -c 3000000 /dev/urandom > "/m/nconnect/mounts/n$i" &
done
wait
sync
hex=$(printf '%04X' "$NFS_PORT")
connections=$(grep -c ":$hex 01 " /proc/net/tcp || true)
echo "mounts: plain (4.2), vers=4.1 and nconnect=4 work; $connections connections"
[ "$connections" = 4 ]
umount /m/nconnect
