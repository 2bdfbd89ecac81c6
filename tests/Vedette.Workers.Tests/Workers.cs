using System.Security.Cryptography;
using System.Text;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers.Tests;

/// <summary>Python workers for a test, with words for what tests want of them.</summary>
internal sealed class Workers : IAsyncDisposable
{
    private Workers(PythonWorkers port) => Port = port;

    public PythonWorkers Port { get; }

    public static async Task<Workers> Started(WorkerOptions? options = null)
    {
        var workers = new PythonWorkers(options ?? new WorkerOptions());
        await workers.Start(TestContext.Current.CancellationToken);
        return new Workers(workers);
    }

    public static TurnOrder Order(string source, string? key = null, string arguments = "[]") => new()
    {
        ChildKey = key ?? "test",
        SourceHash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(source))),
        SourceName = "local/test.py",
        Source = Encoding.UTF8.GetBytes(source),
        Function = "run",
        Arguments = Encoding.UTF8.GetBytes(arguments),
        IsCustomFunction = true,
    };

    public Task<TurnEnd> Run(TurnOrder order, ITurnCalls? calls = null) =>
        Port.Run(order, calls ?? new Recorder(), TestContext.Current.CancellationToken);

    /// <summary>The JSON that <c>run()</c> returns.</summary>
    public async Task<string> Value(string source, ITurnCalls? calls = null, string? key = null)
    {
        var end = await Run(Order(source, key), calls);
        return end is TurnEnd.Returned returned ? Encoding.UTF8.GetString(returned.Value.Span) : throw new InvalidOperationException(end.ToString());
    }

    public ValueTask DisposeAsync() => Port.DisposeAsync();
}
