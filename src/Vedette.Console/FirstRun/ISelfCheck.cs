namespace Vedette.Console.FirstRun;

/// <summary>What the host knows of the machine it runs on; the console only shows it.</summary>
public interface ISelfCheck
{
    /// <summary>The assets point at stand-ins.</summary>
    bool IsLab { get; }

    /// <summary>Looks at what the platform needs, as the doctor does.</summary>
    Task<IReadOnlyList<SelfFinding>> Look();
}

/// <param name="Area">Python, sandbox, store …</param>
public sealed record SelfFinding(string Area, SelfHealth Health, string Sentence);

/// <summary>In the order of how much it matters.</summary>
public enum SelfHealth
{
    Good,
    Look,
    Stops,
}
