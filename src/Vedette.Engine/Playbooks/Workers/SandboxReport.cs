namespace Vedette.Engine.Playbooks.Workers;

/// <summary>What keeps the workers in, on this machine.</summary>
/// <param name="Level"><c>full</c>; <c>no-MEASURE…</c> where a measure is missing and yet all is denied; <c>open</c> or <c>open-no-MEASURE…</c>
/// where something is possible; <c>not-started</c>. A level names what is missing, so that an acceptance covers nothing worse.</param>
/// <param name="Holds">Every probe was denied. Where not, no playbook runs until the level is accepted by name.</param>
public sealed record SandboxReport(
    string Level, string Python, IReadOnlyList<SandboxMeasure> Measures, IReadOnlyList<SandboxProbe> Probes, bool Holds, string Sentence)
{
    /// <summary>Name of the setting that holds the accepted level, as JSON.</summary>
    public const string AcceptedSetting = "sandbox_accepted";

    public const string NoLevel = "not-started";

    /// <summary>Null when the interpreter can be used, else a sentence that says why not and what to do.</summary>
    public string? PythonFault { get; init; }

    public static SandboxReport NotStarted(string sentence, string? pythonFault = null) => new(NoLevel, "", [], [], false, sentence) { PythonFault = pythonFault };
}

/// <summary>A means of protection and whether it is in force.</summary>
public sealed record SandboxMeasure(string Name, bool On, string Detail);

/// <summary>Something a hostile playbook would try, tried from within.</summary>
public sealed record SandboxProbe(string Name, bool Denied, string Detail);
