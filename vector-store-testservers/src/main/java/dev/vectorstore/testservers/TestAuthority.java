package dev.vectorstore.testservers;

import java.nio.file.Path;

/**
 * An authority that signs certificates. One that signs itself is taken as it is by who trusts it,
 * whatever its dates say; these are looked at.
 *
 * @param folder where its files are, and those of what it signs
 * @param certificate the file of its own certificate, in PEM form, to be trusted
 */
public record TestAuthority(Path folder, Path certificate) {
  private static final String NAME = "authority";

  /**
   * Makes one.
   *
   * @param folder where its files go, and those of what it signs
   */
  public static TestAuthority make(Path folder) {
    Keytool keytool = new Keytool(folder);
    keytool.makeKey(NAME, "-ext", "bc:c");
    return new TestAuthority(folder, keytool.certificate(NAME));
  }

  /** A certificate that ended five days ago. */
  public TestCertificate expired(String name, String host) {
    return signed(name, host, "-10d");
  }

  /** A certificate that begins in ten days. */
  public TestCertificate notYetValid(String name, String host) {
    return signed(name, host, "+10d");
  }

  private TestCertificate signed(String name, String host, String start) {
    Keytool keytool = new Keytool(folder);
    keytool.makeKey(name);
    String[] signed = {"-ext", "san=" + host, "-startdate", start, "-validity", "5"};
    return new TestCertificate(keytool.sign(NAME, name, signed), keytool.key(name));
  }
}
