package dev.vectorstore.embedded;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's HNSW without its cap of 1,024 dimensions, which is a check at indexing only. The format
 * keeps Lucene's name: what it writes is Lucene's own format, so segments are read back by the
 * format that Lucene registers, on the class path and on the module path.
 */
final class VectorCodec {
  /** The most that a {@code CollectionSpec} takes. */
  private static final int MAX_DIMENSIONS = 65_535;

  private VectorCodec() {}

  static Codec create() {
    KnnVectorsFormat format = new Uncapped(new Lucene99HnswVectorsFormat());
    return new Lucene912Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
      }
    };
  }

  private static final class Uncapped extends KnnVectorsFormat {
    private final KnnVectorsFormat format;

    Uncapped(KnnVectorsFormat format) {
      super(format.getName());
      this.format = format;
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
      return format.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
      return format.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String fieldName) {
      return MAX_DIMENSIONS;
    }
  }
}
