#!/bin/bash
# Does to a source tree on the mount what people do to source trees, and checks every step against
# the same tree on the host's disk.
#   tree.sh DIR     DIR is a new directory on the mount; /share/tree.tar and /share/reference: the
#                   tree, packed and unpacked
set -euo pipefail
dir=$1
reference=/share/reference
last=$(date +%s%N)
done_with() {
  local now; now=$(date +%s%N)
  printf 'tree: %6d ms  %s\n' $(((now - last) / 1000000)) "$*"
  last=$now
}
fail() { echo "tree: FAILED: $*" >&2; exit 1; }
same() { diff -r --no-dereference "$1" "$2" > /tmp/diff.out || {
  sed -n 1,20p /tmp/diff.out >&2; fail "$1 differs from $2"; }; }
forget_cache() { sync; echo 3 > /proc/sys/vm/drop_caches; }

mkdir -p "$dir"
cd "$dir"
mkdir tree
tar -xf /share/tree.tar -C tree
files=$(find tree -type f | wc -l)
[ "$files" -ge "${MIN_FILES:-5000}" ] || fail "only $files files"
done_with "unpacked $files files"

forget_cache
same "$reference" tree
done_with "read them all back: as unpacked on the host"

sub=$(cd "$reference" && find . -mindepth 2 -maxdepth 2 -type d | sort | sed -n 1p)
cp -a tree copy
done_with "cp -a"
forget_cache
same tree copy
done_with "diff -r of tree and copy"
[ "$(stat -c '%Y %a %s' "tree/${sub}")" = "$(stat -c '%Y %a %s' "copy/${sub}")" ] ||
  [ "$(stat -c '%Y %a' "tree/${sub}")" = "$(stat -c '%Y %a' "copy/${sub}")" ] ||
  fail "cp -a lost attributes of $sub"

(
  cd tree
  export GIT_AUTHOR_NAME=e2e GIT_AUTHOR_EMAIL=e2e@example.com
  export GIT_COMMITTER_NAME=e2e GIT_COMMITTER_EMAIL=e2e@example.com
  git -c gc.auto=0 init -q
  git -c gc.auto=0 add -A
  git -c gc.auto=0 commit -q -m 'the tree'
  [ -z "$(git status --porcelain)" ] || fail "git status is not clean"
  [ "$(git ls-files | wc -l)" = "$files" ] || fail "git has not all files"
)
done_with "git init, add, commit: $files files in the index"
(cd tree && forget_cache && git fsck --strict --no-progress --no-dangling 2>&1 |
  grep -vE '^(notice|warning)' | sed -n 1,5p > /tmp/fsck; [ ! -s /tmp/fsck ]) ||
  fail "git fsck: $(cat /tmp/fsck)"
done_with "git fsck"

# sed -i, against sed on the reference: few processes, as each costs much in user-mode Linux.
mapfile -t edited < <(cd "$reference" && grep -rlI 'the' . | sort | sed -n 1,300p)
(cd copy && sed -i 's/the/THE/g' "${edited[@]}")
mkdir /dev/shm/edited
(cd "$reference" && cp --parents "${edited[@]}" /dev/shm/edited)
(cd /dev/shm/edited && sed -i 's/the/THE/g' "${edited[@]}")
forget_cache
mkdir copied
(cd copy && cp --parents "${edited[@]}" ../copied)
same /dev/shm/edited copied
done_with "sed -i of ${#edited[@]} files"

# Directories move with what is in them.
mapfile -t tops < <(cd copy && find . -mindepth 1 -maxdepth 1 -type d | sort)
mkdir moved
n=0
for d in "${tops[@]}"; do
  before=$(find "copy/$d" | wc -l)
  mv "copy/$d" "moved/renamed-${d#./}"
  [ "$(find "moved/renamed-${d#./}" | wc -l)" = "$before" ] || fail "mv of $d lost something"
  [ ! -e "copy/$d" ] || fail "mv of $d left it behind"
  n=$((n + 1))
done
mv moved "copy/below" && mv copy/below/* copy/ && rmdir copy/below
done_with "mv of $n directories, out and back"

mapfile -t victims < <(cd copy && find . -mindepth 1 -maxdepth 1 -type d | sort | sed -n 1p)
gone=$(find "copy/${victims[0]}" | wc -l)
rm -r "copy/${victims[0]}"
[ ! -e "copy/${victims[0]}" ] || fail "rm -r left something"
done_with "rm -r of $gone entries"

mkdir links
some=$(cd tree && find . -path ./.git -prune -o -type f -size +1k -print | sort | sed -n 1p)
ln "tree/$some" links/hard
ln "tree/$some" links/harder
[ "$(stat -c %h links/hard)" = 3 ] || fail "three names, not $(stat -c %h links/hard)"
[ links/hard -ef "tree/$some" ] || fail "a hard link is another file"
echo appended >> links/harder
cmp -s links/hard "tree/$some" || fail "hard links differ"
rm links/harder
[ "$(stat -c %h links/hard)" = 2 ] || fail "two names, not $(stat -c %h links/hard)"
ln -s "../tree/$some" links/soft
ln -s nowhere links/dangling
cmp -s links/soft links/hard || fail "a symbolic link leads elsewhere"
[ "$(readlink links/dangling)" = nowhere ] || fail "readlink"
done_with "hard and symbolic links"

mkdir attributes
echo x > attributes/file
mkdir attributes/directory
chmod 6751 attributes/file; chmod 1770 attributes/directory
chown 12345:54321 attributes/directory
touch -d '2001-02-03 04:05:06.789012345 UTC' attributes/file
forget_cache
[ "$(stat -c %a attributes/file)" = 6751 ] || fail "chmod: $(stat -c %a attributes/file)"
[ "$(stat -c '%a %u %g' attributes/directory)" = '1770 12345 54321' ] || fail "chown"
[ "$(date -u -d "@$(stat -c %.Y attributes/file)" +%F_%T.%N)" = 2001-02-03_04:05:06.789012345 ] ||
  fail "touch -d: $(stat -c %y attributes/file)"
chown 7:8 attributes/file
[ "$(stat -c '%a %u %g' attributes/file)" = '751 7 8' ] ||
  fail "chown keeps the set-id bits: $(stat -c '%a %u %g' attributes/file)"
done_with "chmod, chown, touch"

df -B1 --output=size,used,avail,itotal,iused . | tail -n 1 > /tmp/df
read -r size used avail itotal iused < /tmp/df
[ "$size" -gt 0 ] && [ "$used" -gt 1000000 ] && [ "$avail" -gt 0 ] || fail "df: $(cat /tmp/df)"
[ "$itotal" -gt "$iused" ] && [ "$iused" -gt "$files" ] || fail "df -i: $(cat /tmp/df)"
done_with "df: $used of $size bytes, $iused of $itotal inodes"
