namespace Vedette.Workers;

/// <summary>Where the interpreter is, and how many children may live.</summary>
public sealed record WorkerOptions
{
    /// <summary>By absolute path: what PATH finds first may be a slow shim without the system's packages.</summary>
    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>The folder with <c>vedette_worker</c> and <c>phantom</c>; beside the program unless said otherwise.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "python");

    /// <summary>Under it a folder of our own is made; the unprivileged user must be able to pass through it.</summary>
    public string RuntimeFolder { get; init; } = Path.GetTempPath();

    /// <summary>A file that no worker may read, such as one in the data folder; without one, a file is made for the probe.</summary>
    public string? Canary { get; init; }

    /// <summary>Folders with further packages, readable for workers.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Children alive at one time, busy and idle, without the one that reads sources.</summary>
    public int MaxChildren { get; init; } = Math.Max(4, Environment.ProcessorCount * 2);

    public int TurnsPerChild { get; init; } = 2000;

    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whom workers become when the server is root.</summary>
    public int Uid { get; init; } = 64777;

    /// <summary>Measures not to take, by name, where a machine cannot bear them; what is then possible shows in the probes.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];
}
