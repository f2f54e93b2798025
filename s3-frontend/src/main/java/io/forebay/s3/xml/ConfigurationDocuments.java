package io.forebay.s3.xml;

/** Answers about settings of buckets that are what they are. */
public final class ConfigurationDocuments {
  private ConfigurationDocuments() {}

  /** A configuration without anything in it: S3 has no error for those that are not set. */
  public static byte[] empty(String root) {
    return XmlWriter.answer(root).finish();
  }

  /** GetBucketRequestPayment. */
  public static byte[] ownerPays() {
    return XmlWriter.answer("RequestPaymentConfiguration").element("Payer", "BucketOwner").finish();
  }

  /** GetBucketOwnershipControls: access control lists are off. */
  public static byte[] ownerEnforced() {
    return XmlWriter.answer("OwnershipControls")
        .open("Rule")
        .element("ObjectOwnership", "BucketOwnerEnforced")
        .close()
        .finish();
  }
}
