package dev.vectorstore.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that the JDK's keytool made, and its key, as files in PEM form.
 *
 * @param certificate the file of the certificate
 * @param key the file of its private key
 */
public record TestCertificate(Path certificate, Path key) {
  private static final char[] PASSWORD = "password".toCharArray();

  /**
   * Makes one that signs itself.
   *
   * @param folder where its files go
   * @param name what they are called
   * @param host the address that it is for, such as {@code ip:127.0.0.1} or {@code dns:localhost}
   */
  public static TestCertificate make(Path folder, String name, String host) {
    Keytool keytool = new Keytool(folder);
    keytool.makeKey(name, "-ext", "san=" + host);
    return new TestCertificate(keytool.certificate(name), keytool.key(name));
  }

  /** What a server shows it by. */
  SSLContext ofServer() {
    try {
      KeyStore keys = empty();
      String base64 = Files.readString(key).replaceAll("-----[A-Z ]+-----|\\s", "");
      PrivateKey secret =
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
      keys.setKeyEntry("shown", secret, PASSWORD, new Certificate[] {read()});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD);
      return context(managers, null);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("Can't use the certificate of " + certificate, e);
    }
  }

  /** What a client trusts it by, and nobody else. */
  public SSLContext ofClient() {
    try {
      KeyStore trusted = empty();
      trusted.setCertificateEntry("trusted", read());
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      return context(null, managers);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("Can't use the certificate of " + certificate, e);
    }
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    return keys;
  }

  private Certificate read() throws IOException, GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }

  private static SSLContext context(
      @Nullable KeyManagerFactory keys, @Nullable TrustManagerFactory trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keys == null ? null : keys.getKeyManagers(),
        trust == null ? null : trust.getTrustManagers(),
        null);
    return context;
  }
}
