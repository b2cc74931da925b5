package dev.earshot.registry.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.function.Function;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The body of a GET. Closing it early ends the connection instead of reading the rest. One thread
 * at a time; {@link #close} from any.
 */
final class S3Stream extends FilterInputStream {
  private final ResponseInputStream<GetObjectResponse> body;
  private final Function<SdkException, IOException> told;
  private long left;

  S3Stream(ResponseInputStream<GetObjectResponse> body, Function<SdkException, IOException> told) {
    super(body);
    this.body = body;
    this.told = told;
    this.left = body.response().contentLength();
  }

  GetObjectResponse response() {
    return body.response();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    try {
      int got = body.read(into, offset, count);
      left -= Math.max(0, got);
      return got;
    } catch (SdkException e) {
      throw told.apply(e);
    }
  }

  @Override
  public long skip(long count) throws IOException {
    throw new IOException("not offered (fix: open at the offset)");
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    if (left > 0) {
      body.abort();
    } else {
      body.close();
    }
  }
}
