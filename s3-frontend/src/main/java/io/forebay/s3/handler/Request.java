package io.forebay.s3.handler;

import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.s3.http.RequestBody;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Exception;
import java.util.function.Supplier;

/** What every handler gets beside the operation: on whose behalf, the head, and the body. */
record Request(Caller caller, RequestHead head, Resource resource, RequestBody body) {
  /** Does something for this request; what the engine refuses becomes S3's error, with details. */
  Response answer(Supplier<Response> work) {
    try {
      return work.get();
    } catch (EngineException e) {
      throw FailureDetails.add(ErrorMapping.of(e), head, resource);
    } catch (S3Exception e) {
      throw FailureDetails.add(e, head, resource);
    }
  }
}
