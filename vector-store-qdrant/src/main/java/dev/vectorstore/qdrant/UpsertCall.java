package dev.vectorstore.qdrant;

import io.grpc.Drainable;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.stub.ClientCalls;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.PointsGrpc.PointsBlockingStub;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The upsert of a request that is written already: a stub would want it as an object. Stateless.
 */
final class UpsertCall {
  private static final MethodDescriptor<ProtoWriter, PointsOperationResponse> METHOD =
      PointsGrpc.getUpsertMethod().toBuilder(
              new Written(), PointsGrpc.getUpsertMethod().getResponseMarshaller())
          .build();

  private UpsertCall() {}

  /** With the stub's channel, deadline and key. */
  static PointsOperationResponse send(ProtoWriter request, PointsBlockingStub stub) {
    return ClientCalls.blockingUnaryCall(stub.getChannel(), METHOD, stub.getCallOptions(), request);
  }

  private static final class Written implements Marshaller<ProtoWriter> {
    @Override
    public InputStream stream(ProtoWriter request) {
      return new Bytes(request);
    }

    @Override
    public ProtoWriter parse(InputStream request) {
      throw new UnsupportedOperationException("only servers read requests");
    }
  }

  /** Handed to the connection at once, and not through a buffer. */
  private static final class Bytes extends ByteArrayInputStream implements Drainable {
    Bytes(ProtoWriter request) {
      super(request.array(), 0, request.length());
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int size = available();
      target.write(buf, pos, size);
      pos = count;
      return size;
    }
  }
}
