package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.FieldType;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The index of the tokens that patches go by. It is made at the first patch, and only where the
 * collection's strict mode asks for it. Safe for threads: making it can be repeated.
 */
final class TokenIndex {
  private final Connection connection;
  private final Layout layout;
  private final AtomicBoolean there;

  TokenIndex(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
    this.there =
        new AtomicBoolean(
            !layout.limits().requireIndexes()
                || layout.hasIndex(List.of(Reserved.KEY, Reserved.TOKEN)));
  }

  void require(Attempt attempt) {
    if (there.get()) {
      return;
    }
    CreateFieldIndexCollection request =
        CreateFieldIndexCollection.newBuilder()
            .setCollectionName(layout.spec().name())
            .setFieldName(Reserved.TOKEN_PATH)
            .setFieldType(FieldType.FieldTypeInteger)
            .setWait(true)
            .setTimeout(layout.limits().seconds(attempt))
            .build();
    try {
      Writes.requireDone(
          connection
              .points(Effect.WRITE, attempt, stub -> stub.createFieldIndex(request))
              .getResult());
    } catch (AccessDenied denied) {
      throw denied.withMessage(
          "in this collection's strict mode a patch goes by an index that isn't there yet; let a"
              + " client patch once whose key may make it: "
              + denied.getMessage());
    }
    there.set(true);
  }
}
