package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectListing;
import io.forebay.engine.Permission;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.FileContents;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.metadata.MetadataStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the walk of a listing begins, and who may walk there. */
final class Listings {
  private static final int MAX_PAGE = 1000;
  private static final ObjectListing NOTHING = new ObjectListing(List.of(), false);

  private final MetadataStore store;
  private final FileContents contents;

  Listings(MetadataStore store, FileContents contents) {
    this.store = store;
    this.contents = contents;
  }

  ObjectListing list(Caller caller, BucketName bucket, ListRequest request) {
    ListRequest bounded =
        new ListRequest(
            request.prefix(),
            request.delimiter(),
            request.after(),
            Math.min(request.limit(), MAX_PAGE));
    Optional<Step> base = ObjectLookup.untorn(() -> base(caller, bucket, request.prefix()));
    return base.map(step -> new PrefixLister(store, contents, caller, bounded).list(step))
        .orElse(NOTHING);
  }

  /** The directory that all keys with a prefix are below; none when there can be no such keys. */
  private Optional<Step> base(Caller caller, BucketName bucket, String prefix) {
    TreeReader tree = TreeReader.of(store);
    Step top = KeyPath.bucket(tree, caller, bucket);
    Optional<List<FileName>> components = components(prefix);
    Optional<Step> base =
        components.flatMap(names ->
            names.isEmpty()
                ? Optional.of(top)
                : KeyPath.walk(tree, caller, bucket, names).target());
    Optional<Step> directory = base.filter(step -> step.entry().type() == FileType.DIRECTORY);
    directory
        .map(step -> step.inode().attributes())
        .ifPresent(attributes -> {
          Permissions.require(caller, attributes, Permission.READ);
          Permissions.require(caller, attributes, Permission.EXECUTE);
        });
    return directory;
  }

  /** The whole directories of a prefix. */
  private static Optional<List<FileName>> components(String prefix) {
    if (!KeyBytes.isWellFormed(prefix) || KeyBytes.of(prefix).length > ObjectKey.MAX_BYTES) {
      return Optional.empty();
    }
    List<FileName> names = new ArrayList<>();
    int from = 0;
    for (int slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', from)) {
      try {
        names.add(FileName.of(prefix.substring(from, slash)));
      } catch (EngineException noName) {
        return Optional.empty();
      }
      from = slash + 1;
    }
    return Optional.of(names);
  }
}
