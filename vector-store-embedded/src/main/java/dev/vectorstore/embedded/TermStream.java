package dev.vectorstore.embedded;

import java.util.Collection;
import java.util.Iterator;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.util.BytesRef;

/** Hands terms to Lucene as they are. */
final class TermStream extends TokenStream {
  private final BytesTermAttribute attribute = addAttribute(BytesTermAttribute.class);
  private final Iterator<BytesRef> terms;

  TermStream(Collection<BytesRef> terms) {
    this.terms = terms.iterator();
  }

  @Override
  public boolean incrementToken() {
    if (!terms.hasNext()) {
      return false;
    }
    attribute.setBytesRef(terms.next());
    return true;
  }
}
