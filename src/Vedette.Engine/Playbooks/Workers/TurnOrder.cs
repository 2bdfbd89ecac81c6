namespace Vedette.Engine.Playbooks.Workers;

/// <summary>All that a worker needs for one turn.</summary>
public sealed record TurnOrder
{
    /// <summary>Who may share a child: hash of the source, tenant and user.</summary>
    public required string ChildKey { get; init; }

    /// <summary>A child of its own, ended after this turn: a restricted event, or a playbook that reaches into the interpreter.</summary>
    public bool Exclusive { get; init; }

    public required string SourceHash { get; init; }

    /// <summary>The file name that a traceback shows.</summary>
    public required string SourceName { get; init; }

    public required ReadOnlyMemory<byte> Source { get; init; }

    public required string Function { get; init; }

    /// <summary>A source without the function is no error: the turn returns nothing.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>A JSON array, given by position.</summary>
    public ReadOnlyMemory<byte> Arguments { get; init; } = "[]"u8.ToArray();

    /// <summary>A JSON object, of which the callee gets what it accepts.</summary>
    public ReadOnlyMemory<byte> Keywords { get; init; } = "{}"u8.ToArray();

    /// <summary>
    /// A JSON object from which Python answers by itself: <c>container_id, run_id, parent_run_id, scope, run_data{}, formats{},
    /// format_lists{}, completed{actions[],playbooks[],functions[]}, playbook{id,name,repo}, user_id, base_url</c>.
    /// </summary>
    public ReadOnlyMemory<byte> Handed { get; init; } = "{}"u8.ToArray();

    /// <summary>From which random numbers and uuids of the turn follow.</summary>
    public ulong Seed { get; init; }

    /// <summary>Readings of the clock (seconds since 1970, UTC) to give again before the real clock is read.</summary>
    public IReadOnlyList<double> Clock { get; init; } = [];

    /// <summary>In a trial: the time (seconds since 1970, UTC) at which the turn begins; sleeping moves it on at once. Null for the real clock.</summary>
    public double? Now { get; init; }

    /// <summary>In a trial: told the places of the source that the turn reached. Null in a live run, whose source is compiled as it stands.</summary>
    public Action<IReadOnlyList<int>>? Reached { get; init; }

    public TurnLimits Limits { get; init; } = TurnLimits.Default;

    /// <summary>The returned value comes back, and calls that belong to playbooks are refused.</summary>
    public bool IsCustomFunction { get; init; }

    /// <summary>Names, modules and tabs as Python 2 had them.</summary>
    public bool Python2Layer { get; init; }
}
