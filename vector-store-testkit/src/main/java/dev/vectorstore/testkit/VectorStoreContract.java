package dev.vectorstore.testkit;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The whole contract of a vector store (docs/CONTRACT.md) as tests. An engine's test implements the
 * two methods of {@link EngineContract} and nothing else: whatever overrides or disables a test
 * fails the whole class, and there is nothing to tune. Where the engine may be missing, an {@link
 * EngineRequirement} of yours skips the class.
 *
 * <p>Tests vary by the capabilities that the engine declares, and by nothing else. A rule that
 * needs a capability is proved where it is declared; where it isn't, the same test proves that the
 * operation is refused, and is then reported as aborted, with the capability as the reason.
 *
 * <pre>{@code
 * class MyEngineContractTest implements VectorStoreContract {
 *   @Override
 *   public EngineUnderTest engine() {
 *     return EngineUnderTest.inProcess();
 *   }
 *
 *   @Override
 *   public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
 *     return MyEngine.inMemory().retry(retry).open();
 *   }
 * }
 * }</pre>
 */
@ExtendWith(ContractExtension.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public interface VectorStoreContract
    extends CollectionsContract,
        NamesContract,
        RecordsContract,
        PayloadsContract,
        VectorsContract,
        NamedVectorsContract,
        ChangedVectorsContract,
        WritesContract,
        PatchesContract,
        IsolationContract,
        BulkWritesContract,
        FaultyWritesContract,
        DurabilityContract,
        DeletesContract,
        FiltersContract,
        ContainmentContract,
        TextFiltersContract,
        SearchContract,
        TiesContract,
        HybridContract,
        TextContract,
        ScriptsContract,
        RankedTextContract,
        ModelContract,
        ScansContract,
        ErrorsContract,
        FaultsContract,
        InterruptsContract,
        KnownDefectsContract,
        LifecycleContract {}
