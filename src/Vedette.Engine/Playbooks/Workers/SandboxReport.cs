namespace Vedette.Engine.Playbooks.Workers;

/// <summary>What keeps the workers in, on this machine.</summary>
/// <param name="Level"><c>full</c>, <c>no-namespaces</c>, <c>open</c> or <c>not-started</c>.</param>
/// <param name="Holds">Every probe was denied. Where not, no playbook runs until the level is accepted by name.</param>
public sealed record SandboxReport(
    string Level, string Python, IReadOnlyList<SandboxMeasure> Measures, IReadOnlyList<SandboxProbe> Probes, bool Holds, string Sentence)
{
    public static SandboxReport NotStarted(string sentence) => new("not-started", "", [], [], false, sentence);
}

/// <summary>A means of protection and whether it is in force.</summary>
public sealed record SandboxMeasure(string Name, bool On, string Detail);

/// <summary>Something a hostile playbook would try, tried from within.</summary>
public sealed record SandboxProbe(string Name, bool Denied, string Detail);
