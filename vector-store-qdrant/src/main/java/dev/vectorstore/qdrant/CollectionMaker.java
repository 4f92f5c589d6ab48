package dev.vectorstore.qdrant;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.DeclaredFields;
import dev.vectorstore.support.RankedFields;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionOperationResponse;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes collections, and completes those that are there: settings, metadata and indexes. Every step
 * can be repeated and raced. Safe for threads.
 */
final class CollectionMaker {
  private static final Logger LOG = LoggerFactory.getLogger(CollectionMaker.class);

  private final Connection connection;
  private final QdrantEngine engine;

  CollectionMaker(Connection connection, QdrantEngine engine) {
    this.connection = connection;
    this.engine = engine;
  }

  void ensure(CollectionSpec spec, QdrantCollectionOptions options, Attempt attempt) {
    String name = spec.name();
    List<String> names = engine.collections(attempt);
    for (String other : engine.namesAndAliases(attempt)) {
      if (other.equalsIgnoreCase(name) && !other.equals(name)) {
        throw new Conflict(
            "the name "
                + CollectionSpec.shownName(other)
                + " differs from "
                + name
                + " in case only, which not every engine can tell apart; choose another name");
      }
    }
    if (!names.contains(name)) {
      if (engine.exists(name, attempt)) {
        requireCollection(name, attempt);
      }
      create(spec, options, attempt);
    }
    complete(spec, options, attempt);
  }

  /** Another client may have made it since; an alias stays one. */
  private void requireCollection(String name, Attempt attempt) {
    if (!engine.collections(attempt).contains(name)) {
      throw new Conflict(
          name + " is an alias of another collection; use that one's name, or choose another");
    }
  }

  private void create(CollectionSpec spec, QdrantCollectionOptions options, Attempt attempt) {
    CreateCollection.Builder request =
        CreateCollection.newBuilder()
            .setCollectionName(spec.name())
            .setVectorsConfig(vectors(spec, options))
            .setTimeout(Connection.serverSeconds(attempt))
            .putAllMetadata(Metadata.of(spec));
    Map<String, SparseVectorParams> ranked = rankedVectors(spec, options);
    if (!ranked.isEmpty()) {
      request.setSparseVectorsConfig(SparseVectorConfig.newBuilder().putAllMap(ranked));
    }
    new CollectionSettings(options).apply(request);
    try {
      require(
          connection.collections(
              GrpcErrors.Kind.WRITE, attempt, stub -> stub.create(request.build())));
    } catch (Conflict raced) {
      LOG.debug("{} was made by another client at the same time", spec.name());
    }
  }

  private static VectorsConfig vectors(CollectionSpec spec, QdrantCollectionOptions options) {
    VectorParamsMap.Builder vectors = VectorParamsMap.newBuilder();
    Optional<Metric> metric = spec.metric();
    if (metric.isPresent()) {
      VectorParams.Builder vector =
          VectorParams.newBuilder()
              .setSize(spec.dimension().orElseThrow())
              .setDistance(Layout.distance(metric.get()));
      new CollectionSettings(options).apply(vector);
      vectors.putMap(options.vector().orElse(Layout.VECTOR), vector.build());
    }
    return VectorsConfig.newBuilder().setParamsMap(vectors).build();
  }

  private static Map<String, SparseVectorParams> rankedVectors(
      CollectionSpec spec, QdrantCollectionOptions options) {
    Map<String, SparseVectorParams> vectors = new HashMap<>();
    for (FieldPath field : RankedFields.of(spec)) {
      vectors.put(Reserved.slot(field), RankedTerms.params(options.vectorsOnDisk().orElse(false)));
    }
    return vectors;
  }

  private void complete(CollectionSpec spec, QdrantCollectionOptions options, Attempt attempt) {
    CollectionInfo info =
        engine
            .find(spec.name(), attempt)
            .orElseThrow(() -> new Conflict("it was dropped while it was being made"));
    CollectionSpec present = Layout.of(spec.name(), info, options).spec();
    requireSame(spec, present);
    spec.fields()
        .forEach((path, type) -> DeclaredFields.typeOf(path, present.fields().get(path), type));
    Map<String, Value> entries = new HashMap<>(info.getConfig().getMetadataMap());
    Map<String, Value> added = new Metadata(entries).missing(spec);
    Optional<UpdateCollection> settings = new CollectionSettings(options).missing(info);
    if (!added.isEmpty() || settings.isPresent()) {
      UpdateCollection request =
          settings.orElse(UpdateCollection.getDefaultInstance()).toBuilder()
              .setCollectionName(spec.name())
              .setTimeout(Connection.serverSeconds(attempt))
              .putAllMetadata(added)
              .build();
      require(connection.collections(GrpcErrors.Kind.WRITE, attempt, stub -> stub.update(request)));
      entries.putAll(added);
    }
    for (CreateFieldIndexCollection index :
        Indexes.missing(new Metadata(entries), info.getPayloadSchemaMap(), options.tenant())) {
      CreateFieldIndexCollection request =
          index.toBuilder()
              .setCollectionName(spec.name())
              .setTimeout(ServerLimits.of(info).seconds(attempt))
              .build();
      Writes.requireDone(
          connection
              .points(GrpcErrors.Kind.WRITE, attempt, stub -> stub.createFieldIndex(request))
              .getResult());
    }
  }

  private static void requireSame(CollectionSpec wanted, CollectionSpec present) {
    if (!wanted.dimension().equals(present.dimension())
        || !wanted.metric().equals(present.metric())) {
      throw new Conflict(
          "the collection is there with "
              + vectors(present.dimension().isPresent(), present)
              + ", not with "
              + vectors(wanted.dimension().isPresent(), wanted)
              + "; use another name, or drop it");
    }
  }

  private static String vectors(boolean some, CollectionSpec spec) {
    return some
        ? spec.dimension().getAsInt() + " dimensions and " + spec.metric().orElseThrow()
        : "no vectors that can be used here";
  }

  private static void require(CollectionOperationResponse response) {
    if (!response.getResult()) {
      throw new OutcomeUnknown("the server didn't confirm the change; repeat it");
    }
  }
}
