namespace Vedette.Engine.Playbooks.Workers;

/// <summary>The Python processes that run playbooks, as the engine sees them: one turn at a time, each in a child that was locked in.</summary>
public interface IPlaybookWorkers : IAsyncDisposable
{
    /// <summary>Starts the zygote and tries out the sandbox. A start that fails is told in the report, not thrown.</summary>
    Task<SandboxReport> Start(CancellationToken cancellation);

    /// <summary>What the last start found.</summary>
    SandboxReport Sandbox { get; }

    /// <summary>The level that an administrator accepted by name, although it does not hold everything; null for none.</summary>
    string? AcceptedLevel { get; set; }

    /// <summary>Every probe was denied, or the level that was reached is the one accepted.</summary>
    sealed bool MayRun => Sandbox.Holds || Sandbox.Level == AcceptedLevel;

    /// <summary>Runs one turn. When <paramref name="cancellation"/> is cancelled the child is killed and the turn is lost.</summary>
    /// <remarks>An exception that <paramref name="calls"/> throws, other than <see cref="TurnCallException"/>, ends the child and comes out here.</remarks>
    Task<TurnEnd> Run(TurnOrder order, ITurnCalls calls, CancellationToken cancellation);

    /// <summary>Compiles a source without running it.</summary>
    Task<SourceCheck> Check(string name, ReadOnlyMemory<byte> source, bool python2Layer, CancellationToken cancellation);
}
