-- From format version 1 to 2 (docs/format.md, section "Metadata"). Types as in schema-1.sql.

-- === space: totals of directories, quotas, trash

-- === garbage: compaction, orphans

-- === owner: lease, shipping of the log

-- === nfs: extended attributes, access control lists

-- === objects: bucket settings, versions, locks, tags

-- === identity: policies, session tokens
