package dev.vectorstore.embedded;

import java.io.IOException;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.FilterIndexInput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;

/**
 * Runs merges in threads of their own, and ends them when the writer is closed. Lucene's own merges
 * notice that only where they write, and a graph is built by reading vectors for minutes before it
 * is written.
 */
final class AbortableMerges extends ConcurrentMergeScheduler {
  @Override
  public Directory wrapForMerge(MergePolicy.OneMerge merge, Directory in) {
    return new FilterDirectory(super.wrapForMerge(merge, in)) {
      @Override
      public IndexInput openInput(String name, IOContext context) throws IOException {
        return new Input(merge, super.openInput(name, context));
      }
    };
  }

  private static final class Input extends FilterIndexInput {
    private final MergePolicy.OneMerge merge;

    Input(MergePolicy.OneMerge merge, IndexInput in) {
      super("abortable(" + in + ")", in);
      this.merge = merge;
    }

    @Override
    public void readFloats(float[] floats, int offset, int length) throws IOException {
      merge.checkAborted();
      in.readFloats(floats, offset, length);
    }

    @Override
    public Input clone() {
      return new Input(merge, in.clone());
    }

    @Override
    public IndexInput slice(String description, long offset, long length) throws IOException {
      return new Input(merge, in.slice(description, offset, length));
    }

    // What follows is passed on whole: the defaults read byte by byte.

    @Override
    public short readShort() throws IOException {
      return in.readShort();
    }

    @Override
    public int readInt() throws IOException {
      return in.readInt();
    }

    @Override
    public long readLong() throws IOException {
      return in.readLong();
    }

    @Override
    public void readInts(int[] ints, int offset, int length) throws IOException {
      in.readInts(ints, offset, length);
    }

    @Override
    public void readLongs(long[] longs, int offset, int length) throws IOException {
      in.readLongs(longs, offset, length);
    }
  }
}
