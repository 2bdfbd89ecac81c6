namespace Vedette.Lab.ServiceNow;

internal sealed record JournalEntry(string SysId, string Element, string ElementId, string Value, string By, DateTimeOffset At);

/// <summary>One record of the incident table. Changed under the store's lock only.</summary>
internal sealed class Incident(string sysId, string number, DateTimeOffset madeAt)
{
    internal string SysId { get; } = sysId;

    internal string Number { get; } = number;

    internal DateTimeOffset MadeAt { get; } = madeAt;

    internal Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    internal List<JournalEntry> Journal { get; } = [];

    internal string this[string field] => Fields.GetValueOrDefault(field, "");
}
