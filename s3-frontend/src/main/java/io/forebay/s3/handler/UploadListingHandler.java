package io.forebay.s3.handler;

import io.forebay.engine.ObjectListing.CommonPrefix;
import io.forebay.engine.ObjectView;
import io.forebay.engine.Page;
import io.forebay.engine.PartInfo;
import io.forebay.engine.UploadId;
import io.forebay.engine.UploadInfo;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Request.ListMultipartUploads;
import io.forebay.s3.op.S3Request.ListParts;
import io.forebay.s3.op.S3Request.Listing;
import io.forebay.s3.op.UploadAddress;
import io.forebay.s3.xml.UploadDocuments;
import io.forebay.s3.xml.UploadDocuments.Uploads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Listings of uploads under way and of their parts. */
final class UploadListingHandler {
  /** Greater than whatever can follow a prefix. */
  private static final String HIGHEST = Character.toString(Character.MAX_CODE_POINT);

  private final ObjectView objects;

  UploadListingHandler(ObjectView objects) {
    this.objects = objects;
  }

  Response parts(ListParts op, Request request) {
    UploadAddress address = op.upload();
    UploadInfo upload =
        objects.upload(request.caller(), address.bucket(), address.key(), address.id());
    Page<PartInfo> page =
        op.max() == 0
            ? new Page<>(List.of(), false)
            : objects.parts(
                request.caller(),
                address.bucket(),
                address.key(),
                address.id(),
                op.marker(),
                op.max());
    return Answers.document(UploadDocuments.parts(op, upload, page));
  }

  Response uploads(ListMultipartUploads op, Request request) {
    return Answers.document(UploadDocuments.uploads(op, new Roll(op, request).page()));
  }

  /** Collects a page, rolling up what shares a prefix up to the delimiter. */
  private final class Roll {
    private final Listing listing;
    private final Request request;
    private final List<UploadInfo> uploads = new ArrayList<>();
    private final List<CommonPrefix> prefixes = new ArrayList<>();
    private String afterKey;
    private Optional<UploadId> afterId;
    private String nextKey = "";
    private String nextId = "";

    Roll(ListMultipartUploads op, Request request) {
      this.listing = op.listing();
      this.request = request;
      this.afterId = op.idMarker();
      // A marker that is a rolled-up prefix stands for everything below it.
      this.afterKey =
          rolledUp(op.keyMarker()).filter(op.keyMarker()::equals).isPresent()
              ? op.keyMarker() + HIGHEST
              : op.keyMarker();
    }

    Uploads page() {
      // Asked for nothing, still say whether there is such a bucket.
      objects.bucket(request.caller(), listing.bucket());
      boolean more = listing.maxKeys() > 0;
      while (more && count() < listing.maxKeys()) {
        Page<UploadInfo> page = following(listing.maxKeys() - count());
        more = page.truncated();
        for (UploadInfo each : page.items()) {
          if (add(each)) {
            // The rest of this page may be below the prefix: ask again behind it.
            more = true;
            break;
          }
        }
      }
      boolean truncated = more && !following(1).items().isEmpty();
      return new Uploads(uploads, prefixes, truncated, nextKey, nextId);
    }

    private int count() {
      return uploads.size() + prefixes.size();
    }

    private Page<UploadInfo> following(int limit) {
      return objects.uploads(
          request.caller(), listing.bucket(), listing.prefix(), afterKey, afterId, limit);
    }

    /** Returns whether it went into a prefix. */
    private boolean add(UploadInfo upload) {
      Optional<String> prefix = rolledUp(upload.key().value());
      if (prefix.isEmpty()) {
        uploads.add(upload);
        nextKey = upload.key().value();
        nextId = upload.id().value();
        afterKey = nextKey;
        afterId = Optional.of(upload.id());
        return false;
      }
      prefixes.add(new CommonPrefix(prefix.get()));
      nextKey = prefix.get();
      nextId = "";
      afterKey = prefix.get() + HIGHEST;
      afterId = Optional.empty();
      return true;
    }

    private Optional<String> rolledUp(String key) {
      if (listing.delimiter().isEmpty() || !key.startsWith(listing.prefix())) {
        return Optional.empty();
      }
      int found = key.indexOf(listing.delimiter(), listing.prefix().length());
      return found < 0
          ? Optional.empty()
          : Optional.of(key.substring(0, found + listing.delimiter().length()));
    }
  }
}
