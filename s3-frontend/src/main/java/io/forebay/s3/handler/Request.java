package io.forebay.s3.handler;

import io.forebay.engine.Caller;
import io.forebay.s3.http.RequestBody;
import io.forebay.s3.http.RequestHead;

/** What every handler gets beside the operation: on whose behalf, the head, and the body. */
record Request(Caller caller, RequestHead head, RequestBody body) {}
