package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.FieldType;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpsertPoints;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tests of one collection of the shared server, which each test makes and which is then dropped.
 */
abstract class OneCollection {
  final String name = Bench.freshName();
  Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench();
  }

  @AfterEach
  void drop() {
    bench.store().drop(name);
    bench.close();
  }

  /** As another client makes an index. */
  void index(String field, FieldType type) {
    index(CreateFieldIndexCollection.newBuilder().setFieldName(field).setFieldType(type));
  }

  void index(CreateFieldIndexCollection.Builder index) {
    bench.points().createFieldIndex(index.setCollectionName(name).setWait(true).build());
  }

  /** As another client writes a point. */
  void write(PointStruct.Builder point) {
    bench
        .points()
        .upsert(
            UpsertPoints.newBuilder()
                .setCollectionName(name)
                .setWait(true)
                .addPoints(point)
                .build());
  }
}
