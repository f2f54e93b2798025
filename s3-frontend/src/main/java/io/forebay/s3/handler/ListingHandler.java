package io.forebay.s3.handler;

import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectListing;
import io.forebay.engine.ObjectView;
import io.forebay.engine.VersionListing;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Request.ListObjectVersions;
import io.forebay.s3.op.S3Request.ListObjects;
import io.forebay.s3.op.S3Request.ListObjectsV2;
import io.forebay.s3.op.S3Request.Listing;
import io.forebay.s3.xml.ListingDocuments;
import io.forebay.s3.xml.VersionDocuments;

/** Listings of objects. */
final class ListingHandler {
  private final ObjectView objects;

  ListingHandler(ObjectView objects) {
    this.objects = objects;
  }

  Response first(ListObjects op, Request request) {
    ObjectListing page = page(request, op.listing(), op.marker());
    return Answers.document(ListingDocuments.first(op, page));
  }

  Response second(ListObjectsV2 op, Request request) {
    ObjectListing page = page(request, op.listing(), op.after());
    return Answers.document(ListingDocuments.second(op, page));
  }

  Response versions(ListObjectVersions op, Request request) {
    Listing listing = op.listing();
    VersionListing page =
        objects.versions(
            request.caller(),
            listing.bucket(),
            listing.prefix(),
            listing.delimiter(),
            op.keyMarker(),
            op.versionMarker(),
            listing.maxKeys());
    return Answers.document(VersionDocuments.of(op, page));
  }

  private ObjectListing page(Request request, Listing listing, String after) {
    ObjectListing page =
        objects.list(
            request.caller(),
            listing.bucket(),
            new ListRequest(listing.prefix(), listing.delimiter(), after, listing.maxKeys()));
    // Of no keys nothing can follow: a client that asks for none would never come to an end.
    return listing.maxKeys() == 0 ? new ObjectListing(page.items(), false) : page;
  }
}
