-- From format version 1 to 2 (docs/format.md, section "Metadata"). Types as in schema-1.sql.

-- === space: totals of directories, quotas, trash

-- From here on inode.parent of what is no directory is its home: a directory that has one of its
-- names. It counts there, and in all directories above.
CREATE TABLE upgrade_home (
  inode  INTEGER NOT NULL PRIMARY KEY,
  parent INTEGER NOT NULL
);
INSERT INTO upgrade_home (inode, parent)
  SELECT inode, MIN(parent) FROM entry WHERE type <> 2 GROUP BY inode;
UPDATE inode SET parent = (SELECT h.parent FROM upgrade_home h WHERE h.inode = inode.id)
  WHERE type <> 2 AND link_count > 0;
DROP TABLE upgrade_home;

-- Of files with several names alone: in which directories, and how many in each.
CREATE TABLE hard_link (
  inode  INTEGER NOT NULL,
  parent INTEGER NOT NULL,
  names  INTEGER NOT NULL,
  PRIMARY KEY (inode, parent)
) WITHOUT ROWID;
INSERT INTO hard_link (inode, parent, names)
  SELECT e.inode, e.parent, COUNT(*) FROM inode i JOIN entry e ON e.inode = i.id
  WHERE e.inode IN (SELECT inode FROM entry WHERE type <> 2 GROUP BY inode HAVING COUNT(*) > 1)
  GROUP BY e.inode, e.parent;

-- What lies below a directory, at any depth; without a row: nothing. The row of inode
-- 9223372036854775807 counts what is in the trash.
CREATE TABLE directory_total (
  inode       INTEGER NOT NULL PRIMARY KEY,
  bytes       INTEGER NOT NULL,        -- sum of inode.space_used
  size        INTEGER NOT NULL,        -- sum of inode.size, of what is no directory
  files       INTEGER NOT NULL,
  directories INTEGER NOT NULL
);
CREATE TABLE upgrade_total (
  inode       INTEGER NOT NULL PRIMARY KEY,
  bytes       INTEGER NOT NULL,
  size        INTEGER NOT NULL,
  files       INTEGER NOT NULL,
  directories INTEGER NOT NULL
);
INSERT INTO upgrade_total (inode, bytes, size, files, directories)
  SELECT parent, SUM(space_used), SUM(CASE WHEN type = 2 THEN 0 ELSE size END),
         SUM(CASE WHEN type = 2 THEN 0 ELSE 1 END), SUM(CASE WHEN type = 2 THEN 1 ELSE 0 END)
  FROM inode WHERE link_count > 0 AND id <> 1 AND parent IS NOT NULL GROUP BY parent;
INSERT INTO directory_total (inode, bytes, size, files, directories)
  WITH RECURSIVE above (directory, ancestor) AS (
    SELECT inode, inode FROM upgrade_total
    UNION ALL
    SELECT a.directory, i.parent FROM above a JOIN inode i ON i.id = a.ancestor WHERE i.id <> 1
  )
  SELECT a.ancestor, SUM(t.bytes), SUM(t.size), SUM(t.files), SUM(t.directories)
  FROM above a JOIN upgrade_total t ON t.inode = a.directory GROUP BY a.ancestor;
DROP TABLE upgrade_total;

CREATE TABLE quota (
  inode     INTEGER NOT NULL PRIMARY KEY,
  max_bytes INTEGER,                   -- of directory_total.bytes; NULL: any number
  max_files INTEGER                    -- of files + directories; NULL: any number
);

-- What lost its last name, until it is restored or its time is over. The inode stays, without a
-- link; its parent is 9223372036854775807.
CREATE TABLE trash (
  id         INTEGER NOT NULL PRIMARY KEY,
  inode      INTEGER NOT NULL,
  parent     INTEGER NOT NULL,         -- where it was
  name       BLOB    NOT NULL,         -- as what
  type       INTEGER NOT NULL,         -- FileType.code
  deleted_ns INTEGER NOT NULL
);
CREATE INDEX trash_by_name ON trash (parent, name, id);
CREATE INDEX trash_of_directory ON trash (inode) WHERE type = 2;

-- What a client that has the file open renamed it to instead of removing it (.nfsXXXX): the name
-- its user knew.
CREATE TABLE open_removal (
  inode  INTEGER NOT NULL PRIMARY KEY,
  parent INTEGER NOT NULL,
  name   BLOB    NOT NULL
);

-- === garbage: compaction, orphans

-- === owner: lease, shipping of the log

-- === nfs: extended attributes, access control lists

-- The number of an attribute is the cookie of its place in listings.
CREATE TABLE xattr (
  id    INTEGER NOT NULL PRIMARY KEY,
  inode INTEGER NOT NULL,
  name  BLOB    NOT NULL,
  value BLOB    NOT NULL
);
CREATE UNIQUE INDEX xattr_by_name ON xattr (inode, name);

-- === objects: bucket settings, versions, locks, tags

-- What is configured of a bucket; kind is BucketSetting.code. Gone with the bucket.
CREATE TABLE bucket_setting (
  bucket INTEGER NOT NULL,             -- inode of the bucket
  kind   INTEGER NOT NULL,
  value  BLOB    NOT NULL,
  PRIMARY KEY (bucket, kind)
) WITHOUT ROWID;

-- version: its id, 0 for a null version. Of the lock: mode 0 none, 1 GOVERNANCE, 2 COMPLIANCE.
ALTER TABLE object ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE object ADD COLUMN retention_mode INTEGER NOT NULL DEFAULT 0;
ALTER TABLE object ADD COLUMN retain_until_ns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE object ADD COLUMN legal_hold INTEGER NOT NULL DEFAULT 0;

-- Versions of a key that are not current, and delete markers. The current version is the file of
-- that name, if there is one. Later ones of a key have a smaller seq.
CREATE TABLE version (
  bucket        INTEGER NOT NULL,      -- inode of the bucket
  object_key    BLOB    NOT NULL,
  seq           INTEGER NOT NULL,
  version       INTEGER NOT NULL,      -- its id, 0 for the null version
  inode         INTEGER,               -- a nameless inode; NULL: a delete marker
  uid           INTEGER NOT NULL,
  modify_ns     INTEGER NOT NULL,
  noncurrent_ns INTEGER NOT NULL,      -- since when something else is current, or a marker is there
  PRIMARY KEY (bucket, object_key, seq)
) WITHOUT ROWID;

-- The names of an inode: a directory's path, and files whose content changes in a bucket with
-- versions.
CREATE INDEX entry_by_inode ON entry (inode);

INSERT INTO id_counter (name, next) VALUES ('version', 1);

-- === identity: policies, session tokens

-- The id of the master key that sealed the secret; '' where it is plain text: until the next start.
ALTER TABLE access_key ADD COLUMN sealed_by TEXT NOT NULL DEFAULT '';
