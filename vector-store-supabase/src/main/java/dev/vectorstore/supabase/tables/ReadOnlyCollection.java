package dev.vectorstore.supabase.tables;

import dev.vectorstore.Capability;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.CollectionEngine;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses every write to an existing table that isn't adopted, whichever transport reads it. */
public interface ReadOnlyCollection<N> extends CollectionEngine<N> {
  /** The table. */
  Table table();

  @Override
  default Optional<String> advice(Capability lacking) {
    return Optional.of(Advice.instead(lacking));
  }

  @Override
  default void write(Batch batch, WriteMode mode, Attempt attempt) {
    throw Advice.write();
  }

  @Override
  default long patch(List<RecordId> ids, Payload set, Set<String> remove, Attempt attempt) {
    throw Advice.write();
  }

  @Override
  default void delete(List<RecordId> ids, Attempt attempt) {
    throw Advice.write();
  }

  @Override
  default void deleteWhere(N filter, Attempt attempt) {
    throw Advice.write();
  }

  @Override
  default void deleteThose(List<RecordId> ids, @Nullable N filter, Attempt attempt) {
    throw Advice.write();
  }

  @Override
  default void deleteAll(Attempt attempt) {
    throw Advice.write();
  }
}
