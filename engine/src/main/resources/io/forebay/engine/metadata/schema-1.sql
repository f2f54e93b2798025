-- Metadata of a volume, format version 1 (docs/format.md, section "Metadata").
--
-- Written for SQLite; every column type is one that PostgreSQL also has, or is replaced by name:
-- BLOB is BYTEA there, INTEGER is BIGINT. Names, keys and targets are BLOBs because they are bytes
-- and compare as unsigned bytes. Times are nanoseconds since 1970-01-01T00:00:00Z. Ids are unsigned
-- 32-bit numbers in a signed 64-bit column. Booleans are 0 and 1.

CREATE TABLE volume (
  id             INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  uuid           TEXT    NOT NULL,
  format_version INTEGER NOT NULL,
  segment_size   INTEGER NOT NULL,
  created_ns     INTEGER NOT NULL
);

-- Ranges are leased from here; next is the first number nobody has had.
CREATE TABLE id_counter (
  name TEXT    NOT NULL PRIMARY KEY,   -- inode, segment, cookie
  next INTEGER NOT NULL
);

-- One row, kept with every transaction that changes it.
CREATE TABLE usage (
  id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  bytes  INTEGER NOT NULL,             -- sum of inode.space_used
  inodes INTEGER NOT NULL
);

CREATE TABLE inode (
  id           INTEGER NOT NULL PRIMARY KEY,
  generation   INTEGER NOT NULL,
  type         INTEGER NOT NULL,       -- FileType.code
  mode         INTEGER NOT NULL,
  link_count   INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  gid          INTEGER NOT NULL,
  size         INTEGER NOT NULL,
  space_used   INTEGER NOT NULL,
  change       INTEGER NOT NULL,
  data_version INTEGER NOT NULL,
  access_ns    INTEGER NOT NULL,
  modify_ns    INTEGER NOT NULL,
  change_ns    INTEGER NOT NULL,
  birth_ns     INTEGER NOT NULL,
  parent       INTEGER,                -- of a directory: the one that holds it
  implicit     INTEGER NOT NULL,       -- of a directory: made by a put, vanishes when empty
  verifier     INTEGER,                -- of an exclusive create
  target       BLOB,                   -- of a symbolic link
  device_major INTEGER NOT NULL,
  device_minor INTEGER NOT NULL
);

-- sort_key: the name, and for a directory the name and '/', so that walking it depth first gives
-- keys in the order S3 lists them.
CREATE TABLE entry (
  parent   INTEGER NOT NULL,
  name     BLOB    NOT NULL,
  sort_key BLOB    NOT NULL,
  cookie   INTEGER NOT NULL,
  inode    INTEGER NOT NULL,
  type     INTEGER NOT NULL,
  PRIMARY KEY (parent, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX entry_by_sort_key ON entry (parent, sort_key);
CREATE UNIQUE INDEX entry_by_cookie ON entry (parent, cookie);

-- Extents of an inode never overlap; a gap is a hole. No extent is longer than a segment.
CREATE TABLE extent (
  inode          INTEGER NOT NULL,
  file_offset    INTEGER NOT NULL,
  length         INTEGER NOT NULL,
  segment        INTEGER NOT NULL,
  segment_offset INTEGER NOT NULL,
  PRIMARY KEY (inode, file_offset)
) WITHOUT ROWID;
CREATE INDEX extent_by_segment ON extent (segment, inode, file_offset);

CREATE TABLE segment (
  id         INTEGER NOT NULL PRIMARY KEY,
  state      INTEGER NOT NULL,         -- SegmentState.code
  size       INTEGER NOT NULL,         -- bytes of data, without the trailer
  live_bytes INTEGER NOT NULL,         -- sum of extent.length
  owner      INTEGER NOT NULL,         -- gateway that staged it
  created_ns INTEGER NOT NULL,
  checksums  BLOB                      -- PageChecksums, from SEALED on
);
CREATE INDEX segment_by_state ON segment (state, id) WHERE state <> 3;

-- Committed runs of segments that are not in the bucket yet: the trailer, should it have to be
-- written after a crash.
CREATE TABLE segment_run (
  segment        INTEGER NOT NULL,
  segment_offset INTEGER NOT NULL,
  length         INTEGER NOT NULL,
  inode          INTEGER NOT NULL,
  file_offset    INTEGER NOT NULL,
  crc32c         INTEGER NOT NULL,
  PRIMARY KEY (segment, segment_offset)
) WITHOUT ROWID;

-- What S3 keeps with an inode. The ETag and the checksums hold while data_version is the inode's.
CREATE TABLE object (
  inode        INTEGER NOT NULL PRIMARY KEY,
  data_version INTEGER NOT NULL,
  etag         TEXT    NOT NULL,
  properties   BLOB    NOT NULL        -- ObjectProperties, see docs/format.md
);

CREATE TABLE upload (
  id           TEXT    NOT NULL PRIMARY KEY,
  bucket       INTEGER NOT NULL,       -- inode of the bucket
  object_key   BLOB    NOT NULL,
  initiated_ns INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  gid          INTEGER NOT NULL,
  properties   BLOB    NOT NULL,
  completed    INTEGER                 -- inode it became; kept for a repeated completion
);
CREATE INDEX upload_by_key ON upload (bucket, object_key, initiated_ns, id);

-- A part's bytes are the extents of a nameless inode.
CREATE TABLE part (
  upload     TEXT    NOT NULL,
  number     INTEGER NOT NULL,
  inode      INTEGER NOT NULL,
  size       INTEGER NOT NULL,
  etag       TEXT    NOT NULL,
  modify_ns  INTEGER NOT NULL,
  checksums  BLOB    NOT NULL,
  PRIMARY KEY (upload, number)
) WITHOUT ROWID;

-- Inodes without a name that are still open. At the next start they wait for reclaim.
CREATE TABLE orphan (
  inode INTEGER NOT NULL PRIMARY KEY
);

-- Work left behind by a transaction, done in steps, each idempotent.
CREATE TABLE work (
  id            INTEGER NOT NULL PRIMARY KEY,
  kind          INTEGER NOT NULL,      -- WorkKind.code
  subject       INTEGER NOT NULL,      -- an inode, an upload's row
  created_ns    INTEGER NOT NULL
);

CREATE TABLE access_key (
  id         TEXT    NOT NULL PRIMARY KEY,
  secret     TEXT    NOT NULL,
  uid        INTEGER NOT NULL,
  gid        INTEGER NOT NULL,
  groups     TEXT    NOT NULL,         -- numbers, comma separated
  label      TEXT    NOT NULL,
  created_ns INTEGER NOT NULL,
  enabled    INTEGER NOT NULL
);

CREATE TABLE record (
  space TEXT NOT NULL,
  key   TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (space, key)
) WITHOUT ROWID;
