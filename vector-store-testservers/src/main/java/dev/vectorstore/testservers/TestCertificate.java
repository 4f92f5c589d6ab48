package dev.vectorstore.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that signs itself, made by the JDK's keytool, and its key, as files in PEM form.
 *
 * @param certificate the file of the certificate
 * @param key the file of its private key
 */
public record TestCertificate(Path certificate, Path key) {
  private static final String PASSWORD = "password";

  /**
   * Makes one.
   *
   * @param folder where its files go
   * @param name what they are called
   * @param host the address that it is for, such as {@code ip:127.0.0.1} or {@code dns:localhost}
   */
  public static TestCertificate make(Path folder, String name, String host) {
    try {
      return write(folder, name, keys(folder, name, host));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't make a certificate", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Can't make a certificate", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a certificate was made", e);
    }
  }

  private static KeyStore keys(Path folder, String name, String host)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path file = folder.resolve(name + ".p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String options =
        "-genkeypair -keyalg RSA -storetype PKCS12 -storepass %s -alias %s -dname CN=%s -ext san=%s"
            .formatted(PASSWORD, name, name, host);
    ProcessBuilder command = new ProcessBuilder(keytool);
    command.command().addAll(List.of(options.split(" ")));
    command.command().addAll(List.of("-keystore", file.toString()));
    Process running = command.redirectErrorStream(true).start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (running.waitFor() != 0) {
      throw new IllegalStateException("keytool failed: " + said);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static TestCertificate write(Path folder, String name, KeyStore keys)
      throws IOException, GeneralSecurityException {
    byte[] certificate = keys.getCertificate(name).getEncoded();
    byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
    return new TestCertificate(
        Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate)),
        Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key)));
  }

  private static String pem(String type, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
