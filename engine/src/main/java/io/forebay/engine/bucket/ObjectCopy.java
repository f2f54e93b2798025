package io.forebay.engine.bucket;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.Permission;
import io.forebay.engine.bucket.ObjectLookup.Found;
import io.forebay.engine.bucket.Publication.Content;
import io.forebay.engine.bucket.Publication.Place;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Transaction;
import java.util.Optional;

/** Copies by reference, inside the transaction that found the source. */
final class ObjectCopy {
  private final Publication publication;
  private final ObjectLookup lookup;

  ObjectCopy(Publication publication, ObjectLookup lookup) {
    this.publication = publication;
    this.lookup = lookup;
  }

  /** To another key: a new inode that shares the source's extents. */
  ObjectInfo to(
      Transaction tx, Place place, ObjectInfo source, Optional<ObjectProperties> replacement) {
    InodeId inode = tx.newInodeId();
    Content content =
        new Content(
            inode,
            source.size(),
            source.etag(),
            properties(source, replacement),
            t -> t.copyExtents(source.inode(), 0, source.size(), inode, 0));
    return publication.publish(tx, place, content);
  }

  private static ObjectProperties properties(
      ObjectInfo source, Optional<ObjectProperties> replacement) {
    return replacement
        .map(given -> given.withChecksums(source.properties().checksums()))
        .orElse(source.properties());
  }

  /** Onto itself: only the properties can be others. */
  ObjectInfo ontoItself(
      Transaction tx,
      Place place,
      Found found,
      ObjectInfo source,
      Optional<ObjectProperties> replacement) {
    FileAttributes attributes = found.step().inode().attributes();
    Permissions.require(place.caller(), attributes, Permission.WRITE);
    ObjectLookup.check(place.condition(), Optional.of(lookup.info(place.key(), found)), true);
    if (replacement.isEmpty()) {
      return source;
    }
    boolean keeps =
        found
            .row()
            .map(row -> StoredProperties.decode(row.properties()).keepsDirectory())
            .orElse(false);
    Objects.Row row =
        new Objects.Row(
            attributes.dataVersion(),
            source.etag(),
            new StoredProperties(properties(source, replacement), keeps).encode());
    tx.putObject(attributes.inode(), row);
    return ObjectLookup.info(place.key(), attributes, Optional.of(row));
  }
}
