using System.Diagnostics;
using Vedette.Tests.Postgres;

namespace Vedette.Server.Tests;

public sealed class SqliteFaultTests() : FaultTests(() => Task.FromResult<string?>(null));

public sealed class PostgresFaultTests(SharedPostgres shared) : FaultTests(async () => await (await shared.Cluster).NewDatabase());

/// <summary>The short form of the fault harness, on each store. A failure shows its table, with the seed.</summary>
/// <param name="newStore">Makes a database, and gives its connection string; null is a file.</param>
public abstract class FaultTests(Func<Task<string?>> newStore)
{
    [Fact(Timeout = 300_000)]
    public async Task KilledAtCommitsAndAtRandom_NothingIsLostAndNothingDoneTwice()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Vedette.Faults.dll"), "short"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (await newStore() is { } store)
        {
            start.Environment["VEDETTE_STORE"] = store;
        }

        using var harness = Process.Start(start)!;
        var table = harness.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = harness.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await harness.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            harness.Kill(entireProcessTree: true);
        }

        Assert.True(harness.ExitCode == 0, $"{await table}\n{await errors}");
        Assert.Contains("lost 0, tickets doubled 0, runs failed 0, outcome unknown 0", await table, StringComparison.Ordinal);
    }
}
