package dev.vectorstore.qdrant;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStores;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.DeclaredFields;
import dev.vectorstore.support.Effect;
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
  private final VectorChanges vectors;

  CollectionMaker(Connection connection, QdrantEngine engine) {
    this.connection = connection;
    this.engine = engine;
    this.vectors = new VectorChanges(connection);
  }

  void ensure(CollectionSpec spec, QdrantCollectionOptions options, Attempt attempt) {
    String name = spec.name();
    requireTenant(spec, options);
    VectorChanges.requireFreeNames(spec, rankedVectors(spec, options).keySet());
    List<String> names = engine.collections(attempt);
    for (String other : engine.namesAndAliases(attempt)) {
      if (other.equalsIgnoreCase(name) && !other.equals(name)) {
        throw new Conflict(
            "the name "
                + VectorStores.shownName(other)
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

  private static void requireTenant(CollectionSpec spec, QdrantCollectionOptions options) {
    options
        .tenant()
        .filter(tenant -> spec.fields().get(tenant) != FieldType.KEYWORD)
        .ifPresent(
            tenant -> {
              throw new InvalidRequest(
                  "the options say tenant("
                      + tenant
                      + "), and the specification doesn't declare that field as KEYWORD; declare"
                      + " it, or leave tenant(...) out of the options of this collection");
            });
  }

  /** Whether the vector was there. */
  boolean dropVector(String collection, String vector, Attempt attempt) {
    if (engine.exists(collection, attempt)) {
      requireCollection(collection, attempt);
    }
    return vectors.drop(vector, engine.info(collection, attempt), collection, attempt);
  }

  /** Another client may have made it since; an alias stays one. */
  private void requireCollection(String name, Attempt attempt) {
    if (!engine.collections(attempt).contains(name)) {
      throw new Conflict(
          VectorStores.shownName(name)
              + " is an alias of another collection; use that one's name, or choose another");
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
      require(connection.collections(Effect.WRITE, attempt, stub -> stub.create(request.build())));
    } catch (Conflict raced) {
      LOG.debug("{} was made by another client at the same time", spec.name());
    }
  }

  /** The plain one alone is made as other clients make theirs. */
  private static VectorsConfig vectors(CollectionSpec spec, QdrantCollectionOptions options) {
    VectorParamsMap.Builder vectors = VectorParamsMap.newBuilder();
    spec.vectors().forEach((name, vector) -> vectors.putMap(name, params(vector, options)));
    VectorParams plain = vectors.getMapMap().get(VectorSpec.PLAIN);
    return plain != null && vectors.getMapCount() == 1
        ? VectorsConfig.newBuilder().setParams(plain).build()
        : VectorsConfig.newBuilder().setParamsMap(vectors).build();
  }

  private static VectorParams params(VectorSpec vector, QdrantCollectionOptions options) {
    VectorParams.Builder params =
        VectorParams.newBuilder()
            .setSize(vector.dimension())
            .setDistance(CollectionVectors.distance(vector.metric()));
    new CollectionSettings(options).apply(params);
    return params.build();
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
    CollectionInfo found = found(spec, attempt);
    Layout layout = Layout.of(spec.name(), found, options);
    Map<String, VectorSpec> missing = VectorChanges.missing(spec, layout);
    Map<FieldPath, FieldType> fields = layout.spec().fields();
    spec.fields().forEach((path, type) -> DeclaredFields.typeOf(path, fields.get(path), type));
    Indexes.requireOurs(spec, found.getPayloadSchemaMap(), options);
    CollectionInfo info = withVectors(missing, spec, found, attempt);
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
      require(connection.collections(Effect.WRITE, attempt, stub -> stub.update(request)));
      entries.putAll(added);
    }
    for (CreateFieldIndexCollection index :
        Indexes.missing(new Metadata(entries), info.getPayloadSchemaMap(), options)) {
      CreateFieldIndexCollection request =
          index.toBuilder()
              .setCollectionName(spec.name())
              .setTimeout(ServerLimits.of(info).seconds(attempt))
              .build();
      Writes.requireDone(
          connection
              .points(Effect.WRITE, attempt, stub -> stub.createFieldIndex(request))
              .getResult());
    }
  }

  private CollectionInfo found(CollectionSpec spec, Attempt attempt) {
    return engine
        .find(spec.name(), attempt)
        .orElseThrow(() -> new Conflict("it was dropped while it was being made"));
  }

  /** The collection once it has the vectors that it lacked. */
  private CollectionInfo withVectors(
      Map<String, VectorSpec> missing, CollectionSpec spec, CollectionInfo info, Attempt attempt) {
    if (missing.isEmpty()) {
      return info;
    }
    vectors.add(missing, info, spec.name(), attempt);
    CollectionInfo after = found(spec, attempt);
    if (!CollectionVectors.of(after).served().entrySet().containsAll(missing.entrySet())) {
      throw new Conflict(
          "another client dropped or added one of the vectors "
              + missing.keySet()
              + " at the same time; describe the collection, and decide anew");
    }
    return after;
  }

  private static void require(CollectionOperationResponse response) {
    if (!response.getResult()) {
      throw new OutcomeUnknown("the server didn't confirm the change; repeat it");
    }
  }
}
