package dev.vectorstore.benchmarks;

import dev.vectorstore.Embedding;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * Lucene by a careful user: normalised vectors and dot products, records that can be replaced by
 * id, as many candidates, the same buffer, no compound files, and one new searcher at the end.
 */
final class BareLucene implements InProcessUser {
  private static final int CANDIDATES = 100;
  private static final double BUFFER_MB = 64;

  private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
  private final IndexWriter writer;
  private final SearcherManager searchers;

  BareLucene() {
    try {
      IndexWriterConfig config = new IndexWriterConfig();
      config.getMergePolicy().setNoCFSRatio(0);
      writer =
          new IndexWriter(
              directory, config.setRAMBufferSizeMB(BUFFER_MB).setUseCompoundFile(false));
      searchers = new SearcherManager(writer, null);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void load(List<VectorRecord> records, int batch) {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<?>> writing = new ArrayList<>();
      for (int from = 0; from < records.size(); from += batch) {
        List<VectorRecord> part = records.subList(from, Math.min(records.size(), from + batch));
        writing.add(threads.submit(() -> write(part)));
      }
      writing.forEach(Answers::of);
      searchers.maybeRefreshBlocking();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      threads.shutdownNow();
    }
  }

  private void write(List<VectorRecord> records) {
    try {
      for (VectorRecord record : records) {
        writer.updateDocument(new Term("id", record.id().toString()), document(record));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Document document(VectorRecord record) {
    Document document = new Document();
    document.add(new StringField("id", record.id().toString(), Field.Store.YES));
    document.add(new StoredField("content", UnnamedVectors.text(record)));
    document.add(
        new StringField(
            "source_id", record.payload().text("source_id").orElseThrow(), Field.Store.YES));
    Value.LongValue tenth = (Value.LongValue) record.payload().get("tenth").orElseThrow();
    document.add(new IntField("tenth", (int) tenth.value(), Field.Store.YES));
    document.add(
        new KnnFloatVectorField(
            "vector",
            record.vector().orElseThrow().normalized().toArray(),
            VectorSimilarityFunction.DOT_PRODUCT));
    return document;
  }

  @Override
  public List<Document> search(Embedding query, int limit) {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        StoredFields stored = searcher.storedFields();
        List<Document> hits = new ArrayList<>(limit);
        for (ScoreDoc hit : best(searcher, query, limit)) {
          hits.add(stored.document(hit.doc));
        }
        return hits;
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static ScoreDoc[] best(IndexSearcher searcher, Embedding query, int limit)
      throws IOException {
    float[] target = query.normalized().toArray();
    return searcher.search(new KnnFloatVectorQuery("vector", target, CANDIDATES), limit).scoreDocs;
  }

  @Override
  public List<String> nearest(Embedding query, int limit) {
    return search(query, limit).stream().map(document -> document.get("id")).toList();
  }

  @Override
  public void close() {
    try (directory;
        searchers) {
      writer.rollback();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
