package io.forebay.engine.metadata;

import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;

/** A place for an entry. */
record EntryKey(InodeId parent, FileName name) {}
