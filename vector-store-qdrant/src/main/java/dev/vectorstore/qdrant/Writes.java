package dev.vectorstore.qdrant;

import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Batch;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Upserts of one collection. Each waits, and is done only when the server says so. */
final class Writes {
  /** Where the array of a request begins; it grows. */
  private static final int LEAST = 1 << 12;

  private static final int MOST_AT_FIRST = 16 << 20;

  /** How often a record is replaced again before that must mean something else. */
  private static final int ROUNDS = 10;

  private final Connection connection;
  private final Layout layout;
  private final Identities identities;
  private final PointWriter points;
  private final DescribedVectors described;
  private final LeftVectors left;
  private final TokenIndex tokens;

  Writes(Connection connection, Layout layout, DescribedVectors described, TokenIndex tokens) {
    this.connection = connection;
    this.layout = layout;
    this.identities = new Identities(connection, layout);
    this.points = new PointWriter(layout);
    this.described = described;
    this.left = new LeftVectors(connection, layout);
    this.tokens = tokens;
  }

  /** A reply without error can still say that the write isn't applied yet. */
  static void requireDone(UpdateResult result) {
    if (result.getStatus() != UpdateStatus.Completed) {
      throw new OutcomeUnknown(
          "the server took the write but answered "
              + result.getStatus()
              + " in place of Completed; it may become visible later, and repeating it settles it");
    }
  }

  void write(Batch records, WriteMode mode, Attempt attempt) {
    records.forEach(record -> layout.vectors().requireUnchanged(record.vectors().keySet()));
    identities.requireOwnPoints(records.stream().map(VectorRecord::id).toList(), attempt);
    List<VectorRecord> fewer = left.possibleWith(records);
    requireVectorsOf(records, fewer, attempt);
    if (mode == WriteMode.INSERT_ONLY) {
      upsert(records, null, settings(attempt).setUpdateMode(UpdateMode.InsertOnly), attempt);
    } else if (fewer.isEmpty()) {
      upsert(records, null, settings(attempt), attempt);
    } else {
      replace(records, fewer, attempt);
    }
  }

  /**
   * The server refuses the first record with a vector that isn't there any more, and may have
   * written others by then. Where all records have the same vectors there are none.
   */
  private void requireVectorsOf(
      List<VectorRecord> records, List<VectorRecord> fewer, Attempt attempt) {
    if (!fewer.isEmpty()
        && records.stream().map(record -> record.vectors().keySet()).distinct().count() > 1) {
      described.require(
          records.stream()
              .flatMap(record -> record.vectors().keySet().stream())
              .collect(Collectors.toSet()),
          attempt);
    }
  }

  /** Records, of which some have fewer vectors than what they replace may have. */
  private void replace(Batch records, List<VectorRecord> fewer, Attempt attempt) {
    long token = newToken();
    left.move(fewer, attempt);
    upsert(records, token, settings(attempt), attempt);
    try {
      settle(fewer, token, attempt);
    } catch (OutcomeUnknown unknown) {
      throw unknown;
    } catch (VectorStoreException failure) {
      throw new OutcomeUnknown(
          "the records were written, but may still have vectors of those that they replaced ("
              + failure.getMessage()
              + "); repeating the write settles it",
          failure);
    }
  }

  private void settle(List<VectorRecord> fewer, long token, Attempt attempt) {
    List<VectorRecord> wrong = left.among(fewer, token, attempt);
    for (int round = 0; !wrong.isEmpty(); round++) {
      if (round == ROUNDS) {
        throw new Unavailable("the server left them again and again");
      }
      tokens.require(attempt);
      left.move(wrong, attempt);
      UpsertPoints.Builder unchanged =
          settings(attempt)
              .setUpdateMode(UpdateMode.UpdateOnly)
              .setUpdateFilter(Filter.newBuilder().addMust(Patch.hasToken(token)));
      upsert(Batch.of(wrong), token, unchanged, attempt);
      wrong = left.among(wrong, token, attempt);
    }
  }

  private UpsertPoints.Builder settings(Attempt attempt) {
    UpsertPoints.Builder settings =
        UpsertPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setWait(true)
            .setTimeout(layout.limits().seconds(attempt))
            .setUpdateMode(UpdateMode.Upsert);
    layout.requests().ordering().ifPresent(settings::setOrdering);
    return settings;
  }

  /** Where a token is given, each record has it. */
  private void upsert(
      Batch records, @Nullable Long token, UpsertPoints.Builder settings, Attempt attempt) {
    ProtoWriter request = new ProtoWriter((int) Math.min(MOST_AT_FIRST, LEAST + records.bytes()));
    request.writeFields(settings.build());
    for (VectorRecord record : records) {
      request.writeMessage(
          UpsertPoints.POINTS_FIELD_NUMBER, () -> points.write(record, token, request));
    }
    requireDone(connection.upsert(request, attempt).getResult());
  }

  static Struct withToken(Struct reserved, long token) {
    return reserved.toBuilder().putFields(Reserved.TOKEN, JsonValues.integer(token)).build();
  }

  static long newToken() {
    return ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
  }
}
